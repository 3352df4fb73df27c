"""Writes a ZIP whose bytes depend on names, contents and order only: stored, fixed time, no folders.

Headers are written here, because zipfile's differ between Python versions and the checker regenerates each
byte. One pass over every file, nothing held in memory: a header is completed after its file has been read, and
the directory waits in a file of its own. Form: PKWARE APPNOTE 6.3.10, sections 4.3.7 to 4.3.16; the 64-bit
form stands only where a number needs it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.hazmat.primitives import hashes

from core.errors import BadInput

Content = bytes | Path

SMALL, FULL = 0xFFFF, 0xFFFFFFFF  # from these on a field says "see the 64-bit form"
# The format's first moment, 1980-01-01 00:00: the real time would make two packings differ.
_TIME, _DATE = 0, 33
_UTF8 = 0x800  # flag: the name is UTF-8
_PLAIN, _LONG = 20, 45  # version needed: 2.0, or 4.5 where a 64-bit form stands
_UNIX = 0x300  # made on Unix: the mode below counts
_MODE = 0o100644 << 16  # a plain file that all may read
_NAME_BYTES = 1000  # Windows and Linux end below; and a hostile name cannot fill the directory
CHUNK = 1 << 20  # bytes read at once: hashing is no faster with more


@dataclass(frozen=True)
class Packed:
    """A file as it stands in the archive; digests in lower-case hex."""

    name: str
    size: int
    sha256: str
    sm3: str


class StoredZip:
    """Writes into `file`; `directory` is an empty file beside it. Names are the caller's care."""

    def __init__(self, file: BinaryIO, directory: BinaryIO) -> None:
        self._file, self._directory = file, directory
        self._here, self._count = 0, 0
        self._helper = ThreadPoolExecutor(1, thread_name_prefix="sm3")

    def add(self, name: str, content: Content, known_sm3: str | None = None) -> Packed:
        """Append one file. `known_sm3` spares the slower digest where it is known for the same SHA-256."""
        raw = name.encode()
        if len(raw) > _NAME_BYTES:
            raise BadInput(f"the name is longer than {_NAME_BYTES} bytes: {name[:60]}…")
        size = _size(content)
        self._file.write(_local(raw, 0, size))
        read = _Reading(self._helper, None if known_sm3 else sm3_of)
        for chunk in _chunks(content):
            read.feed(chunk, self._file)
        if read.size != size:
            raise BadInput(f"{name} changed while it was packed")
        self._complete(raw, read.crc, size)
        return Packed(name, size, read.sha256.hexdigest(), known_sm3 or read.sm3())

    def close(self) -> None:
        """Write the directory and the end; the files stay open."""
        self._helper.shutdown()
        length = self._directory.tell()
        self._directory.seek(0)
        shutil.copyfileobj(self._directory, self._file, CHUNK)
        self._file.write(_end(self._count, length, self._here))

    def abandon(self) -> None:
        """End the helper without writing more."""
        self._helper.shutdown(cancel_futures=True)

    def _complete(self, raw: bytes, crc: int, size: int) -> None:
        self._file.seek(self._here)
        header = _local(raw, crc, size)
        self._file.write(header)
        self._file.seek(0, os.SEEK_END)
        self._directory.write(_central(raw, crc, size, self._here))
        self._here += len(header) + size
        self._count += 1


class _Reading:
    """One file on its way: digests, check sum and size; SM3, the slowest, runs beside the others."""

    def __init__(self, helper: ThreadPoolExecutor, make_sm3: Callable[[], Sm3] | None) -> None:
        self._helper = helper
        self._sm3 = make_sm3() if make_sm3 else None
        self.sha256 = hashlib.sha256()
        self.crc, self.size = 0, 0

    def feed(self, chunk: bytes, out: BinaryIO) -> None:
        waiting = None
        if self._sm3 is not None and len(chunk) == CHUNK:  # below, handing over costs more than it saves
            waiting = self._helper.submit(self._sm3.update, chunk)
        elif self._sm3 is not None:
            self._sm3.update(chunk)
        self.sha256.update(chunk)
        self.crc = zlib.crc32(chunk, self.crc)
        self.size += len(chunk)
        out.write(chunk)
        if waiting is not None:
            waiting.result()

    def sm3(self) -> str:
        return self._sm3.hexdigest() if self._sm3 is not None else ""


class Sm3(Protocol):
    """A digest that takes its bytes in pieces."""

    def update(self, chunk: bytes, /) -> None:
        """Take more bytes in."""

    def hexdigest(self) -> str:
        """The digest in lower-case hex."""
        ...


class _OtherSm3:
    """SM3 where this machine's OpenSSL lacks it."""

    def __init__(self) -> None:
        self._hash = hashes.Hash(hashes.SM3())

    def update(self, chunk: bytes) -> None:
        self._hash.update(chunk)

    def hexdigest(self) -> str:
        return self._hash.finalize().hex()


def sm3_of() -> Sm3:
    """A fresh SM3 (GB/T 32905): OpenSSL's where this machine's has it."""
    return hashlib.new("sm3") if "sm3" in hashlib.algorithms_available else _OtherSm3()


def facts_of(name: str, content: Content) -> Packed:
    """What a file will be in the archive, without writing it."""
    sha256, sm3, size = hashlib.sha256(), sm3_of(), 0
    for chunk in _chunks(content):
        sha256.update(chunk)
        sm3.update(chunk)
        size += len(chunk)
    return Packed(name, size, sha256.hexdigest(), sm3.hexdigest())


def _size(content: Content) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _chunks(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield from (content[at : at + CHUNK] for at in range(0, len(content), CHUNK))
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _local(raw: bytes, crc: int, size: int) -> bytes:
    extra = struct.pack("<2H2Q", 1, 16, size, size) if size >= FULL else b""
    shown, version = min(size, FULL), _LONG if extra else _PLAIN
    head = struct.pack("<5H3I", version, _UTF8, 0, _TIME, _DATE, crc, shown, shown)
    return b"PK\x03\x04" + head + struct.pack("<2H", len(raw), len(extra)) + raw + extra


def _central(raw: bytes, crc: int, size: int, place: int) -> bytes:
    numbers = ([size, size] if size >= FULL else []) + ([place] if place >= FULL else [])
    extra = struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
    version, shown = _LONG if extra else _PLAIN, min(size, FULL)
    head = struct.pack("<6H3I", _UNIX | _PLAIN, version, _UTF8, 0, _TIME, _DATE, crc, shown, shown)
    rest = struct.pack("<5H2I", len(raw), len(extra), 0, 0, 0, _MODE, min(place, FULL))
    return b"PK\x01\x02" + head + rest + raw + extra


def _end(count: int, length: int, start: int) -> bytes:
    long = b""
    if count >= SMALL or length >= FULL or start >= FULL:
        made = struct.pack("<Q2H2I4Q", 44, _UNIX | _PLAIN, _LONG, 0, 0, count, count, length, start)
        long = b"PK\x06\x06" + made + b"PK\x06\x07" + struct.pack("<IQI", 0, start + length, 1)
    few = min(count, SMALL)
    numbers = struct.pack("<4H2IH", 0, 0, few, few, min(length, FULL), min(start, FULL), 0)
    return long + b"PK\x05\x06" + numbers
