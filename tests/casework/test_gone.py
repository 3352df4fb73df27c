"""What was deleted by rule, wherever somebody asks: page, export, flaws, doctor."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework import export, files, precheck, retention, review, shelf
from casework.desk import Desk
from casework.gone import deleted_evidence, deleted_note
from cli.doctor_records import evidence as doctors_look
from core.errors import NotFound
from core.model import SYSTEM, Finding
from evidence import heads
from evidence.verify import check
from tests.casework.desks import actor
from tests.casework.test_retention import ids, take
from tests.casework.test_retention import keeping as keeping

ME = actor("supervisor", "移交")


@pytest.fixture
def without_pictures(keeping: Desk) -> tuple[Desk, str, str]:
    """A rejected finding whose second look is gone, and the ids of both looks."""
    take(keeping, "1", "上门家教")
    review.decide(keeping, ME, "post1", "rejected", "成人课程")
    first, second = ids(shelf.load(keeping.store, Finding, "post1")[0])
    retention.retire(keeping, SYSTEM, datetime.now(UTC) + timedelta(days=91))
    keeping.store.flush()
    heads.list_heads(keeping.vault)
    return keeping, first, second


def test_an_export_says_what_was_deleted_and_carries_its_custody(
    without_pictures: tuple[Desk, str, str], tmp_path: Path
) -> None:
    desk, first, second = without_pictures
    made = export.hand_over(desk, ME, ("post1",), tmp_path / "bundle.zip", pdf=False)
    report = check(tmp_path / "bundle.zip")
    assert report.faults == []
    assert [second in line and "已驳回线索的截图" in line for line in report.deleted] == [True]
    assert "deleted" in {flaw.kind for flaw in made.flaws}
    assert any("1 份证据已按保存期限规定删除" in note for note in made.notes)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        names = set(bundle.namelist())
        about = json.loads(bundle.read("data/about.json"))
        said = bundle.read("data/report/第001册.html").decode()
    assert "已按保存期限规定删除" in said
    assert (about["evidence"], list(about["deleted"])) == ([first], [second])
    own = {name.rpartition("/")[2] for name in names if f"evidence/{second}/" in name}
    assert "place.json" in own
    assert "manifest.json" not in own
    assert any(name.startswith("0000") for name in own)


def test_before_an_export_it_is_a_flaw_and_no_error(without_pictures: tuple[Desk, str, str]) -> None:
    desk = without_pictures[0]
    found = {flaw.kind: flaw for flaw in precheck.check(desk, ME, ("post1",))}
    assert "deleted" in found
    assert "altered" not in found


def test_its_files_are_told_to_be_gone(without_pictures: tuple[Desk, str, str]) -> None:
    desk, first, second = without_pictures
    kept = files.evidence_of(desk, shelf.load(desk.store, Finding, "post1")[0])
    assert (len(kept[first].items) > 0, kept[second].items) == (True, ())
    assert "已驳回线索的截图" in deleted_evidence(desk, second)
    assert deleted_evidence(desk, first) == ""
    with pytest.raises(NotFound, match="已按保存期限规定删除"):
        desk.vault.open(second, "viewed", ME)


def test_a_finding_that_is_gone_says_so(keeping: Desk, tmp_path: Path) -> None:
    take(keeping, "1", "上门家教", second=False)
    retention.retire(keeping, SYSTEM, datetime.now(UTC) + timedelta(days=1001))
    keeping.store.flush()
    assert "未核查的疑似线索" in deleted_note(keeping, "finding:post1")
    with pytest.raises(NotFound, match="已按保存期限规定删除"):
        export.hand_over(keeping, ME, ("post1",), tmp_path / "bundle.zip", pdf=False)
    with pytest.raises(NotFound, match="nobody"):
        export.hand_over(keeping, ME, ("nobody",), tmp_path / "bundle.zip", pdf=False)


def test_the_doctor_does_not_miss_what_was_deleted_by_rule(
    without_pictures: tuple[Desk, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, first, _ = without_pictures
    stays: Callable[[object], Desk] = lambda _: replace(desk)  # noqa: E731
    monkeypatch.setattr("cli.doctor_records.open_desk", stays)
    monkeypatch.setattr(type(desk), "close", lambda _: None)
    assert doctors_look(desk.settings).answer == "ok"
    desk.vault.path(first).unlink()
    assert first in doctors_look(desk.settings).text
