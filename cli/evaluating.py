"""`wangxun evaluate`: how well the judge judges labelled posts, and what a change newly flags and drops."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from casework import review
from casework.decided import walked
from cli.common import NOT_THERE, WRONG_USE, fail, opened_desk, operator, read_settings, translated
from core.catalog import load_catalog, load_rules
from core.text import judged_text
from nlp.evaluate import KINDS, changed, compare, evaluate, judged, read_cases, waiting
from nlp.judge import Judge

ONLY_DROPS = (
    "stored findings only: this shows what would be dropped, decided otherwise or called by other codes. What would be "
    "newly found cannot be seen, since clear posts are not kept; evaluate a file for that"
)


def run_evaluate(
    file: Annotated[Path | None, typer.Argument(help="JSON lines with text and label.")] = None,
    other: Annotated[
        Path | None, typer.Option("--compare", help="An older model (.npz) or configuration folder.")
    ] = None,
    findings: Annotated[bool, typer.Option("--findings", help="Judge the stored findings again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="All figures as one JSON object.")] = False,
) -> None:
    """Measure the judge. Example: wangxun evaluate posts.jsonl --compare old/model.npz"""
    if (file is None) != findings:
        fail("name either a file or --findings", WRONG_USE)
    for path in (file, other):
        if path is not None and not path.exists():
            fail(f"no such file: {path}", NOT_THERE)
    with translated():
        found = _stored(other) if file is None else _measured(file, other)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1) if as_json else "\n".join(lines(found)))


def _measured(file: Path, other: Path | None) -> dict[str, Any]:
    cases = read_cases(file)
    verdicts = judged(present_judge(), cases)
    found = evaluate(cases, verdicts)
    return (
        found | {"changes": compare(cases, judged(other_judge(other), cases), verdicts)} if other else found
    )


def _stored(other: Path | None) -> dict[str, Any]:
    """Stored verdicts (or those of `other`) beside the present judge's."""
    present = present_judge()
    before = other_judge(other) if other else None
    # What becomes unsure was clear before, and clear posts are not stored.
    changes: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS if kind != "newly unsure"}
    olds, news = [], []
    reader = operator("")  # a list is no stated look: contacts stay masked
    with opened_desk(read_settings()) as desk:
        found = list(walked(desk))
        for finding in found:
            post = finding.latest.post
            old, new = before.judge(post) if before else finding.latest.verdict, present.judge(post)
            olds.append(old)
            news.append(new)
            kind = changed(old, new)
            if kind in changes:
                shown = review.masked(desk, finding, reader).latest.post
                changes[kind].append(
                    {
                        "id": finding.id, "label": finding.status, "before": old.decision, "after": new.decision,
                        "codes before": list(old.codes), "codes after": list(new.codes), "text": judged_text(shown)[:120],
                    }
                )  # fmt: skip
    return {"note": ONLY_DROPS, "changes": {"posts": len(found), "waiting": waiting(olds, news), **changes}}


def present_judge() -> Judge:
    """The judge that is live."""
    settings = read_settings()
    catalog = load_catalog(settings.config, settings.sources)
    return Judge.load(tuple(catalog.violations.values()), catalog.words)


def other_judge(path: Path) -> Judge:
    """The judge with other weights (a file), or by another configuration (a folder)."""
    settings = read_settings()
    config = path if path.is_dir() else settings.config
    rules, words = tuple(load_rules(config).values()), config / "words"
    return Judge.load(rules, words) if path.is_dir() else Judge.load(rules, words, path)


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The figures to read."""
    if "note" in found:
        yield found["note"]
    else:
        yield f"{found['posts']} posts, {found['unsure labels']} more are labelled unsure and not scored"
        yield _row("all", found["all"])
        yield f"unsure answers: {_share(found['unsure'])}"
        for part in ("kind", "disguised", "codes"):
            yield from [f"by {part}:"] * bool(found[part])
            yield from (_row(name, figures) for name, figures in found[part].items())
        yield from _roles(found["role"])
        yield from (f"pairs {name}: {_share(figure)}" for name, figure in found["pairs"].items())
        yield from _entities(found["entities"])
        yield "calibration (score from, mean score, violations among them):"
        for row in found["calibration"]:
            yield f"  {row['from']:.1f}  {row['mean score']:.3f}  {_share(row['violations'])}"
        yield "to read:"
        yield from (_entry(item) for item in found["confused"])
        yield from (_misread(item) for item in found["misread entities"])
    yield from _changes(found.get("changes", {}))


def _roles(roles: Mapping[str, Any]) -> Iterator[str]:
    yield from ["by role, of the violations:"] * bool(roles)
    for role, figures in roles.items():
        yield _row(role, figures)
        yield f"role {role}: found {_share(figures['found'])}, role right {_share(figures['role right'])}"


def _entities(entities: Mapping[str, Any]) -> Iterator[str]:
    yield from ["entities:"] * bool(entities)
    for kind, figures in entities.items():
        yield f"  region right: {_share(figures)}" if kind == "region" else _row(kind, figures)


def _changes(changes: Mapping[str, Any]) -> Iterator[str]:
    for name, counts in changes.get("waiting", {}).items():
        yield f"{name}: {counts['before']} before, {counts['after']} after"
    for name, items in changes.items():
        if isinstance(items, Sequence):
            yield f"{name}: {len(items)}"
            for item in items:
                codes = f"{','.join(item['codes before'])} -> {','.join(item['codes after'])}"
                yield f"  [{item['label']}] {item['before']} -> {item['after']}  {codes}  {item['text']}"


def _row(name: str, figures: Mapping[str, Any]) -> str:
    parts = (f"{key} {_share(figures[key])}" for key in ("precision", "recall", "f1"))
    return f"  {name}: {'  '.join(parts)}"


def _share(figure: Mapping[str, Any]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}] of {figure['of']}"


def _entry(item: Mapping[str, Any]) -> str:
    codes = ",".join(item["codes"])
    return f"  [{item['label']}] {item['decision']} {item['score']:.2f} {codes}  {item['text']}"


def _misread(item: Mapping[str, Any]) -> str:
    missed, wrong = ", ".join(item["missed"]) or "-", ", ".join(item["wrong"]) or "-"
    return f"  {item['kind']}: missed {missed}; wrong {wrong}  {item['text']}"
