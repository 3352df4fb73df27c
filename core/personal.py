"""Personal parts of addresses and numbers that can be told by their shape alone: a telephone number in a link, an
identity card's number. Where the link leads (scheme, host, path) stays: that is what an officer must see.

Every pattern is anchored on a mark that must be there and bounded around it: time grows with the length of the text only.
"""

from __future__ import annotations

import re

# Full-width forms of what addresses are made of, one for one: places stay. Commas and brackets are Chinese marks and end one.
_NARROW = {
    code: code - 0xFEE0
    for code in range(0xFF01, 0xFF5F)
    if chr(code - 0xFEE0).isalnum() or chr(code - 0xFEE0) in "@.%=/&_-:#"
}
_END = r"\s\u4e00-\u9fff，。；、！？（）【】《》\"'<>()\[\]"
_VALUE = rf"(?P<part>[^{_END}&#;]{{5,200}})"  # below five characters nobody can be reached
_REST = rf"(?P<part>[^{_END}]{{3,200}})"  # codes are longer; a path of two letters names a language
# Fields of an address that name somebody, as sites and link makers write them.
_KEYS = (
    "phone|phone_?(?:no|num|number)|tel|telephone|telno|mobile|mob|cell|cellphone|shouji|sjh?|dianhua|wx|wxh|wxid|weixin|wechat"
    "|wechat_?(?:id|no)|vx|qq|qqh|qq_?(?:no|num|number)|uin|e?mail|contacts?|id_?card(?:_?no)?|sfz|sfzh"
)
# What such a link opens is a talk with somebody: all behind it is his name or number.
_CALLS = r"(?:tel|smsto|sms|mms|callto|mailto|skype|sip|xmpp|facetime|whatsapp):(?://)?"
_APPS = r"(?:weixin|wechat|wxwork|tencent|mqq[a-z]{0,12}|alipays?|tg|line|viber|imessage|momochat)://"
_HOSTS = (
    r"(?:wa\.me|t\.me|api\.whatsapp\.com|line\.me|qm\.qq\.com|jq\.qq\.com|u\.wechat\.com|weixin\.qq\.com/r"
    r"|work\.weixin\.qq\.com/(?:u|ca))/"
)
_DIGIT = r"(?:\d|%3\d)"
_JOINT = r"(?:[\-._~+]|%20|%2d)?"
# A mobile number, its digits as they are or percent-encoded; eleven digits that begin otherwise are a post's own number.
_MOBILE = (
    rf"(?:(?<!\d)|(?<=%[0-9a-f]{{2}}))(?P<part>(?:(?:\+|%2b|00)?86{_JOINT})?"
    rf"(?:1|%31)(?:[3-9]|%3[3-9]){_DIGIT}{_JOINT}{_DIGIT}{{4}}{_JOINT}{_DIGIT}{{4}})(?!\d)"
)
# A mail address with the blanks or the encoded sign that hide it from readers of addresses.
_MAIL = r"(?P<part>[a-z0-9][a-z0-9_.+\-]{1,62}(?:%40| ?@ ?)[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4})"
_IN_ADDRESSES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<![a-z0-9])(?:{_KEYS})(?:=|%3d){_VALUE}",
        rf"(?<![a-z0-9])(?:{_CALLS}|{_APPS}){_REST}",
        rf"(?<![a-z0-9.\-]){_HOSTS}{_REST}",
        _MOBILE,
    )
)
_MAILS = re.compile(_MAIL, re.I)
# Nine digits: dates written in one (20260901) have eight. Identity numbers end in X at times; cards and identity
# numbers are often written in groups.
_NUMBERS = re.compile(
    r"(?P<part>\d{9,}x?|(?<!\d)(?:\d{4}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?|\d{6}[ \-]\d{8}[ \-]\d{3}[\dx])(?!\d))",
    re.I,
)


def in_address(address: str) -> list[tuple[int, int]]:
    """Characters [start, end) of a web address that name or reach somebody; a post's own number is none."""
    plain = address.translate(_NARROW)
    patterns = (*_IN_ADDRESSES, *([_MAILS] if "@" in plain or "%40" in plain else []))
    return [match.span("part") for pattern in patterns for match in pattern.finditer(plain)]


def in_text(text: str) -> list[tuple[int, int]]:
    """The same in a text with links in it, and long numbers: of identity cards, bank cards, accounts."""
    numbers = _NUMBERS.finditer(text.translate(_NARROW))
    return [*in_address(text), *(match.span("part") for match in numbers)]
