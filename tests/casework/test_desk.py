"""Opening a desk on the packaged rules."""

from __future__ import annotations

from pathlib import Path

from casework import intake
from casework.desk import open_desk
from core.settings import Settings
from tests.casework.desks import make_capture, make_post


def test_a_desk_opens_on_the_packaged_rules_and_keeps_its_key(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    first = open_desk(settings)
    assert "HOME_TUTOR.yml" in first.rules
    assert all(first.vault.has(digest) for digest in first.rules.values())
    body = "浙大研究生上门家教，初中数学一对一，每小时150元，电话13812345678"
    assert intake.take_in(first, make_post(body), make_capture()).outcome == "flagged"
    first.close()
    second = open_desk(settings)
    assert second.key == first.key
    assert intake.take_in(second, make_post(body), make_capture()).outcome == "unchanged"
    second.close()
