"""A real server that is full, busy, slow, killed or out of reach while posts are taken in: nothing lost, nothing doubled."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casework import intake, landing
from casework.desk import Desk
from core.errors import ReadOnly
from store.base import Query, Save
from store.elasticsearch import patience
from tests.casework.away import everything
from tests.casework.desks import SEEN, make_capture, make_desk, make_post
from tests.cli.processes import wait_for
from tests.elasticsearch import launcher
from tests.elasticsearch.fixtures import ANSWER, driver, empty, own_cluster
from tests.elasticsearch.proxy import Proxy, running

BODIES = ("上门家教，电话13812345678", "托管班", "书法课", "数学家教一对一")
POSTS = 24
Trouble = Callable[[], None]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config" / "violations").mkdir(parents=True)
    (tmp_path / "config" / "violations" / "HOME_TUTOR.yml").write_text("title: 上门家教\n", encoding="utf-8")
    return tmp_path / "config"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """As patient as otherwise, in a tenth of the time."""
    monkeypatch.setattr(patience, "PATIENCE", 0.3)
    monkeypatch.setattr(patience, "FIRST_REST", 0.1)
    monkeypatch.setattr(patience, "LONGEST_REST", 0.2)
    monkeypatch.setattr("store.elasticsearch.writing.PAUSES", (0.0, 0.05, 0.1))
    monkeypatch.setattr("store.elasticsearch.store.PAUSES", (0.0, 0.05, 0.1))


@pytest.fixture
def calm(tmp_path: Path, config: Path) -> Iterator[object]:
    """What is there when nothing happens (on the other back-end: it keeps the same promises)."""
    desk = make_desk(tmp_path / "calm", config)
    for number in range(POSTS):
        take(desk, number)
    yield everything(desk)
    desk.close()


def take(desk: Desk, number: int) -> None:
    """A post, the look at it, and the post once more after an edit: a finding's whole beginning."""
    body, name = BODIES[number % len(BODIES)], str(number // 2)
    seen = SEEN + timedelta(minutes=number)
    taken = intake.take_in(desk, make_post(f"{body}{number}", name, seen_at=seen), make_capture())
    if taken.needs_look and taken.finding_id and number % 2:
        intake.attach(desk, taken.finding_id, make_capture(picture=True))


def worked_through(desk: Desk, begins: Trouble, ends: Trouble, noticed: bool = True) -> None:
    """Posts are met before, during and after the trouble; then what waits lands.

    `noticed`: something has to wait; a save whose answer gets lost is told from a conflict and needs no spool.
    """
    for number in range(POSTS):
        if number == 5:
            begins()
        if number == POSTS - 6:
            assert bool(desk.spool.look().records) == noticed
            ends()
        take(desk, number)
    wait_for(lambda: landing.drain(desk, 60).waiting == 0, "all that waits lands")
    assert desk.spool.look().aside == ()


def looks_of_waiting(desk: Desk) -> None:
    """A look that could not be asked for during the outage is taken by the next run."""
    for finding_id, _ in intake.pending_looks(desk, "town"):
        if int(finding_id.removeprefix("post")) * 2 + 1 < POSTS:
            intake.attach(desk, finding_id, make_capture(picture=True))


@pytest.fixture
def url(elasticsearch_kept: str) -> Iterator[str]:
    """An empty store whose indices are there already: making them costs more than all that is tested here."""
    yield elasticsearch_kept
    empty(elasticsearch_kept)


@pytest.fixture
def proxy(elasticsearch_server: str) -> Iterator[Proxy]:
    with running(elasticsearch_server) as made:
        yield made


def on_bulk(fault: str) -> Callable[[str, str, bytes], str]:
    return lambda method, path, body: fault if "/_bulk" in path else ""


def always(fault: str) -> Callable[[str, str, bytes], str]:
    return lambda method, path, body: fault


def every_third(fault: str) -> Callable[[str, str, bytes], str]:
    count = itertools.count()
    return lambda method, path, body: fault if "/_bulk" in path and next(count) % 3 else ""


FAULTS = {
    "rejects": on_bulk("429"),
    "has_no_node": on_bulk("503"),
    "fails": always("500"),
    "is_silent": always("slow"),
    "saves_slowly": on_bulk("slow"),
    "loses_answers": every_third("lost"),
    "is_gone": always("lost"),
}


SLOW = ("is_silent", "saves_slowly")
SHORT = (
    "rejects",
    "loses_answers",
    "is_gone",
)  # one of each kind; the others differ by what the client is told


@pytest.mark.parametrize(
    "fault", [item if item in SHORT else pytest.param(item, marks=pytest.mark.long) for item in FAULTS]
)
def test_a_server_that(
    fault: str, proxy: Proxy, url: str, tmp_path: Path, config: Path, calm: object
) -> None:
    prefix = url.rpartition("/")[2]
    # A server that is slow is given up after a second; any other may take its time, being busy with other tests.
    seconds = 1 if fault in SLOW else ANSWER
    desk = make_desk(tmp_path / "data", config, f"{proxy.url}/{prefix}?timeout={seconds}")
    fine = proxy.fault

    def ends() -> None:
        proxy.fault = fine
        proxy.release.set()  # what was sent and given up arrives now, late

    worked_through(desk, lambda: setattr(proxy, "fault", FAULTS[fault]), ends, fault != "loses_answers")
    looks_of_waiting(desk)
    assert without_looks(everything(desk)) == without_looks(calm)
    desk.close()


def without_looks(found: object) -> object:
    """Everything but what a look taken later may change: when it was put beside an edited version."""
    assert isinstance(found, dict)
    return {
        "sighting": found["sighting"],
        "contact": [one | {"finding_ids": sorted(one["finding_ids"])} for one in found["contact"]],
        "first": sorted(one["id"] for one in found["evidence"] if one["look"] == "first"),
        "second": sorted({one["post_id"] for one in found["evidence"] if one["look"] == "second"}),
        "versions": {
            one["id"]: [
                (version["content_digest"], version["seen_from"], version["evidence_ids"][:1])
                for version in one["versions"]
            ]
            for one in found["finding"]
        },
        "status": {one["id"]: (one["status"], one["last_seen"]) for one in found["finding"]},
    }


def test_a_server_whose_disk_is_full(
    elasticsearch_server: str, url: str, tmp_path: Path, config: Path, calm: object
) -> None:
    """What the server does by itself at the last watermark; searching and loading go on."""
    desk = make_desk(tmp_path / "data", config, url)
    indices = url.rpartition("/")[2] + "-*"

    def block(on: bool | None) -> None:
        with driver(elasticsearch_server) as made:
            made.indices.put_settings(index=indices, settings={"index.blocks.read_only_allow_delete": on})

    def begins() -> None:
        block(True)
        kept = desk.store.load("sighting", "post1")[0]
        [saved] = desk.store.save([Save(kept)])
        assert isinstance(saved.error, ReadOnly)
        desk.store.flush()
        assert desk.store.search("sighting", Query()).total > 0

    try:
        worked_through(desk, begins, lambda: block(None))
    finally:
        block(None)
    looks_of_waiting(desk)
    assert without_looks(everything(desk)) == without_looks(calm)
    desk.close()


@pytest.fixture
def own() -> Iterator[launcher.Cluster]:
    """A server of this test's own, to be killed."""
    with own_cluster() as made:
        yield made


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(signal.SIGKILL, id="killed"),
        pytest.param(signal.SIGTERM, id="stopped", marks=pytest.mark.long),
    ],
)
def test_a_server_that_is_killed_and_started_again(
    how: signal.Signals, own: launcher.Cluster, tmp_path: Path, config: Path, calm: object
) -> None:
    desk = make_desk(tmp_path / "data", config, f"{own.url}/own")
    worked_through(desk, lambda: own.nodes[0].stop(how), lambda: launcher.again(own, 0))
    looks_of_waiting(desk)
    assert without_looks(everything(desk)) == without_looks(calm)
    desk.close()


@pytest.mark.long  # three servers need 2 GiB and half a minute
@pytest.mark.timeout(1200)
def test_a_node_of_three_that_goes_is_hardly_noticed(tmp_path: Path, config: Path, calm: object) -> None:
    with own_cluster(3) as cluster:
        desk = make_desk(tmp_path / "data", config, f"{cluster.url}/three?shards=3")
        killer = threading.Timer(0.3, cluster.nodes[0].stop, (signal.SIGKILL,))
        killer.start()
        for number in range(POSTS):
            take(desk, number)
        killer.join()
        wait_for(lambda: landing.drain(desk, 60).waiting == 0, "all that waits lands on the two that stay")
        looks_of_waiting(desk)
        assert without_looks(everything(desk)) == without_looks(calm)
        desk.close()
