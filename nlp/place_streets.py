"""Streets and towns that a text names: right behind their county or city, or in full anywhere."""

from __future__ import annotations

import re

from nlp.place_names import PlaceNames, Streets
from nlp.place_words import GOES_ON, GONE_TO, HOME, LARGEST, LOCAL, NAMED_AFTER, PLACED, STOPPED, STOPS

# Province and city in one: their counties hang below a level that nobody names.
_MUNICIPAL = {"11": ("1101",), "12": ("1201",), "31": ("3101",), "50": ("5001", "5002")}
STREET_END = re.compile("街道|镇|乡")
ADJACENT = 2  # characters that may stand between a place and the place in it: a blank, a stop, 的
_BEFORE = 6  # characters before a name in which a word about it stands
_LONGEST_STREET = 6  # characters of a street's name before 街道; longer ones are a handful


class StreetsIn:
    """One text's streets; `towns`: whether STREET_END stands in it."""

    def __init__(self, names: PlaceNames, text: str, towns: bool) -> None:
        self._names = names
        self._text = text
        self._towns = towns
        self._kinds: dict[str, bool] = {}  # endings of streets' names: whether the text holds them

    def named_in(self, county: str, end: int) -> str:
        """The street named right after the county, or in full anywhere; else the county."""
        return self._street_among(self._names.streets(county), end) or county

    def told_by(self, county: str, end: int) -> str:
        """The longest street of the county named right there: 嘉禾 tells of which city a 白云区 is; else nothing."""
        if self._text.startswith(" ", end):
            end += 1
        if end >= len(self._text):
            return ""
        streets = self._names.streets(county)
        named = streets.short.get(self._text[end], ())
        told = (short for number, short in named if self._is_named(short, streets.kinds[number], end))
        return max(told, key=len, default="")

    def _is_named(self, short: str, kind: str, end: int) -> bool:
        behind = end + len(short)
        if not self._text.startswith(short, end):
            return False
        return (kind != "" and self._text.startswith(kind, behind)) or not (
            GOES_ON.match(self._text, behind) or NAMED_AFTER.match(self._text, behind)
        )

    def below(self, wide: str | None, end: int) -> str | None:
        """A county or street of the wide place (of the country, without one) told by a street's or its own name.

        `end`: where the name of the wide place ends.
        """
        if self._towns and (street := self._by_ending(wide)):
            return street
        cities = _MUNICIPAL.get(wide or "", (wide,) if wide and len(wide) == 4 else ())
        for city in cities:
            if not self._street_among(self._names.streets_of_city(city), end):
                continue  # one look instead of one a county
            for county in self._names.counties(city):
                if (code := self.named_in(county, end)) != county:
                    return code
        return None

    def _by_ending(self, wide: str | None) -> str | None:
        for match in STREET_END.finditer(self._text):
            # Stories make up towns (星火镇小学): without a city one must be said as a place, or be well known and stand alone.
            sure = wide or match[0] == "街道" or LOCAL.match(self._text, match.end())
            likely = sure or STOPPED.match(self._text, match.end())
            for length in range(_LONGEST_STREET, 1, -1) if likely else ():
                start = max(0, match.start() - length)
                codes = self._called(self._text[start : match.end()], wide or "")
                if len(codes) == 1 and (sure or self._is_alone(start, match.start())):
                    return codes[0]
        return None

    def _is_alone(self, start: int, end: int) -> bool:
        """Whether a well-known town's name opens its clause, or stands behind a word for a place (【转单】织里镇,).

        Not every town's: most names that are the only ones today were those of dissolved towns as well (甘露镇).
        """
        if not self._names.is_town(self._text[start:end]):
            return False
        before = self._text[max(0, start - _BEFORE) : start]
        placed = PLACED.search(before)
        return bool(
            STOPS.search(before) or (placed and placed[0].strip() not in GONE_TO)
        ) and not HOME.search(before)

    def _called(self, name: str, wide: str) -> list[str]:
        """The codes of the streets called so in full that lie there; without a place, the largest namesake's."""
        if not wide and name in LARGEST:
            return [LARGEST[name]]
        codes = self._names.regions.by_name.get(name, ())
        return [code for code in codes if len(code) == 9 and code.startswith(wide)]

    def _street_among(self, streets: Streets, end: int) -> str | None:
        after = self._text[end : end + ADJACENT + _LONGEST_STREET]
        named = []
        for first in after[: ADJACENT + 1]:
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


def _is_street(after: str, short: str) -> bool:
    """Whether the street's short name stands right there and is not the beginning of a road's or a school's name."""
    place = after.find(short, 0, len(short) + ADJACENT)
    return place >= 0 and not GOES_ON.match(after, place + len(short))
