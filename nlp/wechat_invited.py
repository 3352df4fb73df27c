"""WeChat accounts without a label, at the end of an invitation: 报名加 lily_2020, 想试听的➕ wen.lao.shi."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.digits import PICTURES
from nlp.wechat_names import BESIDE, OTHER, can_be_account, is_english
from nlp.wechat_parts import PARTS, Account, are_oddly_parted, is_account

# Who is told to come, right before an account that ends the clause. Without 加 it needs a low line, which no word has.
_ASKED = r"朋友圈(?:里?[看见有都][\u4e00-\u9fff]{0,5})?(?=:)|[感有]兴趣|联系方式|加?好友|有意者?|需[要求]|(?:家长|朋友|同学|宝妈)们?|想[来学试约听报补参了看预问加][\u4e00-\u9fff]{0,5}的|(?<![\u4e00-\u9fff])[要约懂]的|详聊|详询|私聊?|滴我?|戳我?|[联找]系?我|联系|(?:报名|咨询|预约)(?=[:加➕+我])"
_INVITING = re.compile(rf"(?:{_ASKED})(?:的|者|直接|可以?|请|来|我|小?助[手教]|老师|[ :,👉❤加➕+]){{0,4}}$")
_CALLING = re.compile(
    rf"(?:{_ASKED}|直接|可以?|请|的|想[来学试约听报补参了看预问][\u4e00-\u9fff]{{0,3}}|详情|了解|试听|报名|咨询|预约|(?<![a-z0-9\u4e00-\u9fff]))[ ,]?(?:直接|可以?|请|来|再(?=[加➕+][ ]?:)){{0,2}}[加➕+][ :{PICTURES}]{{0,2}}$"
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
LOW_LINED = re.compile(
    rf"(?<![a-z0-9_\-@/.#])(?P<id>(?=[a-z0-9_]{{6,20}}(?![a-z0-9_\-]))[a-z][a-z0-9]{{0,18}}_[a-z0-9_]{{0,18}}){_ENDS}"
)
CALLED = re.compile(rf"[加➕+][ :{PICTURES}]{{0,2}}(?P<id>[a-z]{{3,10}}[0-9]{{2,8}})(?![a-z0-9_\-]){_ENDS}")
# Behind 加 alone, an account of which dots part the syllables.
DOTTED = re.compile(
    rf"(?:[加➕+]|(?<=[就请接])搜)[ :{PICTURES}]{{0,2}}(?P<id>[a-z](?:-[a-z0-9]){{5,19}}|[a-z][a-z0-9_]{{0,9}}(?:[.·•丨丶|][a-z0-9_]{{1,10}}){{2,9}})(?![a-z0-9_\-@%]){_ENDS}"
)
# Marks that part no film's, book's or song's title, which is sought as well (搜game.of.thrones).
_IN_NO_TITLE = re.compile("[丨丶|]")


def invited(text: str) -> Iterator[Account]:
    """The accounts of a folded text that end an invitation and can be nothing else."""
    # One look for a character that must be there: few texts have it, and the patterns begin with any letter.
    lined = LOW_LINED.finditer(text) if "_" in text else ()
    called = CALLED.finditer(text) if any(call in text for call in "加➕+") else ()
    for match in (*lined, *called):
        if _is_invited(text, match):
            yield match["id"], *match.span("id")
    for match in DOTTED.finditer(text) if any(call in text for call in "加➕+搜") else ():
        if _is_dotted(text, match):
            yield PARTS.sub("", match["id"]), *match.span("id")


def _is_invited(text: str, match: re.Match[str]) -> bool:
    """Whether what ends an invitation can be nothing but an account."""
    start, end = match.span("id")
    if not can_be_account(match["id"]):
        return False
    if OTHER.search(text[max(0, start - BESIDE) : end + BESIDE]):
        return False
    if is_english(match["id"]):
        return False
    before = text[max(0, start - BESIDE) : start]
    if match.re is CALLED:
        return bool(_CALLED_BY.search(before))
    return any(words.search(before) for words in (_CALLING, _INVITING, _TOLD))


def _is_dotted(text: str, match: re.Match[str]) -> bool:
    """Whether syllables with dots between them, whom a clause tells to add, are an account."""
    start, end = match.span("id")
    if OTHER.search(text[max(0, start - BESIDE) : end + BESIDE]):
        return False
    if match[0][0] == "搜":
        return are_oddly_parted(match["id"]) and bool(_IN_NO_TITLE.search(match["id"]))
    called = bool(_CALLING.search(text[max(0, start - BESIDE) : start]))
    return called and (is_account(PARTS.split(match["id"]), marked=True) or are_oddly_parted(match["id"]))
