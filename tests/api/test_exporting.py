"""Handing over: receiver and reason stated, a result that tells the digest, a bundle that checks and goes away."""

from __future__ import annotations

import hashlib
import io
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import exporting
from casework import audit, cases, review, shelf
from casework.desk import Desk
from core.model import Finding
from evidence import custody
from evidence.verify import verify_path
from tests.casework.desks import actor, today

Enter = Callable[..., TestClient]
WISH = {"finding_ids": ["post1"], "receiver": "某区教育局", "reason": "移送查处"}


def exports(desk: Desk) -> list[Path]:
    return list((desk.settings.data / "exports").glob("*"))


def test_a_bundle_by_form_names_receiver_digest_and_time(enter: Enter, desk: Desk, tmp_path: Path) -> None:
    made = enter()
    form = made.get("/export?finding_id=post1&finding_id=post2").text
    assert "其中 2 条没有确认违规" in form
    fields = {
        "token": made.headers["X-CSRF-Token"], "finding_id": ["post1"], "receiver": "某区教育局", "reason": "移送"
    }  # fmt: skip
    address = made.post("/export", data=fields).headers["location"]
    page = made.get(address).text
    bundle = made.get(f"{address}/file")
    digest = hashlib.sha256(bundle.content).hexdigest()
    assert [word in page for word in (digest, "某区教育局", "移送", "1 条线索")] == [True] * 4
    assert bundle.headers["x-sha256"] == digest
    file = tmp_path / "bundle.zip"
    file.write_bytes(bundle.content)
    assert verify_path(file) == []
    assert made.get(f"{address}/file").content == bundle.content  # a broken download may be taken up again
    entry = audit.chain(desk, "wang", today())[-1]
    assert (entry.action, "移交某区教育局：移送" in entry.reason) == ("export", True)
    [evidence_id, *_] = shelf.load(desk.store, Finding, "post1")[0].latest.evidence_ids
    assert "某区教育局" in str(custody.chain(desk.vault, evidence_id)[-1])


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


def test_a_failure_leaves_nothing_behind(enter: Enter, desk: Desk) -> None:
    made = enter()
    assert made.post("/api/exports", json=WISH | {"finding_ids": ["none"]}).status_code == 404
    assert made.post("/api/exports", json=WISH | {"finding_ids": []}).status_code == 400
    assert exports(desk) == []
    assert made.get("/export").status_code == 400


def test_a_bundle_is_its_officers_alone_and_gone_after_its_hour(enter: Enter, desk: Desk) -> None:
    made = enter()
    answer = made.post("/api/exports", json=WISH)
    assert answer.status_code == 201, answer.text
    address = answer.json()["address"]
    assert made.get(address).headers["content-type"] == "application/zip"
    assert enter("kan").get(address).status_code == 404
    assert made.get("/api/exports/" + "0" * 32).status_code == 404
    assert made.get("/api/exports/..").status_code == 404
    [folder] = exports(desk)
    assert folder.stat().st_mode & 0o077 == 0
    about = folder / "about.json"
    past = time.time() - exporting.KEEP.total_seconds() - 60
    made_at = answer.json()["until"]
    assert made_at.endswith("Z")
    text = about.read_text(encoding="utf-8")
    about.write_text(text[: text.rindex('"made"')] + f'"made": {past}}}', encoding="utf-8")
    assert made.get(address).status_code == 404
    os.utime(folder, (past, past))
    assert made.post("/api/exports", json=WISH).status_code == 201
    assert folder not in exports(desk)


def test_a_case_goes_out_whole(enter: Enter, desk: Desk) -> None:
    review.decide(desk, actor(), "post1", "confirmed", "属实")
    case = cases.open_case(desk, actor(), "某家教", ("post1",))
    made = enter()
    assert "案件“某家教”，1 条线索" in made.get(f"/export?case_id={case.id}").text
    answer = made.post("/api/exports", json=WISH | {"finding_ids": [], "case_id": case.id}).json()
    assert answer["findings"] == 1
    with zipfile.ZipFile(io.BytesIO(made.get(answer["address"]).content)) as bundle:
        assert any(name.endswith("case.json") for name in bundle.namelist())
    assert "移交某区教育局" in made.get(f"/cases/{case.id}").text
    assert enter("nan").get(f"/export?case_id={case.id}").status_code == 403
