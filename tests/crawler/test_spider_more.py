"""Whole crawls of the little sites that each show one thing."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.processes import PATIENCE

Run = Callable[..., dict[str, Any]]
Begin = Callable[[str], "subprocess.Popen[str]"]
pytestmark = pytest.mark.browser


def asked(town: Any, since: int = 0) -> list[str]:
    return [item["path"] + ("?" + item["query"] if item["query"] else "") for item in town.requests()[since:]]


def test_a_contact_behind_a_click_is_asked_for_and_belongs_to_post_and_evidence(
    fake_run: Run, town: Any
) -> None:
    got = fake_run("hidden", 0.1)
    posts = {post["url"].rsplit("/", 1)[1]: post for post in got["posts"]}
    assert {name: post["contacts"] for name, post in posts.items()} == {
        "1": ["电话：13800000000"],
        "2": [],
        "3": [],
        "4": [],
    }
    # A value of the page stays a value: it cannot become a path of its own.
    assert posts["1"]["urls"][-1] == "http://hidden.test/ask?id=1%2F%3Fx"
    assert "13800000000" in bytes.fromhex(posts["1"]["bodies"][0]).decode()
    assert [len(posts[name]["missing"]) for name in "1234"] == [0, 1, 1, 0]
    assert "500" in posts["2"]["missing"][0]
    assert got["counts"]["revealed"] == 1
    times = sorted(item["t"] for item in town.requests() if item["host"] == "hidden.test")
    assert min(after - before for before, after in pairwise(times)) >= 0.1


def test_what_was_revealed_is_not_asked_for_again_while_the_post_stays_as_it_is(
    fake_run: Run, town: Any, tmp_path: Path
) -> None:
    fake_run("hidden", memory=tmp_path / "pages")
    before = len(town.requests())
    fake_run("hidden", memory=tmp_path / "pages")
    again = {path for path in asked(town, before) if path.startswith("/ask")}
    assert again == {"/ask?id=2", "/ask?id=3"}  # what was not given is asked for again


@pytest.mark.parametrize(("name", "read"), [("tagged", {"said", "none"}), ("said", set())])
def test_unchanged_pages_are_not_read_again_and_changed_ones_are(
    fake_run: Run, town: Any, tmp_path: Path, name: str, read: set[str]
) -> None:
    def bodies(got: dict[str, Any]) -> set[str]:
        return {post["body"] for post in got["posts"]}

    first = fake_run(name, memory=tmp_path / "pages")
    assert bodies(first) == {"tag v1", "date v1", "said v1", "moved v1", "none v1"}
    second = fake_run(name, memory=tmp_path / "pages")
    assert {body.split()[0] for body in bodies(second)} - {"moved"} == read
    assert second["counts"]["posts"] == 5
    town.ask("http://tagged.test/change")
    third = fake_run(name, memory=tmp_path / "pages")
    # All that changed is read; what moved behind a log-in page is a wall, though that page says 304.
    assert bodies(third) == {"tag v2", "date v2", "said v2", "none v2"}
    assert third["counts"]["login_wall"] == 1


def test_a_drawn_posts_pictures_are_known_by_their_bytes(fake_run: Run) -> None:
    (post,) = fake_run("pictured")["posts"]
    own, gone = post["pictures"]
    assert gone["sha256"] is None
    assert any("gone.png" in line for line in post["missing"])
    sent = next(
        body for url, body in zip(post["urls"], post["all"], strict=True) if url.endswith("/cdn/own.png")
    )
    assert own["sha256"] == hashlib.sha256(bytes.fromhex(sent)).hexdigest()


def test_frames_of_other_sites_are_in_the_record(fake_run: Run) -> None:
    (look,) = fake_run("framed")["looks"]
    kept = {url: bytes.fromhex(body).decode() for url, _, body in look["exchanges"]}
    assert "框里的广告" in kept["http://other.test/f"]
    assert "http://other.test/data" in kept


def test_what_the_recorder_could_not_see_is_said(fake_run: Run) -> None:
    (look,) = fake_run("isolated")["looks"]
    print(json.dumps(look["missing"]), [item[0] for item in look["exchanges"]])
    assert [
        cause for role, cause in look["missing"] if role == "exchange" and "http://other.test/data" in cause
    ]


def test_a_robots_txt_that_does_not_come_closes_the_site_and_is_told_once(fake_run: Run, town: Any) -> None:
    got = fake_run("shut")
    assert {item["path"] for item in town.requests()} == {"/robots.txt"}
    assert len([line for line in got["troubles"] if "robots.txt" in line and "HTTP 503" in line]) == 1


def browsers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "chrom" in child.name()]


# Without its driver a page is only given up when its minute is over.
@pytest.mark.parametrize("victim", ["browser", pytest.param("driver", marks=pytest.mark.long)])
def test_a_look_whose_browser_is_killed_is_taken_again(begun_run: Begin, town: Any, victim: str) -> None:
    process = begun_run("held")
    town.wait_for("/held.png")  # the look is in the middle of its page now
    alive = browsers(process)
    parents = {child.pid: child.ppid() for child in alive}
    main = next(child for child in alive if child.ppid() not in parents)
    os.kill(main.pid if victim == "browser" else main.ppid(), signal.SIGKILL)
    town.ask("http://held.test/release")
    got = json.loads(process.communicate(timeout=PATIENCE)[0].partition("RESULT")[2])
    assert got["missed"] == []
    assert got["counts"]["looks"] == 1
    assert got["reason"] == "finished"
    (look,) = got["looks"]
    assert "screenshot" in look["roles"]
    # Only what the second browser saw: each address once.
    urls = [url for url, _, _ in look["exchanges"]]
    assert len(urls) == len(set(urls))
    _, left = psutil.wait_procs(alive, timeout=PATIENCE)
    assert left == []


def test_a_run_that_is_told_to_end_does_not_wait_for_its_look_which_stays_to_be_taken(
    begun_run: Begin, town: Any
) -> None:
    process = begun_run("held")
    town.wait_for(
        "/held.png"
    )  # nobody releases it: a look that is waited for takes a minute and has no picture
    process.send_signal(signal.SIGTERM)
    got = json.loads(process.communicate(timeout=PATIENCE)[0].partition("RESULT")[2])
    assert (got["reason"], got["looks"], got["missed"], got["absent"]) == ("shutdown", [], [], [])
    assert got["counts"] == {"pages": 2, "posts": 1, "flagged": 1}
    assert got["troubles"] == []


def test_each_look_is_a_new_visitors_and_carries_no_mark_of_another(fake_run: Run) -> None:
    looks = fake_run("marking")["looks"]
    assert len(looks) == 4
    for look in looks:
        assert "unmarked" in look["text"]
        assert "new" in look["text"].split()
