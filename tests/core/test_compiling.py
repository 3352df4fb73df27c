from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from core import compiling, kernels
from core.kernels import Loops


def test_what_stands_there_already_is_left_alone(
    compiled_loops: Loops, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "compile_loops", lambda *_: pytest.fail("compiled again"))
    assert compiling.main() == 0
    assert capsys.readouterr().out == ""


def test_a_machine_without_a_compiler_is_told_so_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "built", lambda: None)
    monkeypatch.setenv("CC", "no-such-compiler -O2")
    assert compiling.main() == 1
    assert capsys.readouterr().out == "no C compiler\n"


def test_headers_and_cython_are_missed_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CC", "sh")
    monkeypatch.setattr(compiling.sysconfig, "get_path", lambda _: str(tmp_path))
    assert "headers" in compiling.missing()
    (tmp_path / "Python.h").touch()
    monkeypatch.setattr(compiling.importlib.util, "find_spec", lambda _: None)
    assert compiling.missing() == "no Cython"


@pytest.mark.parametrize(
    "error", [subprocess.CalledProcessError(1, "cc", "", "first\nlast\n"), PermissionError(13, "not yours")]
)
def test_what_fails_is_said_on_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(compiling, "built", lambda: None)
    monkeypatch.setattr(compiling, "missing", lambda: "")
    monkeypatch.setattr(compiling, "compile_loops", fails)
    assert compiling.main() == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "last" in line or "not yours" in line


def test_a_source_becomes_a_module_beside_it_and_nothing_else(compiled_loops: Loops, tmp_path: Path) -> None:
    source = tmp_path / "compiled.pyx"
    source.write_text("def answer():\n    return 42\n")
    compiling.compile_loops((source,), "this very source")
    made = {path.suffix for path in tmp_path.iterdir()}
    assert made == {
        ".pyx",
        next(path.suffix for path in kernels.FOLDER.iterdir() if path.suffix in compiling.LIBRARIES),
    }


def test_a_source_that_does_not_compile_leaves_nothing(compiled_loops: Loops, tmp_path: Path) -> None:
    source = tmp_path / "compiled.pyx"
    source.write_text("def answer(:\n")
    with pytest.raises(subprocess.CalledProcessError):
        compiling.compile_loops((source,), "")
    assert [path.name for path in tmp_path.iterdir()] == ["compiled.pyx"]
