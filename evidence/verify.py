"""Checks a vault folder, a bundle (ZIP) or an unpacked bundle, and says in Chinese what is broken.

One file, standard library only: a copy travels in each bundle, so that anybody can check it, years later,
with nothing but Python. It shares no code with the writers (`evidence.vault`, `evidence.bundle`) on purpose.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

HEX = re.compile("[0-9a-f]{64}")
HAS_SM3 = "sm3" in hashlib.algorithms_available
ENDINGS = {
    "application/warc": ".warc.gz", "text/html": ".html", "image/png": ".png", "image/jpeg": ".jpg",
    "image/webp": ".webp", "image/gif": ".gif", "text/plain": ".txt", "application/json": ".json",
    "application/pdf": ".pdf",
}  # fmt: skip


class Broken(Exception):
    """A thing so broken that nothing more can be said about it."""


class Report:
    """What was found: `faults` in order, `notes` that are no faults, and how much was checked."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.evidence = 0
        self.files = 0


def item_name(number: int, role: str, media_type: str) -> str:
    """The name of a manifest's item in a bundle: its number, its role, and an ending that programs know."""
    plain = re.sub(r"[^a-z0-9_]", "-", role.lower())
    return f"{number:02d}-{plain}{ENDINGS.get(media_type.split(';')[0].strip(), '.bin')}"


def verify_path(path: Path) -> list[str]:
    """Everything wrong with what lies at `path`; [] when all is whole."""
    return check(path).faults


def check(path: Path) -> Report:
    """Check whatever lies at `path` (vault folder, data folder that holds one, bundle packed or unpacked)."""
    report = Report()
    try:
        if path.is_file():
            _check_bundle(_Zip(path), report)
        elif (path / "bundle.json").is_file():
            _check_bundle(_Folder(path), report)
        elif (path / "vault.json").is_file():
            _check_vault(path, report)
        elif (path / "vault" / "vault.json").is_file():
            _check_vault(path / "vault", report)
        else:
            report.faults.append(f"{path} 不是网巡的证据包，也不是证据库（缺少 bundle.json 或 vault.json）")
    except Broken as error:
        report.faults.append(str(error))
    except OSError as error:
        report.faults.append(f"无法读取：{error}")
    return report


def main(argv: list[str] | None = None) -> int:
    """Command line: 0 all whole, 1 something is broken, 2 wrong use."""
    arguments = sys.argv[1:] if argv is None else argv
    # In a bundle, the copy checks the folder it lies in when nothing else is named.
    here = Path(__file__).resolve().parent
    if not arguments and (here / "bundle.json").is_file():
        arguments = [str(here)]
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("用法：python verify.py 证据包.zip（或解开后的文件夹、证据库文件夹）")
        return 2
    report = check(Path(arguments[0]))
    for note in report.notes:
        print("说明：" + note)
    for fault in report.faults:
        print("问题：" + fault)
    if report.faults:
        print(f"校验不通过：共 {len(report.faults)} 处问题。")
        return 1
    print(f"校验通过：{report.evidence} 份证据、{report.files} 个文件，全部完整。")
    return 0


class _Folder:
    """An unpacked bundle."""

    def __init__(self, root: Path) -> None:
        self._files: dict[str, Path] = {}
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_symlink():
                raise Broken(f"{_show(name)} 是符号链接，证据包里不允许")
            if not path.is_dir():
                self._files[name] = path

    def names(self) -> list[str]:
        return sorted(self._files)

    def read(self, name: str) -> bytes:
        return self._files[name].read_bytes()


class _Zip:
    """A packed bundle, read byte by byte: nothing may stand in it that its writer would not have written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        central = b""
        with path.open("rb") as file:
            here = 0
            head = file.read(30)
            while head[:4] == b"PK\x03\x04":
                name, raw, crc, size = self._entry(file, head, here)
                content = file.read(size)
                if len(content) != size or zlib.crc32(content) != crc:
                    raise Broken(f"压缩包里的 {_show(name)} 与它的校验码不符（内容被改动或不完整）")
                self._places[name] = (here + 30 + len(raw), size)
                central += _zip_central(raw, crc, size, here)
                here += 30 + len(raw) + size
                head = file.read(30)
            tail = head + file.read()
        end = struct.pack(
            "<4s4H2IH", b"PK\x05\x06", 0, 0, len(self._places), len(self._places), len(central), here, 0
        )  # fmt: skip
        if not self._places or tail != central + end:
            raise Broken(f"压缩包 {path.name} 的结构被改动或不完整（第 {here} 字节之后的目录与内容不符）")

    def _entry(self, file: Any, head: bytes, here: int) -> tuple[str, bytes, int, int]:
        if len(head) < 30:
            raise Broken(f"压缩包在第 {here} 字节处中断")
        crc, size, _, length = struct.unpack("<IIIH", head[14:28])
        raw = file.read(length)
        try:
            name = raw.decode()
        except UnicodeDecodeError as error:
            raise Broken(f"压缩包第 {here} 字节处的文件名被改动") from error
        if head + raw != _zip_local(raw, crc, size):
            raise Broken(f"压缩包里 {_show(name)} 的文件头被改动（第 {here} 字节处）")
        if name in self._places:
            raise Broken(f"压缩包里有两个 {_show(name)}")
        return name, raw, crc, size

    def names(self) -> list[str]:
        return sorted(self._places)

    def read(self, name: str) -> bytes:
        place, size = self._places[name]
        with self._path.open("rb") as file:
            file.seek(place)
            return file.read(size)


# Fixed header values: version 2.0, names in UTF-8, stored, 1980-01-01 00:00 (the format's first moment).
def _zip_local(raw: bytes, crc: int, size: int) -> bytes:
    return struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0x800, 0, 0, 33, crc, size, size, len(raw), 0) + raw


def _zip_central(raw: bytes, crc: int, size: int, place: int) -> bytes:
    fixed = (
        b"PK\x01\x02",
        0x314,
        20,
        0x800,
        0,
        0,
        33,
        crc,
        size,
        size,
        len(raw),
        0,
        0,
        0,
        0,
        0o100644 << 16,
        place,
    )
    return struct.pack("<4s6H3I5H2I", *fixed) + raw


def _check_bundle(bundle: Any, report: Report) -> None:
    names = set(bundle.names())
    if "bundle.json" not in names:
        raise Broken("证据包里没有 bundle.json（文件清单）")
    listed = _list_of(bundle.read("bundle.json"))
    for name, facts in listed.items():
        if name not in names:
            report.faults.append(f"缺少文件 {_show(name)}")
            continue
        report.files += 1
        _compare(bundle.read(name), facts, f"文件 {_show(name)}", report)
    for name in sorted(names - set(listed) - {"bundle.json"}):
        report.faults.append(f"多出文件 {_show(name)}（清单里没有）")
    ids = sorted(
        {name.split("/")[1] for name in names if name.startswith("evidence/") and name.count("/") > 1}
    )
    for evidence_id in ids:
        _check_packed(bundle, names, evidence_id, report)


def _list_of(content: bytes) -> dict[str, Any]:
    plain = _json(content, "bundle.json")
    try:
        if plain["format"] != "wangxun-bundle" or plain["schema"] != 1:
            raise Broken("bundle.json 的格式或版本不认识")
        return {str(facts["name"]): facts for facts in plain["files"]}
    except (KeyError, TypeError) as error:
        raise Broken("bundle.json 的内容不完整") from error


def _check_packed(bundle: Any, names: set[str], evidence_id: str, report: Report) -> None:
    """One evidence in a bundle: its manifest, each item under its own name, its custody chain."""
    root = f"evidence/{evidence_id}/"
    report.evidence += 1
    if root + "manifest.json" not in names:
        report.faults.append(f"证据 {_show(evidence_id)} 没有清单 manifest.json")
        return
    content = bundle.read(root + "manifest.json")
    _check_digest(content, evidence_id, f"证据 {_show(evidence_id)} 的清单", report)
    wanted = {root + "manifest.json"}
    for number, item in enumerate(_items(content, evidence_id, report)):
        name = root + "files/" + item_name(number, str(item["role"]), str(item["media_type"]))
        wanted.add(name)
        if name in names:
            _compare(bundle.read(name), item, f"证据文件 {_show(name)}", report)
        else:
            report.faults.append(f"缺少证据文件 {_show(name)}")
    chain = root + "custody/"
    for name in sorted(
        n for n in names if n.startswith(root) and not n.startswith(chain) and n not in wanted
    ):
        report.faults.append(f"多出证据文件 {_show(name)}（清单里没有）")
    entries = {name[len(chain) :]: bundle.read(name) for name in names if name.startswith(chain)}
    events = _check_chain(entries, evidence_id, report)
    if not events:
        report.faults.append(f"证据 {_show(evidence_id)} 没有保管记录")


def _check_vault(folder: Path, report: Report) -> None:
    if _json((folder / "vault.json").read_bytes(), "vault.json").get("format") != "wangxun-vault":
        report.faults.append("vault.json 被改动")
    for shelf in sorted(
        path for path in folder.iterdir() if path.name not in ("custody", "tmp", "vault.json")
    ):
        _check_shelf(shelf, report)
    for chain in sorted((folder / "custody").iterdir()) if (folder / "custody").is_dir() else []:
        entries = {path.name: path.read_bytes() for path in chain.iterdir()} if chain.is_dir() else {}
        events = _check_chain(entries, chain.name, report)
        if "deleted" in events:
            report.notes.append(f"证据 {_show(chain.name)} 已按规定删除")
        else:
            _check_kept(folder, chain.name, "sealed" in events, report)


def _check_shelf(shelf: Path, report: Report) -> None:
    if not shelf.is_dir() or not re.fullmatch("[0-9a-f]{2}", shelf.name):
        report.faults.append(f"证据库里有不认识的 {_show(shelf.name)}")
        return
    for path in sorted(shelf.iterdir()):
        report.files += 1
        if not (HEX.fullmatch(path.name) and path.name.startswith(shelf.name) and path.is_file()):
            report.faults.append(f"证据库里有不认识的 {_show(shelf.name)}/{_show(path.name)}")
        else:
            _check_digest(path.read_bytes(), path.name, f"文件 {path.name}", report)


def _check_kept(folder: Path, evidence_id: str, sealed: bool, report: Report) -> None:
    """One evidence in a vault. Without the line "sealed", sealing was cut short: a gap is no fault."""
    manifest = folder / evidence_id[:2] / evidence_id
    if not HEX.fullmatch(evidence_id):
        report.faults.append(f"保管记录里有不认识的 {_show(evidence_id)}")
    elif manifest.is_file():
        report.evidence += 1
        for item in _items(manifest.read_bytes(), evidence_id, report):
            digest = str(item["sha256"])
            path = folder / digest[:2] / digest
            what = f"证据 {evidence_id} 的 {_show(str(item['role']))}（{_show(digest)}）"
            if HEX.fullmatch(digest) and path.is_file():
                _compare(path.read_bytes(), item, what, report)
            else:
                report.faults.append(f"缺少{what}")
    elif sealed:
        report.faults.append(f"缺少证据 {evidence_id} 的清单")
    else:
        report.notes.append(f"证据 {evidence_id} 封存时中断，没有生成清单，不作为证据")


def _check_chain(entries: dict[str, bytes], evidence_id: str, report: Report) -> list[str]:
    """Events of the chain as far as it is whole; the first break is a fault."""
    previous = evidence_id
    events: list[str] = []
    for number, name in enumerate(sorted(entries), 1):
        where = f"证据 {_show(evidence_id)} 的保管记录"
        if name != f"{number:06d}.json":
            report.faults.append(f"{where}缺少第 {number} 条，或有不认识的 {_show(name)}")
            return events
        try:
            entry = _json(entries[name], name)
        except Broken:
            entry = {}
        told = (entry.get("number"), entry.get("previous"), entry.get("evidence_id"))
        if told != (number, previous, evidence_id):
            report.faults.append(f"{where}第 {number} 条与前一条接不上（被改动、换过或删去）")
            return events
        events.append(str(entry.get("event")))
        previous = hashlib.sha256(entries[name]).hexdigest()
    return events


def _items(content: bytes, evidence_id: str, report: Report) -> list[dict[str, Any]]:
    try:
        items = list(_json(content, "清单")["items"])
        if all({"role", "media_type", "sha256", "size"} <= set(item) for item in items):
            return items
    except (Broken, KeyError, TypeError):
        pass  # said below
    report.faults.append(f"证据 {_show(evidence_id)} 的清单无法读取")
    return []


def _compare(content: bytes, facts: dict[str, Any], what: str, report: Report) -> None:
    """Size and both digests against what a list says."""
    if len(content) != facts.get("size"):
        report.faults.append(f"{what}：大小应为 {facts.get('size')} 字节，实为 {len(content)} 字节")
    _check_digest(content, str(facts.get("sha256")), what, report)
    sm3 = facts.get("sm3")
    if sm3 is not None and HAS_SM3 and hashlib.new("sm3", content).hexdigest() != sm3:
        report.faults.append(f"{what}：SM3 值不符，内容被改动")


def _check_digest(content: bytes, digest: str, what: str, report: Report) -> None:
    if hashlib.sha256(content).hexdigest() != digest:
        report.faults.append(f"{what}：SHA-256 值不符，内容被改动")


def _json(content: bytes, what: str) -> dict[str, Any]:
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Broken(f"{what} 无法读取（内容被改动）") from error
    if not isinstance(plain, dict):
        raise Broken(f"{what} 的内容不是预期的格式")
    return plain


def _show(name: str) -> str:
    """A name fit for a terminal: a tampered bundle may carry control characters."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


if __name__ == "__main__":
    sys.exit(main())
