"""Every saved case is read again by its source's rules of today (crawler.cases; made by `sources try --save-case`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog import load_catalog
from core.settings import PACKAGED_CONFIG
from core.source import Source
from crawler.cases import extract, load

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/case.json"))
TOWN = PACKAGED_CONFIG.parent / "sandbox" / "config" / "sources"


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return load_catalog(PACKAGED_CONFIG).sources | load_catalog(PACKAGED_CONFIG, TOWN).sources


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_case_reads_as_it_was_saved(folder: Path, sources: dict[str, Source]) -> None:
    case, expected = load(folder)
    assert extract(case, sources[folder.parent.name]) == expected


def test_each_site_of_the_town_has_a_list_and_a_post() -> None:
    kinds: dict[str, set[str]] = {path.stem: set() for path in TOWN.glob("*.yml")}
    assert kinds
    for folder in CASES:
        case, expected = load(folder)
        if expected.get("posts") and folder.parent.name in kinds:
            kinds[folder.parent.name].add(case.page.kind)
    assert {name: found for name, found in kinds.items() if found < {"list", "post"}} == {}


def test_a_changed_rule_is_noticed(sources: dict[str, Source]) -> None:
    case, expected = load(HERE / "jiajiao" / "detail")
    source = sources["jiajiao"]
    fields = source.post.fields | {"title": source.post.fields["author"]}
    changed = source.model_copy(update={"post": source.post.model_copy(update={"fields": fields})})
    assert extract(case, changed) != expected
