"""An export that is killed, or whose disk is full: no half bundle, nothing sealed lost, the next one goes on."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from casework import export, intake
from casework.desk import Desk
from evidence.verify import verify_path
from tests.casework.desks import PHONE, actor, make_capture, make_desk, make_post

ROOT = Path(__file__).resolve().parents[2]
FINDINGS = 4  # as many as the program below exports
CODE = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path
    from casework import export
    from core.errors import Unavailable
    from tests.casework.desks import actor, make_desk

    data, config, output = map(Path, sys.argv[1:4])
    desk = make_desk(data, config)

    def progress(done, total):
        print(done, flush=True)

    if len(sys.argv) > 4:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
    try:
        export.hand_over(desk, actor(), [f"post{n}" for n in range(4)], output, pdf=False, progress=progress)
    except Unavailable as error:
        left = len(list(output.parent.iterdir()))
        print("unavailable", error, "left", left, flush=True)
    """
)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Data, config and the bundle's place; four findings in it, the desk closed: another process takes over."""
    data, config, out = tmp_path / "data", tmp_path / "config", tmp_path / "out"
    (config / "violations").mkdir(parents=True)
    (config / "violations" / "HOME_TUTOR.yml").write_text("title: 上门家教\n", encoding="utf-8")
    out.mkdir()
    desk = make_desk(data, config)
    for number in range(FINDINGS):
        intake.take_in(desk, make_post(f"家教 {PHONE} {number}", str(number)), make_capture())
    desk.close()
    return data, config, out / "bundle.zip"


def command(folders: tuple[Path, Path, Path]) -> list[str]:
    return [sys.executable, "-c", CODE, *map(str, folders)]


def goes_on(folders: tuple[Path, Path, Path]) -> Desk:
    """The next export takes the place of what was broken off."""
    data, config, output = folders
    desk = make_desk(data, config)
    assert verify_path(data / "vault") == []
    export.hand_over(desk, actor(), [f"post{n}" for n in range(FINDINGS)], output, pdf=False)
    assert verify_path(output) == []
    assert verify_path(data / "vault") == []
    assert [path.name for path in output.parent.iterdir()] == ["bundle.zip"]
    return desk


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_any_moment(folders: tuple[Path, Path, Path], seed: int) -> None:
    output = folders[2]
    wanted = random.Random(seed).randrange(1, 4 * FINDINGS + 1)  # the last: about when it is recorded
    with subprocess.Popen(command(folders), cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == str(wanted):
                child.kill()
    assert child.returncode in (-signal.SIGKILL, 0)  # 0: it was quicker
    if output.exists():
        assert verify_path(output) == []
    goes_on(folders).close()


def test_a_full_disk(folders: tuple[Path, Path, Path]) -> None:
    """A file system of its own that is too small for the bundle; where none may be made, a limit on each file."""
    output = folders[2]
    place = str(output.parent)
    whole = command(folders)
    small = f'mount -t tmpfs -o size=96k none "{place}" && exec "$@"'
    told = run(["unshare", "-rm", "sh", "-c", small, "sh", *whole])
    if "unshare" in told.stderr or "mount" in told.stderr:
        # Bytes of one file: the bundle has 350,000, the files of the store under 100,000 each.
        told = run([*whole, "200000"])
    assert (told.returncode, told.stderr) == (0, "")
    assert "unavailable" in told.stdout
    assert any(f"[Errno {number}]" in told.stdout for number in (errno.ENOSPC, errno.EFBIG))
    assert told.stdout.endswith("left 0\n")
    goes_on(folders).close()


def test_where_custody_cannot_be_written_nothing_goes_out(folders: tuple[Path, Path, Path]) -> None:
    told = run([*command(folders), "10"])  # bytes: less than a line of custody
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("unavailable")  # not one step was made
    assert told.stdout.endswith("left 0\n")
    goes_on(folders).close()


def run(told: list[str]) -> subprocess.CompletedProcess[str]:
    # Without the coverage of child processes: its own file meets the limits, too, and it complains at the end.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(told, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
