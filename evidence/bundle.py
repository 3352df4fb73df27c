"""Packs files into one ZIP, the same byte for byte whenever its content is: stored, fixed time, sorted.

Each bundle carries its list (`bundle.json`), `SHA256SUMS` for sha256sum, its own checker `verify.py`, and a
Chinese note that says how to use them. Headers are written here: zipfile's differ between Python versions.
"""

from __future__ import annotations

import hashlib
import os
import struct
import unicodedata
import uuid
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from core.errors import BadInput, EvidenceBroken
from evidence import custody, manifest, verify
from evidence.manifest import canonical, sha256, sm3
from evidence.vault import Vault, translated

# Beyond these a ZIP needs its 64-bit form, which the simple checker does not read.
SIZE_LIMIT, FILE_LIMIT = 2**32 - 2, 2**16 - 2
# The format's first moment, 1980-01-01 00:00: the real time would make two packings differ.
_TIME, _DATE = 0, 33
OWN_NAMES = ("bundle.json", "SHA256SUMS", "verify.py", "校验说明.txt")
README = """怎样校验这份证据包（不需要联网）

1. 收到后先核对整个压缩包的 SHA-256 值，应与移交文书上写的一致：
   sha256sum 证据包.zip
2. 校验压缩包（电脑上有 Python 3.9 或更新版本即可）：
   python3 verify.py 证据包.zip
3. 或者解开压缩包，在文件夹里运行：
   python3 verify.py
4. 也可以用系统自带的工具逐个核对文件：
   sha256sum -c SHA256SUMS
5. 显示“校验通过”表示文件齐全、未被改动；显示“问题”时，第一行写明了哪个文件不对。

evidence/ 下每个文件夹是一份证据：manifest.json 是清单，files/ 是证据文件（.warc.gz 可用 warcio 或
ReplayWeb.page 打开），custody/ 是保管记录。机器标记只是线索，认定以经办人的决定为准。
"""

Content = bytes | Path


def pack(output: Path, files: Iterable[tuple[str, Content]]) -> str:
    """Write the bundle to `output` and return its SHA-256.

    Raises BadInput for names that would collide or leave the folder, and beyond SIZE_LIMIT or FILE_LIMIT;
    Unavailable when the disk is full or away. `output` appears whole or not at all.
    """
    contents = _checked(files)
    contents |= {"verify.py": Path(verify.__file__), "校验说明.txt": README.encode()}
    facts = [_facts(name, contents[name]) for name in sorted(contents)]
    contents["SHA256SUMS"] = "".join(f"{fact['sha256']}  {fact['name']}\n" for fact in facts).encode()
    facts.append(_facts("SHA256SUMS", contents["SHA256SUMS"]))
    listing = sorted(facts, key=lambda fact: str(fact["name"]))
    contents["bundle.json"] = canonical({"format": "wangxun-bundle", "schema": 1, "files": listing})
    temporary = output.with_name(f".{output.name}.{uuid.uuid4().hex}")
    with translated("writing a bundle"):
        try:
            with temporary.open("xb") as file:
                _write(file, contents)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(output)
        finally:
            temporary.unlink(missing_ok=True)
        with output.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def evidence_files(vault: Vault, evidence_id: str) -> Iterator[tuple[str, Content]]:
    """One evidence for a bundle: manifest, items, custody chain, each checked on the way.

    Raises NotFound, EvidenceBroken.
    """
    root = f"evidence/{evidence_id}/"
    content = vault.get(evidence_id)
    yield root + "manifest.json", content
    for number, item in enumerate(manifest.read(content).items):
        if len(vault.get(item.sha256)) != item.size:
            raise EvidenceBroken(f"{item.sha256}: the size is not the manifest's")
        name = verify.item_name(number, item.role, item.media_type)
        yield f"{root}files/{name}", vault.path(item.sha256)
    for name, entry in custody.files(vault, evidence_id):
        yield f"{root}custody/{name}", entry


def _checked(files: Iterable[tuple[str, Content]]) -> dict[str, Content]:
    contents: dict[str, Content] = {}
    # Windows and macOS unpack names that differ only in case or composition onto one another.
    seen = {_spelled(name) for name in OWN_NAMES}
    for name, content in files:
        parts = PurePosixPath(name).parts
        if (
            not name
            or name != "/".join(parts)
            or {"..", "."} & set(parts)
            or any(c in '\\:*?"<>|' for c in name)
        ):
            raise BadInput(f"not a name for a file in a bundle: {name!r}")
        if not name.isprintable() or _spelled(name) in seen:
            raise BadInput(f"two files of a bundle would have the name {name!r}")
        seen.add(_spelled(name))
        contents[name] = content
    if len(contents) > FILE_LIMIT - len(OWN_NAMES):
        raise BadInput(f"a bundle holds {FILE_LIMIT} files at most: export fewer findings at once")
    return contents


def _spelled(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _read(content: Content) -> bytes:
    if isinstance(content, bytes):
        return content
    with translated("reading a file for a bundle"):
        return content.read_bytes()


def _facts(name: str, content: Content) -> dict[str, str | int | None]:
    read = _read(content)
    return {"name": name, "size": len(read), "sha256": sha256(read), "sm3": sm3(read)}


def _write(file: BinaryIO, contents: dict[str, Content]) -> None:
    central = []
    for name in sorted(contents):
        content, place, raw = _read(contents[name]), file.tell(), name.encode()
        if place + len(content) > SIZE_LIMIT:
            raise BadInput("a bundle holds 4 GiB at most: export fewer findings at once")
        # 2.0 is the version needed; flag 0x800: the name is UTF-8; method 0: stored.
        common = struct.pack(
            "<5H3I", 20, 0x800, 0, _TIME, _DATE, zlib.crc32(content), len(content), len(content)
        )
        file.write(b"PK\x03\x04" + common + struct.pack("<2H", len(raw), 0) + raw + content)
        # 0x314: made on Unix, version 2.0; mode: a plain file that all may read.
        rest = struct.pack("<5H2I", len(raw), 0, 0, 0, 0, 0o100644 << 16, place)
        central.append(b"PK\x01\x02" + struct.pack("<H", 0x314) + common + rest + raw)
    start, directory, count = file.tell(), b"".join(central), len(central)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    file.write(directory + end)
