"""Checks a bundle (ZIP or unpacked), a vault or a custody log, and says in Chinese what is broken first.

One file, standard library only (Python 3.9 or newer): a copy travels in each bundle, so that anybody can check
it, years later. It shares no code with the writers on purpose. Its parts, in order: 1 contents and digests,
2 time stamps, 3 custody chains, 4 daily lists, 5 one evidence, 6 vault and custody log, 7 bundle, 8 command.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

HEX = re.compile("[0-9a-f]{64}")
CONTENT = re.compile("([0-9a-f]{2})/(\\1[0-9a-f]{62})")
ENDINGS = {
    "application/warc": ".warc.gz", "text/html": ".html", "image/png": ".png", "image/jpeg": ".jpg",
    "image/webp": ".webp", "text/plain": ".txt", "application/json": ".json", "application/pdf": ".pdf",
}  # fmt: skip
CHUNK = 1 << 20  # bytes read at once: large enough for hashing at full speed, small enough to stay flat
# What a person may wait for a stamp without a word being said: the fetch runs every few minutes.
PROMPT = timedelta(hours=1)
SECOND = timedelta(seconds=1)  # a stamp may tell whole seconds only, cut off (RFC 3161, section 2.4.2)
BEIJING = timezone(timedelta(hours=8), "北京时间")
SHOWN = 20  # deletions told one by one; of a vault's thousands the number is enough
PATIENCE = 60  # seconds for one run of openssl, which takes milliseconds


class Broken(Exception):
    """A thing so broken that nothing more can be said about it."""


@dataclass
class Report:
    """`faults` in order, `unproved` (what could not be checked here), `notes`, and how much was checked."""

    faults: list[str] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    deleted: list[str] = field(
        default_factory=list
    )  # by rule, a line for each: they are gone and yet no fault
    bundle: bool = False
    evidence: int = 0
    files: int = 0
    stamps: int = 0


# --- 1 contents and digests --------------------------------------------------------------------------------


class Sm3:
    """SM3 (GB/T 32905-2016) in plain Python, for machines whose OpenSSL lacks it: right, but slow."""

    _START = "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"

    def __init__(self) -> None:
        self._state = list(struct.unpack(">8I", bytes.fromhex(self._START)))
        self._rest, self._length = b"", 0

    def update(self, data: bytes) -> None:
        """Take more bytes in."""
        self._length += len(data)
        data = self._rest + data
        whole = len(data) - len(data) % 64
        for place in range(0, whole, 64):
            self._state = _sm3_block(self._state, data[place : place + 64])
        self._rest = data[whole:]

    def hexdigest(self) -> str:
        """The digest of all bytes so far."""
        tail = self._rest + b"\x80" + b"\0" * ((55 - self._length) % 64) + struct.pack(">Q", self._length * 8)
        state = self._state
        for place in range(0, len(tail), 64):
            state = _sm3_block(state, tail[place : place + 64])
        return struct.pack(">8I", *state).hex()


def _turn(word: int, by: int) -> int:
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


_ROUND_CONSTANTS = [_turn(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32) for j in range(64)]


def _sm3_block(state: list[int], block: bytes) -> list[int]:
    """One round of the standard's compression; turns are written out, for each call costs more than it does."""
    w, mask = list(struct.unpack(">16I", block)), 0xFFFFFFFF
    for j in range(16, 68):
        x, y, z = w[j - 3], w[j - 13], 0
        x = w[j - 16] ^ w[j - 9] ^ (x << 15 & mask | x >> 17)
        z = x ^ (x << 15 & mask | x >> 17) ^ (x << 23 & mask | x >> 9)
        w.append(z ^ (y << 7 & mask | y >> 25) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = a << 12 & mask | a >> 20
        x = a12 + e + _ROUND_CONSTANTS[j] & mask
        x = x << 7 & mask | x >> 25
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & g
        y = ff + d + (x ^ a12) + (w[j] ^ w[j + 4]) & mask
        x = gg + h + x + w[j] & mask
        d, c, b, a = c, b << 9 & mask | b >> 23, a, y
        h, g, f = g, f << 19 & mask | f >> 13, e
        e = x ^ (x << 9 & mask | x >> 23) ^ (x << 17 & mask | x >> 15)
    return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905  Python 3.9


def _has_sm3() -> bool:
    try:
        hashlib.new("sm3")
    except ValueError:
        return False
    return True


HAS_SM3 = _has_sm3()


def _sm3() -> Any:
    return hashlib.new("sm3") if HAS_SM3 else Sm3()


def sha256(content: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Facts:
    """What a content is known by."""

    size: int
    sha256: str
    sm3: str
    crc: int


class Files(dict[str, Callable[[], Iterator[bytes]]]):
    """Name -> how to read it in chunks. Each is hashed once, however often it is asked about."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._facts: dict[str, Facts] = {}

    def read(self, name: str) -> bytes:
        """All bytes of one."""
        return b"".join(self[name]())

    def facts(self, name: str) -> Facts:
        """Size, digests and CRC of one."""
        if name not in self._facts:
            size, crc, first, second = 0, 0, hashlib.sha256(), _sm3()
            for chunk in self[name]():
                size, crc = size + len(chunk), zlib.crc32(chunk, crc)
                first.update(chunk)
                second.update(chunk)
            self._facts[name] = Facts(size, first.hexdigest(), second.hexdigest(), crc)
        return self._facts[name]

    def grouped(self, root: str) -> dict[str, Files]:
        """The folders below `root`, each with its files named from there."""
        groups: dict[str, Files] = {}
        for name, how in self.items():
            folder, slash, rest = name[len(root) :].partition("/")
            if slash and name.startswith(root):
                group = groups.setdefault(folder, Files())
                group[rest] = how
                if name in self._facts:
                    group._facts[rest] = self._facts[name]
        return groups


def _part(path: Path, place: int = 0, size: int | None = None) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        left = path.stat().st_size if size is None else size
        with path.open("rb") as file:
            file.seek(place)
            while left and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    return chunks


def open_folder(root: Path) -> Files:
    """An unpacked bundle, a vault or a custody log."""
    found = Files()
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            raise Broken(f"{_show(name)} 是符号链接，这里不允许")
        if not path.is_dir():
            found[name] = _part(path)
    return found


def open_zip(path: Path) -> Files:
    """A packed bundle, compared byte by byte: nothing may stand in it that its writer would not have written."""
    found = Files()
    central, here = b"", 0
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [(one.filename, one.CRC, one.file_size) for one in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OverflowError) as error:
        raise Broken(f"压缩包 {_show(path.name)} 打不开：不是 ZIP 压缩包，或者已被改动、不完整") from error
    with path.open("rb") as file:
        for name, crc, size in listed:
            raw = name.encode(errors="replace")
            local = _zip_local(raw, crc, size)
            file.seek(here)
            whole = name not in found and file.read(len(local)) == local
            found[name] = _part(path, here + len(local), size)
            if not whole or found.facts(name).crc != crc or found.facts(name).size != size:
                raise Broken(f"压缩包里的 {_show(name)} 被改动或不完整（第 {here} 字节起）")
            central += _zip_central(raw, crc, size, here)
            here += len(local) + size
        file.seek(here)
        if file.read() != central + _zip_end(len(found), len(central), here):
            raise Broken(f"压缩包 {_show(path.name)} 的目录被改动或不完整（第 {here} 字节起）")
    _check_order(list(found))
    return found


def _check_order(names: list[str]) -> None:
    """Payload first, then the files about it, each sorted: another order is another writer's."""
    for name, due in zip(names, sorted(names, key=lambda one: (not one.startswith("data/"), one))):  # noqa: B905
        if name != due:
            raise Broken(f"压缩包里文件的次序被改动：{_show(due)} 的位置上是 {_show(name)}")


FULL = 0xFFFFFFFF  # from here on a field says "see the 64-bit form" (APPNOTE 6.3.10, 4.5.3)


# Fixed header values: version 2.0 (4.5 where a 64-bit field is needed), names in UTF-8, stored, 1980-01-01 00:00
# (the format's first moment), made on Unix, a plain file that all may read.
def _zip_local(raw: bytes, crc: int, size: int) -> bytes:
    extra = struct.pack("<2H2Q", 1, 16, size, size) if size >= FULL else b""
    shown, needed = min(size, FULL), 45 if extra else 20
    told = struct.pack("<5H3I2H", needed, 0x800, 0, 0, 33, crc, shown, shown, len(raw), len(extra))
    return b"PK\x03\x04" + told + raw + extra


def _zip_central(raw: bytes, crc: int, size: int, place: int) -> bytes:
    large = [number for number in (size, size, place) if number >= FULL]
    extra = struct.pack(f"<2H{len(large)}Q", 1, 8 * len(large), *large) if large else b""
    shown, needed = min(size, FULL), 45 if extra else 20
    made = b"PK\x01\x02" + struct.pack("<6H3I", 0x314, needed, 0x800, 0, 0, 33, crc, shown, shown)
    rest = struct.pack("<5H2I", len(raw), len(extra), 0, 0, 0, 0o100644 << 16, min(place, FULL))
    return made + rest + raw + extra


def _zip_end(count: int, size: int, place: int) -> bytes:
    few = min(count, 0xFFFF)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, few, few, min(size, FULL), min(place, FULL), 0)
    if count < 0xFFFF and size < FULL and place < FULL:
        return end
    large = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 0x314, 45, 0, 0, count, count, size, place)
    return large + struct.pack("<4sIQI", b"PK\x06\x07", 0, place + size, 1) + end


def _compare(files: Files, name: str, told: dict[str, Any], what: str, report: Report) -> None:
    """Both digests, and the size where it is told, against what a list says."""
    facts = files.facts(name)
    if facts.size != told.get("size", facts.size):
        report.faults.append(f"{what}：大小应为 {told.get('size')} 字节，实为 {facts.size} 字节")
    if facts.sha256 != told.get("sha256"):
        report.faults.append(f"{what}：SHA-256 值不符，内容被改动")
    if told.get("sm3") not in (None, facts.sm3):
        report.faults.append(f"{what}：SM3 值不符，内容被改动")


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode(errors="backslashreplace")


def _json(content: bytes, what: str) -> dict[str, Any]:
    """An object spelled the one way that the writers spell it."""
    try:
        plain = json.loads(content)
        if not isinstance(plain, dict) or _canonical(plain) != content:
            raise Broken(f"{what} 的内容不是预期的格式（被改动）")
    except (ValueError, RecursionError) as error:
        raise Broken(f"{what} 无法读取（内容被改动）") from error
    return plain


def _show(name: str) -> str:
    """A name fit for a terminal: a tampered bundle may carry control characters."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


# --- 2 time stamps (RFC 3161) --------------------------------------------------------------------------------

# DER of the object identifiers 2.16.840.1.101.3.4.2.1 (SHA-256) and 1.2.156.10197.1.401 (SM3).
IMPRINTS = {bytes.fromhex("608648016503040201"): "sha256", bytes.fromhex("2a811ccf55018311"): "sm3"}


@dataclass(frozen=True)
class Stamp:
    """What an authority says: this imprint existed at this moment."""

    algorithm: str
    imprint: str
    at: datetime
    serial: int
    nonce: int | None


def _der(content: bytes) -> list[tuple[int, bytes]]:
    """The (tag, content) pairs of a run of DER values."""
    found, here = [], 0
    while here < len(content):
        if here + 2 > len(content):
            raise Broken("时间戳的编码不完整")
        tag, length, here = content[here], content[here + 1], here + 2
        if length & 0x80:
            width = length & 0x7F
            length, here = int.from_bytes(content[here : here + width], "big"), here + width
        if here + length > len(content):
            raise Broken("时间戳的编码不完整")
        found.append((tag, content[here : here + length]))
        here += length
    return found


def read_stamp(query: bytes, reply: bytes) -> Stamp:
    """The answer's statement. Raises Broken when it was refused, is none, or answers another request."""
    try:
        parts = _der(_der(reply)[0][1])
        if int.from_bytes(_der(parts[0][1])[0][1], "big") > 1:
            raise Broken("时间戳机构拒绝了请求")
        signed = _der(_der(_der(parts[1][1])[1][1])[0][1])
        stated = _imprint(_der(_der(_der(_der(signed[2][1])[1][1])[0][1])[0][1]), 2)
        asked = _imprint(_der(_der(query)[0][1]), 1)
    except (IndexError, ValueError, KeyError, RecursionError) as error:
        raise Broken("时间戳无法读取") from error
    if (stated.algorithm, stated.imprint, stated.nonce) != (asked.algorithm, asked.imprint, asked.nonce):
        raise Broken("时间戳的答复与请求不符")
    return stated


def _imprint(values: list[tuple[int, bytes]], place: int) -> Stamp:
    """TSTInfo (place 2: version, policy, imprint, serial, time, …) or TimeStampReq (place 1: version, imprint, …)."""
    (_, algorithm), (_, imprint) = _der(values[place][1])[:2]
    name = IMPRINTS[_der(algorithm)[0][1]]
    rest = values[place + 1 :]
    serial, at = 0, datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017  Python 3.9
    if place == 2:
        serial, at = int.from_bytes(rest[0][1], "big"), _moment(rest[1][1].decode("ascii"))
        rest = rest[2:]
    numbers = [int.from_bytes(value, "big") for tag, value in rest if tag == 2]
    return Stamp(name, imprint.hex(), at, serial, numbers[0] if numbers else None)


def _moment(text: str) -> datetime:
    whole, _, part = text.rstrip("Z").partition(".")
    moment = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)  # noqa: UP017
    return moment + timedelta(seconds=float(f"0.{part or 0}"))


def signature(query: bytes, reply: bytes, authority: bytes, at: datetime) -> bool | None:
    """Whether openssl finds the stamp signed under `authority` (PEM); None when it could not be asked.

    Certificates are judged as of the stamp's own time: they expire, what they signed in time stays signed.
    """
    program = shutil.which("openssl")
    if not program:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("q", query), ("r", reply), ("ca", authority)):
            (Path(folder) / name).write_bytes(content)
        command = [program, "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "ca"]
        try:
            told = subprocess.run(
                [*command, "-attime", str(int(at.timestamp()))], cwd=folder, capture_output=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return None
    if told.returncode == 0 and b"Verification: OK" in told.stdout:
        return True
    return False if b"Verification: FAILED" in told.stdout else None


def _check_stamp(
    kept: Any, subject: Facts | None, one: str, where: str, asked: Asked, report: Report
) -> Stamp | None:
    """One stamp of the chain of `one`: its imprint by ourselves, its signature by openssl."""
    try:
        query, reply, own = (base64.b64decode(kept[name], validate=True) for name in ("tsq", "tsr", "pem"))
        stamp = read_stamp(query, reply)
    except (Broken, KeyError, TypeError, ValueError) as error:  # ValueError: letters that no Base64 has
        report.faults.append(f"{where}：{error if isinstance(error, Broken) else '时间戳无法读取'}")
        return None
    report.stamps += 1
    if subject is None and stamp.algorithm != "sha256":
        report.unproved.append(f"{where}：原文件不在这里，SM3 时间戳未核对")
    elif stamp.imprint != (getattr(subject, stamp.algorithm) if subject else one):
        report.faults.append(f"{where}：时间戳不是盖在这份内容上的（摘要不符）")
    proved = signature(query, reply, asked.trust or own, stamp.at)
    if proved is None:
        report.unproved.append(f"{where}：签名未核验（这台电脑上没有可用的 openssl 程序）")
    elif not proved:
        by = "--trust 所给的机构" if asked.trust else "随附证书的机构"
        report.faults.append(f"{where}：时间戳的签名不是{by}签发的，或内容被改动")
    return stamp


# --- 3 custody chains -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Anchors from outside: certificates that are trusted (PEM), the digest of a daily list or custody entry."""

    trust: bytes | None = None
    head: str | None = None


@dataclass(frozen=True)
class Chain:
    """The entries of one thing, as far as they follow each other; `heads[n-1]` is the digest of entry n."""

    one: str
    entries: list[dict[str, Any]]
    heads: list[str]
    whole: bool

    @property
    def events(self) -> list[str]:
        """What happened, in order."""
        return [str(entry.get("event")) for entry in self.entries]

    @property
    def kind(self) -> str:
        """What was sealed: evidence, reference or heads."""
        return str(self.entries[0].get("kind", "evidence")) if self.entries else "evidence"

    @property
    def kept(self) -> list[str]:
        """Digests of the files that were sealed with it."""
        kept = self.entries[0].get("kept") if self.entries else []
        return [str(digest) for digest in kept] if isinstance(kept, list) else []


def read_chain(files: Files, one: str, report: Report) -> Chain:
    """The chain that these files are; the first break is a fault, and nothing behind it is believed."""
    previous = one
    entries: list[dict[str, Any]] = []
    heads: list[str] = []
    for number, name in enumerate(sorted(files), 1):
        fault = ""
        try:
            entry = _json(files.read(name), name)
        except Broken:
            entry, fault = {}, f"第 {number} 条（{_show(name)}）被改动，无法读取"
        told = (entry.get("number"), entry.get("previous"), entry.get("evidence_id"))
        if name != f"{number:06d}.json":
            fault = f"缺少第 {number} 条，或有不认识的 {_show(name)}"
        elif not fault and told != (number, previous, one):
            fault = f"第 {number} 条与前一条接不上（被改动、换过或删去）"
        elif not fault and not _is_itself(entry):
            fault = f"第 {number} 条（{_show(name)}）被改动，与它自己的摘要不符"
        if fault:
            report.faults.append(f"{_show(one)} 的保管记录{fault}")
            return Chain(one, entries, heads, whole=False)
        entries.append(entry)
        heads.append(files.facts(name).sha256)
        previous = heads[-1]
    return Chain(one, entries, heads, whole=True)


def _is_itself(entry: dict[str, Any]) -> bool:
    """Entries of schema 1 had no digest of their own; with one, an entry cannot pass as such."""
    if entry.get("schema") == 1:
        return "digest" not in entry
    return sha256(_canonical({**entry, "digest": ""})) == entry.get("digest")


def _check_stamps(chain: Chain, subject: Facts | None, asked: Asked, report: Report) -> None:
    """All stamps in a chain; the delay between capture and stamp is said when it is long."""
    for entry in chain.entries:
        if entry.get("event") != "stamped":
            continue
        where = f"{_show(chain.one)} 的时间戳（保管记录第 {entry['number']} 条）"
        stamp = _check_stamp(entry.get("stamp"), subject, chain.one, where, asked, report)
        captured = _time(chain.entries[0])
        late = stamp.at - captured if stamp and captured else timedelta()
        if late > PROMPT:
            report.notes.append(f"{where}：取证后 {late.total_seconds() / 3600:.1f} 小时才盖上")
        elif late <= -SECOND:
            report.notes.append(f"{where}：早于取证 {-late.total_seconds():.0f} 秒，两处时钟不一致")


def _time(entry: dict[str, Any]) -> datetime | None:
    """When it was written; None where it says no time that could be compared, and there is no delay to speak of."""
    try:
        moment = datetime.fromisoformat(str(entry.get("at")).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# --- 4 daily lists ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaf:
    """A line of a daily list: at that time, the chain `one` had `count` entries, the last with digest `head`."""

    one: str
    count: int
    head: str
    number: int


@dataclass
class Lists:
    """The daily lists: digest of each header by number, and the newest line for each chain."""

    headers: dict[int, str] = field(default_factory=dict)
    roots: dict[int, str] = field(default_factory=dict)
    leaves: dict[str, Leaf] = field(default_factory=dict)
    every: dict[str, list[Leaf]] = field(default_factory=dict)  # all lines, where all lists are at hand
    anchor: int = 0  # the list that --head names; 0 when it names none


def read_headers(
    files: Files, known: Files | None, asked: Asked, report: Report
) -> tuple[Lists, dict[int, dict[str, Any]]]:
    """The headers `heads/000001.json` and so on, each carrying the digest of the one before.

    `known` is the vault around them; a bundle has none, and begins with the first that names something in it.
    """
    lists, previous = Lists(), None
    plain: dict[int, dict[str, Any]] = {}
    for name in sorted(name for name in files if "/" not in name):
        where = f"每日清单 heads/{_show(name)}"
        try:
            header = _json(files.read(name), where)
        except Broken as error:
            report.faults.append(str(error))
            return lists, plain
        number = header.get("number")
        if not isinstance(number, int) or name != f"{number:06d}.json":
            report.faults.append(f"{where}：编号与文件名不符")
            return lists, plain
        first = min(plain, default=number if known is None else 1)
        if number != first + len(plain):
            report.faults.append(
                f"缺少第 {first + len(plain)} 份每日清单（heads/{first + len(plain):06d}.json）"
            )
            return lists, plain
        due = "0" * 64 if number == 1 else previous
        report.faults += [
            f"缺少告警记录 {_show(str(one))}（{where} 记有它）"
            for one in _listed_ids(header, "alarms")
            if known is not None and f"alarms/{one}.json" not in known
        ]
        if due is not None and header.get("previous") != due:
            report.faults.append(f"{where} 与前一份（第 {number - 1} 份）接不上：两份之一被改动或换过")
            return lists, plain
        previous = files.facts(name).sha256
        plain[number], lists.headers[number], lists.roots[number] = header, previous, str(header.get("root"))
        if asked.head == previous:
            lists.anchor = number
    return lists, plain


def tree_root(lines: list[bytes]) -> str:
    """Root of the hash tree over the lines (RFC 6962, section 2.1: 0x00 before a leaf, 0x01 before a pair)."""
    level = [hashlib.sha256(b"\0" + line).digest() for line in lines] or [hashlib.sha256(b"").digest()]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\1" + b"".join(level[i : i + 2])).digest() for i in range(0, len(level) - 1, 2)
        ]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()


def read_leaf(line: str, number: int) -> Leaf:
    """`id count head`. Raises Broken."""
    parts = line.split(" ")
    if len(parts) != 3 or not (HEX.fullmatch(parts[0]) and parts[1].isdigit() and HEX.fullmatch(parts[2])):
        raise Broken(f"第 {number} 份每日清单里有不认识的一行")
    return Leaf(parts[0], int(parts[1]), parts[2], number)


def check_lists(
    files: Files, asked: Asked, report: Report, wanted: Callable[[str], bool] = lambda _: True
) -> Lists:
    """A vault's lists: headers, and the lines of each; only lines about what is `wanted` are remembered."""
    lists, plain = read_headers(files.grouped("").get("heads", Files()), files, asked, report)
    for number, header in plain.items():
        digest = str(header.get("leaves"))
        name = f"{digest[:2]}/{digest}"
        if name not in files:
            report.faults.append(f"第 {number} 份每日清单的内容 {_show(name)} 缺失")
            continue
        lines = files.read(name).splitlines(keepends=True)
        if tree_root(lines) != header.get("root") or len(lines) != header.get("count"):
            report.faults.append(f"第 {number} 份每日清单（heads/{number:06d}.json）与它的内容不符")
            continue
        for line in lines:
            leaf = read_leaf(line.decode("ascii", "replace").rstrip("\n"), number)
            if not wanted(leaf.one):
                continue
            lists.every.setdefault(leaf.one, []).append(leaf)
            if not (lists.anchor and number > lists.anchor and leaf.one in lists.leaves):
                lists.leaves[leaf.one] = leaf
    return lists


def _check_place(chain: Chain, lists: Lists, report: Report) -> None:
    """The chain against every line about it: a tail that was cut off is found, also when a later list is shorter."""
    newest = lists.leaves.get(chain.one)
    lines = lists.every.get(chain.one) or ([newest] if newest else [])
    for leaf in reversed(lines) if chain.whole else ():
        if leaf.count > len(chain.heads):
            report.faults.append(
                f"{_show(chain.one)} 的保管记录缺少第 {len(chain.heads) + 1} 条：第 {leaf.number} 份每日清单"
                f"记载有 {leaf.count} 条"
            )
        elif leaf.count < 1 or chain.heads[leaf.count - 1] != leaf.head:
            report.faults.append(
                f"{_show(chain.one)} 的保管记录第 {leaf.count} 条与第 {leaf.number} 份每日清单记载的不同"
            )
        else:
            continue
        return


def _check_anchor(one: str, lists: Lists, asked: Asked, report: Report) -> None:
    """With --head: what the named list does not cover is proved by nothing outside."""
    if asked.head and lists.anchor:
        leaf = lists.leaves.get(one)
        if leaf is None or leaf.number > lists.anchor:
            report.faults.append(
                f"证据 {_show(one)} 不在 --head 所指的第 {lists.anchor} 份及更早的每日清单里"
            )


# --- 5 one evidence ---------------------------------------------------------------------------------------------


def item_name(number: int, role: str, media_type: str) -> str:
    """The name of a manifest's item in a bundle: its number, its role, and an ending that programs know."""
    plain = re.sub(r"[^a-z0-9_]", "-", role.lower())
    return f"{number:02d}-{plain}{ENDINGS.get(media_type.split(';')[0].strip(), '.bin')}"


def check_evidence(
    files: Files, chain: Chain, manifest: str, place: Callable[..., str], asked: Asked, report: Report
) -> set[str]:
    """Manifest, items (`place` says where) and stamps of one evidence. Returns the names that belong to it."""
    one, known = chain.one, {manifest}
    if not chain.entries and chain.whole:
        report.faults.append(f"证据 {_show(one)} 没有保管记录")
    if "deleted" in chain.events:
        _check_deleted(chain, report)
        return set()
    if chain.whole and "sealed" not in chain.events and chain.entries:
        report.notes.append(f"证据 {one} 封存时中断，不作为证据")
        return known
    if manifest not in files:
        report.faults.append(f"证据 {_show(one)} 没有清单（缺少 {_show(manifest)}）")
        return known
    report.evidence += 1
    _compare(files, manifest, {"sha256": one}, f"证据 {_show(one)} 的清单", report)
    _check_captured(files.read(manifest), chain, report)
    for number, item in enumerate(_items(files.read(manifest), one, report)):
        name = place(number, item)
        known.add(name)
        what = f"证据文件 {_show(name)}（证据 {_show(one)} 的 {_show(str(item['role']))}）"
        if name in files:
            _compare(files, name, item, what, report)
        else:
            report.faults.append(f"缺少{what}")
    _check_stamps(chain, files.facts(manifest), asked, report)
    if "stamped" not in chain.events:
        told = f"证据 {_show(one)} 没有外部时间戳，取证时间只有本系统自己的记录"
        (report.faults if asked.trust else report.notes).append(told)
    return known


def _check_captured(content: bytes, chain: Chain, report: Report) -> None:
    """The manifest's own time against the first entry of its custody: whoever seals may write any time into it."""
    try:
        said = _time({"at": _json(content, "清单").get("captured_at")})
    except Broken:
        return  # named by whoever reads its items
    sealed = _time(chain.entries[0]) if chain.entries else None
    apart = (sealed - said).total_seconds() / 3600 if said and sealed else 0.0
    if abs(apart) * 3600 > PROMPT.total_seconds():
        word = "早" if apart > 0 else "晚"
        report.notes.append(
            f"证据 {_show(chain.one)} 的清单写的取证时间比开始保管{word} {abs(apart):.1f} 小时：这段时间只有本系统自己的说法"
        )


def _check_times(chain: Chain, report: Report) -> None:
    """Time that runs back: a clock was set, or a line was written later than it says."""
    latest: datetime | None = None
    for entry in chain.entries:
        moment = _time(entry)
        if moment and latest and moment < latest - PROMPT:
            report.notes.append(
                f"{_show(chain.one)} 的保管记录第 {entry['number']} 条写的时间（{_show(str(entry.get('at')))}）早于它之前的记录"
            )
        latest = max(latest, moment) if moment and latest else moment or latest


def _check_deleted(chain: Chain, report: Report) -> None:
    """A deletion is lawful when its entry is the last, says by which rule, and was not written while it was held."""
    events = chain.events
    place = events.index("deleted")
    entry = chain.entries[place]
    where = f"证据 {_show(chain.one)} 的删除记录（保管记录第 {place + 1} 条）"
    told = [entry.get(name) for name in ("class", "title", "basis", "rule", "detail")]
    if not all(isinstance(one, str) and one for one in told):
        report.faults.append(f"{where}没有写明类别、依据、规则和理由：不能证明是按规定删除")
    if place + 1 < len(events) or not chain.whole:
        report.faults.append(f"{where}之后还有记录：删除之后不应再有")
    written = [moment for moment in map(_time, chain.entries[: place + 1]) if moment]
    if written and written[-1] < max(written) - PROMPT:
        report.faults.append(f"{where}写的时间早于它之前的记录：不能证明是按规定删除")
    if [one for one in events[:place] if one in ("held", "released")][-1:] == ["held"]:
        report.faults.append(f"{where}写于要求保留期间：不得删除")
    when = str(entry.get("at"))[:10]
    report.deleted.append(
        f"证据 {_show(chain.one)} 已于 {_show(when)} 按规定删除（{_show(str(told[1]))}，{_show(str(told[2]))}）"
    )


def _items(content: bytes, one: str, report: Report) -> list[dict[str, Any]]:
    try:
        items = list(_json(content, "清单")["items"])
        whole = all({"role", "media_type", "sha256", "size"} <= set(item) for item in items)
    except (Broken, KeyError, TypeError):
        items, whole = [], False
    if not whole:
        report.faults.append(f"证据 {_show(one)} 的清单无法读取")
    return items if whole else []


# --- 6 vault and custody log --------------------------------------------------------------------------------------

ABOUT = [_canonical({"format": "wangxun-vault", "schema": schema}) for schema in (2, 1)]


def check_vault(files: Files, asked: Asked, report: Report) -> None:
    """A whole vault."""
    files = Files({name: how for name, how in files.items() if not name.startswith("tmp/")})
    if "vault.json" not in files or files.read("vault.json") not in ABOUT:
        report.faults.append("vault.json 被改动或缺失")
    _check_names(files, report)
    lists = check_lists(files, asked, report)
    groups = files.grouped("custody/")
    chains = {one: check_one(files, groups[one], one, lists, asked, report) for one in sorted(groups)}
    _check_whole(files, chains, lists, asked, report)


def check_one(files: Files, own: Files, one: str, lists: Lists, asked: Asked, report: Report) -> Chain:
    """One sealed thing in a vault: its chain (the files `own`), its place in the lists, its contents and stamps."""
    chain = read_chain(own, one, report)
    _check_times(chain, report)
    _check_place(chain, lists, report)
    _check_sealed(files, chain, lists, asked, report)
    return chain


def _check_names(files: Files, report: Report) -> None:
    for name in files:
        content, folder = CONTENT.fullmatch(name), name.partition("/")[0]
        if content or (folder == "alarms" and HEX.fullmatch(name[7:-5]) and name.endswith(".json")):
            report.files += 1
            digest = content[2] if content else name[7:-5]
            _compare(files, name, {"sha256": digest}, f"文件 {name}", report)
        elif folder == "trash" and HEX.fullmatch(name[6:]):
            _compare(files, name, {"sha256": name[6:]}, f"文件 {name}", report)
            report.notes.append(f"文件 {name} 删除到一半：请再运行一次 wangxun retention")
        elif folder == "todo" and HEX.fullmatch(name[len("todo/stamp/") :]):
            if files.facts(name).size:
                report.faults.append(f"待办标记 {_show(name)} 被改动")
        elif folder == "custody" and HEX.fullmatch(name.split("/")[1]) and name.count("/") > 1:
            continue
        elif name != "vault.json" and not re.fullmatch(r"heads/\d{6,}\.json", name):
            report.faults.append(f"证据库里有不认识的 {_show(name)}")


def _check_sealed(files: Files, chain: Chain, lists: Lists, asked: Asked, report: Report) -> None:
    """What a chain is about: evidence, a reference file or a daily list."""
    one = chain.one
    mark = f"todo/stamp/{one}" in files
    stamped = "stamped" in chain.events or "deleted" in chain.events or "sealed" not in chain.events
    if chain.kind == "evidence":
        check_evidence(files, chain, f"{one[:2]}/{one}", _in_vault, asked, report)
        _check_anchor(one, lists, asked, report)
    elif chain.kind == "heads" and one in lists.headers.values():
        number = next(number for number, digest in lists.headers.items() if digest == one)
        if "sealed" not in chain.events:
            report.faults.append(f"第 {number} 份每日清单没有写完（保管记录缺少“封存”）")
        _check_stamps(chain, files.facts(f"heads/{number:06d}.json"), asked, report)
    elif "sealed" in chain.events and "deleted" not in chain.events:
        heads = chain.kind == "heads"
        name = _show(str(chain.entries[0].get("name"))) if heads else f"{one[:2]}/{one}"
        if heads or name not in files:
            report.faults.append(f"文件 {name} 缺失或被改动：保管记录 {one} 说它已封存")
    if chain.kind != "evidence" and "deleted" in chain.events:
        report.faults.append(f"{one} 不是证据，却写有删除记录：规则文件和每日清单不得删除")
    marked = stamped or mark or chain.kind == "reference"
    if chain.whole and chain.entries and "kind" in chain.entries[0] and not marked:
        report.faults.append(f"{one} 既没有时间戳，也没有待取时间戳的标记（保管记录的末尾被删去）")


def _in_vault(_: int, item: dict[str, Any]) -> str:
    return f"{str(item['sha256'])[:2]}/{item['sha256']}"


def _check_whole(files: Files, chains: dict[str, Chain], lists: Lists, asked: Asked, report: Report) -> None:
    """What can only be said of all together: nothing is missing, nothing has come in beside the record."""
    for one, leaf in lists.leaves.items():
        if one not in chains:
            report.faults.append(f"缺少 {one} 的保管记录：第 {leaf.number} 份每日清单记载有 {leaf.count} 条")
    for number, digest in lists.headers.items():
        if digest not in chains:
            report.faults.append(f"缺少第 {number} 份每日清单的保管记录 custody/{digest}")
    if files.read("vault.json") == ABOUT[0]:
        _check_nothing_beside(files, chains, report)
    listed = set(lists.headers.values())
    counted = {one: leaf.count for one, leaf in lists.leaves.items()}
    loose = sum(len(chain.heads) - counted.get(one, 0) for one, chain in chains.items() if one not in listed)
    if loose > 0:
        report.notes.append(f"有 {loose} 条保管记录还没有列入每日清单：它们的末尾若被删去，看不出来")
    _check_head_found(lists, chains.values(), asked, report)


def _check_nothing_beside(files: Files, chains: dict[str, Chain], report: Report) -> None:
    named = set(chains).union(*(chain.kept for chain in chains.values()))
    standing = [chain for chain in chains.values() if "deleted" not in chain.events]
    needed = {chain.one for chain in standing}.union(*(chain.kept for chain in standing))
    left = [name for name in files if CONTENT.fullmatch(name) and name[3:] in named - needed]
    if left:
        report.notes.append(f"已删除的证据还有 {len(left)} 个文件没有清除：请再运行一次 wangxun retention")
    for name in files:
        if CONTENT.fullmatch(name) and name[3:] not in named:
            report.faults.append(f"多出文件 {name}（没有保管记录提到它）")
        elif name.startswith("todo/") and name.rpartition("/")[2] not in chains:
            report.faults.append(f"多出待办标记 {_show(name)}")


def _check_head_found(lists: Lists, chains: Iterable[Chain], asked: Asked, report: Report) -> None:
    if asked.head and not lists.anchor and not any(asked.head in chain.heads for chain in chains):
        report.faults.append("--head 给出的值在这里找不到：内容可能被整体重做，或给错了值")


def check_log(root: Path, asked: Asked, report: Report) -> None:
    """One custody chain (its folder is named by the id), or a folder of them, without the vault around it."""
    files = open_folder(root)
    groups = {root.name: files} if HEX.fullmatch(root.name) else files.grouped("")
    chains = []
    for one in sorted(groups):
        if not HEX.fullmatch(one):
            report.faults.append(f"保管记录里有不认识的 {_show(one)}")
            continue
        chain = read_chain(groups[one], one, report)
        _check_stamps(chain, None, asked, report)
        chains.append(chain)
    stray = sorted(name for name in files if "/" not in name) if groups.keys() != {root.name} else []
    report.faults += [f"保管记录里有不认识的 {_show(name)}" for name in stray]
    report.files += sum(len(chain.heads) for chain in chains)
    report.notes.append("只核对了保管记录本身；它所记的证据文件不在这里")
    _check_head_found(Lists(), chains, asked, report)


# --- 7 bundle -----------------------------------------------------------------------------------------------------

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
CONTROL = {
    "bagit.txt", "bag-info.txt", "bundle.json", "manifest-sha256.txt", "manifest-sm3.txt",
    "tagmanifest-sha256.txt", "tagmanifest-sm3.txt",
}  # fmt: skip


def check_bundle(files: Files, asked: Asked, report: Report) -> None:
    """A bundle: every file against its list, every control file against what it must be, then the evidence."""
    report.bundle = True
    if "bundle.json" not in files:
        raise Broken("证据包里没有 bundle.json（文件清单）")
    plain = _json(files.read("bundle.json"), "bundle.json")
    listed = _listed(plain)
    tags = files.read("tagmanifest-sha256.txt").splitlines() if "tagmanifest-sha256.txt" in files else []
    if f"{files.facts('bundle.json').sha256}  bundle.json".encode() not in tags:
        report.faults.append("bundle.json 与 tagmanifest-sha256.txt 所记的不符（两者之一被改动）")
    for name, told in listed.items():
        if name not in files:
            report.faults.append(f"缺少文件 {_show(name)}")
            continue
        report.files += 1
        _compare(files, name, told, f"文件 {_show(name)}", report)
    for name in sorted(set(files) - set(listed) - CONTROL):
        report.faults.append(f"多出文件 {_show(name)}（清单里没有）")
    _check_control(files, plain, listed, report)
    _check_bagged(files, asked, report)


def _listed(plain: dict[str, Any]) -> dict[str, Any]:
    if plain.get("format") != "wangxun-bundle" or plain.get("schema") != 2:
        raise Broken("bundle.json 的格式或版本不认识")
    try:
        names = [str(told["name"]) for told in plain["files"]]
    except (KeyError, TypeError) as error:
        raise Broken("bundle.json 的内容不完整") from error
    if names != sorted(set(names)) or CONTROL & set(names):
        raise Broken("bundle.json 里的文件重复，或次序被改动")
    return dict(zip(names, plain["files"]))  # noqa: B905  Python 3.9


def _check_control(files: Files, plain: dict[str, Any], listed: dict[str, Any], report: Report) -> None:
    """BagIt's control files (RFC 8493) are written anew from the list and compared, so no byte of them is free."""
    whole = {name: files.facts(name) for name in listed if name in files}
    payload = {name: facts for name, facts in whole.items() if name.startswith("data/")}
    oxum = f"{sum(facts.size for facts in payload.values())}.{len(payload)}"
    info = plain.get("bag_info")
    labels = sorted(info.items()) if isinstance(info, dict) else []
    due = {
        "bagit.txt": BAGIT,
        "bag-info.txt": "".join(
            f"{label}: {text}\n" for label, text in [*labels, ("Payload-Oxum", oxum)]
        ).encode(),
        "manifest-sha256.txt": _lines(payload, "sha256"),
        "manifest-sm3.txt": _lines(payload, "sm3"),
    }
    about = {name: files.facts(name) for name in files if not name.startswith(("data/", "tagmanifest-"))}
    due |= {f"tagmanifest-{kind}.txt": _lines(about, kind) for kind in ("sha256", "sm3")}
    for name, content in due.items():
        if name not in files:
            report.faults.append(f"缺少文件 {name}")
        elif files.read(name) != content:
            report.faults.append(f"文件 {name} 与清单不符（被改动）")


def _lines(facts: dict[str, Facts], kind: str) -> bytes:
    return "".join(f"{getattr(facts[name], kind)}  {name}\n" for name in sorted(facts)).encode()


def _check_bagged(files: Files, asked: Asked, report: Report) -> None:
    """The evidence in a bundle, and the daily lists that it carries."""
    root = files.grouped("").get("data", Files())
    lists = _bagged_lists(root.grouped("").get("heads", Files()), asked, report)
    chains = []
    for one, own in sorted(root.grouped("evidence/").items()):
        chain = read_chain(own.grouped("").get("custody", Files()), one, report)
        chains.append(chain)
        _check_times(chain, report)
        known = check_evidence(own, chain, "manifest.json", _in_bundle, asked, report)
        known |= {name for name in own if name.startswith("custody/")}
        known |= _check_stamp_files(own, chain, "stamps/", report)
        if "place.json" in own:
            known.add("place.json")
            _read_place(own.read("place.json"), one, lists, report)
        _check_place(chain, lists, report)
        _check_anchor(one, lists, asked, report)
        for name in sorted(set(own) - known):
            report.faults.append(f"多出证据文件 {_show(name)}（证据 {_show(one)} 的清单里没有）")
        if chain.whole and one not in lists.leaves:
            report.notes.append(f"证据 {_show(one)} 还没有列入每日清单：保管记录的末尾若被删去，看不出来")
    _check_head_found(lists, chains, asked, report)
    _check_promised(root, {chain.one for chain in chains}, report)
    for name in sorted(root):
        told = re.match(r"rules/([0-9a-f]{8})-", name)
        if told and not root.facts(name).sha256.startswith(told[1]):
            report.faults.append(f"规则文件 data/{_show(name)} 的内容与名字里的摘要不符（被换过）")


def _check_promised(root: Files, found: set[str], report: Report) -> None:
    """All evidence that the bundle itself speaks of is in it: what was left out is missed here or nowhere."""
    if "about.json" not in root:
        report.notes.append("没有 data/about.json：看不出本包应当含有哪些线索和证据")
        return
    about = _json(root.read("about.json"), "data/about.json")
    if about.get("format") != "wangxun-handover" or about.get("kind") != "full":
        return  # a masked copy carries no evidence, and speaks of it all the same
    due = {str(one): "data/about.json" for one in _listed_ids(about, "evidence")}
    for one in _listed_ids(about, "findings"):
        name = f"findings/{one}/finding.json"
        if name in root:
            due.update(dict.fromkeys(_named_by(root, name, report), f"data/{name}"))
        else:
            report.faults.append(f"缺少线索 {_show(str(one))}：data/about.json 记有它")
    for one in sorted(set(due) - found):
        report.faults.append(f"缺少证据 {_show(one)}：{_show(due[one])} 记有它")
    for one in sorted(found - set(due)):
        report.faults.append(f"多出证据 {_show(one)}：data/about.json 和各条线索都没有提到它")


def _named_by(root: Files, name: str, report: Report) -> list[str]:
    """The evidence that a finding speaks of; it is written for readers, not in canonical form."""
    try:
        plain = json.loads(root.read(name))
    except (ValueError, RecursionError):
        report.faults.append(f"data/{_show(name)} 无法读取")
        return []
    parts = [*_listed_ids(plain, "versions"), *_listed_ids(plain, "absences")]
    return [str(one) for part in parts for one in _listed_ids(part, "evidence_ids")]


def _listed_ids(plain: Any, name: str) -> list[Any]:
    told = plain.get(name) if isinstance(plain, dict) else None
    return told if isinstance(told, list) else []


def _in_bundle(number: int, item: dict[str, Any]) -> str:
    return "files/" + item_name(number, str(item["role"]), str(item["media_type"]))


def _check_stamp_files(files: Files, chain: Chain, root: str, report: Report) -> set[str]:
    """Stamps lie in the chain; their copies as files are for other programs and must be the same bytes."""
    due: dict[str, bytes] = {}
    for entry in chain.entries:
        for ending in ("tsq", "tsr", "pem") if entry.get("event") == "stamped" else ():
            try:
                content = base64.b64decode(entry["stamp"][ending])
            except (KeyError, TypeError, ValueError):
                continue  # named already by the check of the stamp itself
            due[f"{root}{entry['number']:06d}.{ending}"] = content
    for name, content in due.items():
        if name not in files or files.read(name) != content:
            report.faults.append(f"时间戳文件 {_show(name)}（{_show(chain.one)}）缺失或被改动")
    return set(due)


def _bagged_lists(files: Files, asked: Asked, report: Report) -> Lists:
    """Headers, with custody and stamps of those that name something in this bundle."""
    lists, _ = read_headers(files, None, asked, report)
    stamps = files.grouped("stamps/")
    for digest, own in sorted(files.grouped("custody/").items()):
        chain = read_chain(own, digest, report)
        if digest not in lists.headers.values():
            report.faults.append(f"多出每日清单 {_show(digest)} 的保管记录")
            continue
        number = next(number for number, header in lists.headers.items() if header == digest)
        _check_stamps(chain, files.facts(f"{number:06d}.json"), asked, report)
        known = _check_stamp_files(stamps.pop(digest, Files()), chain, "", report)
        report.faults += [f"多出 {_show(name)}" for name in sorted(set(stamps.get(digest, ())) - known)]
    report.faults += [f"多出 heads/stamps/{_show(digest)}" for digest in sorted(stamps)]
    return lists


def _read_place(content: bytes, one: str, lists: Lists, report: Report) -> None:
    """The evidence's line in a daily list, and the path from it to that list's root."""
    where = f"证据 {_show(one)} 在每日清单里的位置（place.json）"
    try:
        plain = _json(content, where)
        leaf = read_leaf(str(plain["line"]), int(plain["list"]))
        found = hashlib.sha256(b"\0" + f"{plain['line']}\n".encode()).digest()
        for side, other in plain["path"]:
            pair = (bytes.fromhex(other), found) if side == "L" else (found, bytes.fromhex(other))
            found = hashlib.sha256(b"\1" + b"".join(pair)).digest()
    except (Broken, KeyError, TypeError, ValueError) as error:
        report.faults.append(
            f"{where}无法读取（{error}）" if isinstance(error, Broken) else f"{where}无法读取"
        )
        return
    if leaf.one != one or lists.roots.get(leaf.number) != found.hex():
        report.faults.append(f"{where}与第 {leaf.number} 份每日清单不符")
        return
    lists.leaves[one] = leaf


# --- 8 command ------------------------------------------------------------------------------------------------------


def verify_path(path: Path) -> list[str]:
    """Everything wrong with what lies at `path`; [] when all is whole."""
    return check(path).faults


def check(path: Path, trust: bytes | None = None, head: str | None = None) -> Report:
    """Check whatever lies at `path`: a bundle, a vault (or the data folder that holds one), a custody log.

    `trust`: certificates (PEM) of authorities, had from them and not from us. `head`: the SHA-256 of a daily
    list (or of a custody entry) that somebody wrote down outside this system.
    """
    report, asked = Report(), Asked(trust, head)
    try:
        _check_any(path, asked, report)
    except Broken as error:
        report.faults.append(str(error))
    except OSError as error:
        report.faults.append(f"无法读取：{error}")
    return report


def _check_any(path: Path, asked: Asked, report: Report) -> None:
    if path.is_file():
        check_bundle(open_zip(path), asked, report)
    elif (path / "bundle.json").is_file():
        check_bundle(open_folder(path), asked, report)
        empty = (one for one in sorted(path.rglob("*")) if one.is_dir() and not any(one.iterdir()))
        report.faults += [f"多出空文件夹 {_show(one.relative_to(path).as_posix())}" for one in empty]
    elif (path / "vault.json").is_file():
        check_vault(open_folder(path), asked, report)
    elif (path / "vault" / "vault.json").is_file():
        check_vault(open_folder(path / "vault"), asked, report)
    elif path.name == "custody" or HEX.fullmatch(path.name):
        check_log(path, asked, report)
    else:
        report.faults.append(f"{path} 不是网巡的证据包、证据库或保管记录（缺少 bundle.json 或 vault.json）")


def unanchored(asked: Asked) -> list[str]:
    """What somebody who holds the whole system could still have rewritten, given these anchors."""
    if asked.trust and asked.head:
        return ["--head 所指清单之后的保管记录（查看、导出等），掌握本系统的人仍可能改写"]
    if asked.trust:
        return ["没有 --head：时间戳之后的保管记录（查看、导出等）和没有盖戳的清单，掌握本系统的人仍可能改写"]
    if asked.head:
        return ["没有 --trust：时间戳机构的证书取自被核验的内容本身；清单值写下之前，内容仍可能被整体重做"]
    whole = "掌握整个系统的人仍可能把文件、保管记录和时间戳一起重做而不被发现"
    mend = "请用时间戳机构公布的证书和另行保存的清单值再核验一次"
    return [f"没有给出外部凭据（--trust、--head）：{whole}。{mend}"]


def unbound(report: Report) -> list[str]:
    """What no chain and no stamp covers: whoever has a bundle can pack it anew with other words in it."""
    own = [
        "报告、人工决定、说明和回放文件只由压缩包自己的 SHA-256 值固定：请与移交文书上写的值核对（校验说明第一步）"
    ]
    gone = ["删除的依据和期限是保管记录自己写的，本程序没有另行证明"]
    return [*(own if report.bundle else []), *(gone if report.deleted else [])]


def _told(report: Report, asked: Asked) -> int:
    """Print the report; the exit code."""
    gone = (
        report.deleted if len(report.deleted) <= SHOWN else [f"有 {len(report.deleted)} 份证据已按规定删除"]
    )
    notes = [*report.notes, *gone, *(([*unbound(report), *unanchored(asked)]) if not report.faults else [])]
    for kind, lines in (("说明", notes), ("未核验", report.unproved), ("问题", report.faults)):
        for line in lines:
            print(f"{kind}：{line}")
    if report.faults:
        print(f"校验不通过：共 {len(report.faults)} 处问题。第一处：{report.faults[0]}")
        return 1
    counted = f"{report.evidence} 份证据、{report.files} 个文件、{report.stamps} 个时间戳"
    if report.unproved:
        print(f"签名未核验：{counted}，内容完整，但有 {len(report.unproved)} 项无法在这台电脑上核对。")
        return 3
    print(f"校验通过：{counted}，全部完整。")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Command line: 0 all whole, 1 something is broken, 2 wrong use, 3 a signature could not be checked."""
    parser = argparse.ArgumentParser(description="核验网巡的证据包（ZIP 或解开的文件夹）、证据库或保管记录")
    parser.add_argument(
        "path", nargs="?", type=Path, help="证据包.zip、解开后的文件夹、证据库文件夹或保管记录"
    )
    parser.add_argument("--trust", type=Path, help="时间戳机构的证书（PEM），应从机构取得")
    parser.add_argument("--head", help="在系统外保存的每日清单的 SHA-256 值")
    try:
        given = parser.parse_args(argv)
    except SystemExit as ended:
        return int(ended.code or 0)
    # In a bundle, the copy checks the folder it lies in when nothing else is named.
    here = Path(__file__).resolve().parent
    path = given.path or (here if (here / "bundle.json").is_file() else None)
    if path is None or (given.head and not HEX.fullmatch(given.head.lower())):
        print("用法：python verify.py 证据包.zip [--trust 机构证书.pem] [--head 清单的SHA-256值]")
        return 2
    if not path.exists():
        print(f"没有这个文件或文件夹：{path}")
        return 2
    try:
        trust = given.trust.read_bytes() if given.trust else None
    except OSError as error:
        print(f"读不到 --trust 所给的证书：{error}")
        return 2
    if trust is not None and b"CERTIFICATE-----" not in trust:
        print(f"--trust 所给的文件里没有证书（PEM 格式）：{given.trust}")
        return 2
    head = given.head.lower() if given.head else None
    return _told(check(path, trust, head), Asked(trust, head))


if __name__ == "__main__":
    sys.exit(main())
