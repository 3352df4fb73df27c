"""Named cleaners: Chinese dates, prices, contacts. Text in, text out; nothing is guessed where nothing stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from parsel import Selector
from w3lib.url import canonicalize_url

# All of China keeps one civil time, UTC+8, without summer time since 1991.
BEIJING = timezone(timedelta(hours=8))
_DIGITS = str.maketrans("零〇一二两三四五六七八九", "001223456789")
_CLOCK = re.compile(r"(上午|下午|晚上|晚|凌晨|中午)?\s*(\d{1,2})[:：点时](\d{1,2})?(?:[:：分](\d{1,2}))?")
_DATE = re.compile(r"(?:(\d{4}|\d{2})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_AGO = re.compile(
    r"(\d+|半|[一二两三四五六七八九十]+)\s*个?\s*(秒钟?|分钟?|小时|钟头|天|日|周|星期|礼拜|月|年)之?以?前"
)
_DAYS = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0}
_UNIT_SECONDS = {
    "秒": 1, "分": 60, "小": 3600, "钟": 3600, "天": 86400, "日": 86400, "周": 604800, "星": 604800, "礼": 604800,
    "月": 2592000, "年": 31536000,  # a month of 30 and a year of 365 days: "ago" is no more exact than that
}  # fmt: skip
_PRICE = re.compile(
    r"(?:[¥￥]\s*)?\d[\d,.]*\s*(?:[-~～至到—]\s*\d[\d,.]*\s*)?(?:元|块|千|万|[kK])?"
    r"(?:\s*(?:/|每|一|·)\s*(?:小时|课时|节|次|天|日|周|月|学期|年|h))?"
)
_CONTACT = re.compile(r"1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}-?\d{7,8}|[A-Za-z][\w-]{5,19}|\d{5,12}")
_LABEL = re.compile(r"^\s*[^\s:：]{1,8}[:：]\s*")
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
    }
    | {
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
    }
    | {"table", "td", "th", "tr", "ul"}
)
_UNSEEN = frozenset(("script", "style", "noscript", "template", "head"))


class Setting(NamedTuple):
    """What cleaners may know: the page's address and the moment its relative dates are meant against."""

    url: str
    now: datetime


def element_text(element: Selector) -> str:
    """Text of an element as a reader sees it: a line for each block or `<br>`, scripts and comments left out."""
    parts: list[str] = []
    root = element.root
    if isinstance(root, str):
        return root
    # Walked without recursion: a hostile page nests thousands of elements deep.
    stack: list[tuple[object, bool]] = [(root, True)]
    while stack:
        node, opening = stack.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        tag = getattr(node, "tag", None)
        if not isinstance(tag, str) or tag in _UNSEEN:
            continue
        if tag in _BLOCKS and (opening or tag != "br"):
            parts.append("\n")
        if opening:
            _push(stack, node)
    return "".join(parts)


def _push(stack: list[tuple[object, bool]], node: object) -> None:
    children: list[tuple[object, bool]] = []
    text = getattr(node, "text", None)
    if text:
        # In mark-up a line break is white space, save in <pre>, which adverts do not use.
        children.append((re.sub(r"[ \t\r\n]+", " ", text), True))
    for child in node:  # type: ignore[attr-defined]  # lxml's element is iterable; its stubs say so only for its own type
        children.append((child, True))
        if child.tail:
            children.append((re.sub(r"[ \t\r\n]+", " ", child.tail), True))
    stack.append((node, False))
    stack.extend(reversed(children))


def text(value: str, _: Setting) -> str:
    """One line, white space folded."""
    return " ".join(value.split())


def lines(value: str, _: Setting) -> str:
    """Lines kept, white space in them folded, empty ones dropped."""
    return "\n".join(line for line in (" ".join(raw.split()) for raw in value.splitlines()) if line)


def html(value: str, _: Setting) -> str:
    """Mark-up inside a field (JSON-LD descriptions) to plain lines."""
    if not value.strip():
        return ""
    return element_text(Selector(text=value, type="html"))


def strip_label(value: str, _: Setting) -> str:
    """`来源：新华网` without its label."""
    return _LABEL.sub("", value)


def absolute_url(value: str, setting: Setting) -> str:
    """The address in full; "" when it is none that can be fetched."""
    try:
        url = urljoin(setting.url, value.strip())
        # An unclosed bracket in the host, a port that is no number, half a character: nobody could ask for it.
        canonicalize_url(url)
        _ = urlsplit(url).port
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""


def integer(value: str, _: Setting) -> str:
    """The first whole number, thousands' commas dropped."""
    found = re.search(r"\d[\d,]*", value)
    return found.group().replace(",", "") if found else ""


def price(value: str, _: Setting) -> str:
    """The price as it stands, without what is around it; a wordy one (面议) is kept as a whole."""
    found = _PRICE.search(value)
    return " ".join(found.group().split()) if found else " ".join(value.split())


def contact(value: str, _: Setting) -> str:
    """The number or account in a contact field; "" for a field that only says to click."""
    found = _CONTACT.search(value)
    return found.group() if found else ""


def chinese_date(value: str, setting: Setting) -> str:
    """ISO 8601 with Beijing's offset; "" when there is no date in it or it names no day of the calendar."""
    try:
        now = setting.now.astimezone(BEIJING)  # the site's own clock may stand at the end of all calendars
        found = _relative(value, now) or _absolute(value, now)
    except (ValueError, OverflowError):  # 31 February, the year 0, a billion years ago
        return ""
    return found.isoformat() if found else ""


def _number(word: str) -> float:
    if word == "半":
        return 0.5
    if word.isdigit():
        return int(word)
    if "十" in word:
        tens, _, ones = word.partition("十")
        return 10 * int(tens.translate(_DIGITS) or 1) + int(ones.translate(_DIGITS) or 0)
    return int(word.translate(_DIGITS))


def _relative(value: str, now: datetime) -> datetime | None:
    if "刚刚" in value or "刚才" in value:
        return now
    if ago := _AGO.search(value):
        return now - timedelta(seconds=_number(ago.group(1)) * _UNIT_SECONDS[ago.group(2)[0]])
    for word, days in _DAYS.items():
        if word in value:
            day = now - timedelta(days=days)
            return _with_clock(
                day.replace(hour=0, minute=0, second=0, microsecond=0), value.split(word, 1)[1]
            )
    return None


def _absolute(value: str, now: datetime) -> datetime | None:
    found = _DATE.search(value)
    if not found:
        return None
    year, month, day = found.groups()
    full = int(year) + 2000 if year and len(year) == 2 else int(year or now.year)
    moment = datetime(full, int(month), int(day), tzinfo=BEIJING)
    # A day without a year that lies ahead is last year's; one day of grace for clocks that disagree.
    if not year and moment > now + timedelta(days=1):
        moment = moment.replace(year=full - 1)
    return _with_clock(moment, value[found.end() :])


def _with_clock(day: datetime, value: str) -> datetime:
    found = _CLOCK.search(value)
    if not found:
        return day
    part, hour, minute, second = found.groups()
    shown = int(hour)
    if part in ("下午", "晚上", "晚") and shown < 12:
        shown += 12
    return day.replace(hour=shown, minute=int(minute or 0), second=int(second or 0))


CLEANERS: dict[str, Callable[[str, Setting], str]] = {
    "text": text, "lines": lines, "chinese_date": chinese_date, "price": price, "absolute_url": absolute_url,
    "integer": integer, "strip_label": strip_label, "html": html, "contact": contact,
}  # fmt: skip


def clean(value: str, names: tuple[str, ...], setting: Setting) -> str:
    """`value` through the named cleaners, in order."""
    for name in names:
        value = CLEANERS[name](value, setting)
    return value
