"""A vault on a real S3-speaking server: versitygw on loopback, over a folder."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import BadInput, EvidenceBroken, NotFound, Unavailable
from core.model import SYSTEM, Capture, Post
from evidence import custody, heads, stamp, verify
from evidence.objects import ObjectStorage
from evidence.reverify import SPACE, look, share, vault_files
from evidence.seal import seal
from evidence.test_authority import PretendAuthority
from evidence.vault import Vault, open_vault
from tests.s3 import KEY, SECRET


@pytest.fixture
def server(s3_server: tuple[str, Path]) -> tuple[str, Path]:
    return s3_server


@pytest.fixture
def open_it(server: tuple[str, Path], request: pytest.FixtureRequest) -> Callable[[], Vault]:
    place = f"s3://bucket/{request.node.name.replace('[', '-').replace(']', '')}"
    return lambda: open_vault(place, server[0], KEY, SECRET)


@pytest.fixture
def remote(open_it: Callable[[], Vault]) -> Vault:
    return open_it()


def test_put_and_get(remote: Vault) -> None:
    digest = remote.put(b"abc")
    assert remote.put(b"abc") == digest
    assert remote.get(digest) == b"abc"
    assert remote.has(digest)
    assert list(remote.digests()) == [digest]
    with pytest.raises(NotFound):
        remote.get("0" * 64)
    assert not remote.has("0" * 64)
    with pytest.raises(Unavailable):
        _ = remote.folder


def test_the_server_refuses_the_second_write(remote: Vault) -> None:
    assert remote.storage.create("x", b"first")
    assert not remote.storage.create("x", b"second")
    assert remote.storage.read("x") == b"first"


def test_of_two_writers_one_succeeds(open_it: Callable[[], Vault]) -> None:
    vaults = [open_it() for _ in range(4)]
    start, answers = threading.Barrier(4), []

    def write(number: int) -> None:
        start.wait()
        answers.append(vaults[number].storage.create("contested", str(number).encode()))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]


def test_writers_never_share_a_number(open_it: Callable[[], Vault]) -> None:
    def write(vault: Vault) -> None:
        for _ in range(5):
            custody.append(vault, "a" * 64, "viewed", SYSTEM)

    threads = [threading.Thread(target=write, args=(open_it(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry["number"] for entry in custody.chain(open_it(), "a" * 64)] == list(range(1, 11))


def test_everything_works_as_in_a_folder(
    remote: Vault, post: Post, capture: Capture, authority: PretendAuthority, tmp_path: Path
) -> None:
    evidence = seal(remote, post, capture, "second")
    sealed = remote.open(evidence.id, "viewed", SYSTEM)
    assert [sealed.read(item) for item in evidence.items[1:3]] == [b"\x89PNG", b""]
    heads.list_heads(remote)
    assert stamp.stamp_waiting(remote, [authority.authority()]) == stamp.Waiting(2, 0, ())
    report = verify.Report()
    verify.check_vault(vault_files(remote), verify.Asked(), report)
    assert (report.faults, report.evidence, report.stamps) == ([], 1, 2)
    assert look(remote, share(remote, 0, SPACE)[1]) == []
    assert "verified" in custody.events(custody.chain(remote, evidence.id))
    # A copy of the bucket is a vault that the checker takes as it is.
    for name in remote.storage.names():
        (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / name).write_bytes(remote.storage.read(name))
    assert verify.verify_path(tmp_path / "copy") == []


def test_changed_behind_the_servers_back(remote: Vault, server: tuple[str, Path]) -> None:
    digest = remote.put(b"abc")
    root = server[1] / remote.storage.place.removeprefix("s3://")
    (root / digest[:2] / digest).write_bytes(b"abd")
    with pytest.raises(EvidenceBroken):
        remote.get(digest)
    with pytest.raises(EvidenceBroken):
        remote.put(b"abc")


def test_a_server_that_is_away(server: tuple[str, Path]) -> None:
    for endpoint, key in (("http://127.0.0.1:9", KEY), (server[0], "another")):
        with pytest.raises(Unavailable):
            open_vault("s3://bucket/x", endpoint, key, SECRET)
    with pytest.raises(Unavailable):
        open_vault("s3://absent/x", server[0], KEY, SECRET)


@pytest.mark.parametrize("place", ["s3://", "http://bucket/x"])
def test_no_address_of_storage(place: str) -> None:
    with pytest.raises(BadInput):
        open_vault(place)


def test_killed_while_sealing_nothing_half_counts(server: tuple[str, Path], tmp_path: Path) -> None:
    code = """
import itertools, sys
from datetime import UTC, datetime, timedelta
from core.model import Capture, Post
from evidence.seal import seal
from evidence.vault import open_vault
vault = open_vault(*sys.argv[1:])
for number in itertools.count():
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=number)
    post = Post(id="p", source_id="s", channel="forum", url="http://a.test", body="", seen_at=at)
    print(seal(vault, post, Capture(url="http://a.test", started_at=at, ended_at=at), "first").id, flush=True)
"""
    place = ["s3://bucket/killed", server[0], KEY, SECRET]
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", code, *place], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    answered = [child.stdout.readline().strip() for _ in range(3)]
    child.kill()
    child.wait()
    child.stdout.close()
    vault = Vault(ObjectStorage(*place))
    report = verify.Report()
    verify.check_vault(vault_files(vault), verify.Asked(), report)
    assert report.faults == []
    assert set(answered) <= set(custody.ids(vault))
