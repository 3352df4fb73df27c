"""The table of results."""

from __future__ import annotations

from benchmarks.store_parts.timing import Ratio, Result


def show(title: str, results: list[Result]) -> bool:
    """Print all figures; True when every promise was kept at the largest size."""
    for result in results:
        print(f"\n{title}, {result.posts:,} posts")
        for one in result.ratios:
            print(f"  {one.name:<34}{one.ours:>12.4g}{one.bare:>12.4g}   {_words(one)}")
        for name, value in result.facts.items():
            print(f"  {name:<34}{value:>12,.4g}")
    return bool(results) and all(one.kept for one in results[-1].ratios)


def _words(one: Ratio) -> str:
    promise = f"at most {one.most}" if one.most is not None else f"at least {one.least}"
    parts = [f"ratio {one.value:.2f} ({promise})"]
    if one.low is not None and one.high is not None:
        parts.append(f"{one.low:.2f} to {one.high:.2f}")
    if one.cpu is not None:
        parts.append(f"processor {one.cpu:.2f}")
    if not one.kept:
        parts.append("NOT KEPT")
    if not one.decided:
        parts.append("undecided: measure on a calmer machine")
    return ", ".join(parts)
