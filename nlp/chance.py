"""Where letters and digits that look like a disguise are part of something else: an account's name, a measure, a number."""

from __future__ import annotations

import re

# What an account, an address or a link is made of; a longer run than 40 on a side is no name.
_RUN = "abcdefghijklmnopqrstuvwxyz0123456789_-.@/:?=&%"
REACH = 40
NEAR = 8  # characters before an account in which its label stands
# Two parts joined by a line below, an @ or the marks of a link: nobody joins initials so, every second account is.
_JOINED = re.compile(r"[a-z0-9]_+[a-z0-9]|[a-z0-9]@|@[a-z]|://|www\.|\.(?:com|cn|net|org|vip|top)(?![a-z])")
_LATIN = re.compile("[a-z0-9]+")
# What stands before an account, and the account, as `nlp.contacts` has it: letters and three digits or more (math188),
# or six characters of both.
_LABEL = re.compile(
    r"(?:[微薇威维徽卫v][信芯心x]?|(?<![a-z])(?:wx|qq?|id)|[账帐]号|[音手书红]号|公众号)[号是为]{0,2}[ :=]{0,3}$"
)
_ACCOUNT = re.compile(r"[a-z][a-z_\-]*[0-9]{3,11}(?![a-z0-9])|[a-z][a-z0-9_\-]{5,19}(?![a-z0-9_\-])")
# 身高165, 高1.65, 高1米8; a school year is followed by none of these.
_GOES_ON = re.compile(r"[0-9]|\.[0-9]{2}|厘?米|c?m(?![a-z])")
_TEAMS = re.compile(r"[0-9](?![0-9])")  # 1v10 are no two; 1v1200 is a price without a blank


def in_account(folded: str, start: int, end: int) -> bool:
    """Whether the Latin letters and digits at [start, end) are a piece of an account's name, an address or a link."""
    if not _LATIN.fullmatch(folded, start, end):
        return False
    left, right = start, end
    while left > max(0, start - REACH) and folded[left - 1] in _RUN:
        left -= 1
    while right < min(len(folded), end + REACH) and folded[right] in _RUN:
        right += 1
    if _JOINED.search(folded, left, right):
        return True
    return bool(_ACCOUNT.match(folded, start, right) and _LABEL.search(folded, max(0, start - NEAR), start))


def counted_on(folded: str, start: int, end: int) -> bool:
    """Whether the digit at an edge of [start, end) belongs to a longer number or to a measure: 高1 in 身高165."""
    begins = folded[start].isdigit()
    if folded[end - 1].isdigit() and (_TEAMS if begins else _GOES_ON).match(folded, end):
        return True
    return begins and folded[start - 1 : start].isdigit()
