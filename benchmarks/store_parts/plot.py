"""How each back-end grows, as an SVG of two panels with logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from benchmarks.store_parts.timing import Ratio, Result

WIDTH, HEIGHT, LEFT, TOP, GAP = 380, 260, 60, 40, 110  # of a panel and around it, in pixels
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#566573")


@dataclass(frozen=True)
class Line:
    """A name and points (posts, value)."""

    name: str
    points: tuple[tuple[float, float], ...]


def drawn(results: dict[str, list[Result]]) -> str:
    """The whole drawing."""
    rates = [
        *_lines(results, ["posts indexed a second"], lambda one: one.ours, ""),
        *_lines(results, ["posts indexed a second"], lambda one: one.bare, ", bare"),
    ]
    times = _lines(
        results, ["newest 20", "newest 20, two words", "facets of three fields"], lambda one: one.ours, ""
    )
    panels = _panel("posts indexed a second", rates, 0) + _panel("milliseconds", times, 1)
    width, height = 2 * (WIDTH + LEFT) + 60, HEIGHT + TOP + GAP + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        f' font-size="12"><rect width="100%" height="100%" fill="white"/>\n{panels}</svg>\n'
    )


def _lines(
    results: dict[str, list[Result]], names: list[str], value: Callable[[Ratio], float], more: str
) -> list[Line]:
    lines = []
    for back_end, sizes in results.items():
        for name in names:
            points = tuple(
                (size.posts, value(ratio))
                for size in sizes
                for ratio in size.ratios
                if ratio.name.removesuffix(", ms") == name
            )
            own = "" if len(names) == 1 else f", {name}"
            lines.append(Line(f"{back_end}{own}{more}", points))
    return [line for line in lines if line.points]


def _panel(title: str, lines: list[Line], number: int) -> str:
    left = LEFT + number * (WIDTH + LEFT + 20)
    across = _scale([x for line in lines for x, _ in line.points], left, left + WIDTH)
    up = _scale([y for line in lines for _, y in line.points], TOP + HEIGHT, TOP)
    parts = [
        f'<text x="{left}" y="{TOP - 15}" font-weight="bold">{escape(title)}, by posts in the store</text>'
    ]
    parts += [_rule(across(x), TOP, across(x), TOP + HEIGHT, f"{x:,.0f}", across(x), TOP + HEIGHT + 16, "middle")
              for x in _powers(x for line in lines for x, _ in line.points)]  # fmt: skip
    parts += [_rule(left, up(y), left + WIDTH, up(y), f"{y:,g}", left - 5, up(y) + 4, "end")
              for y in _powers(y for line in lines for _, y in line.points)]  # fmt: skip
    for place, line in enumerate(lines):
        colour = COLOURS[place % len(COLOURS)]
        spots = [(across(x), up(y)) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in spots]
        low = TOP + HEIGHT + 38 + 16 * place
        parts.append(f'<text x="{left}" y="{low}" fill="{colour}">{escape(line.name)}</text>')
    return "\n".join(parts) + "\n"


def _powers(values: Iterable[float]) -> list[float]:
    """The powers of ten around all values."""
    logs = [math.log10(value) for value in values]
    return [10.0**power for power in range(math.floor(min(logs)), math.ceil(max(logs)) + 1)]


def _scale(values: list[float], first: float, last: float) -> Callable[[float], float]:
    powers = _powers(values)
    low, high = math.log10(powers[0]), math.log10(powers[-1])
    span = high - low or 1.0
    return lambda value: first + (math.log10(value) - low) / span * (last - first)


def _rule(x1: float, y1: float, x2: float, y2: float, word: str, x: float, y: float, anchor: str) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#555">{word}</text>'
    )
