"""A tired officer's whole errand in a real Chromium on his small screen: sign in, open, look, confirm, hand over."""

from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from api.app import create_app
from casework import intake, shelf
from casework.desk import Desk
from core import browsers
from core.model import Finding
from evidence.verify import verify_path
from tests.api.conftest import PASSWORD
from tests.casework.desks import PHONE, make_capture, make_post
from tests.cli.processes import PATIENCE

pytestmark = pytest.mark.browser
SCREEN = {"width": 1366, "height": 768}  # the office screen that the pages are made for
TELEPHONE = {"width": 390, "height": 844}
# What is pressed must be as high as the standard's least target (WCAG 2.5.8: 24 pixels).
LOW_BUTTONS = """() => [...document.querySelectorAll("main button, nav a, nav button, main summary, aside a, main select")]
    .map((part) => [part.innerText, part.getBoundingClientRect()])
    .filter(([, box]) => box.height > 0 && box.height < 24).map(([text]) => text)"""
expect.set_options(
    timeout=PATIENCE * 1000
)  # five seconds otherwise, which a machine under load takes for a page


@pytest.fixture
def site(desk: Desk) -> Iterator[str]:
    picture = io.BytesIO()
    Image.new("RGB", (1280, 3000), "white").save(picture, "PNG")
    capture = make_capture(picture=True)
    drawn = tuple(
        item.model_copy(update={"content": picture.getvalue()}) if item.role == "screenshot" else item
        for item in capture.artifacts
    )
    long = f"西湖区上门家教 {PHONE} " + "很长" * 2000 + "x" * 500
    intake.take_in(desk, make_post(long, "9", title="长" * 300), make_capture())
    intake.attach(desk, "post9", capture.model_copy(update={"artifacts": drawn}))
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()  # whoever comes before the server is ready waits, and is not refused
        server = uvicorn.Server(uvicorn.Config(create_app(desk), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def page() -> Iterator[Page]:
    """A page whose console stays silent: a breach of the content policy would stand there."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browsers.headless(""), chromium_sandbox=os.geteuid() != 0
        )
        made = browser.new_page(viewport=SCREEN, locale="zh-CN", accept_downloads=True)
        made.on("console", note)
        made.on("pageerror", lambda error: said.append(str(error)))
        made.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        made.set_default_timeout(PATIENCE * 1000)
        yield made
        browser.close()
    assert said == []


def fits(page: Page) -> None:
    """Nothing sticks out sideways, once the style sheet is there."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], page.url


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/findings")
    expect(page.get_by_label("账号")).to_be_focused()  # by itself: he types at once
    page.keyboard.type("wang")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/findings")


def test_from_sign_in_to_the_bundle(site: str, page: Page, desk: Desk, tmp_path: Path) -> None:
    sign_in(page, site)
    fits(page)
    page.get_by_role("link", name="长长长").click()
    expect(page.locator("main")).to_contain_text("人工决定")
    expect(page.locator("main")).not_to_contain_text(PHONE)
    fits(page)
    page.get_by_label("查看理由").fill("核查群众举报")
    page.get_by_role("button", name="显示", exact=True).click()
    expect(page.locator("main")).to_contain_text(PHONE)
    page.locator("figure img").scroll_into_view_if_needed()
    expect(page.locator("figure img")).to_have_js_property("naturalWidth", 1280)
    fits(page)
    page.get_by_role("link", name="点开看大图").last.click()
    expect(page.locator(".picture img")).to_have_js_property("naturalHeight", 3000)
    fits(page)
    page.get_by_role("link", name="返回线索").click()
    expect(page.get_by_label("上门家教", exact=True)).to_be_checked()
    page.get_by_label("违规收费", exact=True).check()
    page.get_by_label("理由（必填）").select_option("变相开展学科类培训")
    page.get_by_role("button", name="确认违规").click()
    expect(page.get_by_role("status")).to_contain_text("已记录：已确认")
    fits(page)
    page.get_by_role("link", name="导出证据包").first.click()
    page.get_by_label("接收单位").fill("某区教育局")
    page.get_by_label("理由（必填）").fill("移送查处")
    page.get_by_role("button", name="制作证据包").click()
    # The bundle is made beside the page, by a Chromium that prints: its time is the machine's, not the page's.
    expect(page.get_by_role("status")).to_contain_text("证据包已做好")
    fits(page)
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载").click()
    coming.value.save_as(tmp_path / "bundle.zip")
    assert verify_path(tmp_path / "bundle.zip") == []
    kept = shelf.load(desk.store, Finding, "post9")[0]
    assert (kept.status, kept.codes) == ("confirmed", ("HOME_TUTOR", "FEE_VIOLATION"))


def test_ticks_are_counted_and_decided_together(site: str, page: Page, desk: Desk) -> None:
    sign_in(page, site)
    button = page.get_by_role("button", name="驳回…")
    expect(button).to_be_disabled()
    page.get_by_label("全选本页").check()
    expect(page.locator(".bulk")).to_contain_text("已选 3 条")
    button.click()
    expect(page.locator("h1")).to_contain_text("批量驳回")
    fits(page)
    page.locator("input[name=mark]").first.uncheck()
    page.get_by_placeholder("或自己填写").fill("均为看护，不含教学")
    page.get_by_role("button", name="驳回所勾选的 2 条").click()
    expect(page.get_by_role("status")).to_contain_text("已驳回 2 条")
    fits(page)
    statuses = [shelf.load(desk.store, Finding, name)[0].status for name in ("post1", "post2", "post9")]
    assert statuses.count("rejected") == 2


def test_the_errand_works_without_script(site: str, page: Page, desk: Desk) -> None:
    assert page.context.browser
    plain = page.context.browser.new_page(viewport=SCREEN, java_script_enabled=False)
    plain.set_default_timeout(PATIENCE * 1000)
    sign_in(plain, site)
    expect(plain.get_by_label("全选本页")).to_be_hidden()  # it would do nothing
    plain.get_by_label("选中：托管班").check()
    plain.get_by_role("button", name="确认违规…").click()
    plain.get_by_placeholder("或自己填写").fill("经实地核实")
    plain.get_by_role("button", name="确认违规所勾选的").click()
    expect(plain.get_by_role("status")).to_contain_text("已确认违规 1 条")
    plain.get_by_role("button", name="归入案件").click()
    plain.get_by_label("案件名称").fill("某托管班")
    plain.get_by_role("button", name="新建并归入").click()
    expect(plain.get_by_role("status")).to_contain_text("案件已建立")
    plain.locator("summary", has_text="结案").click()
    plain.get_by_label("结案说明").fill("已整改")
    plain.get_by_role("button", name="结案", exact=True).click()
    expect(plain.get_by_role("status")).to_contain_text("已结案")
    assert shelf.load(desk.store, Finding, "post2")[0].status == "confirmed"


def test_every_list_fits_the_screen_whatever_was_posted(site: str, page: Page) -> None:
    sign_in(page, site)
    for path in ("/findings?q=家教", "/queue", "/cases", "/runs", "/findings/post1", "/findings/post9"):
        page.goto(site + path)
        fits(page)


def test_every_page_fits_a_telephone_and_can_be_tapped(site: str, page: Page) -> None:
    page.set_viewport_size(TELEPHONE)
    sign_in(page, site)
    paths = (
        "/findings?q=家教", "/findings?per=day", "/queue", "/cases", "/runs", "/findings/post1", "/findings/post9",
        "/findings/post1/changes", "/batch?do=confirmed&finding_id=post1&finding_id=post9", "/status",
        "/cases/new?finding_id=post1", "/export?finding_id=post9",
    )  # fmt: skip
    for path in paths:
        page.goto(site + path)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"], path
        low = page.evaluate(LOW_BUTTONS)
        assert low == [], path


def test_on_a_telephone_the_list_comes_before_the_filters(site: str, page: Page) -> None:
    page.set_viewport_size(TELEPHONE)
    sign_in(page, site)
    filters, choice = (
        page.locator("aside summary").first,
        page.locator("aside").get_by_role("link", name="待研判"),
    )
    expect(choice).to_be_hidden()
    filters.click()
    choice.click()
    expect(filters).to_have_text("筛选：待研判")  # folded again, and says what is chosen
    expect(page.get_by_role("heading", name="共 1 条线索")).to_be_in_viewport()
    page.set_viewport_size(SCREEN)  # turned round, or a wider window
    expect(page.locator("aside").get_by_role("link", name="待研判")).to_be_visible()
    expect(filters).to_be_hidden()
