"""config/ -> Source, Violation and Route records; reports every fault at once, with file, line and mend."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

from cssselect import HTMLTranslator, SelectorError
from pydantic import BaseModel, ValidationError

from core.errors import BadConfig, BadInput, NotFound
from core.nearest import nearest
from core.partial import without_faults
from core.retention import Retention, retention_faults
from core.rule_checks import route_faults, signal_names, violation_faults, word_faults
from core.rules import Route, Violation
from core.source import FieldRule, ListRule, RevealRule, Source
from core.source_checks import Fault, plain_faults
from core.yaml_file import line_of, read_yaml

Model = TypeVar("Model", Source, Violation, Route, Retention)
RETENTION = "retention.yml"


@dataclass(frozen=True)
class Catalog:
    """What analysts configured: sources, violations and penalty routes by id, the folder of word lists, and how long
    what is kept.
    """

    sources: dict[str, Source]
    violations: dict[str, Violation]
    words: Path
    routes: dict[str, Route] = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)

    def source(self, source_id: str) -> Source:
        """The source with that id. Raises NotFound, naming the nearest right one."""
        if source_id not in self.sources:
            raise NotFound(f"no source {source_id!r}{nearest(source_id, list(self.sources))}")
        return self.sources[source_id]


def load_catalog(folder: Path, sources: Path | None = None) -> Catalog:
    """Read `folder` (and, for the town, sources from another folder). Raises BadConfig with every fault."""
    if not folder.is_dir():
        raise BadConfig((f"{folder}: there is no such folder: WANGXUN_CONFIG names the one with the rules",))
    faults = list(word_faults(folder / "words"))
    lists = _list_names(folder)
    found = _load_all(sources or folder / "sources", Source, _source_faults, faults)
    rules = _load_rules(folder, faults)
    signals = signal_names(folder / "violations", rules)
    routes = _load_all(folder / "routes", Route, lambda route: route_faults(route, lists, signals), faults)
    retention = _load_all(folder, Retention, retention_faults, faults, RETENTION)
    if faults:
        raise BadConfig(tuple(faults))
    return Catalog(found, rules, folder / "words", routes, retention.get("retention", Retention()))


def load_rules(folder: Path) -> dict[str, Violation]:
    """The violations of a configuration folder, whatever the rest of it is. Raises BadConfig with every fault."""
    faults = list(word_faults(folder / "words"))
    rules = _load_rules(folder, faults)
    if not rules and not faults:
        faults.append(
            f"{folder / 'violations'}: there is no rule: name the folder that holds violations/ and words/"
        )
    if faults:
        raise BadConfig(tuple(faults))
    return rules


def _load_rules(folder: Path, faults: list[str]) -> dict[str, Violation]:
    lists = _list_names(folder)
    return _load_all(folder / "violations", Violation, lambda rule: violation_faults(rule, lists), faults)


def _list_names(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "words").glob("*.txt")}


def _load_all(
    folder: Path,
    model: type[Model],
    checks: Callable[[Model], Iterator[Fault]],
    faults: list[str],
    names: str = "*.yml",
) -> dict[str, Model]:
    found: dict[str, Model] = {}
    if names == "*.yml":
        faults += [f"{path}:1: would not be read: call it {path.stem}.yml" for path in folder.glob("*.yaml")]
    for path in sorted(folder.glob(names)):
        tree, problems = _read(path)
        if not problems:
            record, problems, invented = _validate(path, tree, model)
            if record is not None:
                found[record.id] = record
                problems += [
                    f"{path}:{line_of(tree, where)}: {text}"
                    for where, text in checks(record)
                    if not invented & {where[0], _RESTS_ON.get(where[0])}
                ]
        faults.extend(problems)
    return found


def _read(path: Path) -> tuple[Any, list[str]]:
    try:
        tree = read_yaml(path)
    except BadInput as error:
        return None, [str(error)]
    if not isinstance(tree, dict):
        return None, [f"{path}:1: the file must be a mapping of fields"]
    return tree, []


# A fault of the first says nothing while something stands in for a missing part of the second.
_RESTS_ON = {"needs": "signals"}


def _validate(path: Path, tree: Any, model: type[Model]) -> tuple[Model | None, list[str], set[str]]:
    """The record, or what is left of it without its faulty parts; its faults; the fields that were filled in."""
    plain = {"id": path.stem} | dict(tree)
    try:
        # Through JSON, because strict models take lists for tuples only there.
        return model.model_validate_json(json.dumps(plain, default=str)), [], set()
    except ValidationError as error:
        found = [dict(item) for item in error.errors()]
        faults = [_explain(path, tree, model, item) for item in found if not _follows(item, found)]
    rest, invented = without_faults(plain, model)
    return rest, faults, invented


def _follows(item: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a list is only too short because the faulty ones of its items were not counted."""
    where = item["loc"]
    return item["type"] == "too_short" and any(
        len(other["loc"]) > len(where) and other["loc"][: len(where)] == where for other in found
    )


def _explain(path: Path, tree: Any, model: type[BaseModel], item: dict[str, Any]) -> str:
    where = tuple(str(part) for part in item["loc"])
    field = ".".join(where)
    line = line_of(tree, where)
    if item["type"] == "extra_forbidden":
        names = _field_names(model, where[:-1])
        return f"{path}:{line}: unknown key {field!r}{nearest(where[-1], names)}"
    if item["type"] == "missing":
        return f"{path}:{line}: field {field!r} is missing: add it"
    return f"{path}:{line}: field {field!r}: {item['msg']}; found {item['input']!r}"


def _field_names(model: type[BaseModel], where: tuple[str, ...]) -> list[str]:
    """Names of the fields of the model that stands at `where` below `model`."""
    for part in where:
        if part in model.model_fields:
            inner = _inner_model(model.model_fields[part].annotation)
            model = inner or model
    return list(model.model_fields)


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner_model, get_args(annotation))), None)


def _source_faults(source: Source) -> Iterator[Fault]:
    yield from plain_faults(source)
    if source.list.format == "html":
        yield from _list_faults(source.list)
    if source.post.posts:
        yield from _selector_faults(("post", "posts"), source.post.posts)
    for name, rule in source.post.fields.items():
        if source.post.format == "html":
            yield from _rule_faults(("post", "fields", name), rule)
    if source.post.reveal:
        yield from _reveal_faults(source, source.post.reveal)
    if "body" not in source.post.fields:
        yield ("post", "fields"), "field 'body' is missing: add it; a post without text cannot be judged"


def _list_faults(listed: ListRule) -> Iterator[Fault]:
    yield from _selector_faults(("list", "items"), listed.items)
    for name in ("link", "next", "updated"):
        if rule := getattr(listed, name):
            yield from _rule_faults(("list", name), rule)


def _reveal_faults(source: Source, reveal: RevealRule) -> Iterator[Fault]:
    """The values stand in the post, the contacts in the answer: each may be of its own format."""
    for part, rules, form in (
        ("values", reveal.values, source.post.format), ("contacts", reveal.contacts, reveal.format),
    ):  # fmt: skip
        for name, rule in rules.items():
            if form == "html":
                yield from _rule_faults(("post", "reveal", part, name), rule)


def _rule_faults(where: tuple[str, ...], rule: FieldRule) -> Iterator[Fault]:
    yield from _selector_faults((*where, "select"), rule.select)


def _selector_faults(where: tuple[str, ...], selector: str) -> Iterator[Fault]:
    # parsel's ::text and ::attr(x) are no standard CSS and are taken off before the check.
    plain = re.sub(r"::(text|attr\([\w-]+\))", "", selector)
    try:
        HTMLTranslator().css_to_xpath(plain.strip() or "*")
    except SelectorError as error:
        yield where, f"bad selector {selector!r}: {error}"
