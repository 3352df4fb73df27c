"""Which administrative division a text speaks of."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from core.model import Region
from core.regions import load_regions
from nlp.place_names import PlaceNames, Streets
from nlp.place_words import (
    CAMPUS,
    COMMON,
    COMMON_CITIES,
    ELSEWHERE,
    FAMOUS,
    GOES_ON,
    GRADED,
    LANDMARKS,
    LOCAL,
    MANNER,
    NAMED_AFTER,
    NEAR_COUNTY,
    NO_PLACES,
    PLACED,
    STOPPED,
    STOPS,
    UNIVERSITY,
)
from nlp.signs import Signs

# Province and city in one: their counties hang below a level that nobody names.
_MUNICIPAL = {"11": ("1101",), "12": ("1201",), "31": ("3101",), "50": ("5001", "5002")}
_STREET_END = re.compile("街道|镇|乡")
_ADJACENT = 2  # characters that may stand between a place and the place in it: a blank, a stop, 的
_LONGEST_STREET = 6  # characters of a street's name before 街道; longer ones are a handful
_HOME = 12  # characters read after a name for what makes it a school's or a shop's
_LANDMARKS_OF = {
    county: (*(name for name, code in LANDMARKS.items() if code == county), *NEAR_COUNTY.get(county, ()))
    for county in {*LANDMARKS.values(), *NEAR_COUNTY}
}
# Names that are read: a post has a handful, and what a list of all cities has after so many tells no more.
_MOST_NAMES = 200


class _Hit(NamedTuple):
    name: str
    start: int
    end: int


def _hits(text: str, named: Sequence[tuple[int, int, str]]) -> list[_Hit]:
    """The longest names of `named` from left to right; 青岛市南区 is read as 青岛市 and 市南区."""
    found = []
    done = 0
    for start, end, name in sorted(named, key=_leftmost_longest):
        if start < done:
            continue
        done = end
        if name in NO_PLACES:
            continue
        found.append(_Hit(name, start, end))
        over = text[end - 1 : end + 2]
        if over in ("市南区", "市北区", "市中区") and name[-1] == "市":
            found.append(_Hit(over, end - 1, end + 2))
    return found


def _leftmost_longest(named: tuple[int, int, str]) -> tuple[int, int]:
    return named[0], -named[1]


@functools.cache
def _names() -> PlaceNames:
    return PlaceNames(load_regions())


PATTERNS = {"street of a town": _STREET_END}


def all_names() -> frozenset[str]:
    """The names of provinces, cities and counties, full and short, and of landmarks; folded texts are searched for them."""
    return _names().all


def region_in(plain: str, signs: Signs) -> Region | None:
    """The deepest division that a folded text names, down to the street; None when it names none."""
    if not signs.places and "street of a town" not in signs.searches:
        return None
    reading = _Reading(_names(), plain, "street of a town" in signs.searches)
    code = reading.resolve(_hits(plain, signs.places))
    return _region(code) if code else None


@functools.lru_cache(maxsize=4096)  # the cities and counties that are named at all
def _region(code: str) -> Region:
    return load_regions().get(code)


class _Reading:
    """One text's names, understood from left to right: a wide place makes the names after it sure."""

    def __init__(self, names: PlaceNames, text: str, towns: bool) -> None:
        self._names = names
        self._text = text
        self._towns = towns  # whether _STREET_END stands in the text
        self._wide: dict[str, int] = {}  # code and where its name ended last; in the order of the text
        self._deep: list[tuple[str, int]] = []
        self._campuses: list[str] = []  # codes of places that a school's branch is called after
        self._doubtful: list[_Hit] = []
        self._kinds: dict[str, bool] = {}  # endings of streets' names: whether the text holds them

    def resolve(self, hits: list[_Hit]) -> str | None:
        """The code of the deepest place, the first of several; of a branch of a school where one is named."""
        for hit in hits[:_MOST_NAMES]:
            self._take(hit)
        for hit in self._doubtful:  # a city that is named later tells which of the namesakes was meant
            self._take_inside(hit, far=True)
        campuses = tuple(self._campuses) or ("",)  # every code begins with nothing
        deep = [place for place in self._deep if place[0].startswith(campuses)]
        if deep:
            return self._street(*deep[0])
        inside = [code for code in self._wide if code.startswith(campuses)]
        wide = max(inside, key=len, default=None)  # the first of the longest
        return self._below(wide) or wide

    def _take(self, hit: _Hit) -> None:
        if self._take_inside(hit, far=False):
            self._note_campus(hit, self._deep[-1][0])
            return
        wide = self._wide_codes(hit)
        if wide:
            inside = [code for code in wide if any(map(code.startswith, self._wide))]
            code = (inside or wide)[0]
            self._wide[code] = hit.end
            self._note_campus(hit, code)
        elif lone := self._lone(hit):
            self._deep.append((lone, hit.end))
            self._note_campus(hit, lone)
        else:
            self._doubtful.append(hit)

    def _note_campus(self, hit: _Hit, code: str) -> None:
        studied = UNIVERSITY.search(self._text[max(0, hit.start - 4) : hit.start])
        if CAMPUS.match(self._text, hit.end) and not studied and not ELSEWHERE.match(self._text, hit.end):
            self._campuses.append(code)

    def _take_inside(self, hit: _Hit, far: bool) -> bool:
        """Whether the name is a county of a city or province that the text names (before it, unless `far`)."""
        codes = self._names.county_codes(hit.name) if self._wide else ()
        # Most names are a province's or a city's and lie in no other.
        for other, end in sorted(self._wide.items(), key=_last, reverse=True) if codes else ():
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

    def _wide_codes(self, hit: _Hit) -> list[str]:
        """Province and city codes that the name stands for here."""
        full, short = self._names.wide_codes(hit.name)
        if full:
            return [] if ELSEWHERE.match(self._text, hit.end) and self._is_school(hit) else full
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
        if self._is_manner(hit):
            return True
        return bool(ELSEWHERE.match(self._text, hit.end)) and self._is_school(hit)

    def _lone(self, hit: _Hit) -> str | None:
        """The code of a county that needs no city: its name is full and unique, or short but said as a place."""
        codes = self._names.county_codes(hit.name)
        near = [code for code in codes if self._text.startswith(_LANDMARKS_OF.get(code, ()), hit.end)]
        if len(near) == 1:  # its own landmark tells 大兴 from any other and from the word
            return near[0]
        full = [code for code in self._names.full.get(hit.name, ()) if len(code) == 6]
        if full:
            return full[0] if len(full) == 1 and not self._is_elsewhere(hit) else None
        if hit.name in LANDMARKS:
            return codes[0] if self._is_placed(hit) or self._is_graded(hit, codes[0]) else None
        if len(codes) != 1 or hit.name in COMMON or self._is_elsewhere(hit) or self._is_manner(hit):
            return None
        if GOES_ON.match(self._text, hit.end) or NAMED_AFTER.match(self._text, hit.end):
            return None
        placed = self._is_placed(hit) or self._is_graded(hit, codes[0])
        return codes[0] if placed or self._follows_street(codes[0], hit.end) else None

    def _is_graded(self, hit: _Hit, county: str) -> bool:
        """海淀初三 says where; 城西 and 滨湖 are in many towns, and 南开 is a school."""
        if hit.name in FAMOUS or not GRADED.match(self._text, hit.end):
            return False
        towns = (self._names.regions.by_name.get(hit.name + kind, ()) for kind in ("街道", "镇", "乡"))
        elsewhere = any(not code.startswith(county) for codes in towns for code in codes)
        within = re.match("[\u4e00-\u9fff]", self._text[max(0, hit.start - 1) : hit.start])
        return not (elsewhere or within)

    def _is_manner(self, hit: _Hit) -> bool:
        return hit.name in FAMOUS and bool(MANNER.match(self._text, hit.end))

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
        return self._street(county, end) != county

    def _street(self, county: str, end: int) -> str:
        """The street named right after the county, or in full anywhere; else the county."""
        return self._street_among(self._names.streets(county), end) or county

    def _street_among(self, streets: Streets, end: int) -> str | None:
        after = self._text[end : end + _ADJACENT + _LONGEST_STREET]
        named = []
        for first in after[: _ADJACENT + 1]:
            if first in streets.short:
                named += [(-len(s), number) for number, s in streets.short[first] if _is_street(after, s)]
        for kind, full_names in streets.full.items():
            if self._holds(kind):
                named += [(-len(full), number) for number, full in full_names if full in self._text]
        return streets.codes[min(named)[1]] if named else None

    def _holds(self, kind: str) -> bool:
        if kind not in self._kinds:
            self._kinds[kind] = kind in self._text
        return self._kinds[kind]

    def _below(self, wide: str | None) -> str | None:
        """A county or street of the wide place (of the country, without one) told by a street's or its own name."""
        for match in _STREET_END.finditer(self._text) if self._towns else ():
            for length in range(_LONGEST_STREET, 1, -1):
                name = self._text[max(0, match.start() - length) : match.end()]
                codes = [code for code in self._names.regions.by_name.get(name, ()) if len(code) == 9]
                fitting = [code for code in codes if code.startswith(wide or "")]
                if len(fitting) == 1 and (wide or match[0] == "街道"):
                    return fitting[0]
        cities = _MUNICIPAL.get(wide or "", (wide,) if wide and len(wide) == 4 else ())
        end = self._wide.get(wide or "", 0)
        for city in cities:
            if not self._street_among(self._names.streets_of_city(city), end):
                continue  # one look instead of one a county
            for county in self._names.counties(city):
                if (code := self._street(county, end)) != county:
                    return code
        return None


def _is_street(after: str, short: str) -> bool:
    """Whether the street's short name stands right there and is not the beginning of a road's or a school's name."""
    place = after.find(short, 0, len(short) + _ADJACENT)
    return place >= 0 and not GOES_ON.match(after, place + len(short))


def _last(item: tuple[str, int]) -> int:
    return item[1]
