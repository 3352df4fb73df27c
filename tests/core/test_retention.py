"""Terms are checked like every other file of config/: file, line and mend."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.catalog import load_catalog
from core.errors import BadConfig
from core.retention import CLASSES, LEAST_LOG_DAYS, Retention
from core.settings import PACKAGED_CONFIG

TERM = '  days: {}\n  law: {{instrument: "个人信息保护法", article: "第十九条"}}\n  why: "目的已实现"\n'


def read(folder: Path, **days: int) -> Retention:
    text = "".join(f"{name}:\n{TERM.format(number)}" for name, number in days.items())
    (folder / "retention.yml").write_text(text, encoding="utf-8")
    return load_catalog(folder).retention


def fault(folder: Path, **days: int) -> str:
    with pytest.raises(BadConfig) as caught:
        read(folder, **days)
    [one] = caught.value.faults
    return one.removeprefix(str(folder / "retention.yml"))


def test_the_packaged_terms_hold_and_name_their_law() -> None:
    terms = load_catalog(PACKAGED_CONFIG).retention.terms()
    assert list(terms) == list(CLASSES)
    assert all(term.law.instrument and term.law.article and term.why for term in terms.values())


def test_without_a_file_everything_is_kept(tmp_path: Path) -> None:
    assert load_catalog(tmp_path).retention.terms() == {}


def test_a_class_that_is_left_out_is_kept(tmp_path: Path) -> None:
    assert list(read(tmp_path, rejected=30).terms()) == ["rejected"]


def test_logs_are_not_kept_shorter_than_the_law_says(tmp_path: Path) -> None:
    assert fault(tmp_path, runs=183).startswith(":2: logs are kept 184 days at least")


def test_the_least_is_no_shorter_than_any_six_months() -> None:
    days = (date(2027, 1, 1) + timedelta(days=passed) for passed in range(4 * 366))
    # The same day half a year later, or the last one that month has.
    longest = max((half_a_year_after(day) - day).days for day in days)
    assert longest == LEAST_LOG_DAYS


def half_a_year_after(day: date) -> date:
    year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def test_the_audit_trail_outlives_what_it_speaks_of(tmp_path: Path) -> None:
    days = {"flagged": 200, "unsure": 200, "rejected": 200, "confirmed": 200, "cases": 400}
    assert read(tmp_path, **days, audit=400).audit is not None
    assert "cases are kept 400 days" in fault(tmp_path, **days, audit=399)
    del days["unsure"]
    assert "unsure are kept for ever" in fault(tmp_path, **days, audit=400)


def test_screenshots_do_not_outlive_their_findings(tmp_path: Path) -> None:
    assert "screenshots outlive" in fault(tmp_path, rejected=30, screenshots=31)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rejcted:\n  days: 3\n", ":1: unknown key 'rejcted'; did you mean 'rejected'?"),
        ("rejected:\n  days: 0\n  why: x\n  law: {instrument: a, article: b}\n", ":2: field 'rejected.days'"),
        ("rejected:\n  days: 5\n  law: {instrument: a, article: b}\n", "'rejected.why' is missing"),
        ("[", "not readable as YAML"),
    ],
)
def test_a_slip_is_named_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "retention.yml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match=r"retention\.yml") as caught:
        load_catalog(tmp_path)
    assert any(words in one for one in caught.value.faults)
