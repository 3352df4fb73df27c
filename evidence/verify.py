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
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HEX = re.compile("[0-9a-f]{64}")
HAS_SM3 = "sm3" in hashlib.algorithms_available
ENDINGS = {
    "application/warc": ".warc.gz", "text/html": ".html", "image/png": ".png", "image/jpeg": ".jpg",
    "image/webp": ".webp", "text/plain": ".txt", "application/json": ".json", "application/pdf": ".pdf",
}  # fmt: skip
# Name in the bundle -> the file that holds it, where it begins there, how long it is.
Files = dict[str, tuple[Path, int, int]]


class Broken(Exception):
    """A thing so broken that nothing more can be said about it."""


@dataclass
class Report:
    """What was found: `faults` in order, `notes` that are no faults, and how much was checked."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    evidence: int = 0
    files: int = 0


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
            _check_bundle(_open_zip(path), report)
        elif (path / "bundle.json").is_file():
            _check_bundle(_open_folder(path), report)
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
    for line in [*("说明：" + note for note in report.notes), *("问题：" + fault for fault in report.faults)]:
        print(line)
    if report.faults:
        print(f"校验不通过：共 {len(report.faults)} 处问题。")
        return 1
    print(f"校验通过：{report.evidence} 份证据、{report.files} 个文件，全部完整。")
    return 0


def _open_folder(root: Path) -> Files:
    """An unpacked bundle."""
    found: Files = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            raise Broken(f"{_show(name)} 是符号链接，证据包里不允许")
        if not path.is_dir():
            found[name] = (path, 0, path.stat().st_size)
    return found


def _open_zip(path: Path) -> Files:
    """A packed bundle, compared byte by byte: nothing may stand in it that its writer would not have written."""
    found: Files = {}
    central, here = b"", 0
    try:
        with zipfile.ZipFile(path) as archive:
            listed = [(one.filename, one.CRC, one.file_size) for one in archive.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise Broken(f"压缩包 {_show(path.name)} 的结构被改动或不完整，打不开") from error
    with path.open("rb") as file:
        for name, crc, size in listed:
            raw = name.encode(errors="replace")
            local = _zip_local(raw, crc, size)
            if name in found or file.read(len(local)) != local or zlib.crc32(file.read(size)) != crc:
                raise Broken(f"压缩包里的 {_show(name)} 被改动或不完整（第 {here} 字节起）")
            found[name] = (path, here + len(local), size)
            central += _zip_central(raw, crc, size, here)
            here += len(local) + size
        count = len(found)
        end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(central), here, 0)
        if file.read() != central + end:
            raise Broken(f"压缩包 {_show(path.name)} 的目录被改动或不完整（第 {here} 字节起）")
    return found


# Fixed header values: version 2.0, names in UTF-8, stored, 1980-01-01 00:00 (the format's first moment).
def _zip_local(raw: bytes, crc: int, size: int) -> bytes:
    return b"PK\x03\x04" + struct.pack("<5H3I2H", 20, 0x800, 0, 0, 33, crc, size, size, len(raw), 0) + raw


def _zip_central(raw: bytes, crc: int, size: int, place: int) -> bytes:
    made = b"PK\x01\x02" + struct.pack("<6H3I", 0x314, 20, 0x800, 0, 0, 33, crc, size, size)
    return made + struct.pack("<5H2I", len(raw), 0, 0, 0, 0, 0o100644 << 16, place) + raw


def _check_bundle(files: Files, report: Report) -> None:
    names = set(files)
    if "bundle.json" not in names:
        raise Broken("证据包里没有 bundle.json（文件清单）")
    listed = _list_of(_json(_read(files, "bundle.json"), "bundle.json"))
    for name, facts in listed.items():
        if name not in names:
            report.faults.append(f"缺少文件 {_show(name)}")
            continue
        report.files += 1
        _compare(_read(files, name), facts, f"文件 {_show(name)}", report)
    for name in sorted(names - set(listed) - {"bundle.json"}):
        report.faults.append(f"多出文件 {_show(name)}（清单里没有）")
    ids = {name.split("/")[1] for name in names if name.startswith("evidence/") and name.count("/") > 1}
    for evidence_id in sorted(ids):
        root = f"evidence/{evidence_id}/"

        def place(number: int, item: dict[str, Any], root: str = root) -> str:
            return root + "files/" + item_name(number, str(item["role"]), str(item["media_type"]))

        known = _check_evidence(files, evidence_id, root + "manifest.json", root + "custody/", place, report)
        for name in sorted(name for name in names - known if name.startswith(root)):
            report.faults.append(f"多出证据文件 {_show(name)}（证据清单里没有）")


def _list_of(plain: dict[str, Any]) -> dict[str, Any]:
    if (plain.get("format"), plain.get("schema")) != ("wangxun-bundle", 1):
        raise Broken("bundle.json 的格式或版本不认识")
    try:
        return {str(facts["name"]): facts for facts in plain["files"]}
    except (KeyError, TypeError) as error:
        raise Broken("bundle.json 的内容不完整") from error


def _check_vault(folder: Path, report: Report) -> None:
    files = {name: at for name, at in _open_folder(folder).items() if not name.startswith("tmp/")}
    if _json(_read(files, "vault.json"), "vault.json").get("format") != "wangxun-vault":
        report.faults.append("vault.json 被改动")
    chains = set()
    for name in files:
        shelf, _, rest = name.partition("/")
        if HEX.fullmatch(rest) and rest[:2] == shelf:
            report.files += 1
            _compare(_read(files, name), {"sha256": rest}, f"文件 {rest}", report)
        elif shelf == "custody" and HEX.fullmatch(rest.split("/")[0]):
            chains.add(rest.split("/")[0])
        elif name != "vault.json":
            report.faults.append(f"证据库里有不认识的 {_show(name)}")
    for one in sorted(chains):
        _check_evidence(files, one, f"{one[:2]}/{one}", f"custody/{one}/", _in_vault, report)


def _in_vault(_: int, item: dict[str, Any]) -> str:
    return f"{str(item['sha256'])[:2]}/{item['sha256']}"


def _check_evidence(
    files: Files, one: str, manifest: str, chain: str, place: Callable[..., str], report: Report
) -> set[str]:
    """One evidence: custody chain, manifest, items (`place` says where). Returns the names that belong."""
    entries = {name[len(chain) :]: _read(files, name) for name in files if name.startswith(chain)}
    known = {manifest, *(chain + name for name in entries)}
    events = _check_chain(entries, one, report)
    if not entries:
        report.faults.append(f"证据 {_show(one)} 没有保管记录")
    if manifest not in files:
        # Without the line "sealed", sealing was cut short by a crash: it never became evidence.
        if "deleted" in events or events == ["sealing"]:
            report.notes.append(
                f"证据 {one} " + ("已按规定删除" if "deleted" in events else "封存时中断，不作为证据")
            )
        else:
            report.faults.append(f"证据 {_show(one)} 没有清单（缺少 {_show(manifest)}）")
        return known
    report.evidence += 1
    _compare(_read(files, manifest), {"sha256": one}, f"证据 {_show(one)} 的清单", report)
    for number, item in enumerate(_items(_read(files, manifest), one, report)):
        name = place(number, item)
        known.add(name)
        what = f"证据文件 {_show(name)}（证据 {_show(one)} 的 {_show(str(item['role']))}）"
        if name in files:
            _compare(_read(files, name), item, what, report)
        else:
            report.faults.append(f"缺少{what}")
    return known


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
        whole = all({"role", "media_type", "sha256", "size"} <= set(item) for item in items)
    except (Broken, KeyError, TypeError):
        items, whole = [], False
    if not whole:
        report.faults.append(f"证据 {_show(evidence_id)} 的清单无法读取")
    return items if whole else []


def _compare(content: bytes, facts: dict[str, Any], what: str, report: Report) -> None:
    """Both digests, and the size where it is told, against what a list says."""
    if len(content) != facts.get("size", len(content)):
        report.faults.append(f"{what}：大小应为 {facts.get('size')} 字节，实为 {len(content)} 字节")
    if hashlib.sha256(content).hexdigest() != facts.get("sha256"):
        report.faults.append(f"{what}：SHA-256 值不符，内容被改动")
    sm3 = facts.get("sm3")
    if sm3 is not None and HAS_SM3 and hashlib.new("sm3", content).hexdigest() != sm3:
        report.faults.append(f"{what}：SM3 值不符，内容被改动")


def _json(content: bytes, what: str) -> dict[str, Any]:
    try:
        plain = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Broken(f"{what} 无法读取（内容被改动）") from error
    if not isinstance(plain, dict):
        raise Broken(f"{what} 的内容不是预期的格式")
    return plain


def _read(files: Files, name: str) -> bytes:
    path, place, size = files[name]
    with path.open("rb") as file:
        file.seek(place)
        return file.read(size)


def _show(name: str) -> str:
    """A name fit for a terminal: a tampered bundle may carry control characters."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


if __name__ == "__main__":
    sys.exit(main())
