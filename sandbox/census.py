"""Who lives where: the slots of each site. A slot is refilled with a new post every fourteen days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from sandbox.grammar import phrases
from sandbox.writer import plan

HOSTS = ("jiajiao.test", "zhipin.test", "tuwen.test", "luntan.test", "jiazheng.test", "xinwen.test")
LIFETIME = 14
SITES = tuple(host.removesuffix(".test") for host in HOSTS)
# Reply slots are numbered from here, copies from there; no site has more than 200 of a sort.
FIRST_REPLY, FIRST_COPY = 200, 400
# In ten posts of the social site the text is mainly in the picture; four of them are violations (3 to 4 % of all violations).
_PICTURES = {True: 4, False: 6}
_COPY_ROUTES = {
    True: [("jiajiao", "tuwen"), ("tuwen", "jiazheng"), ("jiazheng", "jiajiao"), ("jiajiao", "jiazheng")],
    False: [
        ("jiajiao", "jiazheng"),
        ("jiazheng", "luntan"),
        ("tuwen", "luntan"),
        ("jiajiao", "tuwen"),
        ("jiazheng", "tuwen"),
        ("luntan", "tuwen"),
    ],
}
_LIFE = {"life_chat", "secondhand", "flat", "device_review", "diary", "reply_life"}


@dataclass(frozen=True)
class Slot:
    """A place for one post at a time; `turn` is the day of the fortnight on which it is refilled."""

    site: str
    number: int
    plan: str
    turn: int
    violation: bool
    disguised: bool = False
    picture: bool = False
    thread: int | None = None
    copy_of: tuple[str, int] | None = None
    board: int = 7


def slots(seed: int) -> dict[str, list[Slot]]:
    """All slots by site; the same for every day of a seed."""
    random = Random(f"{seed}/census")
    balance: Counter[str] = Counter()
    town = {site: _site_slots(site, random, balance) for site in SITES}
    town["tuwen"] = _with_pictures(town["tuwen"])
    town["luntan"] += _replies(town["luntan"], random, balance)
    _add_copies(town, random)
    return town


def _is_violation(name: str) -> bool:
    return bool(plan(name.partition("+")[0]).get("codes"))


def _shuffled(section: str, random: Random) -> list[str]:
    names = [name for name, count in phrases("census")[section].items() for _ in range(count)]
    random.shuffle(names)
    return names


def _site_slots(site: str, random: Random, balance: Counter[str]) -> list[Slot]:
    made = []
    for number, name in enumerate(_shuffled(site, random)):
        made.append(
            Slot(
                site,
                number,
                name,
                number % LIFETIME,
                _is_violation(name),
                _by_turns(name, balance),
                board=3 if name in _LIFE else 7,
            )
        )
    return made


def certain_codes(name: str) -> tuple[str, ...]:
    """The codes that each post of a census entry (plan or plan+addon) shows."""
    base, _, addon = name.partition("+")
    codes: list[str] = plan(base).get("codes", "").split()
    return (*codes, phrases("addons")[addon]["code"]) if addon else tuple(codes)


def _by_turns(name: str, balance: Counter[str]) -> bool:
    """Whether to disguise a post: by turns within each code, so that each is met plain and disguised."""
    codes = certain_codes(name)
    disguised = any(balance[code] > 0 for code in codes)
    for code in codes:
        balance[code] += -1 if disguised else 1
    return disguised


def _with_pictures(made: list[Slot]) -> list[Slot]:
    left = dict(_PICTURES)
    result = []
    for slot in made:
        take = left[slot.violation] > 0 and not slot.disguised
        left[slot.violation] -= take
        result.append(replace(slot, picture=take))
    return result


def _replies(threads: list[Slot], random: Random, balance: Counter[str]) -> list[Slot]:
    """Replies stand in threads of their theme and live as long as these."""
    made = []
    for index, name in enumerate(_shuffled("luntan_replies", random)):
        board = 3 if name in _LIFE else 7
        home = random.choice([slot for slot in threads if slot.board == board])
        made.append(
            Slot(
                "luntan",
                FIRST_REPLY + index,
                name,
                home.turn,
                _is_violation(name),
                _by_turns(name, balance),
                thread=home.number,
                board=board,
            )
        )
    return made


def _add_copies(town: dict[str, list[Slot]], random: Random) -> None:
    for violation, routes in _COPY_ROUTES.items():
        for number, (source, target) in enumerate(routes, FIRST_COPY + 50 * violation):
            original = _original(town[source], violation, random)
            town[target].append(
                replace(original, site=target, number=number, copy_of=(source, original.number))
            )


def _original(candidates: list[Slot], violation: bool, random: Random) -> Slot:
    fit: Callable[[Slot], bool] = lambda slot: (  # noqa: E731
        slot.violation == violation and not slot.picture and slot.thread is None and slot.copy_of is None
    )
    return random.choice([slot for slot in candidates if fit(slot)])
