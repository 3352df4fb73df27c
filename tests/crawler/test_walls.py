from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.page import Page
from crawler.walls import around_post, by_words, without_post


def page(text: str, url: str = "http://s.test/info/1.html") -> Page:
    return Page(url, text, datetime(2026, 9, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<p>请先登录</p>", "login_wall"), ("<p>登录后才能查看全部内容</p>", "login_wall"),
        ("<h1>安全验证</h1>请输入验证码", "captcha"), ("您的访问过于频繁", "captcha"),
        ("<h1>403 Forbidden</h1>", "blocked"), ("<p>没有这样的帖子</p>", None),
        ("<p>" + "很长的正文" * 300 + "请先登录</p>", None),
    ],
)  # fmt: skip
def test_short_pages_that_say_so_are_walls(text: str, kind: str | None) -> None:
    assert without_post(page(text)) == kind


def test_the_address_tells() -> None:
    assert without_post(page("", "http://s.test/login?from=/1")) == "login_wall"
    assert without_post(page("", "http://s.test/verify.html")) == "captcha"
    assert without_post(page("", "http://s.test/loginsight/1")) is None


def test_an_advert_that_speaks_of_logging_in_stays_an_advert() -> None:
    advert = (
        "高中数学一对一，名师上门，请先登录平台与我联系，价格面议。" + "孩子成绩提升明显，家长好评如潮。" * 5
    )
    assert around_post(page(f"<p>{advert}</p>"), advert) is None


def test_a_wall_in_the_sites_own_frame() -> None:
    assert around_post(page("<p>请登录后查看</p>"), "请登录后查看") == "login_wall"
    assert around_post(page("<p>内容</p>请输入验证码<img src=/captcha.png>"), "内容") == "captcha"
    assert around_post(page("<p>内容</p>", "http://s.test/login"), "内容") == "login_wall"


def test_plain_words_are_no_wall() -> None:
    assert by_words("招聘数学老师") is None
