"""What a source says of itself must make sense; each fault has its line and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.catalog import load_catalog
from tests.core.test_catalog import GOOD, faults, write


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("http://tutor.test/list", "ftp://tutor.test", 4, "'ftp://tutor.test' is no address: write http://host/"),
        ("http://tutor.test/list", "tutor.test/list", 4, "'tutor.test/list' is no address"),
        ("http://tutor.test/list", "http://[::1/", 4, "'http://[::1/' is no address"),
        ("主管部门书面授权", '" "', 3, "field 'basis' is empty: say it"),
        ("title:", 'region: "999999"\ntitle:', 1, "no administrative division has the code 999999: take it from"),
        ("title:", "schedule: {timezone: Asia/Shangai}\ntitle:", 1, "there is no time zone 'Asia/Shangai': write one"),
        ("title:", "schedule: {timezone: ../etc}\ntitle:", 1, "there is no time zone '../etc'"),
        ("title:", 'schedule: {cron: ["0 3 * * *", "0 99 * * *"]}\ntitle:', 1, "'0 99 * * *' are no cron times (Bad hour)"),
        ("title:", "pace: {delay: 0.5}\ntitle:", 1, "a pace below 5.0 s needs a 'reason': add it"),
        ("title:", "expect: {posts: [9, 2]}\ntitle:", 1, "expect.posts is [least, most], not [9, 2]"),
    ],
)  # fmt: skip
def test_a_source_that_makes_no_sense(tmp_path: Path, right: str, wrong: str, line: int, said: str) -> None:
    path = write(tmp_path, GOOD.replace(right, wrong, 1))
    (fault,) = faults(tmp_path)
    assert fault.startswith(f"{path}:{line}: ")
    assert said in fault


def test_a_departure_with_its_reason_and_good_times_are_right(tmp_path: Path) -> None:
    extra = 'region: "330100"\npace: {delay: 0.5, reason: ours}\nschedule: {cron: ["*/5 8-18 * * 1-5"]}\n'
    write(tmp_path, extra + GOOD)
    assert load_catalog(tmp_path).source("one").pace.reason == "ours"
