from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from parsel import Selector

from crawler.clean import BEIJING, Setting, clean, element_text

NOW = datetime(2026, 9, 1, 20, 0, tzinfo=BEIJING)
HERE = Setting("http://a.test/list/1.html", NOW)


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("刚刚", "2026-09-01T20:00:00"),
        ("12分钟前", "2026-09-01T19:48:00"),
        ("半小时前", "2026-09-01T19:30:00"),
        ("3小时前", "2026-09-01T17:00:00"),
        ("十二天前", "2026-08-20T20:00:00"),
        ("2个月前", "2026-07-03T20:00:00"),
        ("昨天 21:05", "2026-08-31T21:05:00"),
        ("前天 09:12", "2026-08-30T09:12:00"),
        ("大前天", "2026-08-29T00:00:00"),
        ("今天 下午3点", "2026-09-01T15:00:00"),
        ("发表于 2026-8-30 14:20", "2026-08-30T14:20:00"),
        ("2026年08月30日 14:20:33", "2026-08-30T14:20:33"),
        ("26/8/30", "2026-08-30T00:00:00"),
        ("8月30日", "2026-08-30T00:00:00"),
        ("12-30 08:00", "2025-12-30T08:00:00"),
    ],
)
def test_chinese_dates_are_meant_against_the_servers_clock(shown: str, meant: str) -> None:
    assert clean(shown, ("chinese_date",), HERE) == meant + "+08:00"


@pytest.mark.parametrize(
    "shown", ["", "面议", "2026-02-31", "2026-13-01", "99999999999天前", "8月30日 99:99"]
)
def test_what_names_no_day_is_no_date(shown: str) -> None:
    assert clean(shown, ("chinese_date",), HERE) == ""


@pytest.mark.parametrize(
    ("name", "shown", "plain"),
    [
        ("price", "价格：120元/小时 可议", "120元/小时"),
        ("price", "面议", "面议"),
        ("contact", "电话 138 0000 0000", "138 0000 0000"),
        ("contact", "点击查看", ""),
        ("strip_label", "来源：新华网", "新华网"),
        ("integer", "浏览 1,204 次", "1204"),
        ("integer", "无", ""),
        ("absolute_url", "/info/1.html", "http://a.test/info/1.html"),
        ("absolute_url", "javascript:alert(1)", ""),
        ("absolute_url", "http://[bad", ""),
        ("html", "a<br>b<script>c</script>", "a\nb"),
        ("html", " ", ""),
        ("text", " a \n b ", "a b"),
        ("lines", " a  b \n\n c ", "a b\nc"),
    ],
)
def test_cleaners(name: str, shown: str, plain: str) -> None:
    assert clean(shown, (name,), HERE).strip("\n") == plain.strip("\n")


def test_a_page_nested_by_the_thousand_is_read() -> None:
    deep = Selector(text="<div>" * 200 + "x" + "</div>" * 200 + "<!-- note -->")
    assert element_text(deep).strip() == "x"


def test_a_site_whose_clock_stands_at_the_end_of_time_has_no_dates() -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=23, minutes=59)))
    assert clean("3天前", ("chinese_date",), Setting("http://a.test/", late)) == ""
