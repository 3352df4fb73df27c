"""Whether a name that stands in a text is said of a place there, and of which: 吉林 is one, 在朝阳下 names none."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.place_names import COUNTY, PlaceNames
from nlp.place_streets import StreetsIn
from nlp.place_words import (
    COMES,
    COMMON,
    COMMON_CITIES,
    DONE_THERE,
    ELSEWHERE,
    FAMOUS,
    GOES_ON,
    GONE_TO,
    GRADED,
    HOME,
    LANDMARKS,
    LARGEST,
    LOCAL,
    MANNER,
    NAMED_AFTER,
    NEAR_COUNTY,
    PLACED,
    PLACED_ONLY,
    PRODUCT,
    QUARTER,
    QUARTERED,
    SAID,
    SEEKING,
    SERVED,
    SOUGHT,
    STOPPED,
    STOPS,
    STREET_WORDS,
    VISITED,
)

_ANOTHERS = re.compile(r"·|\s*[,!]\s*[你您]")  # 越秀·星汇城 is an estate, 思明,你… a person
_SIGNED = re.compile(r"(?::|作者|署名|老师|博主|主讲|顾问|@)\s*$")
BESIDE = 6  # characters before a name in which a word about it stands
_HOME = 12  # characters read after a name for what makes it a school's or a shop's
_LANDMARKS_OF = {
    county: (*(name for name, code in LANDMARKS.items() if code == county), *NEAR_COUNTY.get(county, ()))
    for county in {*LANDMARKS.values(), *NEAR_COUNTY}
}


class Hit(NamedTuple):
    """A name of a place and where it stands in the folded text."""

    name: str
    start: int
    end: int


class Sense:
    """The names of one text, each by itself: what was named before it is for the reader to weigh."""

    def __init__(self, names: PlaceNames, text: str, streets: StreetsIn) -> None:
        self._names, self._text, self._streets = names, text, streets

    def wide_codes(self, hit: Hit) -> list[str]:
        """Province and city codes that the name stands for here."""
        full, short = self._names.wide_codes(hit.name)
        if full:
            return [] if self._is_elsewhere(hit) else full
        if not short or GOES_ON.match(self._text, hit.end) or self._is_other(hit):
            return []
        return short

    def lone(self, hit: Hit) -> str | None:
        """The code of a county that needs no city: its name is full and unique, or short but said as a place."""
        idle = self._idle(hit.name)
        if idle is not None and self._text[hit.end : hit.end + 2].lstrip(" ")[:1] not in idle:
            return None  # most names: 合作, 振兴
        codes = self._names.county_codes(hit.name)
        near = [code for code in codes if self._text.startswith(_LANDMARKS_OF.get(code, ()), hit.end)]
        if len(near) == 1:  # its own landmark tells 大兴 from any other and from the word
            return near[0]
        full = [code for code in self._names.full.get(hit.name, ()) if len(code) == 6]
        if full:
            told = full if len(full) == 1 else self._told(hit, full)
            sure = told[0] if len(told) == 1 else LARGEST.get(hit.name)
            return None if self._is_elsewhere(hit) else sure
        if hit.name in LANDMARKS:
            return codes[0] if self.is_placed(hit) or self._is_graded(hit, codes[0]) else None
        return self._short(hit, codes)

    def _idle(self, name: str) -> frozenset[str] | None:
        """With which characters a street or landmark begins that can make a place of a common word; None: it may be one without."""
        if name not in self._names.idle:
            self._names.idle[name] = self._tellers(name)
        return self._names.idle[name]

    def _tellers(self, name: str) -> frozenset[str] | None:
        codes = self._names.county_codes(name)
        full = any(len(code) == COUNTY for code in self._names.full.get(name, ()))
        if full or name in LANDMARKS or self._needs_more(name) or (len(codes) == 1 and name not in COMMON):
            return None
        landmarks = {landmark[0] for code in codes for landmark in _LANDMARKS_OF.get(code, ())}
        return frozenset(landmarks.union(*(self._names.streets(code).short for code in codes)))

    def _short(self, hit: Hit, codes: list[str]) -> str | None:
        """The county of a short name; its street behind it tells that of namesakes, and it from a word."""
        told = self._told(hit, codes)
        sure = told[0] if len(told) == 1 else None
        needs_more = self._needs_more(hit.name)
        if not (sure or needs_more) and (len(codes) != 1 or hit.name in COMMON):
            return None  # most names: 和平, 朝阳
        if self._is_elsewhere(hit) or self._is_manner(hit):
            return None
        if sure and not self._is_phrase(hit, sure):
            return sure
        if GOES_ON.match(self._text, hit.end) or NAMED_AFTER.match(self._text, hit.end):
            return None
        if needs_more:
            return LARGEST.get(hit.name, codes[0]) if self._is_said(hit) else None
        if len(codes) != 1 or hit.name in COMMON:
            return None
        placed = self.is_placed(hit) or self._is_graded(hit, codes[0]) or self._is_followed(hit)
        return codes[0] if placed or self._streets.named_in(codes[0], hit.end) != codes[0] else None

    def _is_followed(self, hit: Hit) -> bool:
        """Whether somebody comes or is sought there, or a quarter of a district stands behind it."""
        if SERVED.match(self._text, hit.end):
            return True
        before = self._text[max(0, hit.start - BESIDE) : hit.start]
        if SEEKING.search(before) and hit.name not in FAMOUS:
            return bool(SOUGHT.match(self._text, hit.end))
        return hit.name in QUARTERED and bool(STOPS.search(before) and QUARTER.match(self._text, hit.end))

    def _needs_more(self, name: str) -> bool:
        return name in SAID or name in PLACED_ONLY or name in LARGEST or self._names.is_town(name)

    def _told(self, hit: Hit, codes: list[str]) -> list[str]:
        return [code for code in codes if self._streets.told_by(code, hit.end)]

    def _is_phrase(self, hit: Hit, code: str) -> bool:
        """安定团结 is a phrase; 坐标安定团结 and one before 附近 are a street of a county."""
        street = self._streets.told_by(code, hit.end)
        words = street in COMMON or street in STREET_WORDS or any(self._names.wide_codes(street))
        if hit.name not in COMMON or not words:
            return False
        before = self._text[max(0, hit.start - BESIDE) : hit.start]
        if HOME.search(before):
            return True
        placed = PLACED.search(before)
        if placed and placed[0].strip() not in GONE_TO:  # 在和平建设时期
            return False
        local = LOCAL.match(self._text, self._text.index(street, hit.end) + len(street))
        return not (local and (placed or STOPS.search(before)))

    def _is_said(self, hit: Hit) -> bool:
        """静安 is a person's name and 安吉 a game's, too: a place stands alone, or between the words for one."""
        before = self._text[max(0, hit.start - BESIDE) : hit.start]
        if _ANOTHERS.match(self._text, hit.end):
            return False
        local = LOCAL.match(self._text, hit.end) or SERVED.match(self._text, hit.end)
        stopped = STOPPED.match(self._text, hit.end) or local
        if PLACED.search(before) and not HOME.search(before) and before[-1] != "@":
            # A hill or a park may be gone to (去南山); who has namesakes must be an address.
            weak = hit.name in LARGEST and before[-1] in "到去在"
            return bool(not weak and (stopped or DONE_THERE.match(self._text, hit.end)))
        alone = stopped if hit.name in SAID or self._names.is_town(hit.name) else local
        named = _SIGNED.search(before)  # 主讲:静安
        return bool(STOPS.search(before) and not named and alone)

    def is_placed(self, hit: Hit) -> bool:
        """Whether what stands beside the name says that something is there."""
        before = self._text[max(0, hit.start - BESIDE) : hit.start]
        if HOME.search(before):
            return False
        if placed := PLACED.search(before):
            # 坐标即墨的 is said of a place, 在朝阳的 may be of a sun.
            sure = hit.name not in COMMON and placed[0].strip() not in GONE_TO
            if placed[0].strip() in GONE_TO and VISITED.match(self._text, hit.end):
                return False
            return not re.match("[下上中里]" if sure else "[下上中里的]", self._text[hit.end : hit.end + 1])
        if hit.name in COMMON:
            return bool(STOPS.search(before)) and bool(LOCAL.match(self._text, hit.end))
        opens = bool(STOPS.search(before)) and bool(
            re.match("找|招|求|寻|诚招|急招|本地|哪|有", self._text[hit.end : hit.end + 1])
        )
        alone = bool(STOPS.search(before)) and bool(STOPPED.match(self._text, hit.end))
        return opens or alone or bool(LOCAL.match(self._text, hit.end))

    def _is_other(self, hit: Hit) -> bool:
        """吉林 is a place; 在朝阳下 is none, nor is the 长春 of a school that somebody left."""
        if hit.name in COMMON_CITIES and not self.is_placed(hit):
            return True
        return self._is_manner(hit) or self._is_elsewhere(hit)

    def _is_school(self, hit: Hit) -> bool:
        return bool(
            re.match("[^,，。]{0,6}(?:大学|学院|中学|一中|附中)", self._text[hit.end : hit.end + _HOME])
        )

    def _is_graded(self, hit: Hit, county: str) -> bool:
        """海淀初三 says where; 城西 and 滨湖 are in many towns, and 南开 is a school."""
        if hit.name in FAMOUS or not GRADED.match(self._text, hit.end):
            return False
        towns = (self._names.regions.by_name.get(hit.name + kind, ()) for kind in ("街道", "镇", "乡"))
        elsewhere = any(not code.startswith(county) for codes in towns for code in codes)
        within = re.match("[\u4e00-\u9fff]", self._text[max(0, hit.start - 1) : hit.start])
        return not (elsewhere or within)

    def _is_manner(self, hit: Hit) -> bool:
        return hit.name in FAMOUS and bool(MANNER.match(self._text, hit.end))

    def comes_from(self, hit: Hit) -> bool:
        """Whether somebody comes from there: 昆山过来的学生."""
        return bool(COMES.match(self._text, hit.end))

    def _is_elsewhere(self, hit: Hit) -> bool:
        """A school that somebody left, or whose papers are sold, says nothing of where the post is; nor whence pupils or goods come."""
        if self.comes_from(hit) or PRODUCT.match(self._text, hit.end):
            return True
        return bool(ELSEWHERE.match(self._text, hit.end)) and self._is_school(hit)
