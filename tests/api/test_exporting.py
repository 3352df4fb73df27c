"""Handing over: receiver and reason stated, flaws said, a result that tells the digest, a bundle that goes away."""

from __future__ import annotations

import hashlib
import io
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import exporting
from api.app import create_app
from casework import audit, cases, export, handing, locks, orders, review, runs, shelf
from casework.desk import Desk
from casework.handing import Bench
from core import browsers
from core.errors import Unavailable
from core.model import Finding, Officer
from evidence import custody
from evidence.verify import verify_path
from tests.casework.desks import actor, today
from tests.cli.processes import PATIENCE

Enter = Callable[..., TestClient]
WISH = {"finding_ids": ["post1"], "receiver": "某区教育局", "reason": "移送查处"}


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle without PDF takes no time; tests/casework/test_export_tools.py prints."""
    monkeypatch.setattr(browsers, "headless", lambda _: None)


def exports(desk: Desk) -> list[Path]:
    return list((desk.settings.data / "exports").glob("*"))


def ended(made: TestClient, address: str) -> dict[str, Any]:
    """The state of an export once nothing is left to be made."""
    bench: Bench = made.app.state.bench  # type: ignore[attr-defined]
    assert bench.wait(PATIENCE)
    answer: dict[str, Any] = made.get(f"{address}/state").json()
    return answer


def asked(made: TestClient, **changes: object) -> dict[str, Any]:
    answer = made.post("/api/exports", json=WISH | changes)
    assert answer.status_code == 202, answer.text
    return ended(made, answer.json()["address"])


def test_a_bundle_by_form_names_receiver_digest_flaws_and_time(
    enter: Enter, desk: Desk, tmp_path: Path
) -> None:
    made = enter()
    form = made.get("/export?finding_id=post1&finding_id=post2").text
    assert "其中 2 条没有确认违规" in form
    fields = {
        "token": made.headers["X-CSRF-Token"], "finding_id": ["post1"], "receiver": "某区教育局", "reason": "移送"
    }  # fmt: skip
    address = made.post("/export", data=fields).headers["location"]
    ended(made, f"/api{address}")
    page = made.get(address).text
    bundle = made.get(f"{address}/file")
    digest = hashlib.sha256(bundle.content).hexdigest()
    words = (digest, "某区教育局", "移送", "1 条线索", "没有外部时间戳", "可补正", "行政处罚法")
    assert [word for word in words if word not in page] == []
    assert bundle.headers["x-sha256"] == digest
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle.content)
    assert verify_path(file) == []
    assert made.get(f"{address}/file").content == bundle.content  # a broken download may be taken up again
    entry = audit.chain(desk, "wang", today())[-1]
    assert (entry.action, "移交某区教育局：移送" in entry.reason) == ("export", True)
    [evidence_id, *_] = shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids
    told = json.loads(custody.chain(desk.vault, evidence_id)[-1]["detail"])
    assert (told["receiver"], told["bundle"]) == ("某区教育局", digest)


@pytest.mark.parametrize("lack", [{"receiver": " "}, {"reason": ""}, {"receiver": "长" * 101}])
def test_what_lacks_is_said_and_nothing_is_made(enter: Enter, desk: Desk, lack: dict[str, str]) -> None:
    made = enter()
    fields = {
        "token": made.headers["X-CSRF-Token"],
        "finding_id": ["post1"],
        "receiver": "甲",
        "reason": "乙",
    }
    answer = made.post("/export", data=fields | lack)
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)
    assert made.post("/api/exports", json=WISH | lack).status_code == 400
    assert exports(desk) == []


def test_what_may_not_be_asked_for_is_refused_at_once(enter: Enter, desk: Desk) -> None:
    made = enter()
    assert made.post("/api/exports", json=WISH | {"finding_ids": ["none"]}).status_code == 404
    assert made.post("/api/exports", json=WISH | {"finding_ids": []}).status_code == 400
    assert enter("kan").post("/api/exports", json=WISH).status_code == 403
    assert exports(desk) == []
    assert made.get("/export").status_code == 400


def test_a_bundle_is_its_officers_alone_and_gone_after_its_hour(enter: Enter, desk: Desk) -> None:
    made = enter()
    answer = asked(made)
    address = answer["address"]
    assert made.get(address).headers["content-type"] == "application/zip"
    assert enter("kan").get(address).status_code == 404
    assert enter("kan").get(f"{address}/state").status_code == 404
    assert made.get("/api/exports/" + "0" * 32).status_code == 404
    assert made.get("/api/exports/..").status_code == 404
    [folder] = exports(desk)
    assert folder.stat().st_mode & 0o077 == 0
    assert answer["until"].endswith("Z")
    about = folder / "about.json"
    past = time.time() - orders.KEEP.total_seconds() - 60
    about.write_text(json.dumps(json.loads(about.read_text("utf-8")) | {"made": past}), encoding="utf-8")
    assert made.get(address).status_code == 404
    os.utime(folder, (past, past))
    asked(made)
    assert folder not in exports(desk)


def test_a_bundle_goes_after_its_hour_though_nobody_asks_again(
    enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, whole = threading.Event(), orders.clear_old
    with monkeypatch.context() as patch:
        patch.setattr(
            orders, "KEEP", timedelta(seconds=-0.9)
        )  # its hour is over a tenth of a second from now
        patch.setattr(orders, "clear_old", lambda desk: (whole(desk), gone.set()))
        made = enter()
        made.post("/api/exports", json=WISH)
        bench: Bench = made.app.state.bench  # type: ignore[attr-defined]
        assert bench.wait(PATIENCE)
        gone.clear()
        while exports(desk):
            assert gone.wait(PATIENCE)
    bench.close()


def test_a_case_goes_out_whole(enter: Enter, desk: Desk) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    case = cases.open_case(desk, actor(), "某家教", ("post1",))
    made = enter()
    assert "案件“某家教”，1 条线索" in made.get(f"/export?case_id={case.id}").text
    answer = asked(made, finding_ids=[], case_id=case.id)
    assert answer["findings"] == 1
    with zipfile.ZipFile(io.BytesIO(made.get(answer["address"]).content)) as bundle:
        assert any(name.endswith("case.json") for name in bundle.namelist())
        assert json.loads(bundle.read("data/about.json"))["receiver"] == "某区教育局"
    assert "移交某区教育局" in made.get(f"/cases/{case.id}").text
    assert enter("nan").get(f"/export?case_id={case.id}").status_code == 403


def spoil(desk: Desk) -> None:
    """The picture of the second look is gone: the bundle can be made of the rest only when that is left out."""
    finding = shelf.load(desk.store, Finding, "post1")[0]
    bare = finding.latest.model_copy(update={"evidence_ids": ()})
    shelf.save(desk.store, finding.model_copy(update={"versions": (bare, finding.latest)}))


def test_a_fatal_flaw_stops_it_until_the_officer_asks_all_the_same(enter: Enter, desk: Desk) -> None:
    spoil(desk)
    made = enter()
    answer = asked(made)
    assert (answer["ready"], answer["problem"]) == (False, handing.FATAL)
    assert answer["flaws"][0]["severity"] == "fatal"
    name = answer["address"].rpartition("/")[2]
    page = made.get(f"/exports/{name}").text
    assert all(word in page for word in ("致命", "没有原始载体或复制件", "仍要制作"))
    assert made.get(answer["address"]).status_code == 404
    assert audit.chain(desk, "wang", today())[-1].action != "export"
    [run] = [one for one in runs.recent(desk)[0] if one.kind == "export"]
    assert (run.state, run.troubles[0].text) == ("suspect", handing.FATAL)
    assert asked(made, anyway=True)["ready"]


def test_evidence_that_is_broken_is_never_packed(enter: Enter, desk: Desk) -> None:
    [first, *_] = shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids
    desk.vault.path(first).unlink()
    made = enter()
    answer = asked(made, anyway=True)
    assert (answer["ready"], bool(answer["problem"])) == (False, True)
    page = made.get(answer["address"].replace("/api", "")).text
    assert "证据包没有制作" in page
    assert "not in the vault" not in page


def test_while_it_is_made_the_page_says_how_far_it_is(
    enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PATIENCE", 0.0)
    monkeypatch.setattr(handing, "BEAT", 0.01)
    going, told = threading.Event(), threading.Event()
    whole = export.hand_over

    def slow(*arguments: Any, **options: Any) -> export.Exported:
        options["progress"](3, 8)
        told.set()
        assert going.wait(PATIENCE)
        return whole(*arguments, **options)

    monkeypatch.setattr(export, "hand_over", slow)
    made = enter()
    address = made.post("/api/exports", json=WISH).json()["address"]
    assert told.wait(PATIENCE)
    while not (state := made.get(f"{address}/state").json())["steps"]:
        assert not state["ready"]
    assert (state["state"], state["done"], state["steps"]) == ("running", 3, 8)
    assert made.get(address).status_code == 409
    page = made.get(address.replace("/api", "")).text
    assert 'http-equiv="refresh"' in page
    assert "第 3 步，共 8 步" in page
    going.set()
    assert ended(made, address)["ready"]
    assert "证据包" in made.get("/runs").text


def test_a_server_that_ends_leaves_the_rest_to_the_next(
    enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = shelf.load(desk.store, Officer, "wang")[0]
    wish = orders.Wish(("post1",), "", "某区教育局", "移送查处")
    job = orders.ask(desk, officer, wish)
    stop = threading.Event()
    stop.set()
    handing.work(desk, job.name, stop)
    assert runs.load(desk, job.run_id).state == "lost"
    assert orders.waiting(desk) == [job.name]
    with TestClient(create_app(desk)) as made:  # as the next server starts
        assert made.app.state.bench.wait(PATIENCE)  # type: ignore[attr-defined]
    assert orders.find(desk, "wang", job.name).ready
    assert orders.waiting(desk) == []


def test_what_breaks_off_again_and_again_is_given_up(enter: Enter, desk: Desk) -> None:
    officer = shelf.load(desk.store, Officer, "wang")[0]
    job = orders.ask(desk, officer, orders.Wish(("post1",), "", "某区教育局", "移送查处"))
    for _ in range(runs.ATTEMPTS):  # a server that dies each time
        runs.start(desk, job.run_id)
        locks.release(job.run_id)
    handing.work(desk, job.name, threading.Event())
    assert orders.find(desk, "wang", job.name).problem == handing.BROKEN_OFF
    assert runs.load(desk, job.run_id).state == "failed"


def test_what_goes_wrong_is_said_and_leaves_nothing(
    enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unavailable("disk full")

    monkeypatch.setattr(export, "hand_over", full)
    made = enter()
    answer = asked(made)
    assert (answer["ready"], answer["problem"]) == (False, "disk full")
    page = made.get(answer["address"].replace("/api", "")).text
    assert "disk full" not in page
    assert not list(desk.settings.data.glob("exports/*/bundle.zip"))


def test_who_left_meanwhile_exports_nothing(enter: Enter, desk: Desk) -> None:
    officer = shelf.load(desk.store, Officer, "wang")[0]
    job = orders.ask(desk, officer, orders.Wish(("post1",), "", "某区教育局", "移送查处"))
    shelf.save(desk.store, officer.model_copy(update={"active": False}))
    handing.work(desk, job.name, threading.Event())
    assert "停用" in orders.find(desk, "wang", job.name).problem


def test_a_fault_of_ours_is_said_and_the_next_officer_is_served(
    enter: Enter, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = enter()
    with monkeypatch.context() as patch:
        patch.setattr(export, "hand_over", lambda *_, **__: 1 / 0)
        answer = asked(made)
    assert (answer["ready"], answer["problem"]) == (False, handing.FAULT)
    assert "ZeroDivisionError" in caplog.text
    assert asked(made)["ready"]
