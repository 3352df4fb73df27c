"""`wangxun findings search`: misspelt filters are said, ids are whole, limits have no ceiling, crawled text is only text."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli import findings
from cli.common import read_settings
from cli.main import app
from core.model import Finding, Review, Suspicion
from core.settings import Settings
from store import open_store
from store.base import Save, save_one
from tests.cli.test_town_check import finding

BBCODE = "[/b] [url=http://x]x[/url] [red] :100: \x1b[2J"


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """Five findings in the store that the command opens."""
    monkeypatch.setenv("WANGXUN_DATA", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    made = [_named(f"{number:032x}") for number in range(5)]
    store = open_store(Settings(data=tmp_path).store_url)
    assert all(answer.error is None for answer in store.save([Save(record, "create") for record in made]))
    store.close()
    return made


def _named(name: str) -> Finding:
    made = finding(f"http://town.test/{name}")
    version = made.latest
    post = version.post.model_copy(update={"id": name, "title": BBCODE})
    return made.model_copy(
        update={"id": name, "versions": (version.model_copy(update={"post": post}),)}
    )  # fmt: skip


def searched(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["findings", "search", *arguments])


def test_ids_are_whole_in_a_narrow_terminal_and_a_posts_text_is_only_text(stored: list[Finding]) -> None:
    result = searched()
    assert result.exit_code == 0, result.output
    assert all(one.id in result.stdout for one in stored)
    assert "[/b] [url=http://x]x[/url] [red]" in result.stdout
    assert "\x1b" not in result.stdout
    assert "5 of 5" in result.stdout


def test_the_codes_that_an_officer_named_are_shown(stored: list[Finding]) -> None:
    first = stored[0]
    made = Review(
        officer="wang", at=first.last_seen, outcome="confirmed", reason="属实",
        content_digest=first.latest.content_digest, codes=("VENUE",),
    )  # fmt: skip
    store = open_store(Settings().store_url)
    save_one(store, first.model_copy(update={"status": "confirmed", "decisions": (made,)}))
    store.close()
    assert json.loads(searched("--status", "confirmed", "--json").stdout)["codes"] == ["VENUE"]
    assert searched("--code", "VENUE").stdout.splitlines()[0].split()[-1] == "VENUE"


def test_a_limit_beyond_a_page_of_the_store_reads_on(
    stored: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "PAGE_LIMIT", 2)
    for limit, expected in ((1, 1), (2, 2), (3, 3), (5, 5), (5000, 5)):
        lines = [json.loads(line) for line in searched("--limit", str(limit), "--json").stdout.splitlines()]
        assert len({line["id"] for line in lines}) == len(lines) == expected
        assert lines[0].keys() == {"id", "url", "status", "codes", "score"}


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--status", "flaged", "did you mean flagged?"),
        ("--status", "好", "known: confirmed, flagged, rejected, unsure"),
        ("--code", "home_tuter", "did you mean HOME_TUTOR?"),
        ("--region", "999999", "no division has the name or code '999999'"),
        ("--region", "浙江的", "no division has the name or code '浙江的'"),
        ("--region", "鼓楼区", "may be 320106 江苏省南京市鼓楼区, 320302 "),
    ],
)
def test_a_misspelt_filter_is_wrong_use_and_no_empty_answer(
    stored: list[Finding], option: str, given: str, said: str
) -> None:
    result = searched(option, given)
    assert result.exit_code == 2, result.output
    assert said in result.output


@pytest.mark.parametrize("given", ["浙江省", "浙江", "33", "杭州西湖"])
def test_a_division_may_be_named(stored: list[Finding], given: str) -> None:
    result = searched("--region", given, "--json")
    assert (result.exit_code, result.stdout) == (0, "")


def test_only_what_is_as_grave_is_listed(stored: list[Finding]) -> None:
    grave = stored[0].latest
    shows = Suspicion(code="IN_SERVICE_TEACHER", score=0.9, reasons=())
    verdict = grave.verdict.model_copy(update={"suspicions": (shows,)})
    version = grave.model_copy(update={"verdict": verdict})
    with closing(open_store(read_settings().store_url)) as store:
        save_one(store, stored[0].model_copy(update={"versions": (version,)}))
    assert "5 of 5" in searched().stdout
    assert "1 of 1" in searched("--severity", "5").stdout
    refused = searched("--severity", "5", "--code", "HOME_TUTOR")
    assert (refused.exit_code, "leave one of the two out" in refused.output) == (2, True)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_address_that_names_somebody_is_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("WANGXUN_DATA", str(tmp_path))
    made = finding("http://town.test/13800138000")
    made = made.model_copy(update={"id": "0" * 32})
    title = made.latest.post.model_copy(update={"title": "见http://town.test/13800138000"})
    made = made.model_copy(update={"versions": (made.latest.model_copy(update={"post": title}),)})
    with closing(open_store(Settings(data=tmp_path).store_url)) as store:
        save_one(store, made)
    shown = searched(*options).stdout
    assert "http://town.test/138******00" in shown
    assert "13800138000" not in shown
