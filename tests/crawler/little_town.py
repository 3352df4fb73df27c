"""Three pretend sites for the crawler's own tests, small enough to know each answer by heart.

`ads.test` has GBK pages and every trap, `drawn.test` is drawn by script, `forum.test` has floors. Runs as a program:
`python little_town.py` prints its port and then a line of JSON for each request.
"""

from __future__ import annotations

import json
import ssl
import struct
import sys
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import urlsplit

from hard_sites import HardSites
from little_sites import Sites

DATE = "Tue, 01 Sep 2026 12:00:00 GMT"
ROBOTS = "User-agent: *\nDisallow: /vip/\n"
OFFERS = {
    "plain": "高中数学一对一 电话13800000000",
    "slow": "英语家教 每小时两百元",
    "lying": "初中物理补习 李老师",
}
TRAPS = ("missing", "login", "captcha", "loop", "endless", "private")
LINKS = [f"/info/{name}.html" for name in (*OFFERS, *TRAPS)] + ["/vip/1.html", "http://elsewhere.test/x.html"]
LOCK = Lock()
FIRST: dict[str, float] = {}


def picture() -> bytes:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\x80"))
        + chunk(b"IEND", b"")
    )


def offer(name: str) -> str:
    return (
        f"<html><head><meta charset=gbk><title>{name}</title><link rel=stylesheet href=/a.css></head><body><h1>求职 {name}</h1>"
        f"<div class=body>{OFFERS[name]}<br>长期有效<script>var x=1</script></div><span class=when>3小时前</span>"
        f"<img src=/p.png></body></html>"
    )


DRAWN = """<html><body><div id=feed></div><script>
let n=0; async function more(){ const r=await (await fetch('/api?c='+n)).json();
 for(const i of r.items){const a=document.createElement('a');a.className='card';a.href=i;a.textContent=i;
 a.style='display:block;height:700px';document.getElementById('feed').appendChild(a);} n=r.next; busy=!r.more;}
let busy=false; more(); addEventListener('scroll',async()=>{ if(busy||innerHeight+scrollY<document.body.scrollHeight-50)return; busy=true; await more();});
</script></body></html>"""
NOTE = """<html><body><script>fetch('/api/note').then(r=>r.json()).then(d=>{
document.body.innerHTML='<div class="note ready"><h1>'+d.title+'</h1><p class=text>'+d.text+'</p></div>'+location.pathname;})</script></body></html>"""
THREAD = """<html><body><h1>谁认识好的钢琴老师</h1><div class=floor id=floor-1><a class=who>甲</a><div class=text>孩子想学钢琴</div>
<div class=sign>签名</div></div><div class=floor id=floor-2><a class=who>乙</a><div class=text>我是在职教师，可以补数学</div></div></body></html>"""


class Town(Sites, HardSites, BaseHTTPRequestHandler):
    picture = staticmethod(picture)
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.site, path = (
            parts.hostname or self.headers.get("Host", "").partition(":")[0],
            parts.path + (f"?{parts.query}" if parts.query else ""),
        )
        self.arrived = time.time()
        if path == "/robots.txt":
            self.say(503 if self.site == "shut.test" else 200, ROBOTS)
        else:
            getattr(self, (self.site or "x").split(".")[0], self.nowhere)(path)

    def nowhere(self, path: str) -> None:
        self.say(421, "no such site")

    def ads(self, path: str) -> None:
        name = path.removeprefix("/info/").removesuffix(".html")
        if path.startswith("/list"):
            shown = LINKS[:5] if path == "/list/1" else LINKS[5:]
            rows = "".join(f"<li><a href='{link}'>x</a></li>" for link in shown)
            after = "<a class=next href=/list/2>下一页</a>" if path == "/list/1" else ""
            return self.say(200, f"<html><body><ul>{rows}</ul>{after}</body></html>", "gbk")
        if path == "/a.css":
            return self.say(200, "body{color:#222}", kind="text/css")
        if path == "/p.png":
            return self.send(200, picture(), {"Content-Type": "image/png"})
        if name == "slow" and self.too_early():
            return self.say(429, "slow down", extra={"Retry-After": "1"})
        if name in OFFERS:
            return self.say(200, offer(name), "gbk", said="utf-8" if name == "lying" else "gbk")
        return self.trap(name)

    def too_early(self) -> bool:
        with LOCK:
            return time.time() < FIRST.setdefault(self.path, time.time() + 1)

    def trap(self, name: str) -> None:
        moved = {
            "login": "/login",
            "loop": "/info/loop2.html",
            "loop2": "/info/loop.html",
            "private": "http://10.0.0.1/",
        }
        if name in moved:
            return self.say(302, "", extra={"Location": moved[name]})
        if name == "captcha":
            return self.say(
                200,
                "<html><body><h1>安全验证</h1><form>请输入验证码<input name=captcha></form></body></html>",
            )
        if name == "endless":
            return self.endless()
        if name == "/login":
            return self.say(200, "<html><body>请先登录<input type=password></body></html>")
        return self.say(404, "gone")

    def endless(self) -> None:
        self.note(200)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.close_connection = True
        try:
            for _ in range(300):
                self.wfile.write(b"x" * 100_000)
        except OSError:
            self.close_connection = True  # the crawler hung up, as it should

    def drawn(self, path: str) -> None:
        if path.startswith("/api?c="):
            start = int(path.removeprefix("/api?c="))
            items = [f"/note/{number}" for number in range(start, start + 3)]
            return self.say(
                200,
                json.dumps({"items": items, "next": start + 3, "more": start < 3}),
                kind="application/json",
            )
        if path == "/api/note":
            return self.say(
                200, json.dumps({"title": "画出来的", "text": "一对一辅导"}), kind="application/json"
            )
        return self.say(200, DRAWN if path == "/feed" else NOTE)

    def forum(self, path: str) -> None:
        self.say(
            200,
            THREAD if path == "/t/1" else "<html><body><ul><li><a href=/t/1>x</a></li></ul></body></html>",
        )

    def say(
        self, status: int, text: str, charset: str = "utf-8", said: str | None = None, kind: str = "text/html",
        extra: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        fields = {"Content-Type": f"{kind}; charset={said or charset}", "Set-Cookie": "sid=secret; Path=/"}
        self.send(status, text.encode(charset), fields | (extra or {}))

    def send(self, status: int, body: bytes, fields: dict[str, str]) -> None:
        if urlsplit(self.path).path != "/held.png":
            self.note(status)
        self.send_response_only(status)
        for name, value in {"Date": DATE, "Content-Length": str(len(body)), **fields}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def note(self, status: int) -> None:
        line = {"t": self.arrived, "host": self.site, "path": urlsplit(self.path).path, "status": status}
        line["query"] = urlsplit(self.path).query  # type: ignore[assignment]  # one line of mixed values
        line["agent"] = self.headers.get("User-Agent", "")  # type: ignore[assignment]  # one line of mixed values
        with LOCK:  # threads would mix their lines
            print(json.dumps(line), flush=True)

    def log_message(self, *_: object) -> None:
        """Requests are told on standard output instead."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Town)
    print(server.server_address[1], flush=True)
    if len(sys.argv) > 1:  # certificate and key: then it speaks TLS
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        # The handshake waits in the connection's own thread: browsers open connections that they never use.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    sys.exit(server.serve_forever())
