"""A bundle of the pretend town, replayed by pywb in a browser: the page's text is the text of the finding."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from casework import export, replay, runs, shelf
from casework.desk import Desk, open_desk
from cli.crawling import crawl_all
from cli.demo import TOWN_SOURCES
from cli.replay import running
from cli.replay_guard import Guard
from cli.town import Town, running_town
from core import browsers
from core.model import Actor, Finding
from core.settings import Settings
from store.base import Query
from tests.cli.processes import PATIENCE
from tests.public_tools import tool

pytestmark = [pytest.mark.browser, pytest.mark.waits]
# One site of each make: GBK and plain HTML, floors of a forum, drawn by script with pictures.
SITES = ("jiajiao", "luntan", "tuwen")
OFFICER = Actor(officer="wang", role="reviewer", reason="核查")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town"), 5, "0") as town:
        yield town


@pytest.fixture
def desk(town: Town, tmp_path: Path) -> Iterator[Desk]:
    """Some violations of each site, visited one by one."""
    made = open_desk(Settings(data=tmp_path / "data", town=town.address, sources=TOWN_SOURCES))
    planned = []
    for site in SITES:
        urls = [entry["url"] for entry in town.truth() if entry["url"].startswith(f"http://{site}.test/")
                and entry["crawlable"] and entry["codes"]]  # fmt: skip
        url = urls[0].partition("#")[0]
        planned.append(runs.plan(made, "visit", site, datetime.now(UTC), url))
    crawl_all(made, planned, lambda run: None)
    yield made
    made.close()


def plain(text: str) -> str:
    return "".join(text.split())


DRAWN = "wanted => document.body && document.body.innerText.replace(/\\s/g, '').includes(wanted)"


def test_the_towns_bundle_replays_with_the_text_of_each_finding(desk: Desk, tmp_path: Path) -> None:
    found = {finding.id: finding for finding in shelf.walk(desk.store, Finding, Query())}
    assert {finding.source_id for finding in found.values()} == set(SITES)
    bundle, folder = tmp_path / "bundle.zip", tmp_path / "replay"
    folder.mkdir()
    export.hand_over(desk, OFFICER, tuple(found), bundle)
    owners = {name: one for one in found.values() for name in one.latest.evidence_ids}
    captures = replay.from_bundle(bundle, folder)
    assert {capture.name for capture in captures} == owners.keys()
    with running(tool("wayback"), folder) as port, sync_playwright() as playwright:
        guard = Guard(captures, port)
        threading.Thread(target=guard.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=browsers.headless(""), chromium_sandbox=os.geteuid() != 0, args=guard.flags
        )
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        for capture in captures:
            page.goto(f"{guard.url}{capture.name}")
            # Pywb's own page makes the frame by script.
            frame = page.wait_for_selector("iframe", state="attached").content_frame()
            frame.wait_for_function(DRAWN, arg=plain(owners[capture.name].latest.post.body))
        browser.close()
        guard.shutdown()
        guard.server_close()
