"""Invented contacts and the ways in which people write them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sandbox.details import Details
from sandbox.grammar import expand, lines, phrases

_HANZI = str.maketrans("0123456789", "零一二三四五六七八九")
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_SYLLABLES = [
    "li",
    "wang",
    "chen",
    "xue",
    "ming",
    "hui",
    "yang",
    "lin",
    "tian",
    "qing",
    "yu",
    "zhou",
    "fan",
    "han",
    "mei",
    "shan",
    "jing",
    "wei",
]
_TAILS = ["", "_", "-"]


@dataclass(frozen=True)
class Contact:
    kind: str
    value: str
    hidden: bool = False


def phone(random: Random) -> str:
    """A mobile number of the right form."""
    return f"1{random.choice('35789')}{random.randrange(10**9):09d}"


def wechat(random: Random) -> str:
    head = random.choice(_SYLLABLES) + random.choice(_SYLLABLES + list(_LETTERS))
    return f"{head}{random.choice(_TAILS)}{random.randrange(100, 99999)}"


def qq(random: Random) -> str:
    return str(random.randrange(10**7, 4 * 10**9))


def masked(number: str, random: Random) -> str:
    """A phone number as evasive posts write it."""
    way = random.randrange(4)
    if way == 0:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if way == 1:
        return number[:3].translate(_HANZI) + number[3:]
    if way == 2:
        return number.translate(_CIRCLED)
    return f"{number[:3]}.{number[3:7]}.{number[7:]}"


def sentence(random: Random, details: Details, disguised: bool) -> tuple[str, list[Contact]]:
    """A contact sentence and the plain contacts in it."""
    kind = random.choices(["phone", "same", "wechat", "qq"], [5, 2, 4, 1])[0]
    if kind == "wechat" and disguised:
        kind = "disguised_wechat"
    number = phone(random)
    shown = masked(number, random) if disguised and kind == "phone" else number
    values = {"phone": shown, "wechat": wechat(random), "qq": qq(random)}

    def fill(name: str, argument: str) -> str:
        return values.get(name) or details.fill(name, argument)

    text = expand(random.choice(lines(phrases("contacts")[kind]["lines"])), random, fill)
    plain = {**values, "phone": number}
    if kind == "same":
        return text, [Contact("phone", number), Contact("wechat", number)]
    kind = kind.removeprefix("disguised_")
    return text, [Contact(kind, plain[kind])]
