"""YAML as analysts write it: plain values, and the line of each, so that a fault can be shown where it stands.

Read by libyaml (C): the rules are read at the start of every command, and a reader in Python took most of that second.
Values follow the core schema of YAML 1.2 (chapter 10.3), so `no`, `on` and `12:30` stay words.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from core.errors import BadInput

_TAG = "tag:yaml.org,2002:"


class Mapping(dict[str, Any]):
    """The fields of a mapping in their order; `lines` has the line (from 1) of each key."""

    lines: dict[str, int]


class Sequence(list[Any]):
    """The items of a list; `lines` has the line (from 1) of each."""

    lines: list[int]


class _Loader(yaml.CSafeLoader):
    """Knows the core schema only."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's own way: no value but the four below


for _name, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", list("-+0123456789")),
    ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
     list("-+.0123456789")),
):  # fmt: skip
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), _first)


def read_yaml(path: Path) -> Any:
    """The file's value: Mapping, Sequence or a plain one; None of an empty file.

    Raises BadInput "path:line: what is wrong", also for a key that stands twice, where YAML would take the last.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), _Loader)
        return None if node is None else _value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(
            f"{path}:{mark.line + 1 if mark else 1}: not readable as YAML: {error.problem}"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path}:1: not readable as YAML: {error}") from error


def line_of(tree: Any, where: tuple[str, ...]) -> int:
    """The line (from 1) of the deepest part of `where` that stands in the file."""
    line = 1
    for part in where:
        if isinstance(tree, Mapping) and part in tree:
            key: Any = part
        elif isinstance(tree, Sequence) and part.isdigit() and int(part) < len(tree):
            key = int(part)
        else:
            break
        line = tree.lines[key]
        tree = tree[key]
    return line


def _value(node: Node, above: tuple[Node, ...]) -> Any:
    if any(node is other for other in above):
        raise _fault(node, "an alias that stands within what it names")
    if isinstance(node, MappingNode):
        return _mapping(node, (*above, node))
    if isinstance(node, SequenceNode):
        items = Sequence(_value(item, (*above, node)) for item in node.value)
        items.lines = [item.start_mark.line + 1 for item in node.value]
        return items
    return _scalar(node)


def _mapping(node: MappingNode, above: tuple[Node, ...]) -> Mapping:
    found = Mapping()
    found.lines = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise _fault(key, "a key must be a word")
        if key.value in found:
            raise _fault(key, f"the key {key.value!r} stands twice")
        found[key.value] = _value(value, above)
        found.lines[key.value] = key.start_mark.line + 1
    return found


def _scalar(node: Node) -> Any:
    try:
        return _plain(node, str(node.value))
    except ValueError as error:  # a tag of its own (!!int) before what is none
        raise _fault(node, str(error)) from error


def _plain(node: Node, text: str) -> Any:
    match node.tag.removeprefix(_TAG):
        case "str":
            return text
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        case "float":
            return float(text.replace(".inf", "inf").replace(".nan", "nan"))
    raise _fault(node, f"the tag {node.tag} is not known here")


def _fault(node: Node, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, problem, node.start_mark)
