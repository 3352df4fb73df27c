"""Each check of the doctor is shown something right, something wrong, or something that nobody can tell."""

from __future__ import annotations

import os
import secrets
import socket
import stat
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casework import audit, clock, runs, shelf, unnamed
from casework.queue import Queue
from casework.spool import Spool
from casework.waiting import Meeting
from cli import doctor
from cli import doctor_machine as machine
from cli import doctor_records as records
from cli.answers import Seen, cannot_tell, ok, wrong
from cli.demo import TOWN_SOURCES
from cli.main import app
from core import browsers
from core.errors import BadInput, Unavailable, WangxunError
from core.model import SYSTEM, AuditEntry, Finding, Review
from core.settings import Settings
from tests.casework.desks import desk_of
from tests.cli.test_town_check import finding


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


def program(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def answering(answer: Seen) -> doctor.Look:
    return lambda settings: answer


def test_one_failure_hides_no_other_and_each_has_its_mend(settings: Settings) -> None:
    def fails(settings: Settings) -> Seen:
        raise Unavailable("it is away")

    looks = (("a", 3, fails, "start it"), ("b", 1, answering(ok("fine")), ""))
    found = doctor.examine(settings, looks)
    assert [(item.answer, item.seen, item.mend) for item in found] == [
        ("wrong", "it is away", "start it"),
        ("ok", "fine", ""),
    ]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([(3, ok("")), (1, ok(""))], 0),
        ([(3, cannot_tell("", "")), (1, cannot_tell("", ""))], 0),
        ([(3, wrong("", "")), (1, ok(""))], 3),
        ([(3, wrong("", "")), (1, wrong("", ""))], 1),
    ],
)
def test_the_exit_code_tells_a_no_from_something_that_is_away(
    settings: Settings, answers: list[tuple[int, Seen]], code: int
) -> None:
    looks = [("x", weight, answering(answer), "") for weight, answer in answers]
    assert doctor.exit_code(doctor.examine(settings, looks)) == code


def test_every_check_has_a_mend_of_its_own() -> None:
    assert all(mend and code in {1, 3} for _, code, _, mend in doctor.CHECKS)


def test_the_command_prints_settings_checks_and_mends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = (
        ("first", 3, answering(wrong("broken", "mend it")), ""),
        ("second", 1, answering(ok("fine")), ""),
    )
    monkeypatch.setattr("cli.doctor.CHECKS", looks)
    monkeypatch.setattr("cli.doctor.examine.__defaults__", (looks,))
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "wangxun_session_key").write_text("s3cret value\n", encoding="utf-8")
    env = {"WANGXUN_DATA": str(tmp_path), "WANGXUN_SECRETS": str(secrets), "COLUMNS": "200"}
    said = CliRunner().invoke(app, ["doctor"], env=env)
    assert said.exit_code == 3
    assert "s3cret" not in said.output
    assert "secrets folder" in said.output
    assert "wrong       first: broken" in said.output
    assert "mend: mend it" in said.output


def test_a_misspelt_variable_is_named_with_the_right_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (check,) = doctor.examine(settings, doctor.CHECKS[:1])
    assert check.answer == "ok"
    monkeypatch.setenv("WANGXUN_PROT", "80")
    (check,) = doctor.examine(settings, doctor.CHECKS[:1])
    assert (check.answer, check.mend) == ("wrong", "write WANGXUN_PORT")


def test_config_faults_are_all_named_and_real_sources_need_a_contact(tmp_path: Path) -> None:
    bad = tmp_path / "sources"
    bad.mkdir()
    (bad / "x.yml").write_text("titel: X\n", encoding="utf-8")
    with pytest.raises(WangxunError, match="titel"):
        records.config(Settings(sources=bad))
    assert records.config(Settings(sources=tmp_path / "none")).answer == "ok"
    assert records.config(Settings(sources=TOWN_SOURCES)).mend.startswith("set WANGXUN_CONTACT")
    assert records.config(Settings(sources=TOWN_SOURCES, contact="net@example.cn")).answer == "ok"
    assert records.config(Settings(sources=TOWN_SOURCES, town="127.0.0.1:1")).answer == "ok"


# --- machine ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("euid", "answer"), [(1000, "ok"), (0, "cannot tell")])
def test_a_browser_that_draws_is_right_but_for_root_its_sandbox_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, euid: int, answer: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: euid)
    draws = program(tmp_path, "chromium", f'echo "$@" >>{tmp_path}/asked; echo "<p>wangxun</p>"')
    assert machine.browser(Settings(browser=draws)).answer == answer
    assert ("--no-sandbox" in (tmp_path / "asked").read_text()) == (euid == 0)


def test_a_browser_that_does_not_start_says_why(tmp_path: Path) -> None:
    dead = program(tmp_path, "dead", "echo 'libnss3.so: not found' >&2; exit 127")
    seen = machine.browser(Settings(browser=dead))
    assert (seen.answer, "libnss3" in seen.text, "make setup" in seen.mend) == ("wrong", True, True)
    unsafe = program(tmp_path, "unsafe", "echo 'No usable sandbox!' >&2; exit 1")
    assert "chromium-sandbox" in machine.browser(Settings(browser=unsafe)).mend


def test_no_browser_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers, "headless", lambda _: None)
    assert machine.browser(Settings()).text == "no Chromium found"


@pytest.mark.browser
def test_this_machines_browser_and_its_driver_start() -> None:
    assert machine.browser(Settings()).answer != "wrong"
    assert machine.driver(Settings()).answer == "ok"


def test_a_driver_that_lacks_a_library_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = program(tmp_path, "python", "echo 'libatomic.so.1: no such file' >&2; exit 127")
    monkeypatch.setattr("sys.executable", python)
    seen = machine.driver(Settings())
    assert (seen.answer, "libatomic" in seen.text) == ("wrong", True)


def test_fonts_are_there_or_not_or_nobody_can_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.fonts(Settings()).answer == "cannot tell"
    program(tmp_path, "fc-list", "exit 0")
    assert machine.fonts(Settings()).answer == "wrong"
    program(tmp_path, "fc-list", "echo 'Noto Sans CJK'")
    assert machine.fonts(Settings()).text == "Noto Sans CJK"


def test_pictures_are_read_or_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.pictures(Settings()).text.startswith("rapidocr ")
    monkeypatch.setattr("nlp.pictures._installed", lambda name: name != "zxing-cpp")
    seen = machine.pictures(Settings())
    assert (seen.answer, seen.text) == ("wrong", "not read: zxing-cpp missing")


def test_the_data_folder_is_written_to_and_measured(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert machine.room(settings).answer == "ok"
    assert list((settings.data / "vault" / "tmp").iterdir()) == []
    monkeypatch.setattr(machine, "LEAST_ROOM", 2**70)
    assert machine.room(settings).answer == "wrong"
    blocked = settings.data / "file"
    blocked.write_text("")
    with pytest.raises((OSError, WangxunError)):
        machine.room(Settings(data=blocked / "below"))


# --- clock -----------------------------------------------------------------------------------------------


@contextmanager
def web_clock(ahead: float, status: int = 200) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(status)
            moment = datetime.now(UTC) + timedelta(seconds=ahead)
            self.send_header("Date", format_datetime(moment, usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def ntp_clock(ahead: float, answer: bytes | None = None) -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            _, who = server.recvfrom(48)
            moment = time.time() + ahead + 2_208_988_800
            head = struct.pack("!II", int(moment), int(moment % 1 * 2**32))
            server.sendto(bytes(40) + head if answer is None else answer, who)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"ntp://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize("kind", [web_clock, ntp_clock])
@pytest.mark.parametrize(("ahead", "answer"), [(0.0, "ok"), (3600.0, "wrong"), (-3600.0, "wrong")])
def test_a_configured_clock_is_compared(
    kind: Callable[[float], AbstractContextManager[str]],
    ahead: float,
    answer: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "MOST_OFFSET", 600.0)  # a busy machine may take its time
    with kind(ahead) as address:
        seen = machine.clock(Settings(clock=address))
    assert seen.answer == answer
    assert answer == "ok" or seen.text.startswith("-" if ahead > 0 else "+")  # how far ours is ahead


def test_a_refusing_page_tells_the_time_as_well() -> None:
    with web_clock(0.0, 403) as address:
        assert machine.clock(Settings(clock=address)).answer == "ok"


def test_a_clock_that_is_silent_or_talks_nonsense_tells_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert machine.clock(Settings(clock=silent)).answer == "cannot tell"
    with ntp_clock(0, b"short") as address, pytest.raises(Unavailable):
        clock.offset(address)
    with pytest.raises(BadInput):
        clock.offset("file:///etc/passwd")


@pytest.mark.parametrize(("known", "answer"), [(True, "ok"), (False, "cannot tell"), (None, "cannot tell")])
def test_without_a_configured_clock_the_kernel_is_asked_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch, known: bool | None, answer: str
) -> None:
    assert clock.synchronised() in {True, False, None}
    monkeypatch.setattr(clock, "synchronised", lambda: known)
    assert machine.clock(Settings()).answer == answer


# --- records ---------------------------------------------------------------------------------------------


def test_keys_secrets_and_data_are_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_reachable", lambda path: True)  # pytest's own folder is closed above ours
    data, secrets = tmp_path / "data", tmp_path / "secrets"
    secrets.mkdir()
    settings = Settings(data=data, secrets=secrets)
    machine.room(settings)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    key, secret = data / "fingerprint.key", secrets / "WANGXUN_SESSION_KEY"
    for path, mode in ((key, 0o640), (data, 0o755), (secret, 0o644)):
        if not path.exists():
            path.write_text("k", encoding="utf-8")
        closed = stat.S_IMODE(path.stat().st_mode) & 0o700
        path.chmod(mode)
        seen = records.private_files(settings)
        assert (seen.answer, str(path) in seen.mend) == ("wrong", True)
        path.chmod(closed)
    assert records.private_files(settings).answer == "ok"
    secret.write_text("\n", encoding="utf-8")
    assert "is empty" in records.private_files(settings).text


def test_a_folder_behind_a_closed_door_is_not_open(tmp_path: Path) -> None:
    folder = tmp_path / "closed" / "data"
    folder.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    assert records.private_files(Settings(data=folder)).answer == "ok"


def test_the_store_answers_or_is_away(settings: Settings) -> None:
    with desk_of(settings):
        assert records.store(settings).text == "answers, 0 findings"
    broken = settings.data / "broken.sqlite3"
    broken.write_bytes(b"no database" * 100)
    with pytest.raises(WangxunError):
        records.store(Settings(store=f"sqlite:///{broken}"))


def test_findings_whose_evidence_is_not_in_the_vault_are_counted(settings: Settings) -> None:
    with desk_of(settings) as desk:
        kept = desk.vault.put(b"manifest")
        shelf.save(desk.store, with_evidence(finding("a"), kept))
    assert records.evidence(settings).answer == "ok"
    with desk_of(settings) as desk:
        shelf.save(desk.store, with_evidence(finding("b"), "0" * 64))
    seen = records.evidence(settings)
    assert (seen.answer, "0000" in seen.text) == ("wrong", True)


def test_sealed_looks_that_no_finding_names_are_told_and_are_no_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk_of(settings) as desk:
        stray = desk.vault.keep(b"{}")
    assert "no finding names" not in records.evidence(settings).text
    monkeypatch.setattr(unnamed, "YOUNG", timedelta(0))
    seen = records.evidence(settings)
    assert (seen.answer, f"1 sealed looks that no finding names are kept, first {stray}" in seen.text) == (
        "ok",
        True,
    )


def with_evidence(made: Finding, digest: str) -> Finding:
    version = made.latest.model_copy(update={"evidence_ids": (digest,)})
    return made.model_copy(update={"versions": (version,)})


def test_a_decision_without_entry_is_named_and_mended_by_the_repair(settings: Settings) -> None:
    review = Review(
        officer="wang", at=datetime.now(UTC), outcome="confirmed", reason="核查", content_digest="d"
    )
    with desk_of(settings) as desk:
        shelf.save(desk.store, finding("a").model_copy(update={"decisions": (review,)}))
    assert "1 decisions have no entry" in records.audit_trail(settings).text
    with desk_of(settings) as desk:
        assert len(audit.repair(desk)) == 1
        assert audit.repair(desk) == []
    assert records.audit_trail(settings).answer == "ok"


def test_a_changed_entry_and_a_gap_break_the_audit_trail(settings: Settings) -> None:
    with desk_of(settings) as desk:
        made = [audit.record(desk, SYSTEM, "view", f"finding:{number}") for number in range(4)]
    assert records.audit_trail(settings).text == "4 entries, every chain holds"
    with desk_of(settings) as desk:
        shelf.save(desk.store, made[1].model_copy(update={"target": "finding:9"}))
    assert "可能被改动" in records.audit_trail(settings).text
    with desk_of(settings) as desk:
        shelf.save(desk.store, made[1])
        desk.store.delete("audit", made[2].id)
        assert shelf.find(desk.store, AuditEntry, made[3].id)
    assert "第 3 条缺失" in records.audit_trail(settings).text


def test_what_waits_for_the_store_is_told_with_its_age(settings: Settings) -> None:
    assert records.spool(settings).text == "nothing waits for the store"
    kept = Spool(settings.data / "spool", 1)
    kept.put(Meeting(post_ids=("a",), at=datetime.now(UTC) - timedelta(minutes=5, seconds=9)))
    seen = records.spool(settings)
    assert (seen.answer, "1 records" in seen.text, "for 5 min" in seen.text) == ("cannot tell", True, True)
    kept.put(Meeting(post_ids=("b",), at=datetime.now(UTC) - timedelta(hours=3, seconds=9)))
    seen = records.spool(settings)
    assert (seen.answer, "2 records" in seen.text, "for 3 h 0 min" in seen.text) == ("wrong", True, True)
    full = settings.model_copy(update={"spool_megabytes": 1})
    for number in range(40):
        at = datetime.now(UTC) + timedelta(seconds=number)
        kept.put(Meeting(post_ids=(secrets.token_hex(50_000),), at=at))
    assert "full" in records.spool(full).text
    kept.set_aside(kept.waiting()[0], "NotFound: gone")
    assert "NotFound: gone" in records.spool(settings).text


def test_runs_that_wait_too_long_or_unqueued_are_told(settings: Settings) -> None:
    assert records.waiting_runs(settings).answer == "ok"
    with desk_of(settings) as desk:
        new = runs.plan(desk, "crawl", "town", datetime.now(UTC))
    assert records.waiting_runs(settings).answer == "cannot tell"
    queue = Queue(settings)
    queue.put(new.id)
    queue.close()
    assert records.waiting_runs(settings).answer == "ok"
    with desk_of(settings) as desk:
        runs.plan(desk, "crawl", "town", datetime.now(UTC) - timedelta(days=3))
    assert records.waiting_runs(settings).answer == "wrong"
