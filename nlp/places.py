"""Which administrative division a text speaks of."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Sequence

from core.model import Region
from core.regions import load_regions
from nlp.place_names import COUNTY, PlaceNames
from nlp.place_sense import BESIDE, Hit, Sense
from nlp.place_streets import ADJACENT, STREET_END, StreetsIn
from nlp.place_words import (
    CAMPUS,
    COMMON,
    ELSEWHERE,
    GOES_ON,
    GONE_TO,
    HOME,
    IN_A_ROW,
    LANDMARKS,
    LOCAL,
    NO_PLACES,
    PLACED,
    STOPPED,
    STOPS,
    TUTORED,
    UNIVERSITY,
)
from nlp.signs import Signs

# Names that are read: a post has a handful, and what a list of all cities has after so many tells no more.
_MOST_NAMES = 200
# Provinces in which a text's places lie: so many are a list of branches or a page's menu, and none is where the post is.
_LISTED = 4

_WORD_GOES_ON = re.compile("[域别块间划分]")  # 东区域经理 is no 东区
_ENDS_THERE = re.compile(rf"{LOCAL.pattern}|{STOPPED.pattern}").match  # 青岛市南京路 goes on


def _hits(text: str, named: Sequence[tuple[int, int, str]]) -> list[Hit]:
    """The longest names of `named` from left to right; 青岛市南区 is read as 青岛市 and 市南区."""
    found = []
    done = 0
    for start, end, name in sorted(named, key=_leftmost_longest) if len(named) > 1 else named:
        if start < done:
            continue
        done = end
        if name in NO_PLACES:
            continue
        found.append(Hit(name, start, end))
        over = text[end - 1 : end + 2]
        if over in ("市南区", "市北区", "市中区") and name[-1] == "市":
            found.append(Hit(over, end - 1, end + 2))
        elif name == "青岛市" and text[end : end + 1] in ("南", "北") and _ENDS_THERE(text, end + 1):
            found.append(Hit(f"市{text[end]}区", end - 1, end + 1))
    return found


def _leftmost_longest(named: tuple[int, int, str]) -> tuple[int, int]:
    return named[0], -named[1]


@functools.cache
def _names() -> PlaceNames:
    return PlaceNames(load_regions())


PATTERNS = {"street of a town": STREET_END}


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
        self._streets = StreetsIn(names, text, towns)
        self._sense = Sense(names, text, self._streets)
        self._wide: dict[str, int] = {}  # code and where its name ended last; in the order of the text
        self._named: list[tuple[Hit, str]] = []  # every wide place as often as it is named
        self._own: tuple[str, ...] = ()  # those of a list that the post says it is in
        self._deep: list[tuple[str, int]] = []
        self._zones: list[tuple[str, int]] = []  # a city's own: any other place is surer
        self._campuses: list[str] = []  # codes of places that a school's branch is called after
        self._doubtful: list[Hit] = []
        self._short: set[str] = set()  # counties believed for their short name alone

    def resolve(self, hits: list[Hit]) -> str | None:
        """The code of the deepest place, the first of several; of a branch of a school where one is named."""
        for hit in hits[:_MOST_NAMES]:
            self._take(hit)
        for hit in self._doubtful if self._wide else ():  # a city named later tells which namesake was meant
            self._take_inside(hit, far=True)
        if not (self._wide or self._deep):  # most texts name words that are places elsewhere
            return self._streets.below(None, 0)
        if not self._campuses and len(self._wide) > 1:
            self._weigh()
        campuses = tuple(self._campuses) or self._own or ("",)  # every code begins with nothing
        if self._zones and not self._deep:
            self._deep = self._in_zone()
        deep = [place for place in self._deep if place[0].startswith(campuses)]
        if _is_list(self._wide) and not self._campuses:
            deep = [place for place in deep if place[0] not in self._short]
            return (
                None if not deep or _is_list(code for code, _ in deep) else self._streets.named_in(*deep[0])
            )
        if deep:
            return self._streets.named_in(*deep[0])
        inside = [code for code in self._wide if code.startswith(campuses)]
        wide = max(inside, key=len, default=None)  # the first of the longest
        return self._streets.below(wide, self._wide.get(wide or "", 0)) or wide

    def _in_zone(self) -> list[tuple[str, int]]:
        """A city's own zone; a town of the city that the text names lies in its county still (合肥经开区桃花镇)."""
        code, end = self._zones[0]
        town = self._streets.below(code[:4], end)
        return [(town[:COUNTY], end)] if town and not town.startswith(code) else self._zones

    def _take(self, hit: Hit) -> None:
        if self._take_inside(hit, far=False):
            self._note_campus(hit, self._deep[-1][0])
            return
        wide = self._sense.wide_codes(hit)
        if wide:
            inside = [code for code in wide if any(map(code.startswith, self._wide))]
            code = (inside or wide)[0]
            self._wide[code] = hit.end
            self._named.append((hit, code))
            self._note_campus(hit, code)
            self._zones += [
                (own, hit.end + len(name))
                for name, own in self._names.districts(code)
                if self._text.startswith(name, hit.end)
                and not _WORD_GOES_ON.match(self._text, hit.end + len(name))
            ]
        elif lone := self._sense.lone(hit):
            self._deep.append((lone, hit.end))
            if hit.name not in self._names.full:
                self._short.add(lone)
            self._note_campus(hit, lone)
        else:
            self._doubtful.append(hit)

    def _weigh(self) -> None:
        """Leave out where somebody comes from, beside other places, and of a list all but what the post says it is in."""
        rows = self._rows()
        others = {code for row in rows if not self._is_home(row[0][0]) for _, code in row}
        if others:
            self._wide = {code: end for code, end in self._wide.items() if code in others}
        if not _is_list(self._wide):
            return
        alone = [row for row in rows if len(_provinces(code for _, code in row)) == 1]
        said = [code for row in alone for hit, code in row if self._is_own(hit, row[0][0].start)]
        if len(_provinces(said)) == 1:
            self._own = tuple(said)
            self._wide = {code: end for code, end in self._wide.items() if code.startswith(self._own)}

    def _rows(self) -> list[list[tuple[Hit, str]]]:
        """The wide places by the rows in which they are named: 北京、上海、武汉 is one."""
        rows = [self._named[:1]]
        for before, named in itertools.pairwise(self._named):
            if IN_A_ROW.fullmatch(self._text, before[0].end, named[0].start):
                rows[-1].append(named)
            else:
                rows.append([named])
        return rows

    def _is_home(self, hit: Hit) -> bool:
        return bool(HOME.search(self._text[max(0, hit.start - BESIDE) : hit.start]))

    def _is_own(self, hit: Hit, start: int) -> bool:
        """Whether the post says that it is there: 坐标杭州, 杭州家教; in 坐标杭州,上海,北京 it says so of all.

        `start`: where the province before the city begins (湖南长沙家教).
        """
        before = self._text[max(0, start - BESIDE) : start]
        listed = before.endswith(",") and any(named.end == start - 1 for named, _ in self._named)
        goes_on = self._text.startswith(",", hit.end) and any(n.start == hit.end + 1 for n, _ in self._named)
        if listed or goes_on:
            return False
        placed = PLACED.search(before)
        tutored = STOPS.search(before) and TUTORED.match(self._text, hit.end)
        return bool(tutored or (placed and placed[0].strip() not in GONE_TO))

    def _note_campus(self, hit: Hit, code: str) -> None:
        studied = UNIVERSITY.search(self._text[max(0, hit.start - 4) : hit.start])
        if CAMPUS.match(self._text, hit.end) and not studied and not ELSEWHERE.match(self._text, hit.end):
            self._campuses.append(code)

    def _take_inside(self, hit: Hit, far: bool) -> bool:
        """Whether the name is a county of a city or province that the text names (before it, unless `far`)."""
        codes = self._names.county_codes(hit.name) if self._wide else ()
        # Most names are a province's or a city's and lie in no other.
        for other, end in sorted(self._wide.items(), key=_last, reverse=True) if codes else ():
            inside = [code for code in codes if code.startswith(other)]
            if inside and (len(inside) == 1 or len(other) > 2) and self._is_meant(hit, end, far):
                self._deep.append((inside[0], hit.end))
                return True
        return False

    def _is_meant(self, hit: Hit, wide_end: int, far: bool) -> bool:
        if self._sense.comes_from(hit):
            return False
        if hit.name in self._names.full or hit.name in LANDMARKS:
            return True
        near = 0 <= hit.start - wide_end <= ADJACENT
        if self._sense.wide_codes(hit) and not near:
            return False  # 长沙 is the city, not 长沙县
        if any(own.startswith(wide) for own in self._sense.wide_codes(hit) for wide in self._wide):
            return False
        if near:
            return True
        goes_on = GOES_ON.match(self._text, hit.end)
        return (
            not goes_on
            and (hit.name not in COMMON or bool(LOCAL.match(self._text, hit.end)))
            and (not far or self._sense.is_placed(hit))
        )


def _provinces(codes: Iterable[str]) -> set[str]:
    return {code[:2] for code in codes}


def _is_list(codes: Iterable[str]) -> bool:
    return len(_provinces(codes)) >= _LISTED


def _last(item: tuple[str, int]) -> int:
    return item[1]
