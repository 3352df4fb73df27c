"""Administrative divisions down to street: codes, names, parents (National Bureau of Statistics, 2023).

The table comes from the freely licensed package china-division 2.7.0; public facts.
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
from importlib import resources

from core.errors import NotFound
from core.model import Region

# Rows that only fill a level of the table; nobody says them: 北京市 市辖区 通州区.
FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
# What is left out when a division is named in haste.
_SUFFIXES = ("", "省", "市", "区", "县", "自治区", "街道", "镇", "乡")


class Regions:
    """All divisions by code. Province codes have 2 digits, cities 4, counties 6, streets 9."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self._rows = {code: (name, parent) for code, name, parent in rows}
        self.by_name: dict[str, tuple[str, ...]] = {}
        for code, (name, _) in self._rows.items():
            self.by_name[name] = (*self.by_name.get(name, ()), code)
        self._below: dict[str, list[str]] = {}

    def children(self, code: str) -> list[Region]:
        """The divisions right below `code`, in the table's order; none below a street."""
        if not self._below:  # built on first use: only who looks for streets pays for it
            for own, (_, parent) in self._rows.items():
                self._below.setdefault(parent, []).append(own)
        return [Region(code=own, name=self._rows[own][0]) for own in self._below.get(code, ())]

    def get(self, code: str) -> Region:
        """The division with that code; trailing zero pairs (330100) are understood. Raises NotFound."""
        short = code
        while short not in self._rows and short.endswith("00"):
            short = short[:-2]
        if short not in self._rows:
            raise NotFound(f"no administrative division has the code {code}")
        return Region(code=short, name=self._rows[short][0])

    def path(self, code: str) -> tuple[Region, ...]:
        """From province down to the division itself."""
        here: str = self.get(code).code
        found: list[Region] = []
        while here in self._rows:
            found.append(Region(code=here, name=self._rows[here][0]))
            here = self._rows[here][1]
        return tuple(reversed(found))

    def full_name(self, code: str) -> str:
        """Names from province down to the division. Raises NotFound."""
        return "".join(region.name for region in self.path(code) if region.name not in FILLERS)

    def meant(self, typed: str) -> tuple[str, ...]:
        """Codes that someone means who types a code or a name, with names above it if need be (杭州西湖).

        Of one name the highest divisions only; none when nothing is called so, several when several are.
        """
        if typed.isascii() and typed.isdigit():
            try:
                return (self.get(typed).code,)
            except NotFound:
                return ()
        named = self._named(typed)
        return tuple(code for code in named if len(code) == min(map(len, named)))

    def _named(self, typed: str) -> list[str]:
        """Codes of all divisions that the whole text names, or its end when its beginning names one above."""
        for cut in range(len(typed)):
            above, own = typed[:cut], typed[cut:]
            codes = [code for suffix in _SUFFIXES for code in self.by_name.get(own + suffix, ())]
            if fitting := [code for code in codes if above in self.full_name(code)[: -len(own)]]:
                return fitting
        return []

    def under(self, code: str, ancestor: str) -> bool:
        """Whether `code` is `ancestor` or lies below it."""
        return any(region.code == self.get(ancestor).code for region in self.path(code))


@functools.cache
def load_regions() -> Regions:
    """The packaged table (44,703 rows, read once: 40 ms)."""
    packed = resources.files("core").joinpath("data/regions.csv.gz").read_bytes()
    reader = csv.reader(io.StringIO(gzip.decompress(packed).decode()))
    columns = next(reader)  # a dictionary a row would take three times as long
    code, name, parent = (columns.index(column) for column in ("code", "name", "parent"))
    return Regions([(row[code], row[name], row[parent]) for row in reader])
