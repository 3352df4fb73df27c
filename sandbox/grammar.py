"""Phrase files and their little grammar: [one|or|another] and {detail:argument}."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

PHRASES = Path(__file__).parent / "phrases"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_DETAIL = re.compile(r"\{([a-z_0-9]+)(?::([^{}]*))?\}")

Fill = Callable[[str, str], str]


@cache
def phrases(name: str) -> dict[str, Any]:
    """The content of one phrase file."""
    return tomllib.loads((PHRASES / f"{name}.toml").read_text(encoding="utf-8"))


def lines(block: str) -> list[str]:
    """The templates of a multi-line block, one a line."""
    return [line.strip() for line in block.splitlines() if line.strip()]


def shared(name: str) -> list[str]:
    """Templates of a block in shared.toml."""
    return lines(phrases("shared")[name]["lines"])


def expand(template: str, random: Random, fill: Fill) -> str:
    """Settle choices from the inside out, then fill in details; a detail may bring choices of its own."""
    while _CHOICE.search(template):
        template = _CHOICE.sub(lambda match: random.choice(match[1].split("|")), template)

    def detail(match: re.Match[str]) -> str:
        return expand(fill(match[1], match[2] or ""), random, fill)

    return _DETAIL.sub(detail, template)


def no_details(name: str, argument: str) -> str:
    """For templates of choices only; a detail in one is a mistake in the phrase file."""
    raise KeyError(f"no detail is known here: {name}:{argument}")
