"""A bundle with a browser's capture, judged by the public tools: sha256sum, bagit, wacz, warcio, pywb, openssl."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from casework import export, intake
from casework.desk import Desk
from cli.replay import running
from core.model import Artifact, Capture, Exchange
from evidence import stamp
from evidence.test_authority import PretendAuthority
from evidence.verify import verify_path
from tests.casework.desks import PHONE, SEEN, actor, make_desk, make_post
from tests.public_tools import ran, tool

pytestmark = pytest.mark.browser
BODY = f"上门家教，数学一对一，电话{PHONE}"
HTML = f"<html><head><meta charset=gbk><title>家教</title></head><body><p>{BODY}</p><img src=/a.png></body></html>"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1366, 2500), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def capture() -> Capture:
    def exchange(path: str, media_type: str, body: bytes) -> Exchange:
        return Exchange(
            url=f"http://tutor.test{path}", at=SEEN, body=body,
            request_head=f"GET {path} HTTP/1.1\r\nHost: tutor.test\r\n\r\n".encode(),
            response_head=f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode(),
        )  # fmt: skip

    return Capture(
        url="http://tutor.test/1", started_at=SEEN, ended_at=SEEN + timedelta(seconds=2),
        exchanges=(exchange("/1", "text/html; charset=gbk", HTML.encode("gbk")), exchange("/a.png", "image/png", picture())),
        artifacts=(
            Artifact(role="screenshot", media_type="image/png", content=picture(), how="整页截图"),
            Artifact(role="dom", media_type="text/html; charset=utf-8", content=HTML.encode(), how="绘制后的网页代码"),
            Artifact(role="text", media_type="text/plain; charset=utf-8", content=BODY.encode(), how="网页文字"),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exported once: a browser prints for seconds."""
    folder = tmp_path_factory.mktemp("export")
    config = folder / "config"
    (config / "violations").mkdir(parents=True)
    (config / "violations" / "HOME_TUTOR.yml").write_text("title: 上门家教\n", encoding="utf-8")
    desk: Desk = make_desk(folder / "data", config, f"sqlite:///{folder / 'x.sqlite3'}")
    intake.take_in(desk, make_post(BODY, title=""), capture())
    intake.attach(desk, "post1", capture())
    with PretendAuthority(folder / "authority") as authority:
        stamp.stamp_waiting(desk.vault, [authority.authority()])
    export.hand_over(desk, actor(), ("post1",), folder / "bundle.zip")
    desk.close()
    return folder / "bundle.zip"


@pytest.fixture(scope="module")
def unpacked(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(bundle) as file:
        file.extractall(folder)
    return folder


def test_sha256sum_and_bagit_pass(unpacked: Path) -> None:
    told = ran("sha256sum", "-c", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt", cwd=unpacked)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    assert ran(tool("bagit.py"), "--quiet", "--validate", unpacked).returncode == 0


def test_warcio_and_wacz_pass(unpacked: Path) -> None:
    warcs = sorted(unpacked.glob("data/evidence/*/files/*.warc.gz"))
    waczs = sorted(unpacked.glob("data/derived/*/capture.wacz"))
    assert (len(warcs), len(waczs)) == (2, 2)
    for warc in warcs:
        assert ran(tool("warcio"), "check", "-v", warc).returncode == 0
    for wacz in waczs:
        told = ran(tool("wacz"), "validate", "-f", wacz)
        assert told.returncode == 0, told.stdout


def test_openssl_verifies_every_stamp(unpacked: Path) -> None:
    replies = sorted(unpacked.glob("data/evidence/*/stamps/*.tsr"))
    assert len(replies) == 2
    for reply in replies:
        manifest = reply.parent.parent / "manifest.json"
        told = ran(
            "openssl", "ts", "-verify", "-in", reply, "-data", manifest, "-CAfile", reply.with_suffix(".pem")
        )
        assert told.returncode == 0, told.stderr


def test_our_checker_passes_both_bundles(bundle: Path, unpacked: Path) -> None:
    assert verify_path(bundle) == []
    assert verify_path(unpacked / "data" / "脱敏副本.zip") == []


def test_the_pdfs_are_there_and_the_page_says_where_it_comes_from(unpacked: Path) -> None:
    for name in ("report/第001册.pdf", "report/第001册.docx"):
        assert (unpacked / "data" / name).stat().st_size > 5000
    page = min(unpacked.glob("data/derived/*/page.pdf"))
    assert page.read_bytes().startswith(b"%PDF")
    [dom] = unpacked.glob(f"data/evidence/{page.parent.name}/files/*-dom.html")
    told = json.loads((page.parent / "derived.json").read_text(encoding="utf-8"))
    assert told["page.pdf"]["from"] == hashlib.sha256(dom.read_bytes()).hexdigest()
    with zipfile.ZipFile(unpacked / "data" / "report" / "第001册.docx") as docx:
        text = docx.read("word/document.xml").decode()
        assert (
            sum(name.startswith("word/media/") for name in docx.namelist()) >= 2
        )  # 2,500 pixels: two sheets
    assert "电子数据提取笔录" in text
    assert PHONE in text


def test_the_pictures_for_sharing_are_drawn_again_without_the_red_photograph(unpacked: Path) -> None:
    with zipfile.ZipFile(unpacked / "data" / "脱敏副本.zip") as shared:
        pictures = [shared.read(name) for name in shared.namelist() if name.startswith("data/pictures/")]
    assert len(pictures) == 2
    for content in pictures:
        with Image.open(io.BytesIO(content)) as one:
            colours = one.convert("RGB").getcolors(1_000_000) or []
        assert all(abs(red - green) < 30 for _, (red, green, _blue) in colours), "a photograph shows through"


@pytest.fixture
def replay(unpacked: Path, tmp_path: Path) -> Iterator[int]:
    """pywb, a program of its own, serving the first capture on this machine; its port."""
    wacz = sorted(unpacked.glob("data/derived/*/capture.wacz"))[0]
    assert ran(tool("wb-manager"), "init", "one", cwd=tmp_path).returncode == 0
    told = ran(tool("wb-manager"), "add", "one", "--unpack-wacz", wacz, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    with running(tool("wayback"), tmp_path) as port:
        yield port


def test_pywb_replays_the_page_with_the_text_of_the_finding(replay: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", replay, timeout=60)
    connection.request("GET", "/one/mp_/http://tutor.test/1")
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status == 200
    body = content.decode("gbk").rpartition("<body>")[2]
    assert BODY in re.sub("<[^>]*>", "", body)
