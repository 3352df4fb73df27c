"""`wangxun store`, as an administrator moves records."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from store import open_store
from store.base import Save
from tests.store.conformance import lead


@pytest.fixture
def source(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'source.sqlite3'}"
    with closing(open_store(url)) as store:
        store.save([Save(lead(f"{number}", "家教")) for number in range(3)])
    return url


def run(tmp_path: Path, *words: str) -> Result:
    env = {"WANGXUN_DATA": str(tmp_path / "data"), "WANGXUN_STORE": ""}
    return CliRunner().invoke(app, ["store", *words], env=env)


def row(result: Result, kind: str) -> list[str]:
    """The cells of a kind's row."""
    [line] = [line for line in result.output.splitlines() if line.strip("│ ").startswith(f"{kind} ")]
    return [cell.strip() for cell in line.strip("│ ").split("│")]


def test_a_copy_shows_counts_and_digests(source: str, store_url: str, tmp_path: Path) -> None:
    done = run(tmp_path, "copy", source, store_url)
    assert done.exit_code == 0, done.output
    kind, records, copied, digest, equal = row(done, "lead")
    assert (kind, records, copied, equal) == ("lead", "3", "3", "yes")
    assert int(digest, 16)


def test_what_differs_ends_with_one(source: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.sqlite3'}"
    with closing(open_store(target)) as store:
        store.save([Save(lead("foreign"))])
    assert run(tmp_path, "copy", source, target).exit_code == 1  # not empty
    done = run(tmp_path, "copy", source, target, "--again")
    assert (done.exit_code, row(done, "lead")[-1]) == (1, "NO")
    assert "the stores differ" in done.output


def test_a_slip_in_an_address_is_no_proof(source: str, tmp_path: Path) -> None:
    done = run(tmp_path, "copy", f"sqlite:///{tmp_path / 'slip.sqlite3'}", source, "--again")
    assert (done.exit_code, "there is no store at" in done.output) == (1, True)
    assert not (tmp_path / "slip.sqlite3").exists()
    done = run(tmp_path, "copy", source, source, "--again")
    assert (done.exit_code, "the same store" in done.output) == (1, True)


def test_a_file_takes_its_shape_by_itself(tmp_path: Path) -> None:
    done = run(tmp_path, "migrate")
    assert (done.exit_code, "nothing more to do" in done.output) == (0, True)
