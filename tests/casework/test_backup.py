"""Backup while the work goes on, and restore on an empty machine, on every kind of store and vault."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from casework import audit, backup_set, intake, review, shelf
from casework.backup import LOCK, backup
from casework.desk import Desk, open_desk
from casework.locks import hold, release
from casework.officers import add_officer
from casework.queue import Queue
from casework.restore import restore
from core.errors import BadInput, Conflict, EvidenceBroken, NotFound, Unavailable
from core.model import SYSTEM, AuditEntry, Evidence, Finding, Lease
from core.settings import PACKAGED_CONFIG, Settings
from evidence import deletion, heads, verify
from evidence.vault import open_vault
from store import open_store
from store.base import Query
from tests.casework.desks import PHONE, actor, make_capture, make_desk, make_post
from tests.evidence.test_deletion import RULE
from tests.s3 import KEY, SECRET

ME = actor("administrator", "每日备份")


def quiet(line: str) -> None:
    """Told to nobody."""


def fill(desk: Desk, names: range) -> None:
    for number in names:
        post = make_post(f"上门家教第{number}期，电话{PHONE}", str(number))
        intake.take_in(desk, post, make_capture(url=f"http://tutor.test/{number}"))


@pytest.fixture
def worked(desk: Desk) -> Desk:
    """Findings, a decision, an officer, a waiting run, a record in the spool."""
    fill(desk, range(3))
    review.decide(desk, actor("supervisor"), "post1", "confirmed", "属实")
    add_officer(desk, ME, "li", "李敏", "long enough 1", "reviewer")
    queue = Queue(desk.settings)
    queue.put("run-1")
    queue.close()
    heads.list_heads(desk.vault)
    later = datetime.now(UTC) + timedelta(hours=1)
    shelf.save(desk.store, Lease(id="town", run_id="run-1", expires_at=later))  # a crawl is under way
    for name in ("waiting/ab/x.finding", "tmp/half", "place.lock"):
        path = desk.settings.data / "spool" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return desk


def elsewhere(tmp_path: Path, **changes: object) -> Settings:
    fields = {"data": tmp_path / "new", "fingerprint_key": SecretStr("key"), **changes}
    return Settings.model_validate(fields)


def findings(settings: Settings) -> dict[str, Finding]:
    store = open_store(settings.store_url)
    try:
        return {one.id: one for one in shelf.walk(store, Finding, Query())}
    finally:
        store.close()


def test_restored_on_an_empty_machine_it_is_the_same(worked: Desk, tmp_path: Path) -> None:
    made = backup(worked, ME, tmp_path / "backup", quiet)
    assert made.lost == ()
    assert verify.check(tmp_path / "backup").faults == []  # the folder is a vault that the checker takes
    settings = elsewhere(tmp_path)
    done = restore(settings, ME, tmp_path / "backup", quiet)
    assert done.faults == ()
    assert done.counts == made.counts
    assert findings(settings) == {one.id: one for one in shelf.walk(worked.store, Finding, Query())}
    assert verify.check(settings.data).faults == []
    store = open_store(settings.store_url)
    assert done.counts["lease"] == 1
    assert shelf.find(store, Lease, "town") is None  # its worker is not on this machine
    store.close()
    assert (settings.data / "spool/waiting/ab/x.finding").read_text(
        encoding="utf-8"
    ) == "waiting/ab/x.finding"
    assert [path.name for path in (settings.data / "spool").iterdir()] == ["waiting"]
    assert (settings.data / "restored/config/violations/HOME_TUTOR.yml").is_file()
    queue = Queue(settings)
    assert queue.waiting() == ["run-1"]
    queue.close()
    again = replace(
        make_desk(tmp_path / "again", worked.settings.config), store=open_store(settings.store_url)
    )
    try:
        again = replace(again, vault=open_vault(settings.vault_place))
        fill(again, range(3))  # the crawl goes on: nothing is doubled
        assert len(findings(settings)) == 3
        assert audit.broken(again) == []
        assert again.vault.waiting() != []
        contact = findings(settings)["post1"].contact_ids
        assert contact == shelf.load(worked.store, Finding, "post1")[0].contact_ids
    finally:
        again.close()
    told = [entry for entry in shelf.walk(worked.store, AuditEntry, Query()) if entry.action == "backup"]
    assert [made.digest in entry.reason for entry in told] == [True]


@pytest.mark.parametrize("target", ["sqlite", "elasticsearch"])
def test_from_any_store_to_any(
    worked: Desk, target: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    backup(worked, ME, tmp_path / "backup", quiet)
    store = "" if target == "sqlite" else request.getfixturevalue("elasticsearch_url")
    settings = elsewhere(tmp_path, store=store)
    assert restore(settings, ME, tmp_path / "backup", quiet).faults == ()
    assert set(findings(settings)) == {"post0", "post1", "post2"}


def on_s3(desk: Desk, endpoint: str, place: str) -> Desk:
    changes = {
        "vault": place, "vault_endpoint": endpoint, "vault_key": SecretStr(KEY), "vault_secret": SecretStr(SECRET),
    }  # fmt: skip
    return replace(
        desk,
        vault=open_vault(place, endpoint, KEY, SECRET),
        settings=desk.settings.model_copy(update=changes),
    )


def test_vault_on_object_storage_both_ways(tmp_path: Path, s3_server: tuple[str, Path]) -> None:
    endpoint, name = s3_server[0], tmp_path.name.replace("_", "-")
    (tmp_path / "config/violations").mkdir(parents=True)
    local = make_desk(tmp_path / "data", tmp_path / "config")
    desk = on_s3(local, endpoint, f"s3://bucket/{name}-one")
    fill(desk, range(2))
    heads.list_heads(desk.vault)
    backup(desk, ME, tmp_path / "backup", quiet)
    fill(desk, range(2, 4))
    made = backup(desk, ME, tmp_path / "backup", quiet)
    assert (made.lost, made.counts["finding"]) == ((), 4)
    desk.close()
    settings = elsewhere(
        tmp_path, vault=f"s3://bucket/{name}-two", vault_endpoint=endpoint, vault_key=SecretStr(KEY),
        vault_secret=SecretStr(SECRET),
    )  # fmt: skip
    assert restore(settings, ME, tmp_path / "backup", quiet).faults == ()
    assert restore(elsewhere(tmp_path, data=tmp_path / "third"), ME, tmp_path / "backup", quiet).faults == ()


def test_while_a_crawl_goes_on_every_finding_has_its_evidence(desk: Desk, tmp_path: Path) -> None:
    fill(desk, range(5))
    stop, met = threading.Event(), []

    def crawl() -> None:
        while not stop.is_set():
            number = 5 + len(met)
            fill(desk, range(number, number + 1))
            met.append(number)
            if number % 7 == 0:
                heads.list_heads(desk.vault)

    worker = threading.Thread(target=crawl)
    worker.start()
    sets = []
    try:
        for number in range(3):
            before = len(met)
            while len(met) < before + 4:
                assert worker.is_alive()
                threading.Event().wait(0.01)
            made = backup(desk, ME, tmp_path / "backup", quiet)
            assert made.lost == ()
            sets.append((made, shutil.copytree(tmp_path / "backup", tmp_path / f"copy{number}")))
    finally:
        stop.set()
        worker.join()
    counts = [made.counts["finding"] for made, _ in sets]
    assert counts == sorted(set(counts))  # each later one saw more: the crawl did not wait
    for made, place in sets:
        assert verify.check(place).faults == []
        settings = elsewhere(tmp_path, data=tmp_path / f"restored-{made.id}")
        assert restore(settings, ME, place, quiet).faults == ()
        assert len(findings(settings)) == made.counts["finding"]


def test_a_second_backup_copies_what_is_new_only(worked: Desk, tmp_path: Path) -> None:
    first = backup(worked, ME, tmp_path / "backup", quiet)
    again = backup(worked, ME, tmp_path / "backup", quiet)
    assert (again.copied, again.files) == (0, first.files)
    fill(worked, range(3, 4))
    third = backup(worked, ME, tmp_path / "backup", quiet)
    assert third.copied == third.files - first.files > 0
    assert [path.name for path in (tmp_path / "backup/sets").iterdir()] == [third.id]


class Stopped(BaseException):
    """The process dies here."""


@pytest.mark.parametrize(
    "where",
    [
        "store.snapshot.take", "casework.backup.mirror", "casework.backup.backup_set.parts",
        "casework.backup.backup_set.write",
    ],
)  # fmt: skip
def test_killed_half_way_the_older_set_still_restores(
    worked: Desk, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backup(worked, ME, tmp_path / "backup", quiet)
    fill(worked, range(3, 6))
    heads.list_heads(worked.vault)

    def dies(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(where, dies)
        with pytest.raises(Stopped):
            backup(worked, ME, tmp_path / "backup", quiet)
    settings = elsewhere(tmp_path)
    done = restore(settings, ME, tmp_path / "backup", quiet)
    assert (done.id, done.faults, len(findings(settings))) == (first.id, (), 3)
    assert backup(worked, ME, tmp_path / "backup", quiet).counts["finding"] == 6
    assert len(list((tmp_path / "backup/sets").iterdir())) == 1


def test_a_full_disk_is_said_and_the_older_set_stands(
    worked: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backup(worked, ME, tmp_path / "backup", quiet)
    fill(worked, range(3, 4))

    def full(*_: object) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("evidence.storage.Folder.create", full)
        with pytest.raises(Unavailable, match="No space left"):
            backup(worked, ME, tmp_path / "backup", quiet)
    assert backup_set.read(tmp_path / "backup")["id"] == first.id
    assert list(backup_set.faults(tmp_path / "backup", backup_set.read(tmp_path / "backup"))) == []


def test_what_the_vault_lost_is_kept_and_said(worked: Desk, tmp_path: Path) -> None:
    backup(worked, ME, tmp_path / "backup", quiet)
    [one] = shelf.load(worked.store, Finding, "post0")[0].latest.evidence_ids
    worked.vault.path(one).unlink()
    [other] = shelf.load(worked.store, Finding, "post2")[0].latest.evidence_ids
    shutil.rmtree(worked.vault.folder / "custody" / other)
    made = backup(worked, ME, tmp_path / "backup", quiet)
    assert any(one in line and "kept from an earlier copy" in line for line in made.lost)
    assert any(other in line and "lost entries" in line for line in made.lost)
    assert restore(elsewhere(tmp_path), ME, tmp_path / "backup", quiet).faults == ()


def test_what_was_changed_in_the_vault_is_not_taken_and_said(worked: Desk, tmp_path: Path) -> None:
    [one] = shelf.load(worked.store, Finding, "post0")[0].latest.evidence_ids
    spoil(worked.vault.path(one))
    made = backup(worked, ME, tmp_path / "backup", quiet)
    assert [one in line and "changed in the vault" in line for line in made.lost] == [True]
    assert not (tmp_path / "backup/vault" / one[:2] / one).exists()


def test_evidence_that_was_never_there_is_said(worked: Desk, tmp_path: Path) -> None:
    [one] = shelf.load(worked.store, Finding, "post0")[0].latest.evidence_ids
    shutil.rmtree(worked.vault.folder / "custody" / one)
    made = backup(worked, ME, tmp_path / "backup", quiet)
    assert any("post0" in line for line in made.lost)
    faults = restore(elsewhere(tmp_path), ME, tmp_path / "backup", quiet).faults
    assert any("post0" in fault for fault in faults)


def test_what_was_deleted_by_rule_leaves_the_backup_too(worked: Desk, tmp_path: Path) -> None:
    backup(worked, ME, tmp_path / "backup", quiet)
    [one] = shelf.load(worked.store, Finding, "post0")[0].latest.evidence_ids
    items = shelf.load(worked.store, Evidence, one)[0].items
    deletion.delete(worked.vault, one, SYSTEM, "保存期满", RULE)
    deletion.sweep(worked.vault, [one])
    made = backup(worked, ME, tmp_path / "backup", quiet)
    assert made.lost == ()
    assert made.dropped > 0
    own = {item.sha256 for item in items if not worked.vault.has(item.sha256)} | {one}
    assert not any((tmp_path / "backup/vault" / name[:2] / name).exists() for name in own)
    report = verify.check(tmp_path / "backup")
    assert (report.faults, len(report.deleted)) == ([], 1)
    assert restore(elsewhere(tmp_path), ME, tmp_path / "backup", quiet).faults == ()


def test_another_installations_folder_is_left_alone(worked: Desk, tmp_path: Path) -> None:
    backup(worked, ME, tmp_path / "backup", quiet)
    with pytest.raises(BadInput, match="another fingerprint key"):
        backup(replace(worked, key=b"other"), ME, tmp_path / "backup", quiet)
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letters").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="other things"):
        backup(worked, ME, tmp_path / "full", quiet)
    stranger = replace(make_desk(tmp_path / "stranger", worked.settings.config), key=worked.key)
    try:
        heads.list_heads(stranger.vault)
        with pytest.raises(EvidenceBroken, match="another vault"):
            backup(stranger, ME, tmp_path / "backup", quiet)
    finally:
        stranger.close()


def test_a_backup_waits_for_no_retention(worked: Desk, tmp_path: Path) -> None:
    hold(worked.settings.data, LOCK, "retention")
    try:
        with pytest.raises(Conflict):
            backup(worked, ME, tmp_path / "backup", quiet)
    finally:
        release("retention")


@pytest.fixture
def backed(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "config/violations").mkdir(parents=True)
    desk = make_desk(tmp_path / "data", tmp_path / "config")
    fill(desk, range(2))
    heads.list_heads(desk.vault)
    backup(desk, ME, tmp_path / "backup", quiet)
    yield tmp_path / "backup"
    desk.close()


def test_no_secret_is_in_it(backed: Path) -> None:
    for path in backed.rglob("*"):
        assert not path.is_file() or b"s3cret" not in path.read_bytes()
    told = backup_set.plain_settings(
        Settings(store="https://user:s3cret@host:9200/p", session_key=SecretStr("s3cret"))
    )
    assert told["WANGXUN_STORE"] == "https://host:9200/p"
    assert not any("KEY" in name or "s3cret" in value for name, value in told.items())
    assert backed.stat().st_mode & 0o077 == 0


def test_the_key_must_fit(backed: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not here"):
        restore(elsewhere(tmp_path, fingerprint_key=SecretStr("")), ME, backed, quiet)
    with pytest.raises(BadInput, match="not the one"):
        restore(elsewhere(tmp_path, fingerprint_key=SecretStr("wrong")), ME, backed, quiet)
    assert not (tmp_path / "new").exists()
    (tmp_path / "new").mkdir()
    (tmp_path / "new/fingerprint.key").write_bytes(b"key")
    settings = elsewhere(tmp_path, fingerprint_key=SecretStr(""))
    assert restore(settings, ME, backed, quiet).faults == ()
    lost = elsewhere(tmp_path, data=tmp_path / "third", fingerprint_key=SecretStr(""))
    assert restore(lost, ME, backed, quiet, without_key=True).faults == ()


def test_a_backup_on_a_read_only_disk_is_put_back(backed: Path, tmp_path: Path) -> None:
    """Nothing is ever written beside it: a database opened there would be."""
    before = {path: path.stat().st_mtime_ns for path in backed.rglob("*")}
    assert restore(elsewhere(tmp_path), ME, backed, quiet).faults == ()
    assert {path: path.stat().st_mtime_ns for path in backed.rglob("*")} == before


@pytest.mark.parametrize("there", ["store", "vault", "queue", "spool"])
def test_a_place_that_is_not_empty_is_left_alone(backed: Path, tmp_path: Path, there: str) -> None:
    settings = elsewhere(tmp_path, data=tmp_path / "data" if there == "store" else tmp_path / "new")
    if there == "vault":
        open_vault(settings.vault_place).put(b"mine")
    elif there in ("queue", "spool"):
        path = settings.data / {"queue": "queue.sqlite3", "spool": "spool/waiting/ab/x"}[there]
        path.parent.mkdir(parents=True)
        path.write_bytes(b"mine")
    with pytest.raises(BadInput, match="name an empty place"):
        restore(settings, ME, backed, quiet)
    assert not (settings.data / "restoring").exists()


@pytest.mark.parametrize("where", ["bring_back", "snapshot.put_back", "_files", "content"])
@pytest.mark.parametrize("store", ["sqlite", "elasticsearch"])
def test_a_restore_that_broke_off_is_ended_by_the_same_command(
    backed: Path,
    tmp_path: Path,
    where: str,
    store: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = "" if store == "sqlite" else request.getfixturevalue("elasticsearch_url")
    settings = elsewhere(tmp_path, store=url, config=PACKAGED_CONFIG)
    real: list[Callable[..., object]] = []

    def dies(*arguments: object) -> None:
        real[0](*arguments)
        raise Stopped

    with monkeypatch.context() as patch:
        import casework.restore as module

        holder = module.snapshot if "." in where else module
        real.append(getattr(holder, where.rpartition(".")[2]))
        patch.setattr(holder, where.rpartition(".")[2], dies)
        with pytest.raises(Stopped):
            restore(settings, ME, backed, quiet)
    with pytest.raises(Unavailable, match="has not ended"):
        open_desk(settings)
    assert restore(settings, ME, backed, quiet).faults == ()
    assert len(findings(settings)) == 2


def spoil(path: Path) -> None:
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "part", ["backup.json", "store.sqlite3", "vault.list", "settings.env", "000001.json"]
)
def test_a_spoilt_backup_is_named_and_not_put_back(backed: Path, tmp_path: Path, part: str) -> None:
    spoil(sorted(backed.rglob(part))[0])
    with pytest.raises((EvidenceBroken, NotFound)):
        restore(elsewhere(tmp_path), ME, backed, quiet)


def test_a_backup_of_a_newer_program_is_refused(backed: Path) -> None:
    plain = backup_set.read(backed)
    backup_set.write(backed, {**plain, "schema": 2})
    with pytest.raises(BadInput, match="update first"):
        backup_set.read(backed)
    (backed / "backup.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EvidenceBroken):
        backup_set.read(backed)
    with pytest.raises(NotFound):
        backup_set.read(backed / "nowhere")


def test_age_and_missing_parts(backed: Path) -> None:
    plain = backup_set.read(backed)
    assert backup_set.age(plain) < timedelta(minutes=10)
    assert backup_set.age(plain, datetime.now(UTC) + timedelta(days=2)) > timedelta(days=2)
    assert list(backup_set.faults(backed, plain)) == []
    next((backed / "vault").glob("custody/*/*")).unlink()
    (backup_set.own(backed, plain) / "settings.env").unlink()
    assert sorted(line.rpartition(" is ")[2] for line in backup_set.faults(backed, plain)) == [
        "missing",
        "missing",
    ]
