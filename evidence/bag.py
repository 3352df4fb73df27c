"""The tag files of a bag (BagIt 1.0, RFC 8493): one spelling each, so that the checker can write them again.

The long lists (a line for each file of the payload, for both digests) wait on disk, never in memory.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO

from evidence.manifest import canonical
from evidence.stored_zip import Packed

FORMAT, SCHEMA = "wangxun-bundle", 2
BEIJING = timezone(timedelta(hours=8), "UTC+8")

PAYLOAD = "data/"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
ALGORITHMS = ("sha256", "sm3")  # SHA-256 for every tool, SM3 (GB/T 32905) for domestic use


class Spool:
    """Files on disk that grow by lines. `close` is for the end and for failure; twice is once."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.paths = {name: folder / name for name in names}
        self._files: dict[str, BinaryIO] = {name: path.open("xb") for name, path in self.paths.items()}

    def write(self, name: str, content: bytes) -> None:
        """Add to one of the files."""
        self._files[name].write(content)

    def close(self) -> None:
        """The files are whole."""
        for file in self._files.values():
            file.close()


class Payload:
    """Lists of the payload: `manifest-*.txt`, and the payload's part of `bundle.json`."""

    NAMES = ("bundle.json", "manifest-sha256.txt", "manifest-sm3.txt")

    def __init__(self, folder: Path) -> None:
        self.spool = Spool(folder, self.NAMES)
        self.size, self.count = 0, 0

    def note(self, packed: Packed) -> None:
        """Add one file."""
        self.spool.write("manifest-sha256.txt", line(packed.sha256, packed.name))
        self.spool.write("manifest-sm3.txt", line(packed.sm3, packed.name))
        self.spool.write("bundle.json", b"," + facts(packed) if self.count else facts(packed))
        self.size += packed.size
        self.count += 1

    @property
    def oxum(self) -> str:
        """Bytes and files (RFC 8493, section 2.2.2)."""
        return f"{self.size}.{self.count}"


def bag_info(software: str, description: str, at: datetime, identifier: str) -> dict[str, str]:
    """Labels and values of `bag-info.txt`, without the payload's size."""
    return {
        "Bag-Software-Agent": software,
        "Bagging-Date": at.astimezone(BEIJING).date().isoformat(),
        "External-Description": " ".join(description.split()),  # a line break would begin a forged field
        "External-Identifier": identifier,
    }


def info_file(info: dict[str, str], oxum: str) -> bytes:
    """`bag-info.txt`."""
    lines = [f"{label}: {info[label]}\n" for label in sorted(info)]
    return "".join([*lines, f"Payload-Oxum: {oxum}\n"]).encode()


def listing_ends(info: dict[str, str]) -> tuple[bytes, bytes]:
    """What stands in `bundle.json` before and after its list of files: the whole is canonical JSON."""
    whole = canonical({"bag_info": info, "files": [], "format": FORMAT, "schema": SCHEMA})
    head, _, tail = whole.partition(b'"files":[]')
    return head + b'"files":[', b"]" + tail


def line(digest: str, name: str) -> bytes:
    """A line of a manifest, as sha256sum writes it."""
    return f"{digest}  {name}\n".encode()


def facts(packed: Packed) -> bytes:
    """A file in `bundle.json`."""
    return canonical({"name": packed.name, "size": packed.size, "sha256": packed.sha256, "sm3": packed.sm3})
