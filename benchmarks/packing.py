"""Packing a bundle of sealed files beside `zip -0` of the same files: at most twice its time.

Sealed files bring their SM3 from the manifest; their SHA-256 is checked on the way. Both sides write to the same
disk, in turn, and the median of the ratios counts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from evidence import bundle
from evidence.bundle import Entry
from evidence.manifest import sm3

FILES, SIZE, ROUNDS = 200, 1 << 20, 5  # 200 MiB: a case of some hundred findings
MOST = 2.0


def made(folder: Path) -> list[Entry]:
    """Files that do not compress, as pictures and WARCs are."""
    entries = []
    for number in range(FILES):
        content = os.urandom(SIZE)
        path = folder / f"{number:04d}"
        path.write_bytes(content)
        entries.append(Entry(path.name, path, hashlib.sha256(content).hexdigest(), sm3(content)))
    return entries


def main() -> int:
    """0 when the ratio is kept."""
    if not shutil.which("zip"):
        print("no zip program on this machine: install it to compare")
        return 1
    ratios = []
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "files"
        source.mkdir()
        entries = made(source)
        for _ in range(ROUNDS):
            begun = time.monotonic()
            subprocess.run(["zip", "-0", "-q", "-r", f"{place}/zip.zip", "files"], cwd=place, check=True)
            middle = time.monotonic()
            bundle.pack(Path(place) / "bundle.zip", entries)
            ratios.append((time.monotonic() - middle) / (middle - begun))
            Path(f"{place}/zip.zip").unlink()
    ratio = statistics.median(ratios)
    print(f"pack / zip -0: {ratio:.2f} (at most {MOST}); rounds: {', '.join(f'{one:.2f}' for one in ratios)}")
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
