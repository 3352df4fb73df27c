"""Which administrative division a text speaks of."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, MatchKind

from core.model import Region
from core.regions import Regions, load_regions
from core.text import fold_with_offsets
from nlp.place_words import (
    CITY_NAMES,
    COMMON,
    COMMON_CITIES,
    ELSEWHERE,
    GOES_ON,
    LANDMARKS,
    LOCAL,
    NAMED_AFTER,
    NO_PLACES,
    PLACED,
    STOPPED,
    STOPS,
)

_SUFFIX = re.compile("(?:特别行政区|自治区|自治州|自治县|自治旗|地区|新区|林区|省|市|区|县|旗)$")
_PEOPLES = re.compile(
    "(?:(?:蒙古|维吾尔|哈萨克|柯尔克孜|土家|布依|朝鲜|达斡尔|鄂伦春|鄂温克|哈尼|纳西|景颇|傈僳|仫佬|毛南|仡佬|东乡|撒拉|保安|裕固|拉祜|布朗|各|[回藏苗彝壮满侗瑶白傣黎羌畲佤水怒])族?)+(?=自治)"
)
_STREET_SUFFIX = re.compile("(?:街道|地区|镇|乡)$")
_NO_NAME = frozenset(
    ("市辖区", "县", "城区", "郊区", "矿区", "自治区直辖县级行政区划", "省直辖县级行政区划", "东区", "西区")
)
# Province and city in one: their counties hang below a level that nobody names.
_MUNICIPAL = {"11": ("1101",), "12": ("1201",), "31": ("3101",), "50": ("5001", "5002")}
_STREET_END = re.compile("街道|镇|乡")
_ADJACENT = 2  # characters that may stand between a place and the place in it: a blank, a stop, 的
_LONGEST_STREET = 6  # characters of a street's name before 街道; longer ones are a handful
_HOME = 12  # characters read after a name for what makes it a school's or a shop's
_SHORT_LOCAL = 3
# Names that are read: a post has a handful, and what a list of all cities has after so many tells no more.
_MOST_NAMES = 200


@dataclass(frozen=True)
class _Hit:
    name: str
    start: int
    end: int


class _Names:
    """Names of provinces, cities and counties, full and short, and landmarks."""

    def __init__(self, regions: Regions) -> None:
        self.regions = regions
        self.full: dict[str, list[str]] = {}
        self.short: dict[str, list[str]] = {}
        for name, codes in regions.by_name.items():
            for code in codes:
                if len(code) <= 6 and len(name) > 1 and name not in _NO_NAME:
                    self._add(name, code)
        for name, code in CITY_NAMES.items():
            self.short.setdefault(name, []).append(code)
        self._streets: dict[str, list[tuple[str, str, str]]] = {}
        self._names = sorted({*self.full, *self.short, *LANDMARKS, *NO_PLACES})
        self._finder = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def _add(self, name: str, code: str) -> None:
        self.full.setdefault(name, []).append(code)
        short = _SUFFIX.sub("", _PEOPLES.sub("", name))
        if len(short) >= 2 and short != name:
            self.short.setdefault(short, []).append(code)

    def streets(self, county: str) -> list[tuple[str, str, str]]:
        """Code, full and short name of each street of the county."""
        if county not in self._streets:
            below = self.regions.children(county)
            self._streets[county] = [
                (item.code, item.name, _STREET_SUFFIX.sub("", item.name)) for item in below
            ]
        return self._streets[county]

    def hits(self, text: str) -> list[_Hit]:
        """All names in `text`, longest first; 青岛市南区 is read as 青岛市 and 市南区."""
        found = []
        for index, start, end in self._finder.find_matches_as_indexes(text):
            name = self._names[index]
            if name in NO_PLACES:
                continue
            found.append(_Hit(name, start, end))
            over = text[end - 1 : end + 2]
            if over in ("市南区", "市北区", "市中区") and name[-1] == "市":
                found.append(_Hit(over, end - 1, end + 2))
        return found


@functools.cache
def _names() -> _Names:
    return _Names(load_regions())


def find_region(*texts: str) -> Region | None:
    """The deepest division that the first telling text names, down to the street; None when no text does."""
    for text in texts:
        if text and (code := _resolve(text)):
            return load_regions().get(code)
    return None


def _resolve(text: str) -> str | None:
    names = _names()
    plain = fold_with_offsets(text)[0]
    hits = names.hits(plain)
    if not hits and not _STREET_END.search(plain):
        return None
    return _Reading(names, plain).resolve(hits)


class _Reading:
    """One text's names, understood from left to right: a wide place makes the names after it sure."""

    def __init__(self, names: _Names, text: str) -> None:
        self._names = names
        self._text = text
        self._wide: dict[str, int] = {}  # code and where its name ended last; in the order of the text
        self._deep: list[tuple[str, int]] = []
        self._doubtful: list[_Hit] = []

    def resolve(self, hits: list[_Hit]) -> str | None:
        """The code of the deepest place, the first of several."""
        for hit in hits[:_MOST_NAMES]:
            self._take(hit)
        for hit in self._doubtful:  # a city that is named later tells which of the namesakes was meant
            self._take_inside(hit, far=True)
        if self._deep:
            return self._street(*self._deep[0])
        wide = max(self._wide, key=len, default=None)  # the first of the longest
        return self._below(wide) or wide

    def _take(self, hit: _Hit) -> None:
        if self._take_inside(hit, far=False):
            return
        wide = self._wide_codes(hit)
        if wide:
            inside = [code for code in wide if any(map(code.startswith, self._wide))]
            code = (inside or wide)[0]
            self._wide[code] = hit.end
        elif lone := self._lone(hit):
            self._deep.append((lone, hit.end))
        else:
            self._doubtful.append(hit)

    def _take_inside(self, hit: _Hit, far: bool) -> bool:
        """Whether the name is a county of a city or province that the text names (before it, unless `far`)."""
        codes = self._county_codes(hit)
        for other, end in sorted(self._wide.items(), key=_last, reverse=True):
            inside = [code for code in codes if code.startswith(other)]
            if inside and (len(inside) == 1 or len(other) > 2) and self._is_meant(hit, end, far):
                self._deep.append((inside[0], hit.end))
                return True
        return False

    def _is_meant(self, hit: _Hit, wide_end: int, far: bool) -> bool:
        if hit.name in self._names.full or hit.name in LANDMARKS:
            return True
        near = 0 <= hit.start - wide_end <= _ADJACENT
        if self._wide_codes(hit) and not near:
            return False  # 长沙 is the city, not 长沙县
        if any(own.startswith(wide) for own in self._wide_codes(hit) for wide in self._wide):
            return False
        if near:
            return True
        goes_on = GOES_ON.match(self._text, hit.end)
        return (
            not goes_on
            and (hit.name not in COMMON or bool(LOCAL.match(self._text, hit.end)))
            and (not far or self._is_placed(hit))
        )

    def _county_codes(self, hit: _Hit) -> list[str]:
        if hit.name in LANDMARKS:
            return [LANDMARKS[hit.name]]
        both = [*self._names.full.get(hit.name, ()), *self._names.short.get(hit.name, ())]
        return [code for code in both if len(code) == 6]

    def _wide_codes(self, hit: _Hit) -> list[str]:
        """Province and city codes that the name stands for here."""
        full = [code for code in self._names.full.get(hit.name, ()) if len(code) < 6]
        if full:
            return [] if ELSEWHERE.match(self._text, hit.end) and self._is_school(hit) else full
        short = [code for code in self._names.short.get(hit.name, ()) if len(code) < 6]
        if not short or GOES_ON.match(self._text, hit.end) or self._is_other(hit):
            return []
        return short

    def _is_school(self, hit: _Hit) -> bool:
        return bool(
            re.match("[^,，。]{0,6}(?:大学|学院|中学|一中|附中)", self._text[hit.end : hit.end + _HOME])
        )

    def _is_other(self, hit: _Hit) -> bool:
        """吉林 is a place; 在朝阳下 is none, nor is the 长春 of a school that somebody left."""
        if hit.name in COMMON_CITIES and not self._is_placed(hit):
            return True
        return bool(ELSEWHERE.match(self._text, hit.end)) and self._is_school(hit)

    def _lone(self, hit: _Hit) -> str | None:
        """The code of a county that needs no city: its name is full and unique, or short but said as a place."""
        full = [code for code in self._names.full.get(hit.name, ()) if len(code) == 6]
        if full:
            return full[0] if len(full) == 1 and not self._is_elsewhere(hit) else None
        if hit.name in LANDMARKS:
            return LANDMARKS[hit.name] if self._is_placed(hit) else None
        short = [code for code in self._names.short.get(hit.name, ()) if len(code) == 6]
        if len(short) != 1 or hit.name in COMMON or self._is_elsewhere(hit):
            return None
        if GOES_ON.match(self._text, hit.end) or NAMED_AFTER.match(self._text, hit.end):
            return None
        return short[0] if self._is_placed(hit) or self._follows_street(short[0], hit.end) else None

    def _is_elsewhere(self, hit: _Hit) -> bool:
        return bool(ELSEWHERE.match(self._text, hit.end)) and self._is_school(hit)

    def _is_placed(self, hit: _Hit) -> bool:
        before = self._text[max(0, hit.start - 6) : hit.start]
        if PLACED.search(before):
            return not re.match("[下上中里的]", self._text[hit.end : hit.end + 1])
        if hit.name in COMMON:
            return bool(STOPS.search(before)) and bool(LOCAL.match(self._text, hit.end))
        opens = bool(STOPS.search(before)) and bool(
            re.match("找|招|求|寻|诚招|急招|本地|哪|有", self._text[hit.end : hit.end + 1])
        )
        alone = bool(STOPS.search(before)) and bool(STOPPED.match(self._text, hit.end))
        return opens or alone or bool(LOCAL.match(self._text, hit.end))

    def _follows_street(self, county: str, end: int) -> bool:
        near = self._text[end : end + 4]
        landmark = any(code == county and near.startswith(name) for name, code in LANDMARKS.items())
        return landmark or self._street(county, end) != county

    def _street(self, county: str, end: int) -> str:
        """The street named right after the county, or in full anywhere; else the county."""
        after = self._text[end : end + _ADJACENT + _LONGEST_STREET]
        best, code = 0, county
        for own, full, short in self._names.streets(county):
            named = short if len(short) > 1 and _is_street(after, short) else ""
            if full in self._text and len(full) > _SHORT_LOCAL:
                named = full
            if len(named) > best:
                best, code = len(named), own
        return code

    def _below(self, wide: str | None) -> str | None:
        """A county or street of the wide place (of the country, without one) told by a street's or its own name."""
        for match in _STREET_END.finditer(self._text):
            for length in range(_LONGEST_STREET, 1, -1):
                name = self._text[max(0, match.start() - length) : match.end()]
                codes = [code for code in self._names.regions.by_name.get(name, ()) if len(code) == 9]
                fitting = [code for code in codes if code.startswith(wide or "")]
                if len(fitting) == 1 and (wide or match[0] == "街道"):
                    return fitting[0]
        cities = _MUNICIPAL.get(wide or "", (wide,) if wide and len(wide) == 4 else ())
        end = self._wide.get(wide or "", 0)
        for county in itertools.chain.from_iterable(map(self._names.regions.children, cities)):
            if (code := self._street(county.code, end)) != county.code:
                return code
        return None


def _is_street(after: str, short: str) -> bool:
    """Whether the street's short name stands right there and is not the beginning of a road's or a school's name."""
    place = after.find(short, 0, len(short) + _ADJACENT)
    return place >= 0 and not GOES_ON.match(after, place + len(short))


def _last(item: tuple[str, int]) -> int:
    return item[1]
