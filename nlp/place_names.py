"""The names under which provinces, cities, counties and streets are spoken of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from core.model import Region
from core.regions import Regions
from nlp.place_words import CITY_NAMES, LANDMARKS, NO_PLACES, TOWNS

_SUFFIX = re.compile("(?:特别行政区|自治区|自治州|自治县|自治旗|(?<=..)(?:地区|新区|林区)|省|市|区|县|旗)$")
_PEOPLES = re.compile(
    "(?:(?:蒙古|维吾尔|哈萨克|柯尔克孜|土家|布依|朝鲜|达斡尔|鄂伦春|鄂温克|哈尼|纳西|景颇|傈僳|仫佬|毛南|仡佬|东乡|撒拉|保安|裕固|拉祜|布朗|各|[回藏苗彝壮满侗瑶白傣黎羌畲佤水怒])族?)+(?=自治)"
)
_STREET_SUFFIX = re.compile("(?:(?<=..)镇街道|街道|地区|镇|乡)$")  # 石湾镇街道 is 石湾
_NO_NAME = frozenset(
    ("市辖区", "县", "城区", "郊区", "矿区", "自治区直辖县级行政区划", "省直辖县级行政区划", "东区", "西区")
)
# Districts that are called so in several cities, and nothing without theirs: 攀枝花东区.
_DISTRICTS = frozenset(("城区", "郊区", "矿区", "东区", "西区"))
# Zones of development, and how a city calls its own: 合肥高新区, 合肥经开区, 合肥新站区.
_ZONE = re.compile("(?P<high>高新技术(?:产业)?开发区)$|经济(?:技术)?开发区$")
COUNTY = 6  # digits of a county's code
_SHORTEST = 3  # characters of a street's full name that is believed anywhere: longer ones only


class Streets:
    """A county's streets, found by how a name begins or ends: most are not in the text, and a county has dozens.

    `short`: number and short name by its first character; `full`: number and full name by its ending; `kinds`: what the
    short name leaves out, by number.
    """

    def __init__(self, streets: Iterable[Region]) -> None:
        streets = list(streets)
        self.codes = [street.code for street in streets]
        self.short: dict[str, list[tuple[int, str]]] = {}
        self.full: dict[str, list[tuple[int, str]]] = {}
        self.kinds = [street.name[len(_STREET_SUFFIX.sub("", street.name)) :] for street in streets]
        for number, name in enumerate(street.name for street in streets):
            short = _STREET_SUFFIX.sub("", name)
            if len(short) > 1:
                self.short.setdefault(short[0], []).append((number, short))
            if len(name) > _SHORTEST:
                # 道 alone stands in every second text (知道).
                self.full.setdefault(name[-2:] if name[-1] == "道" else name[-1], []).append((number, name))


class PlaceNames:
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
        self._districts: dict[str, list[tuple[str, str]]] = {}
        for name, codes in regions.by_name.items():
            for code in codes if name in _DISTRICTS or _ZONE.search(name) else ():
                if len(code) == COUNTY:
                    self._districts.setdefault(code[:4], []).extend(
                        (own, code) for own in self._own_names(name, code)
                    )
        self._towns = {town: code for county in TOWNS for town, code in self._towns_of(county)}
        self._streets: dict[str, Streets] = {}
        # By name, with which characters begins what makes a place of a common word; `nlp.place_sense` fills it.
        self.idle: dict[str, frozenset[str] | None] = {}
        # Filled as names are met, some thousands at most: a stream names the same cities again and again.
        self._county_codes: dict[str, list[str]] = {}
        self._wide_codes: dict[str, tuple[list[str], list[str]]] = {}
        self._counties: dict[str, list[str]] = {}
        self.all = frozenset({*self.full, *self.short, *LANDMARKS, *NO_PLACES, *self._towns})

    def _own_names(self, name: str, code: str) -> Iterable[str]:
        """What a district is called behind its city's name."""
        zone = _ZONE.search(name)
        if not zone:
            return (name,)
        above = (step.name for step in self.regions.path(code)[:-1])
        stem = name[: zone.start()]
        for wide in above:
            stem = stem.removeprefix(wide).removeprefix(_SUFFIX.sub("", wide))
        kind = ("高新区", "高新技术开发区") if zone["high"] else ("经开区", "经济开发区")
        return (f"{stem}区", *(stem + one for one in kind)) if stem else kind

    def _add(self, name: str, code: str) -> None:
        self.full.setdefault(name, []).append(code)
        short = _SUFFIX.sub("", _PEOPLES.sub("", name))
        if len(short) >= 2 and short != name:
            self.short.setdefault(short, []).append(code)

    def _towns_of(self, county: str) -> Iterable[tuple[str, str]]:
        known = TOWNS[county].split()
        for street in self.regions.children(county):
            if (short := _STREET_SUFFIX.sub("", street.name)) in known:
                yield short, street.code

    def county_codes(self, name: str) -> list[str]:
        """The codes of the counties that are called so in full, then of those in short.

        Of a landmark that of its county, of a town that people name without its county its own.
        """
        if name not in self._county_codes:
            both = [*self.full.get(name, ()), *self.short.get(name, ())]
            own = LANDMARKS.get(name) or self._towns.get(name)
            self._county_codes[name] = [own] if own else [code for code in both if len(code) == 6]
        return self._county_codes[name]

    def districts(self, city: str) -> Iterable[tuple[str, str]]:
        """Name and code of a city's districts that nobody names without it."""
        return self._districts.get(city, ())

    def is_town(self, name: str) -> bool:
        """Whether the name is a town's that people name without its county."""
        return name in self._towns

    def wide_codes(self, name: str) -> tuple[list[str], list[str]]:
        """The codes of the provinces and cities that are called so in full, and of those in short."""
        if name not in self._wide_codes:
            full, short = self.full.get(name, ()), self.short.get(name, ())
            self._wide_codes[name] = (
                [code for code in full if len(code) < 6], [code for code in short if len(code) < 6],
            )  # fmt: skip
        return self._wide_codes[name]

    def streets(self, county: str) -> Streets:
        """The streets of a county."""
        if county not in self._streets:
            self._streets[county] = Streets(self.regions.children(county))
        return self._streets[county]

    def counties(self, city: str) -> list[str]:
        """The codes of a city's counties."""
        if city not in self._counties:
            self._counties[city] = [county.code for county in self.regions.children(city)]
        return self._counties[city]

    def streets_of_city(self, city: str) -> Streets:
        """The streets of all its counties."""
        if city not in self._streets:
            below = itertools.chain.from_iterable(map(self.regions.children, self.counties(city)))
            self._streets[city] = Streets(below)
        return self._streets[city]
