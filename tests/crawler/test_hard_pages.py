"""Pages that are too much, without end, something else than a page, or gone: each ends within its budget with a true
record of what was kept and what was not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., dict[str, Any]]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """One run for all tests here; the function below fills it."""
    return {}


@pytest.fixture
def got(whole: dict[str, Any], fake_run: Run, town: Any) -> dict[str, Any]:
    if not whole:
        whole.update(fake_run("hard", 0.01))
        whole["asked"] = [item["path"] for item in town.requests()]
    return whole


def look(got: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in got["looks"] if one["url"].endswith(f"/p/{name}"))
    return found


def missing(one: dict[str, Any], role: str) -> list[str]:
    return [cause for known, cause in one["missing"] if known == role]


def test_a_page_of_two_hundred_pictures_is_whole(got: dict[str, Any]) -> None:
    one = look(got, "many")
    kept = {url for url, _, body in one["exchanges"] if "/i/" in url and body}
    assert len(kept) == 200
    assert one["missing"] == []
    assert "screenshot" in one["roles"]


def test_an_endlessly_growing_page_is_read_to_a_bound(got: dict[str, Any]) -> None:
    one = look(got, "growing")
    assert 1 <= got["asked"].count("/more") <= 8
    assert "screenshot" in one["roles"]
    [[width, height]] = one["sizes"]
    assert width == 1366
    assert 3000 < height <= 30_000


def test_a_page_that_never_stops_loading_is_shown_and_what_did_not_come_is_named(got: dict[str, Any]) -> None:
    one = look(got, "forever")
    assert {"dom", "text", "screenshot"} <= set(one["roles"])
    lacking = " ".join(missing(one, "exchange"))
    for part in ("/drip.png", "/events"):
        assert f"http://hard.test{part}：" in lacking, part
    assert "时限已到" in lacking


def test_a_download_in_place_of_the_page_is_kept_as_what_it_is(got: dict[str, Any]) -> None:
    one = look(got, "download")
    assert "screenshot" not in one["roles"]
    assert "下载文件" in missing(one, "screenshot")[0]
    [(_, head, body)] = [item for item in one["exchanges"] if "/p/download" in item[0]]
    assert "attachment" in head
    assert bytes.fromhex(body) == b"PK not a page"


def test_a_long_and_lazy_page_is_photographed_in_parts(got: dict[str, Any]) -> None:
    one = look(got, "long")
    assert [width for width, _ in one["sizes"]] == [1366] * 3
    assert [height for _, height in one["sizes"][:2]] == [16_000, 16_000]
    assert 7000 < one["sizes"][2][1] < 8000
    assert [url for url, _, _ in one["exchanges"] if url.endswith("/lazy.png")]
    assert one["missing"] == []


def test_a_post_that_is_gone_is_written_down_with_the_answer(got: dict[str, Any]) -> None:
    [[url, status, finding, roles]] = got["absent"]
    assert (url, status) == ("http://hard.test/p/vanish", 404)
    assert finding
    assert "screenshot" in roles  # of what stands there now


def test_all_of_it_comes_to_an_end_by_itself(got: dict[str, Any]) -> None:
    assert got["reason"] == "finished"
    assert len(got["looks"]) + len(got["absent"]) == 6  # one for each post


@pytest.mark.long  # it takes the whole minute that a page may have
def test_a_script_that_never_lets_go_costs_its_picture_and_no_more(fake_run: Run) -> None:
    got = fake_run("busy", 0.01)
    (one,) = got["looks"]
    assert "脚本" in missing(one, "screenshot")[0]
    assert [url for url, _, body in one["exchanges"] if url == "http://busy.test/p" and body]
    assert got["reason"] == "finished"


def test_the_sheet_says_under_what_circumstances_the_look_was_taken(got: dict[str, Any]) -> None:
    sheet = look(got, "many")["sheet"]
    assert sheet["dns"] == "hard.test: the sandbox town, no name server was asked"
    assert sheet["server_addresses"].startswith("hard.test: 127.0.0.1:")
    assert sheet["robots_answer"].startswith("http://hard.test/robots.txt: HTTP 200, 20")
    assert "never nearer than 0.0" in sheet["rate_used"]
    assert "cookie ×" in sheet["removed"]
    assert sheet["started_beijing"].endswith("+08:00")
    assert "Chromium " in sheet["software_versions"]
    assert sheet["clock_server_date_seconds"].startswith("hard.test: ")
    assert sheet["option_viewport"].startswith("1366x900")
    assert "tls" not in sheet
    assert look(got, "many")["exchanges"][0][0] == "http://hard.test/robots.txt"


def test_what_is_tried_again_is_fetched_alone(fake_run: Run, town: Any) -> None:
    got = fake_run("again", 0.01)
    kept = {refers_to: (urls, gaps) for _, refers_to, urls, gaps in got["again"]}
    assert kept["second"] == (["http://hard.test/robots.txt", "http://hard.test/i/2"], [])
    urls, [[lost, cause]] = kept["first"]
    assert (urls[-1], lost) == ("http://hard.test/i/1", "http://gone.invalid/2.png")
    assert "补取时仍未取到" in cause
    (one,) = got["looks"]
    assert "screenshot" in one["roles"]
    # No list, no other post: only the page that lacks its picture, its own parts, and the two that were asked for.
    pages = {item["path"] for item in town.requests() if not item["path"].startswith("/i/")}
    assert pages == {"/robots.txt", "/p/many"}
    assert got["counts"]["parts"] == 2


def test_a_network_that_is_cut_in_the_midst_leaves_no_half_answer_as_a_whole_one(fake_run: Run) -> None:
    """Chromium shows what came before the cut as an answer like any other."""
    got = fake_run("severed", 0.01)
    pictured, page = look(got, "picture"), look(got, "page")
    for one, part in ((pictured, "half.png"), (pictured, "half.js"), (page, "p/page")):
        said = [cause for cause in missing(one, "exchange") if f"/{part}：正文没有收全，未保存" in cause]
        assert len(said) == 1, part
        assert [body for url, _, body in one["exchanges"] if url.endswith(part)] == [""]
    assert len(missing(pictured, "exchange")) == 2  # and nothing else is lacking
    assert got["reason"] == "finished"
