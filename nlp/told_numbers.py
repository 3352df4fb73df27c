"""Telephone and QQ numbers that are told part by part: 139跟着 7375 最后 0826, 扣扣前五位 27381 后四位 0456."""

from __future__ import annotations

from collections.abc import Iterator

from core.pattern import late
from nlp.digits import MOBILE, WORDS
from nlp.numerals import DIGIT_OF

_DIGITS = rf"[0-9{WORDS}]{{3,8}}"
_PLACES = "(?:[三四五六七八]位)?(?:是|接|拨|再|跟)?"
_NEXT = rf"(?:开头|打头)?[ ,、]{{0,2}}(?:中间|中(?=:)|后面|后|末尾|末|尾号|最后|然后|接着|跟着|再接)(?:的)?{_PLACES}[ :]{{0,2}}"
_TOLD = late(
    rf"(?<![0-9{WORDS}])(?:[前头](?:[三四五六七]位)?(?:是)?[ :]{{0,2}})?(?P<first>{_DIGITS})(?:{_NEXT}{_DIGITS}){{1,3}}(?![0-9{WORDS}元块])"
)
_PARTS = late(_DIGITS)
# What follows a digit where a number is told so: most texts are let go by one look.
_TELLS = late(
    rf"[0-9{WORDS}](?:开头|打头)?[ ,、]{{0,2}}(?:中间|[中后]:|后面|末尾|后[三四五六七八]位|末[三四五六七八]位|最后|然后|接着|跟着|尾号|再接)"
)
_QQ = late(r"(?:(?<![a-z0-9])q{1,2}|扣扣|扣(?=[号我])|企鹅|🐧)(?:群|号|我)?(?:是|号码)?[ ,:、]{0,3}$")
_CALL = late("手机|电话|联系|[拨打微薇vx☎📱📞]|tel|号码?|同号|一样")
_CODED = late("密码|单号|订单|取件|卡|证|尾号|口令|数列|页|会议")
_BEFORE = 12  # characters in which a label stands before the first part


def told_numbers(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(kind, digits, start, end) of the numbers that a folded text tells in parts: mobile numbers, and QQ behind a label."""
    if not _TELLS.search(text):
        return
    for match in _TOLD.finditer(text):
        digits = "".join(
            DIGIT_OF.get(character, character) for part in _PARTS.findall(match[0]) for character in part
        )
        start = match.start("first")
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if MOBILE.fullmatch(digits) and _CALL.search(before) and not _CODED.search(before):
            yield "phone", digits, start, match.end()
        elif 6 <= len(digits) <= 11 and digits[0] != "0" and _QQ.search(before):
            yield "qq", digits, start, match.end()
