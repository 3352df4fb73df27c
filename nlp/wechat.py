"""WeChat accounts: behind a label, before one, in groups, and at the end of an invitation.

As `nlp.contacts`, which asks for them: folded text, patterns anchored on a label or an invitation, bounded looks around.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from nlp.digits import MOBILE, PICTURES, WORDS, Found, is_telephone
from nlp.numerals import DIGIT_OF
from nlp.scan import Scan
from nlp.wechat_labels import CLOSED, GAP, NAMED, OWNER, TALKED, WEAK, WECHAT

Account = tuple[str, int, int]

# lily2020 may be written lily二零二零; where a word goes on behind the numerals (lilylily三四年级) they are its own.
_ENDS_SPOKEN = rf"[a-z][a-z0-9_\-]{{5,15}}[{WORDS}]{{2,4}}(?![{WORDS}]|(?!备注)[\u4e00-\u9fff])"
# A low line that is read out: yuwen下划线lin, camp(下划线)leo.
_READ_OUT = r"[a-z][a-z0-9]{0,15}(?:[(]?下划线[)]?[a-z0-9]{1,12}){1,3}"
_ID = rf"(?P<id>{_ENDS_SPOKEN}|{_READ_OUT}|[a-z][a-z0-9_\-]{{5,19}}(?![a-z0-9_\-@])|[a-z](?: [a-z0-9_\-]){{5,19}}(?: [a-z0-9_]{{2,4}})?(?![a-z0-9_\-])|[a-z][a-z_\-]{{0,9}}[{WORDS}]{{3,11}}(?:[a-z][a-z0-9_]{{0,7}})?)"
# Round sums and days are no account (报名费微信:300000, 微信 20260315).
_NUMBER_ID = r"(?P<number>(?![1-9]\d?0{4,}(?!\d)|20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d(?!\d))[1-9]\d{5,10})(?![\d@.%元块年万])"
_WECHAT = re.compile(rf"{WECHAT}(?P<gap>{GAP})(?:{_ID}|{_NUMBER_ID})")
_WEAK_WECHAT = re.compile(rf"{WEAK}(?P<gap>{GAP})(?:{_ID}|{_NUMBER_ID})")
_OWNED = re.compile(
    rf"(?<![a-z0-9_\-.@/])(?P<id>(?!qq?[0-9]{{5}})[a-z][a-z0-9_\-]{{5,19}})(?![a-z0-9_\-@.])[ ,]?(?:[←⬅👈][ ]?)?(?:[(\[]?(?:这?是|为|即)?(?:我的?|本人)?){OWNER}(?!公|小程|支付|群|读书|区|登[录陆]|视频|[里上扫]|打不|不[回上])"
)
# Somebody has blacked it out already: the middle of a telephone number, that is four; three are initials as well (小星星).
BLACKED_OUT = "xxxx"
_FOREIGN = re.compile(r"(?:https?|www|vscode|python|android|iphone|windows)")
# Words that are no part of an account in groups, nor all of one with low lines, and none by themselves behind 加v.
_PLAIN = (
    "am and app add apple android call case chapter chinese class contact course covid data day english family file for from game group hello homework id "
    "index ios iphone key len level lesson lessons list login mac man math maths max member min mini mock model my name new num "
    "office old online only or page pay phone pk plan please plus pm price pro python qq read room school section snake student students "
    "svip task teacher team tel test the to unit user value ver version video vip windows with week wps your"
)
_ENGLISH = frozenset(_PLAIN.split())
# What is sold by such names has a model, a year or a price behind it; an account may begin with them as well (nova 8866).
_SOLD = (
    "air airpods bag band book coat dress find honor hoodie huawei iqoo ipad jeans kindle lego macbook mate nike note nova oppo pad "
    "phone poco ps puma reno redmi shirt shoes size suit sony switch tee vivo watch xbox xiaomi"
)
_GOODS = frozenset(_SOLD.split())
_PRICE_OR_YEAR = re.compile(r"[0-9]{1,2}|[1-9][0-9]{1,4}[089]|(?:19|20)[0-9]{2}")
# An account whose parts stand apart: they end in digits, of which a telephone number or a year's fee has others behind it.
_GROUPED = Scan(re.compile(rf"(?:{WECHAT}|{NAMED}){GAP}"))
_GROUPS = re.compile(
    r"[a-z][a-z0-9_]{0,9}(?:(?:[ .·•~*]|—{1,2}|--)[a-z0-9_]{1,10}){1,19}(?![a-z0-9_\-@%]|\.[0-9]|[ .]?(?!qq|tel|vx?[: ])[a-z])"
    r"(?![ ]?[元块/年月日号天节次小时个分岁级度位人课对折米起左一每两半班群楼栋期名套本室])"
)
_PARTS = re.compile("[ .·•~*]|—{1,2}|--?")
SHORTEST, LONGEST, MOST_DIGITS = 6, 20, 6  # of an account (WeChat's own bounds); more digits are a telephone
# Who is told to come, right before an account that ends the clause. Without 加 it needs a low line, which no word has.
_ASKED = r"朋友圈(?:里?[看见有都][\u4e00-\u9fff]{0,5})?(?=:)|[感有]兴趣|联系方式|加?好友|有意者?|需[要求]|(?:家长|朋友|同学|宝妈)们?|想[来学试约听报补参了看预问加][\u4e00-\u9fff]{0,5}的|(?<![\u4e00-\u9fff])[要约懂]的|详聊|详询|私聊?|滴我?|戳我?|[联找]系?我|联系|(?:报名|咨询|预约)(?=[:加➕+我])"
_INVITING = re.compile(rf"(?:{_ASKED})(?:的|者|直接|可以?|请|来|我|小?助[手教]|老师|[ :,👉❤加➕+]){{0,4}}$")
_CALLING = re.compile(
    rf"(?:{_ASKED}|直接|可以?|请|的|想[来学试约听报补参了看预问][\u4e00-\u9fff]{{0,3}}|详情|了解|试听|报名|咨询|预约|(?<![a-z0-9\u4e00-\u9fff]))[ ,]?(?:直接|可以?|请|来){{0,2}}[加➕+][ :{PICTURES}]{{0,2}}$"
)
# What a low-lined account needs least before it: somebody's title, a picture, or what a clause that tells to add ends with.
_TOLD = re.compile(
    r"(?:(?:[加➕+]|联系|报名|咨询|私聊|找我)[^,。;!?:\n]{0,14}[\u4e00-\u9fff] ?: ?"
    rf"|(?:小?助手|班主任|客服|助教|老师|教练|学[姐长]|群主|管家|顾问|店[长主]) ?|(?<![a-z0-9_])(?![📖📚🎬🎵🎶🎧🎤📷📸📹🎮💻🖥📁📝👍])[{PICTURES}] ?)$"
)
_CALLED_BY = re.compile(
    rf"(?:{_ASKED}|直接)(?:的|者|直接|可以?|请|来|[ :,👉❤]){{0,4}}[加➕+][ :{PICTURES}]{{0,2}}$"
)
_ENDS = r"(?=[ ]?(?:[,。.!?;)\]~|\n]|备注|发你|领|拉你?[进入]|[进入]群|咨询|了解|报名|详聊|看|约|$|[\u2600-\u27bf\U0001f300-\U0001faff]))(?![ ]?\.[a-z0-9])"
_LOW_LINED = re.compile(
    rf"(?<![a-z0-9_\-@/.#])(?P<id>(?=[a-z0-9_]{{6,20}}(?![a-z0-9_\-]))[a-z][a-z0-9]{{0,18}}_[a-z0-9_]{{0,18}}){_ENDS}"
)
_CALLED = re.compile(rf"[加➕+][ :{PICTURES}]{{0,2}}(?P<id>[a-z]{{3,10}}[0-9]{{2,8}})(?![a-z0-9_\-]){_ENDS}")
# Behind 加 alone, an account of which dots part the syllables.
_DOTTED = re.compile(
    rf"[加➕+][ :{PICTURES}]{{0,2}}(?P<id>[a-z](?:-[a-z0-9]){{5,19}}|[a-z][a-z0-9_]{{0,9}}(?:[.·•][a-z0-9_]{{1,10}}){{2,9}})(?![a-z0-9_\-@%]){_ENDS}"
)
# Where people name files, code, players or goods, such a word is theirs.
_OTHER = re.compile(
    r"代码|参数|函数|变量|字段|接口|脚本|文件|文档|插件|仓库|分支|编译|配置|模型|数据|标签|话题|#|游戏|区服|开黑|上分|排位|段位|王者|吃鸡|联机|好友码|战队|公会|昵称|网名"
    r"|循环|返回|报错|调用|样式|数据库|命名|字符|css|html|sql|单号|编号|型号|货号|订单|账号|密码|口令|github|git|steam|抖音|微博|小红书|b站|公众号|软件|版本|系统|课本|教材"
)
_BESIDE = 24  # characters before and after in which such a word tells: a clause or two
# A second account right behind the first.
_ANOTHER = re.compile(
    r"[ ]?(?:[/、]|或者?|[,。;]?备用(?:号|微信)?|[,。;]?小号)[ :]{0,2}(?P<id>(?=[a-z_\-]{0,19}[0-9_])[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-@./])"
)
# Another program's account right before one is no WeChat account, though 微信 follows: "抖音号:math_panda99,微信见主页".
_ELSEWHERE = re.compile(
    r"(?:抖音|快手|小红书|公众|微博|b站|钉钉|飞书|支付宝|淘宝|闲鱼|邮箱|视频|头条|用户|昵称|网名|文件|密码|代码|单号|telegram|steam|ins|qq)[^,。;!?\n]{0,6}$"
)
# A mark in the account that the writer says is not part of it: "think-er88, 中间那杠不要", "a-b-c-1-2-3去掉杠".
_MARK = r"(?:下划线|[横短小]?[杠线]|减号)"
_FILLED = "(?:请|记得|自行|自己|把|中间|里面|当中|[那这条根个道的些])"
_LEFT_OUT = "(?:不要|去掉?|删掉?|拿掉|忽略|不算)"
_WITHOUT = re.compile(
    rf"[ ,。;(]{{0,2}}{_FILLED}{{0,5}}(?:{_MARK}[都全是要]{{0,2}}{_LEFT_OUT}|{_LEFT_OUT}{_FILLED}{{0,4}}{_MARK})"
)
_SPOKEN = re.compile(r"wxid_[a-z0-9]{8,20}")

# Without these there is nothing to look for: most posts name no account, and the patterns above are dear.
# One class at its head: so `re` needs two fifths of the time that it takes for alternatives.
_ACCOUNT = re.compile(
    rf"[a-z0-9](?:(?<=[0-9])[0-9]{{5}}|(?<=[a-z])(?:[a-z0-9_\-]{{5}}|[ .·•~*][a-z0-9_\-]|[a-z_\-]{{0,9}}[{WORDS}]{{3}}|[a-z0-9]{{0,15}}[(]?下划线|(?:——|--)[a-z0-9]))"
)
_ACCOUNT_SEARCHES = ((_WECHAT, Scan(_WECHAT)), (_WEAK_WECHAT, Scan(_WEAK_WECHAT)), (_OWNED, _OWNED))
# What must stand in a text for a search to find anything: a way of writing WeChat, or what marks an account without one.
PATTERNS = {
    "labelled account": re.compile(rf"{OWNER}|{WEAK}"), "lined account": _LOW_LINED, "called account": _CALLED, "dotted account": _DOTTED,
    "account's own name": _SPOKEN,
}  # fmt: skip
_SEARCHES = PATTERNS.keys()


def find_wechat(text: str, searches: Collection[str]) -> Iterator[Found]:
    """The accounts in a folded text; the value is the account without the marks that part it.

    `searches` names those of PATTERNS that may match.
    """
    if _SEARCHES.isdisjoint(searches) or not _ACCOUNT.search(text):
        return
    # Characters of accounts that were found: a second label within them is part of the name.
    seen: set[int] = set()
    for find in (_grouped, _labelled, _invited) if "labelled account" in searches else (_own, _invited):
        for value, start, end in find(text):
            if seen.isdisjoint(range(start, end)):
                seen.update(range(start, end))
                yield "wechat", _without_mark(text, value, end), start, end
                if another := _ANOTHER.match(text, end):
                    seen.add(another.start("id"))
                    yield "wechat", another["id"], *another.span("id")


def _without_mark(text: str, account: str, end: int) -> str:
    """The account without the mark of which the text behind it says that it must go."""
    said = _WITHOUT.match(text, end)
    if not said:
        return account
    plain = account.replace("_" if "下划线" in said[0] else "-", "")
    return plain if len(plain) >= SHORTEST else account


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


def _invited(text: str) -> Iterator[Account]:
    # One look for a character that must be there: few texts have it, and the patterns begin with any letter.
    lined = _LOW_LINED.finditer(text) if "_" in text else ()
    called = _CALLED.finditer(text) if any(call in text for call in "加➕+") else ()
    for match in (*lined, *called):
        if _is_invited(text, match):
            yield match["id"], *match.span("id")
    for match in _DOTTED.finditer(text) if any(call in text for call in "加➕+") else ():
        if _is_dotted(text, match):
            yield _PARTS.sub("", match["id"]), *match.span("id")


def _is_dotted(text: str, match: re.Match[str]) -> bool:
    """Whether syllables with dots between them, whom a clause tells to add, are an account."""
    start, end = match.span("id")
    if _OTHER.search(text[max(0, start - _BESIDE) : end + _BESIDE]):
        return False
    return bool(_CALLING.search(text[max(0, start - _BESIDE) : start])) and _is_account(
        _PARTS.split(match["id"]), marked=True
    )


def _grouped(text: str) -> Iterator[Account]:
    """Accounts of which each part stands by itself."""
    for label in _GROUPED.finditer(text):
        found = _GROUPS.match(text, label.end())
        if found and not _is_versus(text, label) and _is_account(_PARTS.split(found[0]), " " not in found[0]):
            yield _PARTS.sub("", found[0]), *found.span()


def _is_versus(text: str, label: re.Match[str]) -> bool:
    """The v within English, or between two teams: one by itself is a label at the head of a clause only."""
    before = text[max(0, label.start() - 2) : label.start()]
    if label[0].strip() == "v":
        return bool(re.search(r"[\w)] ?$", before)) and not before.endswith(("加", "我"))
    return bool(re.search("[a-z0-9] ?$", before))


def _is_account(parts: list[str], marked: bool) -> bool:
    """Letters, then digits; ordinary English, a version, a name with a telephone number or a price are none.

    `marked`: dots or stars part them, which nobody puts into a sum; blanks may be typing.
    """
    joined = "".join(parts)
    if not SHORTEST <= len(joined) <= LONGEST or BLACKED_OUT in joined or is_telephone(joined):
        return False
    if max(map(len, parts)) == 1:
        return True
    if not joined[-1].isdigit():
        return False
    letters = [part for part in parts if not part.isdigit()]
    numbers = parts[len(letters) :]
    if parts[: len(letters)] != letters or not _ENGLISH.isdisjoint(parts) or _are_goods(letters, numbers):
        return False
    return _are_digits_of_account(letters, numbers, marked)


def _are_goods(letters: list[str], numbers: list[str]) -> bool:
    """Goods with their model, year or price, or any two figures of which the last can be a price (mate 60 5999)."""
    if not numbers:
        return False
    sizes = set(map(len, numbers))
    if len(numbers) > 1 and (len(sizes) > 1 or (max(sizes) > 2 and _PRICE_OR_YEAR.fullmatch(numbers[-1]))):
        return True  # 88 66 is one number in groups alike, 12 1899 are two
    names = {part.rstrip("0123456789") for part in letters}
    return not _GOODS.isdisjoint(names) and bool(_PRICE_OR_YEAR.fullmatch(numbers[-1]))


def _are_digits_of_account(letters: list[str], numbers: list[str], marked: bool) -> bool:
    """Whether the digits behind the letters can be no telephone number and no sum; four and more are dearer than a lesson."""
    digits = "".join(numbers)
    if len(digits) > MOST_DIGITS:
        return False
    if len(letters[0]) >= SHORTEST:  # is an account by itself, unless what follows can be no sum
        return letters[0].isalpha() and (marked or len(digits) >= 4) and not digits.endswith("00")
    if digits.endswith("00") or (len(digits) < 4 and digits.endswith("0") and digits != "520"):
        return False  # a round sum; 520 is how lovers write
    figures = re.sub("[^0-9]", "", "".join((*letters, digits)))
    return len(figures) >= 2 and not (marked and len(numbers) > 1)


def _is_invited(text: str, match: re.Match[str]) -> bool:
    """Whether what ends an invitation can be nothing but an account."""
    start, end = match.span("id")
    if not _can_be_account(match["id"]):
        return False
    if _OTHER.search(text[max(0, start - _BESIDE) : end + _BESIDE]):
        return False
    if _is_english(match["id"]):
        return False
    before = text[max(0, start - _BESIDE) : start]
    if match.re is _CALLED:
        return bool(_CALLED_BY.search(before))
    return any(words.search(before) for words in (_CALLING, _INVITING, _TOLD))


def _is_english(name: str) -> bool:
    return {part.strip("0123456789") for part in name.split("_")} <= _ENGLISH | {""}


def _can_be_account(name: str) -> bool:
    """Neither an address nor blacked out nor goods (huawei, mate60)."""
    goods = name.rstrip("0123456789")
    figures = name[len(goods) :]
    sold = goods in _GOODS and (not figures or bool(_PRICE_OR_YEAR.fullmatch(figures)))
    return not (_FOREIGN.match(name) or BLACKED_OUT in name or sold or is_telephone(name))


def _is_wechat(match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    # (微信)english_2020, 微信🎁100000: what a bracket or a picture ends need not go on.
    closed = pattern is not _OWNED and bool(re.search(CLOSED, match["gap"]))
    if match["id"] is None:
        if len(match["number"]) == 11:
            return bool(MOBILE.fullmatch(match["number"]))
        return pattern is _WECHAT and not closed
    if not _can_be_account(match["id"]) or (closed and _is_english(match["id"])):
        return False
    if pattern is _OWNED and _ELSEWHERE.search(match.string[max(0, match.start() - _BESIDE) : match.start()]):
        return False
    sure = bool(re.search(rf"[0-9_\-{WORDS}]|下划线", match["id"]))
    if pattern is _WEAK_WECHAT:
        return sure or bool(re.search("[:→]", match["gap"])) or _is_called(match)
    return sure or (pattern is _WECHAT and not TALKED.search(match["gap"]))


def _is_called(match: re.Match[str]) -> bool:
    """加微 and 加v before letters alone: the call makes the short label one, where no English word follows."""
    label = match.string[max(0, match.start() - 1) : match.start("gap")]
    word, after = match["id"], match.string[match.end("id") : match.end("id") + 2]
    called = re.search(r"[加➕+我搜]\s?(?:[微薇威维徽卫vw]|wei)\Z", label)
    return bool(called) and word.isalpha() and word not in _ENGLISH and not re.match("[ ]?[a-z]|[.]", after)


def _id(written: str) -> str:
    """Blanks between single letters go; three digits in words and more are digits."""
    plain = re.sub("[(]?下划线[)]?", "_", written.replace(" ", ""))
    return "".join(DIGIT_OF.get(character, character) for character in plain)
