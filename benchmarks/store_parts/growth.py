"""The table of results."""

from __future__ import annotations

from benchmarks.store_parts.timing import Result


def show(title: str, results: list[Result]) -> bool:
    """Print all figures; True when every promise was kept at the largest size."""
    for result in results:
        print(f"\n{title}, {result.posts:,} posts")
        for one in result.ratios:
            promise = f"at most {one.most}" if one.most is not None else f"at least {one.least}"
            print(
                f"  {one.name:<34}{one.ours:>12.4g}{one.bare:>12.4g}   ratio {one.value:.2f} ({promise})",
                end="",
            )
            print("" if one.kept else "   NOT KEPT")
        for name, value in result.facts.items():
            print(f"  {name:<34}{value:>12,.4g}")
    return bool(results) and all(one.kept for one in results[-1].ratios)
