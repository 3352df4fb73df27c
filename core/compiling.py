"""Compiles `compiled.pyx` into its own folder: `python -m core.compiling`, where Cython and a C compiler are.

Ends at once when what lies there was made from this source. Exit 1, with the reason on one line: it cannot be compiled
here, and everything runs without it.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.kernels import NAME, SOURCES, built, digest

LIBRARIES = (".so", ".pyd")


def missing() -> str:
    """What this machine lacks, "" if nothing."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")[0]
    if not shutil.which(compiler):
        return "no C compiler"
    if not (Path(sysconfig.get_path("include")) / "Python.h").exists():
        return "no headers of Python (python3-dev)"
    return "" if importlib.util.find_spec("Cython") else "no Cython"


def compile_loops(sources: Sequence[Path], made_from: str) -> None:
    """Compiles the first of the sources, which includes the others, and puts it beside them; it says `made_from`.

    Raises CalledProcessError with what the compiler said, or OSError where the folder may not be written.
    """
    with tempfile.TemporaryDirectory() as work:
        package = Path(work) / "core"
        package.mkdir()
        (package / "__init__.py").touch()
        for source in sources:
            shutil.copyfile(source, package / source.name)
        first = package / sources[0].name
        # Behind the source, whose first lines are Cython's own.
        first.write_text(f'{first.read_text(encoding="utf-8")}\nSOURCE = "{made_from}"\n', encoding="utf-8")
        command = [sys.executable, "-m", "Cython.Build.Cythonize", "--inplace", str(first)]
        flags = {"CFLAGS": f"-O2 -g0 {os.environ.get('CFLAGS', '')}"}  # half the time of -O3 -g, and as quick
        environment = os.environ | flags
        subprocess.run(command, cwd=work, env=environment, check=True, capture_output=True, text=True)
        (made,) = (path for path in package.iterdir() if path.suffix in LIBRARIES)
        # Renamed into its place: a program that runs has the old one open.
        beside = sources[0].with_name(f".{made.name}.new")
        shutil.copyfile(made, beside)
        beside.replace(beside.with_name(made.name))


def main() -> int:
    """Compile, or say on one line why not."""
    if built():
        return 0
    reason = missing()
    try:
        if not reason:
            compile_loops(SOURCES, digest())
            # In a process of its own: this one may have loaded an older one.
            asked = "import sys; from core.kernels import built; sys.exit(not built())"
            subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines() or ["no word"]
        reason = f"{NAME}.pyx does not compile ({said[-1]})"
    except OSError as error:
        reason = str(error)
    if reason:
        print(reason)
    return int(bool(reason))


if __name__ == "__main__":
    sys.exit(main())
