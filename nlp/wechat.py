"""WeChat accounts: behind a label, before one, in parts (`nlp.wechat_parts`) and without one (`nlp.wechat_invited`).

As `nlp.contacts`, which asks for them: folded text, patterns anchored on a label or an invitation, bounded looks around.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nlp.digits import MOBILE, WORDS, Found
from nlp.numerals import DIGIT_OF
from nlp.scan import Scan
from nlp.wechat_assembled import FOLLOWED, assembled, is_spelled_out
from nlp.wechat_invited import CALLED, DOTTED, LOW_LINED, invited
from nlp.wechat_labels import CLOSED, GAP, OWNER, TALKED, WEAK, WECHAT
from nlp.wechat_marks import as_told, marked
from nlp.wechat_names import BESIDE, ENGLISH, can_be_account, is_english
from nlp.wechat_parts import Account, grouped

# lily2020 may be written lily二零二零; where a word goes on behind the numerals (lilylily三四年级) they are its own.
_ENDS_SPOKEN = rf"[a-z][a-z0-9_\-]{{5,15}}[{WORDS}]{{2,4}}(?![{WORDS}]|(?!备注)[\u4e00-\u9fff])"
# A low line that is read out: yuwen下划线lin, camp(下划线)leo.
_READ_OUT = r"[a-z][a-z0-9]{0,15}(?:[(]?(?:下划线|减号|横杠)[)]?[a-z0-9]{1,12}){1,3}"
_ID = rf"(?P<id>{_ENDS_SPOKEN}|{_READ_OUT}|[a-z][a-z0-9_\-]{{5,19}}(?![a-z0-9_\-@])|[a-z](?: [a-z0-9_\-]){{5,19}}(?: [a-z0-9_]{{2,4}})?(?![a-z0-9_\-])|[a-z][a-z_\-]{{0,9}}[{WORDS}]{{3,11}}(?:[a-z][a-z0-9_]{{0,7}})?|[a-z][a-z0-9_]{{1,9}}[{WORDS}]{{1,6}}_[a-z0-9_]{{1,10}})"
# Round sums and days are no account (报名费微信:300000, 微信 20260315).
_NUMBER_ID = r"(?P<number>(?![1-9]\d?0{4,}(?!\d)|20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d(?!\d))[1-9]\d{5,10})(?![\d@.%元块年万])"
_WECHAT = re.compile(rf"{WECHAT}(?P<gap>{GAP})(?:{_ID}|{_NUMBER_ID})")
_WEAK_WECHAT = re.compile(rf"{WEAK}(?P<gap>{GAP})(?:{_ID}|{_NUMBER_ID})")
_OWNED = re.compile(
    rf"(?<![a-z0-9_\-.@/])(?P<id>(?!qq?[0-9]{{5}})[a-z][a-z0-9_\-]{{5,19}})(?![a-z0-9_\-@.])[ ,]?(?:[←⬅👈][ ]?)?(?:[(\[]?(?:这?是|为|即)?(?:我的?|本人)?){OWNER}(?!公|小程|支付|群|读书|区|登[录陆]|视频|[里上扫]|打不|不[回上])"
)
# A second account right behind the first.
_ANOTHER = re.compile(
    r"[ ]{0,2}(?:[/、]|或者?|[,。;]?备用(?:号|微信)?|[,。;]?小号)[ :]{0,2}(?P<id>(?=[a-z_\-]{0,19}[0-9_])[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-@./])"
)
# Another program's account right before one is no WeChat account, though 微信 follows: "抖音号:math_panda99,微信见主页".
_ELSEWHERE = re.compile(
    r"(?:抖音|快手|小红书|公众|微博|b站|钉钉|飞书|支付宝|淘宝|闲鱼|邮箱|视频|头条|用户|昵称|网名|文件|密码|代码|单号|telegram|steam|ins|qq)[^,。;!?\n]{0,6}$"
)
_SPOKEN = re.compile(r"wxid_[a-z0-9]{8,20}")

# Without these there is nothing to look for: most posts name no account, and the patterns above are dear.
# One class at its head: so `re` needs two fifths of the time that it takes for alternatives.
_ACCOUNT = re.compile(
    rf"[a-z0-9](?:(?<=[0-9])[0-9]{{5}}|(?<=[a-z])(?:[a-z0-9_\-]{{5}}|[ .·•~*丨丶|\U0001f300-\U0001faff][a-z0-9_\-]|[^\x00-\x7f][a-z0-9]{{1,15}}[^\x00-\x7f][a-z0-9]|[a-z_\-]{{0,9}}[{WORDS}]{{3}}|[a-z0-9]{{0,15}}[(]?(?:下划线|减号|横杠)|(?:——|--)[a-z0-9]|{FOLLOWED}))"
)
_ACCOUNT_SEARCHES = ((_WECHAT, Scan(_WECHAT)), (_WEAK_WECHAT, Scan(_WEAK_WECHAT)), (_OWNED, _OWNED))
# What must stand in a text for a search to find anything: a way of writing WeChat, or what marks an account without one.
PATTERNS = {
    "labelled account": re.compile(rf"{OWNER}|{WEAK}"), "lined account": LOW_LINED, "called account": CALLED, "dotted account": DOTTED,
    "account's own name": _SPOKEN,
}  # fmt: skip
_SEARCHES = PATTERNS.keys()


def find_wechat(text: str, searches: Collection[str]) -> Iterator[Found]:
    """The accounts in a folded text; the value is the account without the marks that part it.

    `searches` names those of PATTERNS that may match.
    """
    if _SEARCHES.isdisjoint(searches) or not (_ACCOUNT.search(text) or is_spelled_out(text)):
        return
    # Characters of accounts that were found: a second label within them is part of the name.
    seen: set[int] = set()
    for find in (
        (marked, assembled, grouped, _labelled, invited)
        if "labelled account" in searches
        else (_own, invited)
    ):
        for value, start, end in find(text):
            if seen.isdisjoint(range(start, end)):
                seen.update(range(start, end))
                yield "wechat", as_told(text, value, start, end), start, end
                if another := _ANOTHER.match(text, end):
                    seen.add(another.start("id"))
                    yield "wechat", another["id"], *another.span("id")


def _labelled(text: str) -> Iterator[Account]:
    for pattern, search in _ACCOUNT_SEARCHES:
        for match in search.finditer(text):
            group = "id" if match["id"] else "number"
            if _is_wechat(match, pattern):
                yield _id(match[group]), *match.span(group)
    yield from _own(text)


def _own(text: str) -> Iterator[Account]:
    """Accounts as the program itself names them."""
    for match in _SPOKEN.finditer(text) if "wxid_" in text else ():
        yield match[0], *match.span()


def _is_wechat(match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    # (微信)english_2020, 微信🎁100000: what a bracket or a picture ends need not go on.
    closed = pattern is not _OWNED and bool(re.search(CLOSED, match["gap"]))
    if match["id"] is None:
        if len(match["number"]) == 11:
            return bool(MOBILE.fullmatch(match["number"]))
        return pattern is _WECHAT and not closed
    if not can_be_account(match["id"]) or (closed and is_english(match["id"])):
        return False
    if pattern is _OWNED and _ELSEWHERE.search(match.string[max(0, match.start() - BESIDE) : match.start()]):
        return False
    sure = bool(re.search(rf"[0-9_\-{WORDS}]|下划线|减号|横杠", match["id"]))
    if pattern is _WEAK_WECHAT:
        return sure or bool(re.search("[:→➕]", match["gap"])) or _is_called(match)
    return sure or (pattern is _WECHAT and not TALKED.search(match["gap"]))


def _is_called(match: re.Match[str]) -> bool:
    """加微 and 加v before letters alone: the call makes the short label one, where no English word follows."""
    label = match.string[max(0, match.start() - 1) : match.start("gap")]
    word, after = match["id"], match.string[match.end("id") : match.end("id") + 2]
    called = re.search(r"[加➕+我搜]\s?(?:[微薇威维徽卫vw]|wei)\Z", label)
    return bool(called) and word.isalpha() and word not in ENGLISH and not re.match("[ ]?[a-z]|[.]", after)


def _id(written: str) -> str:
    """Blanks between single letters go; three digits in words and more are digits."""
    plain = re.sub("[(]?(?:减号|横杠)[)]?", "-", re.sub("[(]?下划线[)]?", "_", written.replace(" ", "")))
    return "".join(DIGIT_OF.get(character, character) for character in plain)
