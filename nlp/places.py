"""Which administrative division a text speaks of."""

from __future__ import annotations

import functools
import re

from core.model import Region
from core.regions import Regions, load_regions

# A place name that goes on like this is part of another name (a road, a bank, a university), not a place.
GOES_ON = re.compile(
    "大学|师范|师大|外国语|路|街|银行|版|理工|交通|菜|烤鸭|牌|卷|教材|财经|医|工业|科技|航空|大道|公司|电视|日报|晚报|话|小吃|移动|联通"
)
# Short county names are believed only with their city, or before such a word.
LOCAL = re.compile("附近|这边|这块|本地|家教|上门|面授|地铁|片区|一带|周边|家长|校区|[】\\]·]")
SUFFIX = re.compile("(?:特别行政区|自治区|自治州|自治县|地区|新区|省|市|区|县|旗)$")


class _Names:
    """Names of provinces, cities and counties, full and short."""

    def __init__(self, regions: Regions) -> None:
        self.full: dict[str, list[str]] = {}
        self.short: dict[str, list[str]] = {}
        for name, codes in regions.by_name.items():
            for code in codes:
                if len(code) <= 6 and len(name) > 1 and name not in ("市辖区", "县", "城区", "郊区"):
                    self.full.setdefault(name, []).append(code)
                    short = SUFFIX.sub("", name)
                    if len(short) >= 2 and short != name:
                        self.short.setdefault(short, []).append(code)
        self.pattern = re.compile(
            "|".join(sorted(map(re.escape, {*self.full, *self.short}), key=len, reverse=True))
        )


@functools.cache
def _names() -> _Names:
    return _Names(load_regions())


def find_region(*texts: str) -> Region | None:
    """The deepest division that the first telling text names; None when no text does."""
    for text in texts:
        if text and (code := _resolve(text)):
            return load_regions().get(code)
    return None


def _resolve(text: str) -> str | None:
    names = _names()
    hits = [(match[0], text[match.end() : match.end() + 4]) for match in names.pattern.finditer(text)]
    wide = {code for name, after in hits for code in _wide(names, name, after)}
    deep: list[str] = []
    for name, after in hits:
        codes = [code for code in names.full.get(name, []) if len(code) == 6]
        short = [code for code in names.short.get(name, []) if len(code) == 6]
        if any(len(code) < 6 for code in names.short.get(name, [])):
            short = []  # 长沙 is the city, not 长沙县
        inside = [code for code in codes + short if any(code.startswith(other) for other in wide)]
        if inside:
            deep.append(inside[0])
        elif len(codes) == 1 or (not codes and len(short) == 1 and LOCAL.match(after)):
            deep.append((codes or short)[0])
    return deep[0] if deep else max(wide, key=len, default=None)


def _wide(names: _Names, name: str, after: str) -> list[str]:
    """Province and city codes that `name` stands for here."""
    if name in names.full:
        return [code for code in names.full[name] if len(code) < 6]
    if GOES_ON.match(after):
        return []
    return [code for code in names.short.get(name, []) if len(code) < 6]
