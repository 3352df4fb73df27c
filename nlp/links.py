"""Web and e-mail addresses in folded text, as (kind, value, start, end)."""

from __future__ import annotations

import re
from collections.abc import Iterator

Found = tuple[str, str, int, int]

_GATE = re.compile(r"[a-z0-9]\.[a-z0-9]|://|点(?:com|cn|net|org)")
_TOP = "com|cn|net|org|top|vip|example|test"
LINK = re.compile(
    r"(?:https?://|www\.)[^\s\u4e00-\u9fff,;、)】》\"'<>]{3,200}"
    rf"|(?<![a-z0-9.\-@_])[a-z0-9][a-z0-9\-]{{1,30}}(?:\.[a-z0-9\-]{{1,30}}){{0,2}}\.(?:{_TOP})(?![a-z0-9.\-])(?:/[a-z0-9/_\-.?=&%#]{{0,120}})?"
    # One letter alone is the first part of short addresses only: v.douyin.com/ab and t.cn/ab.
    rf"|(?<![a-z0-9.\-@_])[a-z](?:\.[a-z0-9\-]{{1,30}}){{0,2}}\.(?:{_TOP})/[a-z0-9/_\-.?=&%#]{{1,120}}"
    r"|(?<![a-z0-9.\-@_])[a-z0-9][a-z0-9\-]{1,30}(?:点[a-z0-9\-]{1,30}){0,2}点(?:com|cn|net|org)(?![a-z0-9.\-])"
)
# What stands for @ before one of the great mail hosts.
_FOR_AT = re.compile(r"(?<![a-z0-9_.+\-])([a-z0-9][a-z0-9_+\-]{2,40})\s?(?:#|艾特|\(at\)|\[at\])\s?$")
_MAIL_HOST = re.compile(
    r"(?:vip\.)?(?:qq|foxmail|1[26]3|139|189|sina|sohu|gmail|hotmail|outlook|aliyun|yeah)\.(?:com|cn|net)"
)
# The address in a personal code of WeChat: an account in all but name.
_WECHAT_CODE = re.compile(r"(?:https?://)?(?:u\.wechat\.com/|work\.weixin\.qq\.com/(?:u|ca)/)")
_LOCAL_PART = re.compile(r"[a-z0-9][a-z0-9_.+\-]{0,62}$")
_MAIL_DOMAIN = re.compile(r"[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}")


def find_mails(text: str) -> Iterator[Found]:
    """E-mail addresses in folded text."""
    place = text.find("@")
    while place >= 0:
        local = _LOCAL_PART.search(text[max(0, place - 63) : place])
        domain = _MAIL_DOMAIN.match(text, place + 1)
        if local and domain:
            start, end = place - len(local[0]), place + 1 + len(domain[0].rstrip(".-"))
            yield "email", text[start:end], start, end
        place = text.find("@", place + 1)


def find_links(text: str) -> Iterator[Found]:
    """Web addresses in folded text."""
    if not _GATE.search(text):
        return
    for match in LINK.finditer(text):
        written = match[0].rstrip(",.;:!?)")
        start, end = match.start(), match.start() + len(written)
        plain = written if "." in written else written.replace("点", ".")
        local = _FOR_AT.search(text[max(0, start - 48) : start]) if _MAIL_HOST.fullmatch(plain) else None
        if local:
            yield "email", f"{local[1]}@{plain}", start - len(local[0]), end
        else:
            yield "wechat" if _WECHAT_CODE.match(plain) else "url", plain, start, end
