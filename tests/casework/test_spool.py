"""The folder in which records wait: whole, once, in order, bounded, safe for several processes."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from casework.spool import Spool
from casework.waiting import Look, Meeting, Observation
from core.errors import EvidenceBroken, Unavailable
from tests.casework.desks import SEEN, TinyJudge, make_capture, make_post

LATER = SEEN + timedelta(hours=1)


def met(body: str = "家教", native_id: str = "1", **changes: object) -> Observation:
    post = make_post(body, native_id, **changes)
    verdict = TinyJudge().judge(post)
    return Observation(
        post=post, digest=f"digest of {body}", verdict=verdict, model_version="model-1",
        capture=make_capture(picture=True), seen_to=post.seen_at,
    )  # fmt: skip


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", 1)


def records(spool: Spool) -> list[object]:
    return [found[0] for path in spool.waiting() if (found := spool.read(path))]


def test_what_is_put_waits_whole_and_in_the_order_in_which_it_was_seen(spool: Spool) -> None:
    look = Look(finding_id="post1", capture=make_capture(picture=True))
    meeting = Meeting(post_ids=("a", "b"), at=LATER)
    early = met(seen_at=SEEN - timedelta(days=1), native_id="2")
    for record in (meeting, look, early, met()):
        spool.put(record)
    # A post before the look at it, should both have been seen in the same moment.
    assert records(spool) == [early, met(), look, meeting]


def test_twice_is_once_and_a_text_that_is_met_again_is_only_noted_as_seen(spool: Spool) -> None:
    first = met()
    for record in (first, first, met(seen_at=LATER)):
        spool.put(record)
    assert records(spool) == [first.model_copy(update={"seen_to": LATER})]
    assert spool.same(met(seen_at=LATER)) == records(spool)[0]
    assert spool.same(met("家教，改")) is None


def test_a_text_that_changes_and_changes_back_waits_three_times(spool: Spool) -> None:
    days = [SEEN + timedelta(days=day) for day in range(3)]
    for body, day in zip(("甲", "乙", "甲"), days, strict=True):
        spool.put(met(body, seen_at=day))
    assert [record.post.body for record in records(spool)] == ["甲", "乙", "甲"]  # type: ignore[attr-defined]


def test_only_what_has_not_changed_since_it_was_read_is_removed(spool: Spool) -> None:
    spool.put(met())
    [path] = spool.waiting()
    found = spool.read(path)
    assert found is not None
    spool.put(met(seen_at=LATER))  # another process met the post while this one let it land
    spool.remove(path, found[1])
    assert spool.waiting() == [path]
    found = spool.read(path)
    assert found is not None
    spool.remove(path, found[1])
    assert spool.waiting() == []
    assert spool.read(path) is None


@pytest.mark.parametrize(
    "spoil", [lambda content: content[:-1], lambda content: b"", lambda content: content + b"x"]
)
def test_a_spoiled_file_is_named(spool: Spool, spoil: object) -> None:
    spool.put(met())
    [path] = spool.waiting()
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(EvidenceBroken, match=path.name):
        spool.read(path)
    spool.put(met(seen_at=LATER))  # it hinders no other
    assert spool.same(met(seen_at=LATER)) is not None


def test_what_another_program_wrote_is_named_as_well(spool: Spool) -> None:
    spool.put(met())
    [path] = spool.waiting()
    for body in (b"no gzip", gzip.compress(b"{}"), gzip.compress(b'{"kind": "post", "schema_number": 9}')):
        path.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        with pytest.raises(EvidenceBroken, match="cannot be read"):
            spool.read(path)
    path.rename(path.with_name("a stranger's file"))
    assert (spool.look().records, spool.look().oldest) == (1, None)


def test_half_written_files_of_a_crash_go_when_they_are_old(spool: Spool, tmp_path: Path) -> None:
    spool.put(met())
    old, new = tmp_path / "spool" / "tmp" / "old", tmp_path / "spool" / "tmp" / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    spool.tidy()
    assert (old.exists(), new.exists(), len(spool.waiting())) == (False, True, 1)


def test_a_write_that_fails_leaves_nothing_half(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spool.put(met())

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("casework.spool.os.fsync", full)
    with pytest.raises(Unavailable, match="No space left"):
        spool.put(met(native_id="2"))
    assert (len(spool.waiting()), list((tmp_path / "spool" / "tmp").iterdir())) == (1, [])


def test_what_is_put_aside_stays_with_its_cause_and_may_wait_again(spool: Spool) -> None:
    spool.put(met())
    [path] = spool.waiting()
    spool.set_aside(path, "因为")
    seen = spool.look()
    assert (seen.records, seen.oldest, seen.aside) == (0, None, ((path.name, "因为"),))
    assert spool.again() == 1
    assert records(spool) == [met()]
    assert spool.look().aside == ()


def test_how_much_waits_since_when(spool: Spool) -> None:
    assert (spool.look().records, spool.full) == (0, False)
    spool.put(met())
    spool.put(met(native_id="2", seen_at=LATER))
    seen = spool.look()
    assert (seen.records, seen.oldest) == (2, SEEN)
    assert seen.bytes == sum(path.stat().st_size for path in spool.waiting())


def test_it_is_full_beyond_its_size_and_takes_what_comes_all_the_same(spool: Spool) -> None:
    noise = make_capture().exchanges[0].model_copy(update={"body": os.urandom(1_000_000)})
    big = met().model_copy(update={"capture": make_capture().model_copy(update={"exchanges": (noise,)})})
    assert not spool.full
    spool.put(big)
    assert spool.full
    spool.put(met(native_id="2"))  # what was read already is never thrown away
    assert len(spool.waiting()) == 2
    for path in spool.waiting():
        found = spool.read(path)
        assert found is not None
        spool.remove(path, found[1])
    assert not spool.full


def test_only_one_lets_them_land_at_a_time(spool: Spool, tmp_path: Path) -> None:
    spool.put(met())
    with spool.draining() as first:
        assert first
        with Spool(tmp_path / "spool", 1).draining() as second:
            assert not second
    with spool.draining() as again:
        assert again


def test_nobody_else_may_read_it(spool: Spool, tmp_path: Path) -> None:
    spool.put(met())
    spool.set_aside(spool.waiting()[0], "")
    spool.put(met())
    paths = list((tmp_path / "spool").rglob("*"))
    assert paths
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "spool", *paths)} == {0}


def test_a_place_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("no folder")
    spool = Spool(tmp_path / "spool", 1)
    with pytest.raises(Unavailable):
        spool.put(met())
    with pytest.raises(Unavailable):
        spool.same(met())


FULL = """
import resource, sys
from pathlib import Path
from casework.spool import Spool
from core.errors import Unavailable
from tests.casework.test_spool import met
spool = Spool(Path(sys.argv[1]), 1)
spool.put(met())
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    spool.put(met(native_id="2"))
except Unavailable as error:
    print("said", len(spool.waiting()), len(list(Path(sys.argv[1]).glob("tmp/*"))))
"""


def test_a_full_disk_is_said_and_leaves_nothing_half(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "spool")], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["said", "1", "0"]


PUT = """
import sys
from pathlib import Path
from casework.spool import Spool
from tests.casework.test_spool import met
spool = Spool(Path(sys.argv[1]), 100)
print("ready", flush=True)
for number in range(100_000):
    spool.put(met(native_id=str(number)))
    print(number, flush=True)
"""


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", PUT, str(tmp_path / "spool")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    answered = [child.stdout.readline() for _ in range(20)]
    child.send_signal(signal.SIGKILL)
    answered += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    spool = Spool(tmp_path / "spool", 1)
    kept = {record.post.native_id for record in records(spool)}  # type: ignore[attr-defined]
    assert {line.strip() for line in answered if line.strip().isdigit() and line.endswith("\n")} <= kept
    assert all(record == met(native_id=record.post.native_id) for record in records(spool))  # type: ignore[attr-defined]
    spool.tidy()
