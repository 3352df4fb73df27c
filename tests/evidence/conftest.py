"""One look at one hostile page, and a vault to keep it in."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.model import SYSTEM, Actor, Artifact, Capture, Evidence, Exchange, Missing, Post
from evidence import heads, stamp, verify
from evidence.manifest import canonical
from evidence.seal import seal
from evidence.test_authority import PretendAuthority
from evidence.vault import Vault

OFFICER = Actor(officer="王", role="reviewer", reason="复核")

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def exchange() -> Exchange:
    body = "<p>数🍠一对一".encode("gb18030")
    return Exchange(
        url="http://a.test/帖子?q=1 2\r\nWARC-Type: forged",
        at=NOON,
        request_head=b"GET / HTTP/1.1\r\nHost: a.test\r\nCookie: secret=1;\r\n more=2\r\n"
        b"Authorization: Basic x\r\n\r\n",
        response_head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n"
        b"Set-Cookie: theirs=1\r\n\r\n",
        body=body,
        address="127.0.0.1",
    )


@pytest.fixture
def capture(exchange: Exchange) -> Capture:
    return Capture(
        url="http://a.test/1",
        started_at=NOON,
        ended_at=NOON,
        exchanges=(
            exchange,
            exchange.model_copy(update={"rebuilt": "头部\r\n次序", "address": "hostile\r\n"}),
        ),
        artifacts=(
            Artifact(role="screenshot", media_type="image/png", content=b"\x89PNG", how="整页截图"),
            Artifact(role="Post/Picture", media_type="image/x\r\nforged", content=b"", how="原图"),
        ),
        missing=(Missing(role="dom", cause="页面\n崩溃"),),
        provenance={"tool": "wangxun", "robots: x\r\nforged": "obey\r\nforged: 1"},
    )


@pytest.fixture
def post() -> Post:
    return Post(
        id="p", source_id="s", channel="forum", url="http://a.test/1", body="半个字\ud83c", seen_at=NOON
    )


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "data" / "vault")


@pytest.fixture
def evidence(vault: Vault, post: Post, capture: Capture) -> Evidence:
    return seal(vault, post, capture, "second")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PretendAuthority]:
    if not shutil.which("openssl"):
        pytest.skip("no openssl program on this machine: time stamps cannot be made")
    with PretendAuthority(tmp_path_factory.mktemp("authority")) as pretend:
        yield pretend


@pytest.fixture(scope="session")
def other(
    tmp_path_factory: pytest.TempPathFactory, authority: PretendAuthority
) -> Iterator[PretendAuthority]:
    """Another authority under the same name: what a forger would use."""
    with PretendAuthority(tmp_path_factory.mktemp("other")) as pretend:
        yield pretend


@pytest.fixture(scope="session")
def stocked_once(tmp_path_factory: pytest.TempPathFactory, authority: PretendAuthority) -> Path:
    """Two captures and a rule file, stamped, viewed, listed twice: everything a vault can hold."""
    folder = tmp_path_factory.mktemp("stocked") / "vault"
    stock(folder, authority)
    return folder


def stock(folder: Path, authority: PretendAuthority) -> None:
    """Fill a vault as the system would: the same captures each time."""
    vault = Vault(folder)
    vault.put("title: 上门家教\n".encode())
    post = Post(id="p", source_id="s", channel="forum", url="http://a.test/1", body="一对一", seen_at=NOON)
    for number in range(2):
        exchange = Exchange(
            url="http://a.test/1",
            at=NOON,
            request_head=b"GET / HTTP/1.1\r\n\r\n",
            response_head=b"HTTP/1.1 200 OK\r\n\r\n",
            body=b"x" * 1000,
            address=None,
        )
        picture = Artifact(role="screenshot", media_type="image/png", content=b"PNG" * 300, how="整页截图")
        capture = Capture(
            url=f"http://a.test/{number}",
            started_at=NOON,
            ended_at=NOON,
            exchanges=(exchange,),
            artifacts=(picture,),
        )
        kept = seal(vault, post, capture, "first")
        vault.open(kept.id, "viewed", OFFICER)
        heads.list_heads(vault)
    stamp.stamp_waiting(vault, [authority.authority()])
    vault.note(kept.id, "held", OFFICER, "案件在办")
    heads.list_heads(vault)
    stamp.stamp_waiting(vault, [authority.authority("sm3")])


@pytest.fixture
def stocked(stocked_once: Path, tmp_path: Path) -> Path:
    """A vault of one's own to spoil."""
    return Path(shutil.copytree(stocked_once, tmp_path / "stocked"))


@pytest.fixture
def bag(stocked: Path, tmp_path: Path) -> Path:
    """An unpacked bundle of all evidence, written by a second writer: the checker must agree with neither by luck."""
    return write_bag(Vault(stocked), tmp_path / "bag")


def write_bag(vault: Vault, folder: Path) -> Path:
    """The layout of schema 2, as the standard (RFC 8493) and evidence.verify want it."""
    ids = sorted(one for one in vault.digests() if is_evidence(vault, one))
    files = {f"data/{name}": content for name, content in heads.place_files(vault, ids)}
    for one in ids:
        sealed = vault.open(one, "exported", SYSTEM)
        files |= {f"data/evidence/{one}/{name}": content for name, content in sealed.files()}
    files |= {"data/报告.txt": "数🍠".encode(), "verify.py": Path(verify.__file__).read_bytes()}
    return controlled(files, folder)


def is_evidence(vault: Vault, one: str) -> bool:
    try:
        plain = json.loads(vault.manifest(one))
    except ValueError:
        return False
    return isinstance(plain, dict) and plain.get("format") == "wangxun-evidence"


def controlled(files: dict[str, bytes], folder: Path) -> Path:
    """Lists and tag files around these files; also what a forger does who knows the format."""
    facts = {
        name: verify.Files({name: lambda content=content: iter([content])}).facts(name)
        for name, content in files.items()
    }
    listed = [
        {"name": name, "size": one.size, "sha256": one.sha256, "sm3": one.sm3}
        for name, one in sorted(facts.items())
    ]
    payload = [one for name, one in facts.items() if name.startswith("data/")]
    oxum = f"{sum(one.size for one in payload)}.{len(payload)}"
    control = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Source-Organization: test\nPayload-Oxum: {oxum}\n".encode(),
        "bundle.json": canonical({"format": "wangxun-bundle", "schema": 2, "files": listed,
                                  "bag_info": {"Source-Organization": "test"}}),
    }  # fmt: skip
    for kind in ("sha256", "sm3"):
        lines = [
            f"{getattr(one, kind)}  {name}\n"
            for name, one in sorted(facts.items())
            if name.startswith("data/")
        ]
        control[f"manifest-{kind}.txt"] = "".join(lines).encode()
    tags = {name: content for name, content in (files | control).items() if not name.startswith("data/")}
    for kind in ("sha256", "sm3"):
        lines = []
        for name, content in sorted(tags.items()):
            one = verify.Files({name: lambda content=content: iter([content])}).facts(name)
            lines.append(f"{getattr(one, kind)}  {name}\n")
        control[f"tagmanifest-{kind}.txt"] = "".join(lines).encode()
    for name, content in (files | control).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(name="write_control")
def _write_control() -> Callable[[dict[str, bytes], Path], Path]:
    return controlled
