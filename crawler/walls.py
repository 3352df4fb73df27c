"""Pages that are not the post: login walls, captchas, blocks. Reported, never stored as content."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from crawler.page import Page, visible_text

Wall = Literal["login_wall", "captcha", "blocked"]
_LOGIN_PATH = re.compile(r"(^|/)(log-?in|sign-?in|passport|sso|denglu)(\.\w+)?(/|$)", re.I)
_CAPTCHA_PATH = re.compile(r"(^|/)(captcha|verify|antibot|safe-?check|yanzheng)(\.\w+)?(/|$)", re.I)
_CAPTCHA = (
    r"(输入|填写|获取|看不清).{0,12}验证码|验证码.{0,8}(输入|校验)|安全验证|人机验证|滑动验证"
    r"|拖动.{0,4}滑块|完成.{0,6}验证|访问(过于|太)频繁|异常(流量|访问)|captcha"
)
_LOGIN = (
    r"(请|需要?|必须|尚未|您?还没有?)先?.{0,4}登[录陆]|扫码登[录陆]|仅.{0,6}(会员|登录用户).{0,4}可见"
    r"|登[录陆](后|之后|即可|才能?).{0,8}(查看|浏览|可见|继续|访问|阅读)"
)
_BLOCKED = r"访问被?(拒绝|阻断|禁止|限制)|您?的?IP.{0,10}(封|限制|禁)|Access Denied|Forbidden"
_WORDS: tuple[tuple[Wall, re.Pattern[str]], ...] = (
    ("captcha", re.compile(_CAPTCHA, re.I)),
    ("login_wall", re.compile(_LOGIN)),
    ("blocked", re.compile(_BLOCKED, re.I)),
)
# A wall is short: its sentence, a form, a footer. Adverts that talk of logging in stand in longer pages.
_SHORT_PAGE = 800
# The body of an advert that is only the wall's sentence.
_SHORT_BODY = 80


def by_address(url: str) -> Wall | None:
    """A wall told by the address at which a redirect ended."""
    path = urlsplit(url).path
    if _LOGIN_PATH.search(path):
        return "login_wall"
    return "captcha" if _CAPTCHA_PATH.search(path) else None


def by_words(text: str) -> Wall | None:
    """The kind of wall whose sentence stands in the text."""
    return next((kind for kind, words in _WORDS if words.search(text)), None)


def without_post(page: Page) -> Wall | None:
    """A page without the promised fields: a wall when it is short and says so."""
    shown = visible_text(page)
    return by_address(page.url) or (by_words(shown) if len(shown) <= _SHORT_PAGE else None)


def around_post(page: Page, body: str) -> Wall | None:
    """A page that has the fields, and yet is a wall in the site's own frame."""
    if found := by_address(page.url):
        return found
    if len(body) <= _SHORT_BODY and (found := by_words(body)):
        return found
    asks = page.html.css('input[type="password"], input[name*="captcha" i], img[src*="captcha" i]')
    return without_post(page) if asks else None
