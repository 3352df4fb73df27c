"""What a run says of its pictures."""

from __future__ import annotations

from pathlib import Path

from core.catalog import load_catalog
from core.settings import PACKAGED_CONFIG
from crawler.health import Yield
from crawler.outfit import Tally
from crawler.worker import _tell_pictures

TOWN: Path = PACKAGED_CONFIG.parent / "sandbox" / "config" / "sources"


def test_a_run_tells_how_many_were_read_and_why_others_were_not() -> None:
    source = load_catalog(PACKAGED_CONFIG, TOWN).source("tuwen")
    tally = Tally(Yield(source))
    _tell_pictures(tally, {"read": 7, "known": 2, "图片太大（30000×30000）": 1, "没有安装 rapidocr": 3})
    assert dict(tally.counts) == {"pictures_read": 7, "pictures_known": 2, "pictures_unread": 4}
    assert [trouble.text for trouble in tally.troubles] == [
        "1 张图片未识别：图片太大（30000×30000）",
        "3 张图片未识别：没有安装 rapidocr",
    ]
