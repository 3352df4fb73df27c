"""WeChat accounts that are told piece by piece, some of them in Chinese: zhuli 三个6 abc, 数学俩字全拼+0802, qing妈88(妈=ma)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.digits import WORDS
from nlp.numerals import DIGIT_OF
from nlp.scan import scan
from nlp.sounds import syllables
from nlp.wechat_labels import NAMED, WECHAT
from nlp.wechat_marks import tells_that_marks_go
from nlp.wechat_names import BLACKED_OUT, LONGEST, OTHER, SHORTEST
from nlp.wechat_parts import Account

_HAN = "\u4e00-\u9fff"
# How often a character is said to stand: 三个6. Once is not said so, and seven of one would be written.
_TIMES = "".join(character for character, value in DIGIT_OF.items() if value in "23456") + "23456"
# Behind a piece stands no word but one that leads to the next piece or sums up: in 加20送资料 the figure counts.
_NEXT_WORD = rf"(?![加跟再然后接最中末连全都])[{_HAN}]"
# A piece that is said, and one that is written.
_SAID = rf"[{_TIMES}][ ]?个[ ]?(?:[大小]写)?的?[ ]?[a-z0-9](?![a-z0-9]|{_NEXT_WORD})|一?个?(?:下划线|[横短小]?杠)(?![不别要漏])[ ]?[a-z0-9]{{0,12}}"
_ENDS = rf"(?![a-z0-9_\-{WORDS}]|{_NEXT_WORD})"
_PLAIN = rf"(?:[0-9](?: [0-9]){{2,8}}|[a-z0-9_\-]{{1,16}}|[{WORDS}]{{2,8}}){_ENDS}"
# Chinese characters of which the pinyin is meant: 数学俩字全拼, “刘一刀”拼音.
_SPELLED = rf"[“\"]?(?P<{{}}>[{_HAN}]{{{{1,4}}}}?)[”\"]?(?:[一两俩三四]个?字)?的?(?:全拼|(?:(?<=字)|(?<=[”\"])|(?<=的))拼音|拼音(?=[ ]?[+]))"
# What stands between two pieces: at least one word, or a plus, that says that the next belongs to it.
_JOINED = r"(?:[(][^)\n]{1,6}[)])?[ ,、.]{0,2}(?:[打开]头|在前|连写|连着)?[ ,、]{0,2}(?:(?:然后|后面|接着|最后|末尾|结尾|中间|[再跟加接+])(?:再|是|接|跟|加|来|上|写|带|一串|[一二三四五六]个(?=[数字])|数字|字母){0,3}|[打开]头)[ ]?"
# Behind a label the pieces may stand side by side where one of them is said.
_SIDE_BY_SIDE = rf"[ ]?(?:{_SAID})[ ]?"
_LED = r"[ :是号为,→>~(\"“]{0,4}(?:(?:就是)?(?:大写|小写)?(?:的?(?:字母|拼音|全拼))?)[ :]?"
_LABEL = rf"(?:(?:{WECHAT}|[vw微薇](?:我|x)?)[^a-z\n]{{0,12}}(?:账号|号码)|{WECHAT}|{NAMED})(?:同步)?{_LED}"
# Patterns with labels are long: they are strings here, compiled when a text first needs them.
_ASSEMBLED = (
    rf"{_LABEL}(?P<id>(?:[a-z][a-z0-9_\-]{{0,15}}(?: [a-z]{{1,6}}){{0,4}}|{_SAID})(?:{_JOINED}(?:{_SAID}|{_SPELLED.format('last')}|{_PLAIN})|{_SIDE_BY_SIDE}(?:{_PLAIN})?){{1,5}}"
    rf"|{_SPELLED.format('first')}(?:{_JOINED}(?:{_SAID}|{_PLAIN})){{0,3}})"
)
_PIECES = re.compile(
    rf"(?P<count>[{_TIMES}])[ ]?个[ ]?(?:[大小]写)?的?[ ]?(?P<what>[a-z0-9])|(?P<remark>[(][^)]*[)])|(?P<line>下划线)|(?P<dash>杠)|(?P<plain>[0-9](?: [0-9]){{2,8}}|[a-z0-9_\-]+)|(?P<digits>[{WORDS}]{{2,8}})|{_SPELLED.format('spelled')}"
)
# Characters of the account itself of which the pinyin is told behind it: qing妈2016(妈=ma), yang师9年("师""年"打拼音).
_MIXED = (
    rf"{_LABEL}(?P<id>[a-z0-9_]{{1,14}}[{_HAN}]{{1,2}}(?:[a-z0-9_]{{1,8}}[{_HAN}]{{0,2}})?)[”\"]?(?=[(,])"
)
_TOLD = re.compile(
    rf"[(,](?:[“\"]?(?P<one>[{_HAN}])[”\"]?(?:=|就?是|打|写)(?P<pinyin>[a-z]{{1,6}})|(?:[“\"]?[{_HAN}][”\"]?[、和]?){{0,4}}[打写用换]成?拼音)"
)
# What it comes to, told behind all pieces: 全拼连写 huidushu, tina石牌不对, 是 tina_shipai.
_WHOLE = re.compile(
    r"(?:(?:连起来写?|连写|合起来|没有点)[ :就是]{0,3}|(?:的拼音|全拼|(?:不对|[错不])[!,。?]{1,2}是?)[ :]{0,2}(?=[a-z\-]*[0-9_]))(?P<id>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-])"
)
# A label, up to the first letter behind it.
_LABELLED = rf"(?:{WECHAT}|{NAMED})[^\n。!?]{{0,8}}?[a-z]"
_HEAD, _WORD = re.compile(r"[a-z][a-z0-9_\-]*"), re.compile("[a-z]+")
# An account that is whole goes on only where that is said.
_SURELY_GOES_ON = re.compile(
    r"(?:[(][^)\n]{1,6}[)])?[ ,、]{0,2}(?:(?:后面|然后|接着|打头|开头)[ ,、]?(?:再?[接跟加]上?|是)|再[接跟]|加[ ]?[a-z0-9]{1,8}加|(?:下划线|[横短小]?杠)(?![不别要漏])|[(]?全拼|[+][ ]?[^a-z0-9 ])"
)
# Letters of terms and of what somebody is promised, not of accounts: h is of h5.
_PROGRAMS = (
    "h android ios code session openid unionid root admin user app sdk pc web win mac vue qq vip ppt ok call"
)
_TERMS = frozenset(_PROGRAMS.split())
_NOBODYS = re.compile("姓名|名字|学生|学校|昵称")
_FAR = 40  # characters before what it comes to in which the label stands
# What follows a letter of an account that is put together: most texts are let go by one look.
FOLLOWED = rf"(?:[ ,、.]{{0,2}}(?:然后|后面|接着|最后|末尾|结尾|打头|开头|在前|再[加接来]|[再跟加接+][ ]?[a-z0-9_一“\"{WORDS}]|[{_TIMES}][ ]?个[ ]?[a-z0-9大小]|下划线|[横短小]杠|杠[ ]?[a-z0-9]|[(][^)\n]{{1,6}}[)][ ,、]{{0,2}}(?:后面|再|然后|接)|连[写着]))"
_TELLS = re.compile(rf"[a-z0-9_]{FOLLOWED}")
_SPELLING = ("拼", "小写", "大写", "=")  # what those write who spell an account out


def is_spelled_out(text: str) -> bool:
    """Whether an account may be told without a run of letters in it."""
    return any(word in text for word in _SPELLING)


def assembled(text: str) -> Iterator[Account]:
    """The accounts that are put together in a folded text, in full."""
    if is_spelled_out(text) or _TELLS.search(text):
        yield from _in_pieces(text)
    if _TOLD.search(text):
        yield from _in_chinese(text)
    yield from _summed_up(text)


def _in_pieces(text: str) -> Iterator[Account]:
    for match in scan(_ASSEMBLED).finditer(text):
        account = "".join(map(_piece, _PIECES.finditer(match["id"])))
        if tells_that_marks_go(text, match.end()) or tells_that_marks_go(match["id"], match["id"].find("(")):
            account = account.replace("-", "")
        if _is_account(account) and _is_told(match, account):
            yield account, *match.span("id")


def _summed_up(text: str) -> Iterator[Account]:
    """Accounts that are told once more in full, behind their pieces; the pieces are theirs as well, and masked with them."""
    for match in _WHOLE.finditer(text):
        first = max(0, match.start() - _FAR)
        before = text[first : match.start()]
        labelled = scan(_LABELLED).search(before)
        if labelled and not OTHER.search(before):
            yield match["id"], first + labelled.end() - 1, match.end("id")


def _in_chinese(text: str) -> Iterator[Account]:
    """Accounts with Chinese characters of which the pinyin is meant."""
    for match in scan(_MIXED).finditer(text):
        account = _in_pinyin(match["id"], _TOLD.match(text, match.end()))
        if _is_account(account):
            yield account, *match.span("id")


def _is_told(match: re.Match[str], account: str) -> bool:
    """Whether the pieces are no account with the next word behind it, no terms of a program and nobody's own name."""
    written = match["id"]
    head = _HEAD.match(written)
    if head and len(head[0]) >= SHORTEST and not _SURELY_GOES_ON.match(written, head.end()):
        return False  # 微信lily2020, 最后3天
    if not _TERMS.isdisjoint(_WORD.findall(written)) or _NOBODYS.search(match["first"] or ""):
        return False
    return bool(match["first"] or match["last"] or re.search("[0-9_-]", account))


def _is_account(account: str) -> bool:
    return SHORTEST <= len(account) <= LONGEST and BLACKED_OUT not in account


def _piece(piece: re.Match[str]) -> str:
    if piece["what"]:
        return piece["what"] * int(DIGIT_OF.get(piece["count"], piece["count"]))
    if piece["remark"]:
        return ""
    if piece["line"]:
        return "_"
    if piece["spelled"]:
        return "".join(syllables(piece["spelled"]))
    if piece["digits"]:
        return "".join(map(DIGIT_OF.__getitem__, piece["digits"]))
    return "-" if piece["dash"] else piece["plain"].replace(" ", "")


def _in_pinyin(written: str, told: re.Match[str] | None) -> str:
    """The account with pinyin for its Chinese characters, empty where nothing tells that it is meant."""
    if told is None:
        return ""
    if told["one"] and told["one"] not in written:
        return ""  # 微信lily2020老师,我是lily
    said = {told["one"]: told["pinyin"]} if told["one"] else {}
    return "".join(said.get(one) or (one if one.isascii() else "".join(syllables(one))) for one in written)
