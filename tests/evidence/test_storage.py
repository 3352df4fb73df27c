"""A folder that is full, truly: no half file counts, and the next try goes on."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import Unavailable
from core.model import Capture, Post
from evidence import verify
from evidence.seal import seal
from evidence.storage import Folder
from evidence.vault import Vault

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def at_most() -> Iterator[None]:
    """The system itself refuses to write files of more than 2,000 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_the_system_breaks_off_leaves_nothing(tmp_path: Path, at_most: None) -> None:
    vault = Vault(tmp_path / "vault")
    with pytest.raises(Unavailable):
        vault.keep(b"{}", [b"x" * 2001])
    assert list((tmp_path / "vault" / "tmp").iterdir()) == []
    assert not vault.has(verify.sha256(b"x" * 2001))
    assert verify.verify_path(vault.folder) == []
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    vault.put(b"x" * 2001)
    assert verify.verify_path(vault.folder) == []


def test_a_full_file_system(tmp_path: Path, post: Post, capture: Capture) -> None:
    """A file system of 64 KiB in a name space of our own; where none may be made, a limit on each file."""
    code = """
        import sys
        from pathlib import Path
        from core.errors import Unavailable
        from evidence import verify
        from evidence.vault import Vault
        vault = Vault(Path(sys.argv[1]) / "vault")
        kept, number = [], 0
        try:
            while True:
                number += 1
                kept.append(vault.put(str(number).encode() * 1500 * number))
        except Unavailable as error:
            print("full after", number, error.__cause__.errno)
        faults = verify.verify_path(vault.folder)
        assert faults == [], faults
        assert all(vault.get(digest) for digest in kept)
        assert not list((vault.folder / "tmp").iterdir())
    """
    place = tmp_path / "small"
    place.mkdir()
    small = 'mount -t tmpfs -o size=64k,nr_inodes=200 none "$1" && exec "$2" -c "$3" "$1"'
    limit = 'ulimit -f 8 && exec "$2" -c "$3" "$1"'  # 8 blocks of 512 bytes for each file
    rest = ["sh", str(place), sys.executable, textwrap.dedent(code)]
    told = run(["unshare", "-rm", "sh", "-c", small, *rest])
    if "unshare" in told.stderr or "mount" in told.stderr:
        told = run(["sh", "-c", limit, *rest])
    assert (told.returncode, "full after" in told.stdout) == (0, True), told.stderr
    assert int(told.stdout.split()[-1]) in (errno.ENOSPC, errno.EFBIG)


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_names_leave_tmp_out_and_count_from_the_root(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "x")
    assert folder.create("a/b/c", b"1")
    assert not folder.create("a/b/c", b"2")
    (tmp_path / "x" / "tmp" / "half").write_bytes(b"")
    assert folder.names() == folder.names("a/") == folder.names("a/b/") == ["a/b/c"]
    assert folder.names("none/") == []
    folder.remove("a/b/c")
    folder.remove("a/b/c")
    assert not folder.has("a/b/c")


def test_two_processes_seal_the_same_look(tmp_path: Path, post: Post, capture: Capture) -> None:
    code = """if True:
        import sys
        from pathlib import Path
        from evidence.vault import Vault
        print(Vault(Path(sys.argv[1])).keep(b'{}', [bytes([n]) * 50 for n in range(40)]))
    """
    command = [sys.executable, "-c", code, str(tmp_path / "vault")]
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = {child.communicate()[0].strip() for child in children}
    assert told == {verify.sha256(b"{}")}
    vault = Vault(tmp_path / "vault")
    assert len(list(vault.digests())) == 41
    assert os.listdir(tmp_path / "vault" / "tmp") == []  # noqa: PTH208
    seal(vault, post, capture, "first")
