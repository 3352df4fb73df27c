"""Bytes to text, when header, meta tag and bytes disagree.

A charset is a claim. Real Chinese sites send GBK under a UTF-8 header and the other way round; a wrong choice turns
an advert into noise that nobody recognises. So each claim is tried, and the text that looks like Chinese wins.
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import read_bom, resolve_encoding
from webencodings import lookup

# GB18030 contains GB2312 and GBK; sites that say gb2312 use characters outside of it all the time.
WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "ascii": "utf-8",
    "cp1252": "utf-8",
}
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.I)
# The meta tag must stand in the first 1,024 bytes (HTML Living Standard, 4.2.5.4); four times that for sloppy pages.
_META_WITHIN = 4096
# Enough to tell one charset from another; a page of megabytes is not decoded four times.
_SAMPLE = 100_000
# A tie, or nearly one, goes to UTF-8 first: random GBK text is almost never valid UTF-8.
_UTF8_BONUS = 0.02


def _known(name: str | None, in_page: bool = False) -> str | None:
    """Python's name of an encoding that browsers know (WHATWG Encoding, 4.2), None for every other word.

    Python has codecs that are none of text (base64, zlib, idna): a page that claims one would be read by nobody but a
    browser, which passes over the claim. "x-user-defined" names no letters.
    """
    encoding = lookup(name) if name else None
    if encoding is None or encoding.name == "x-user-defined":
        return None
    if in_page and encoding.name.startswith("utf-16"):
        return "utf-8"  # HTML Living Standard, 13.2.3.2: whoever could read the claim was not reading UTF-16
    resolved = resolve_encoding(encoding.codec_info.name)
    return WIDER.get(resolved or "", resolved)


def declared(content_type: str, body: bytes) -> list[str]:
    """What header and meta tag claim, in this order, as Python codec names without doubles."""
    header = _HEADER.search(content_type)
    meta = _META.search(body[:_META_WITHIN])
    names = [
        _known(header.group(1) if header else None),
        _known(meta.group(1).decode("ascii") if meta else None, in_page=True),
    ]
    return list(dict.fromkeys(name for name in names if name))


def _common(character: str) -> bool:
    # Level 1 of GB 2312 (rows 16 to 55): the 3,755 characters that make up nearly all of written Chinese.
    try:
        raw = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and 0xA1 <= raw[0] <= 0xD7


def plausibility(text: str) -> float:
    """Between -1 (broken) and 1: share of common Chinese characters among all that is not ASCII, less the breakage."""
    foreign = [character for character in text if character > "\x7f"]
    if not foreign:
        return 0.0
    broken = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in foreign)
    return (sum(map(_common, foreign)) - 2 * broken) / len(foreign)


def _score(name: str, body: bytes) -> float:
    # Cut in the middle of a character, the sample's end must not count as breakage.
    text = codecs.getincrementaldecoder(name)("replace").decode(body[:_SAMPLE], final=False)
    return plausibility(text) + (_UTF8_BONUS if name == "utf-8" else 0)


def decode(content_type: str, body: bytes) -> tuple[str, str]:
    """The text of `body` and the charset that was used; a byte order mark wins, then plausibility, then the claim."""
    mark, rest = read_bom(body)
    if mark and rest is not None:
        return body[len(rest) :].decode(mark, "replace"), mark
    claims = declared(content_type, body)
    names = list(dict.fromkeys([*claims, "utf-8", "gb18030"]))
    best = max(names, key=lambda name: (_score(name, body), -names.index(name)))
    return body.decode(best, "replace"), best
