"""The town of one day: every post that stands, every one that has just gone, and the traps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from random import Random
from zlib import crc32

from sandbox import clock
from sandbox.census import FIRST_COPY, LIFETIME, SITES, Slot, slots
from sandbox.writer import Draft, compose, copied, edited

# One post in eleven is edited, one to four days after its birth.
_EDITED_OF, _EDITED_AT, _EDIT_DELAYS = 11, 3, 4
# Vanished posts stay in the truth for three days, so that a look back finds them.
_REMEMBERED_DAYS = 3
_DAY_SECONDS = 24 * 3600
TRAPS = {
    "not_found": 900,
    "login_wall": 901,
    "captcha": 902,
    "redirect_loop": 903,
    "too_large": 904,
    "disallowed": 905,
    "disallowed_too": 906,
}
BUSY_SLOT, LYING_SLOT = 5, 8


@dataclass(frozen=True)
class Post:
    """One address of the town."""

    site: str
    native_id: str
    path: str
    draft: Draft
    published: datetime
    slot: Slot
    why_not: str | None = None
    edited: bool = False
    duplicate_of: str | None = None
    floor: int | None = None
    busy: bool = False
    lying: bool = False

    @property
    def url(self) -> str:
        return f"http://{self.site}.test{self.path}"


class Town:
    """All posts of a seed on a day."""

    def __init__(self, seed: int, day: int) -> None:
        self.seed, self.day = seed, day
        self._slots = slots(seed)
        self._by_number = {(site, slot.number): slot for site in SITES for slot in self._slots[site]}
        self.posts = {site: self._site(site) for site in SITES}
        self.traps = {site: self._traps(site) for site in SITES}
        self.gone = {site: self._gone(site) for site in SITES}

    def _site(self, site: str) -> list[Post]:
        made = [self._post(slot, self._birth(slot, self.day)) for slot in self._slots[site]]
        made = _numbered_floors(made) if site == "luntan" else made
        return sorted(made, key=lambda post: (post.published, post.native_id), reverse=True)

    def _birth(self, slot: Slot, day: int) -> int:
        return day - (day - slot.turn) % LIFETIME

    def _gone(self, site: str) -> list[Post]:
        births = [(slot, self._birth(slot, self.day)) for slot in self._slots[site] if slot.thread is None]
        return [
            replace(self._post(slot, birth - LIFETIME), why_not="gone", edited=False)
            for slot, birth in births
            if birth > self.day - _REMEMBERED_DAYS
        ]

    def _post(self, slot: Slot, birth: int) -> Post:
        number = native_number(self.seed, slot.number if slot.thread is None else slot.thread, birth)
        published = self._published(slot, birth)
        late = birth + 1 + slot.number % _EDIT_DELAYS <= self.day
        is_edited = (
            slot.number % _EDITED_OF == _EDITED_AT and late and slot.copy_of is None and not slot.picture
        )
        draft = self._draft(slot, birth)
        if is_edited:
            draft = edited(draft, Random(f"{self.seed}/edit/{slot.site}/{slot.number}/{birth}"))
        native, path = address(slot.site, number, published)
        return Post(
            slot.site,
            native,
            path,
            draft,
            published,
            slot,
            edited=is_edited,
            duplicate_of=self._original_url(slot, birth),
            busy=slot.number == BUSY_SLOT,
            lying=slot.number == LYING_SLOT,
        )

    def _draft(self, slot: Slot, birth: int) -> Draft:
        random = Random(f"{self.seed}/{slot.site}/{slot.number}/{birth}")
        if slot.copy_of:
            return copied(self._draft(self._by_number[slot.copy_of], birth), slot.site, random)
        return compose(slot.plan, random, slot.site, slot.disguised, slot.picture, titled=slot.thread is None)

    def _published(self, slot: Slot, birth: int) -> datetime:
        random = Random(f"{self.seed}/time/{slot.site}/{slot.number}/{birth}")
        low, high = (60, _DAY_SECONDS - 60) if slot.site != "luntan" else (8 * 3600, _DAY_SECONDS - 60)
        if slot.thread is not None:
            low, high = 600, 7 * 3600
        seconds = 20 if slot.number < LIFETIME and slot.site == "jiazheng" else random.randrange(low, high)
        # Pages show minutes: a time of publishing has no seconds, but is never after the opening.
        return (clock.opening(birth) - timedelta(seconds=seconds)).replace(second=0)

    def _original_url(self, slot: Slot, birth: int) -> str | None:
        if slot.copy_of is None:
            return None
        original = self._by_number[slot.copy_of]
        number = native_number(self.seed, original.number, birth)
        return f"http://{original.site}.test{address(original.site, number, self._published(original, birth))[1]}"

    def _traps(self, site: str) -> list[Post]:
        return [self._trap(site, name, number) for name, number in TRAPS.items()]

    def _trap(self, site: str, name: str, number: int) -> Post:
        # Traps look like any other entry of a list; their birth is the first day, so that addresses stay.
        like = next(slot for slot in self._slots[site] if not slot.violation and slot.thread is None)
        slot = replace(like, number=number)
        draft = compose(like.plan, Random(f"{self.seed}/trap/{site}/{name}"), site)
        published = clock.opening(self.day) - timedelta(days=number % 7, hours=3)
        native, path = address(site, native_number(self.seed, number, 0), clock.opening(0))
        if name.startswith("disallowed"):
            path, name = _forbidden(site, native), "disallowed"
        return Post(site, native, path, draft, published, slot, why_not=name)


@cache
def _base(seed: int) -> int:
    return 1000 + crc32(str(seed).encode()) % 9000


def native_number(seed: int, number: int, birth: int) -> int:
    """A number for a post: seed, birth and slot in its digits. Births go back to day -27."""
    return _base(seed) * 10**7 + (birth + 30) * 10**3 + number


def address(site: str, number: int, published: datetime) -> tuple[str, str]:
    """Native id and path of a post in the manner of its site."""
    if site == "jiajiao":
        return f"{number}", f"/info/{number}.html"
    if site == "zhipin":
        native = _letters(number)
        return native, f"/job/{native}.html"
    if site == "tuwen":
        native = f"64{crc32(str(number).encode()):08x}{number:014x}"
        return native, f"/explore/{native}"
    if site == "luntan":
        return f"{number}", f"/thread/{number}"
    if site == "jiazheng":
        native = f"5{number:012d}x"
        return native, f"/fuwu/{native}.shtml"
    return f"{number}", f"/news/{published:%Y-%m/%d}/content_{number}.html"


def _letters(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text.rjust(10, "z")


def _forbidden(site: str, native: str) -> str:
    return {
        "jiajiao": f"/vip/{native}.html",
        "zhipin": f"/geek/{native}.html",
        "tuwen": f"/vip/{native}",
        "luntan": f"/inner/{native}",
        "jiazheng": f"/hidden/{native}.shtml",
        "xinwen": f"/internal/content_{native}.html",
    }[site]


def _numbered_floors(posts: list[Post]) -> list[Post]:
    """Give replies their floor, in the order of time."""
    result = [replace(post, floor=1) for post in posts if post.slot.thread is None]
    for thread in [post.slot.number for post in result]:
        replies = sorted(
            (post for post in posts if post.slot.thread == thread), key=lambda post: post.published
        )
        for floor, post in enumerate(replies, 2):
            result.append(
                replace(
                    post,
                    floor=floor,
                    native_id=f"{post.native_id}-{floor}",
                    path=f"{post.path}#floor-{floor}",
                    busy=False,
                    lying=False,
                )
            )
    return result


__all__ = ["FIRST_COPY", "Post", "Town", "address", "native_number"]
