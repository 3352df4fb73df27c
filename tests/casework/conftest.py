"""A desk with the real store and vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.desk import Desk
from tests.casework.desks import make_desk


@pytest.fixture
def desk(tmp_path: Path, store_url: str) -> Iterator[Desk]:
    config = tmp_path / "config"
    (config / "violations").mkdir(parents=True)
    (config / "violations" / "HOME_TUTOR.yml").write_text("title: 上门家教\n", encoding="utf-8")
    made = make_desk(tmp_path / "data", config, store_url)
    yield made
    made.close()
