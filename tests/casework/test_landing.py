"""A store that goes away at any moment: whatever was met lands later, exactly once, as if nothing had happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from casework import intake, landing, runs, shelf
from casework.desk import Desk
from casework.landing import Landed
from core.errors import BadInput, Conflict, StoreAway, Unavailable
from core.model import Contact, Evidence, Finding, Lease, Run, Sighting, Trouble
from store.base import Save, Saved
from tests.casework.away import Switch, everything, switched
from tests.casework.desks import SEEN, make_capture, make_desk, make_post

LATER = SEEN + timedelta(hours=1)
BACK = LATER + timedelta(hours=1)
Work = Callable[[Desk], object]


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    """Makes desks, each with a store, a vault and a spool of its own."""
    made: list[Desk] = []
    config = tmp_path / "config"
    (config / "violations").mkdir(parents=True)
    (config / "violations" / "HOME_TUTOR.yml").write_text("title: 上门家教\n", encoding="utf-8")

    def make() -> Desk:
        made.append(make_desk(tmp_path / f"data{len(made)}", config))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def away(fresh: Callable[[], Desk]) -> tuple[Desk, Switch]:
    return switched(fresh())


def flagged(desk: Desk) -> intake.Taken:
    return intake.take_in(desk, make_post(), make_capture())


def drained(desk: Desk) -> Landed:
    done = landing.drain(desk, 60)
    assert (done.waiting, done.aside) == (0, 0), desk.spool.look()
    return done


def edit_to(body: str) -> Work:
    return lambda desk: intake.take_in(desk, make_post(body, seen_at=LATER), make_capture())


def look(desk: Desk) -> None:
    intake.attach(desk, "post1", make_capture(picture=True))


def vanish(desk: Desk) -> None:
    capture = make_capture().model_copy(update={"started_at": LATER})
    landing.gone(desk, "town", "http://tutor.test/1", 404, capture, "post1")


def retake(desk: Desk) -> None:
    landing.parts(desk, "post1", "0" * 64, make_capture(picture=True))


# What happened before, and what happens while the store goes away.
STORIES: dict[str, tuple[tuple[Work, ...], Work]] = {
    "new": ((), flagged),
    "new and unsure": ((), edit_to("托管班")),
    "new and clear": ((), edit_to("书法课")),
    "unchanged": ((flagged,), edit_to(make_post().body)),
    "unchanged and clear": ((edit_to("书法课"),), edit_to("书法课")),
    "edited": ((flagged,), edit_to("家教，改过了")),
    "edited to what is clear": ((flagged,), edit_to("书法课")),
    "clear before": (
        (lambda desk: intake.take_in(desk, make_post("书法课"), make_capture()),),
        edit_to("家教"),
    ),
    "looked at": ((flagged,), look),
    "gone": ((flagged,), vanish),
    "gone and back": (
        (flagged, vanish),
        lambda desk: intake.take_in(desk, make_post(seen_at=BACK), make_capture()),
    ),
    "parts fetched again": ((flagged,), retake),
}


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("story", STORIES)
def test_cut_off_at_any_save_it_ends_as_if_undisturbed(
    fresh: Callable[[], Desk], story: str, late: bool
) -> None:
    before, work = STORIES[story]
    calm = fresh()
    for step in (*before, work):
        step(calm)
    for writes in range(20):
        desk, switch = switched(fresh())
        for step in before:
            step(desk)
        switch.writes, switch.late = writes, late
        work(desk)
        went = not switch.reading
        switch.come_back()
        drained(desk)
        assert everything(desk) == everything(calm), writes
        drained(desk)
        if not went:
            return  # it saves fewer times than this
    raise AssertionError("a post is saved in fewer than 20 steps")


def test_a_clear_text_from_before_the_finding_that_lands_after_it_is_no_version(
    fresh: Callable[[], Desk], away: tuple[Desk, Switch]
) -> None:
    calm = fresh()
    desk, switch = away
    for one, before in ((calm, lambda: None), (desk, switch.go)):
        before()
        intake.take_in(one, make_post("书法课"), make_capture())
        switch.come_back()
        edit_to("家教")(one)
    drained(desk)
    assert everything(desk) == everything(calm)


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize("story", sorted(STORIES.keys() - {"unchanged", "looked at"}))
def test_away_from_the_beginning_it_ends_as_if_undisturbed(
    fresh: Callable[[], Desk], story: str, reading: bool
) -> None:
    before, work = STORIES[story]
    calm, (desk, switch) = fresh(), switched(fresh())
    for step in before:
        step(calm)
        step(desk)
    work(calm)
    switch.writing, switch.reading = False, reading
    work(desk)
    # What is known to be as it was, seen at the same moment, is no news.
    assert desk.spool.look().records == (0 if reading and story == "unchanged and clear" else 1)
    switch.come_back()
    drained(desk)
    assert everything(desk) == everything(calm)


def test_evidence_is_sealed_before_the_store_is_back(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    assert flagged(desk) == intake.Taken("waiting")
    sealed = {name for name in desk.vault.digests() if desk.vault.has(name)}
    switch.come_back()
    drained(desk)
    finding = shelf.load(desk.store, Finding, "post1")[0]
    assert set(finding.latest.evidence_ids) <= sealed
    assert finding.second_look == "pending"
    assert [name for name, _ in intake.pending_looks(desk, "town")] == ["post1"]


def test_a_clear_text_is_not_sealed_unless_it_is_an_edit(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    before = set(desk.vault.digests())
    switch.go()
    edit_to("书法课")(desk)
    switch.come_back()
    drained(desk)
    assert set(desk.vault.digests()) == before
    assert desk.spool.look().bytes == 0


def test_an_unchanged_post_of_an_outage_gets_one_more_proof(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    flagged(desk)
    switch.go()
    for hours in (1, 2, 3):  # three runs while the store is away: sealed once
        seen = SEEN + timedelta(hours=hours)
        intake.take_in(desk, make_post(seen_at=seen), make_capture())
    assert desk.spool.look().records == 1
    switch.come_back()
    drained(desk)
    finding = shelf.load(desk.store, Finding, "post1")[0]
    assert [len(version.evidence_ids) for version in finding.versions] == [2]
    assert finding.last_seen == SEEN + timedelta(hours=3)
    assert shelf.load(desk.store, Sighting, "post1")[0].last_seen == SEEN + timedelta(hours=3)
    assert intake.take_in(desk, make_post(seen_at=finding.last_seen), make_capture()).outcome == "unchanged"


def test_old_news_that_land_late_find_their_place_and_decide_nothing(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    flagged(desk)
    waiting = [desk.spool.read(path) for path in desk.spool.waiting()]
    switch.come_back()
    edit_to("托管班，改过")(desk)  # another machine was quicker
    drained(desk)
    finding = shelf.load(desk.store, Finding, "post1")[0]
    assert [version.post.body for version in finding.versions] == [make_post().body, "托管班，改过"]
    assert (finding.status, finding.first_seen, finding.last_seen) == ("unsure", SEEN, LATER)
    [contact] = finding.contact_ids  # the telephone number stands in the older text only
    assert shelf.load(desk.store, Contact, contact)[0].finding_ids == ("post1",)
    assert all(version.evidence_ids for version in finding.versions)
    marked = shelf.load(desk.store, Sighting, "post1")[0]
    assert (marked.decision, marked.first_seen, marked.last_seen) == ("unsure", SEEN, LATER)
    [found] = waiting
    assert found is not None
    desk.spool.put(found[0])  # as if its file had not been removed any more
    drained(desk)
    assert shelf.load(desk.store, Finding, "post1")[0] == finding


def test_an_older_proof_of_the_same_text_is_kept_with_it(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    flagged(desk)
    switch.come_back()
    edit_to(make_post().body)(desk)  # another machine met the same text later, and was quicker
    drained(desk)
    finding = shelf.load(desk.store, Finding, "post1")[0]
    assert [len(version.evidence_ids) for version in finding.versions] == [2]
    assert (finding.first_seen, finding.latest.seen_from, finding.last_seen) == (SEEN, SEEN, LATER)


def test_a_post_that_was_met_again_since_is_not_gone(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    flagged(desk)
    switch.go()
    vanish(desk)
    switch.come_back()
    intake.take_in(desk, make_post(seen_at=BACK), make_capture())  # another machine found it there
    drained(desk)
    assert shelf.load(desk.store, Finding, "post1")[0].gone is None
    landing.gone(desk, "town", "http://tutor.test/never", 404, make_capture())  # nobody's post


def test_a_miss_stays_pending_and_the_next_run_tries_again(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    flagged(desk)
    switch.go()
    intake.miss(desk, "post1", "超时")
    switch.come_back()
    assert [name for name, _ in intake.pending_looks(desk, "town")] == ["post1"]


def test_a_store_that_stays_away_is_asked_a_few_times_and_nothing_is_lost(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    for number in range(20):
        intake.take_in(desk, make_post(native_id=str(number)), make_capture())
    switch.asked = 0
    done = landing.drain(desk, 60)
    assert (done.landed, done.waiting, "away" in done.cause) == (0, 20, True)
    assert switch.asked <= landing.FAILURES
    switch.come_back()
    assert drained(desk).landed == 20
    assert landing.drain(desk, 60) == Landed()


def test_there_is_a_limit_of_time(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    flagged(desk)
    switch.come_back()
    done = landing.drain(desk, -1)
    assert (done.landed, done.waiting) == (0, 1)
    assert done.cause


def test_two_do_not_drain_at_once(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    flagged(desk)
    switch.come_back()
    with desk.spool.draining() as mine:
        assert mine
        assert landing.drain(desk, 60).landed == 0
    assert drained(desk).landed == 1


class Choosy(Switch):
    """Refuses one finding for ever, with what is no outage."""

    def __init__(self, inner: Switch, error: Exception) -> None:
        super().__init__(inner)
        self._error = error

    def save(self, records: list[Save]) -> list[Saved]:  # type: ignore[override]
        if any(save.record.id == "post1" and isinstance(save.record, Finding) for save in records):
            if isinstance(self._error, BadInput):
                return [Saved("post1", None, self._error)]
            raise self._error
        return super().save(records)


@pytest.mark.parametrize("error", [BadInput("no such field"), KeyError("x"), ValueError("y")])
def test_what_can_never_land_is_put_aside_with_its_cause_and_hinders_nobody(
    away: tuple[Desk, Switch], error: Exception
) -> None:
    desk, switch = away
    switch.go()
    for number in ("1", "2"):
        intake.take_in(desk, make_post(native_id=number), make_capture())
    switch.come_back()
    choosy = switched(desk)[0]
    object.__setattr__(choosy, "store", Choosy(switch, error))
    done = landing.drain(choosy, 60)
    assert (done.landed, done.aside, done.waiting) == (1, 1, 0)
    [(_, cause)] = desk.spool.look().aside
    assert type(error).__name__ in cause
    assert shelf.load(desk.store, Finding, "post2")
    assert desk.spool.again() == 1  # what was wrong has been mended
    assert drained(desk).landed == 1
    assert shelf.load(desk.store, Finding, "post1")


def test_a_spoiled_file_is_put_aside_by_name(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    flagged(desk)
    intake.take_in(desk, make_post(native_id="2"), make_capture())
    path = desk.spool.waiting()[0]
    path.write_bytes(path.read_bytes()[:-9])
    switch.come_back()
    done = landing.drain(desk, 60)
    assert (done.landed, done.aside) == (1, 1)
    assert desk.spool.look().aside[0][0] == path.name


def test_a_look_at_a_finding_that_is_gone_is_put_aside(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    switch.go()
    intake.attach(desk, "deleted", make_capture(picture=True))
    switch.come_back()
    assert landing.drain(desk, 60).aside == 1


def test_a_full_vault_is_no_outage_of_the_store(
    away: tuple[Desk, Switch], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, switch = away
    switch.go()

    def full(*_: object) -> Evidence:
        raise Unavailable("disk full")

    monkeypatch.setattr(intake, "seal", full)
    with pytest.raises(Unavailable):
        flagged(desk)
    assert desk.spool.look().records == 0  # never a finding without evidence


# -- runs


def begun(desk: Desk) -> Run:
    return runs.start(desk, runs.plan(desk, "crawl", "town", SEEN).id)


TROUBLE = Trouble(level="warning", text="慢", at=SEEN)


def test_the_end_of_a_run_lands_later(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    run = begun(desk)
    switch.go()
    runs.end(desk, run, "done", {"pages": 3}, [TROUBLE])
    switch.come_back()
    drained(desk)
    ended = runs.load(desk, run.id)
    assert (ended.state, ended.counts["pages"], ended.troubles) == ("done", 3, (TROUBLE,))
    assert runs.sweep(desk) == []
    following = runs.start(desk, runs.plan(desk, "crawl", "town", LATER).id)
    runs.end(desk, following, "done", {})


def test_a_run_that_an_outage_broke_off_waits_again_and_the_try_does_not_count(
    away: tuple[Desk, Switch],
) -> None:
    desk, switch = away
    run = runs.plan(desk, "crawl", "town", SEEN)
    for _ in range(runs.ATTEMPTS + 1):
        begun_again = runs.start(desk, run.id)
        switch.go()
        runs.end(desk, begun_again, "lost", {"pages": 2}, [TROUBLE])
        switch.come_back()
        drained(desk)
        drained(desk)
        back = runs.load(desk, run.id)
        assert (back.state, back.ended_at, back.counts["attempts"]) == ("lost", None, 0)
        assert [item.id for item in runs.sweep(desk)] == [run.id]


def test_an_end_that_lands_late_ends_nobody_elses_run(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    run = begun(desk)
    switch.go()
    runs.end(desk, run, "done", {"pages": 3})
    switch.come_back()
    runs.sweep(desk)
    second = runs.start(desk, run.id)  # somebody took it up before the end landed
    drained(desk)
    assert runs.load(desk, run.id) == second
    assert shelf.load(desk.store, Lease, "town")[0].expires_at > SEEN
    runs.end(desk, second, "done", {"pages": 4})
    assert runs.load(desk, run.id).counts["pages"] == 4


def test_the_end_of_a_run_that_was_deleted_is_nothing(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    run = begun(desk)
    switch.go()
    runs.end(desk, run, "done", {})
    switch.come_back()
    desk.store.delete("run", run.id)
    drained(desk)


def test_a_crawl_that_cannot_tell_that_it_lives_is_not_taken_for_dead_on_its_machine(
    away: tuple[Desk, Switch],
) -> None:
    desk, _ = away
    run = begun(desk)
    shelf.save(
        desk.store, Lease(id="town", run_id=run.id, expires_at=SEEN)
    )  # an outage longer than the lease
    assert runs.sweep(desk) == []
    with pytest.raises(Conflict):
        runs.start(desk, runs.plan(desk, "crawl", "town", LATER).id)
    assert runs.beat(desk, run.id, {}).state == "running"  # the store is back: the lease is taken anew
    assert shelf.load(desk.store, Lease, "town")[0].expires_at > LATER
    runs.end(desk, run, "done", {})
    assert [item.planned_at for item in runs.sweep(desk)] == [LATER]


def test_without_the_store_no_run_begins(away: tuple[Desk, Switch]) -> None:
    desk, switch = away
    run = runs.plan(desk, "crawl", "town", SEEN)
    switch.go()
    with pytest.raises(StoreAway):
        runs.start(desk, run.id)
    switch.come_back()
    runs.end(desk, runs.start(desk, run.id), "done", {})  # the lock was given back
