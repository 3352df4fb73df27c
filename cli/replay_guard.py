"""What stands before the replay tool: two addresses of this machine, and nothing else that a captured page may reach.

A captured page is hostile. It is drawn in a frame without any rights of its origin (`sandbox` without
`allow-same-origin`), under a host name that nobody can guess, and each answer carries a policy that ties every request
to that host. The frame stands in a page of ours whose policy lets it show that host only: otherwise a page could lead
itself out by changing its own address. What no policy covers (preconnect, WebRTC; seen) is held by a browser of the
replay's own, which has this as its only proxy and no other way out. In any other browser the page's script does not run.
"""

from __future__ import annotations

import http.client
import secrets
import socket
from collections.abc import Iterable, Sequence
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

from casework.replay import Capture

# Names below "localhost" lead to this machine in every browser (RFC 6761, 6.3), without asking a name server.
HOME = "replay.localhost"
# 'self' is the unguessable host; inline script is the page's own.
_PAGE_POLICY = (
    "sandbox{rights}; default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; connect-src 'self'; "
    "form-action 'none'; object-src 'none'; worker-src 'none'; frame-src 'self' data: blob:"
)
_SCRIPTS = " allow-scripts"
_HOME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src http://{host}; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PATIENCE = 60.0
_URL_SAFE = ":/?#[]@!$&'()*+,;=-._~%"
# What a page must not be able to set in the officer's browser, and what the connection itself says.
_DROPPED = frozenset({
    "set-cookie", "content-security-policy", "content-security-policy-report-only", "transfer-encoding", "connection",
    "refresh", "link", "report-to", "reporting-endpoints", "nel", "location", "service-worker-allowed", "date", "server",
    "access-control-allow-origin", "access-control-allow-credentials", "strict-transport-security", "clear-site-data",
})  # fmt: skip
_STYLE = (
    "body{margin:0;font:15px sans-serif;display:flex;flex-direction:column;height:100vh}header{padding:8px 16px;"
    "background:#212529;color:#fff;overflow-wrap:anywhere}header a{color:#9ec5fe}iframe{flex:1;border:0}main{padding:16px}"
    "li{margin:6px 0;overflow-wrap:anywhere}"
)


class Guard(ThreadingHTTPServer):
    """Serves our pages at `HOME` and the replay tool's answers at `page_host`; every other Host is refused."""

    daemon_threads = True

    def __init__(
        self, captures: Sequence[Capture], tool_port: int, port: int = 0, scripts: bool = True
    ) -> None:
        """`tool_port`: where the replay tool listens on 127.0.0.1. `scripts`: only for a browser started with `flags`."""
        super().__init__(("127.0.0.1", port), _Answer)
        self.captures, self.tool_port = {one.name: one for one in captures}, tool_port
        self.rights = _SCRIPTS if scripts else ""
        taken = self.server_address[1]
        self.home = f"{HOME}:{taken}"
        # 128 bits: no other site can name it, so none can read what is replayed there.
        self.page_host = f"{secrets.token_hex(16)}.localhost:{taken}"

    @property
    def url(self) -> str:
        """Where an officer begins."""
        return f"http://{self.home}/"

    @property
    def flags(self) -> list[str]:
        """For a Chromium that reaches this server and nothing else: no name is resolved, no packet goes past it."""
        return [
            f"--proxy-server=http://127.0.0.1:{self.server_address[1]}",
            "--proxy-bypass-list=<-loopback>",  # else Chromium goes round the proxy for loopback names
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-domain-reliability", "--disable-extensions", "--no-first-run", "--no-default-browser-check",
            "--no-pings",
        ]  # fmt: skip


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Guard

    def _reply(self) -> None:
        """A page of ours or an answer out of a capture, by the host that was asked."""
        host = self.headers.get("Host", "")
        if self.path.startswith("http://"):  # asked as a proxy
            host, slash, rest = self.path.removeprefix("http://").partition("/")
            self.path = slash + rest or "/"
        if host == self.server.home:
            self._ours()
        elif host == self.server.page_host:
            self._captured()
        else:
            self._send(421, b"", {})

    # The library's own names. Pages ask themselves with POST, too: what was answered then may be in the capture.
    do_GET = do_HEAD = do_POST = _reply  # noqa: N815

    def _ours(self) -> None:
        name = urlsplit(self.path).path.strip("/")
        capture = self.server.captures.get(name)
        if name and capture is None:
            self._send(404, b"", {})
            return
        body = _framed(capture, self.server) if capture else _listed(self.server.captures.values())
        policy = _HOME_POLICY.format(host=self.server.page_host)
        fields = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
        fields |= {"X-Content-Type-Options": "nosniff"}
        self._send(
            200, body.encode("utf-8", "replace"), fields | {"Cross-Origin-Opener-Policy": "same-origin"}
        )

    def _captured(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        sent = self.rfile.read(int(length)) if length.isdigit() else b""
        tool = http.client.HTTPConnection("127.0.0.1", self.server.tool_port, timeout=_PATIENCE)
        kept = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("cookie", "connection")
        }
        try:
            tool.request(self.command, self.path, sent or None, kept | {"Connection": "close"})
            answer = tool.getresponse()
            fields = {name: value for name, value in answer.getheaders() if _harmless(name, value)}
            if location := self._inside(answer.getheader("Location", "")):
                fields["Location"] = location
            self._send(answer.status, answer.read(), fields | {
                **self._policy, "X-DNS-Prefetch-Control": "off",
                # The page's origin is opaque, so that its own data are another origin's to the browser.
                "Access-Control-Allow-Origin": "*",
            })  # fmt: skip
        except (OSError, http.client.HTTPException):
            self._send(502, b"", self._policy)
        finally:
            tool.close()

    @property
    def _policy(self) -> dict[str, str]:
        return {"Content-Security-Policy": _PAGE_POLICY.format(rights=self.server.rights)}

    def _inside(self, location: str) -> str:
        """A redirect as long as it stays at the replay; else none."""
        parts = urlsplit(location)
        return location if location and parts.netloc in ("", self.server.page_host) else ""

    def _send(self, status: int, body: bytes, fields: dict[str, str]) -> None:
        self.send_response_only(status)
        for name, value in fields.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What is looked at here is noted where it was taken out."""


def _harmless(name: str, value: str) -> bool:
    """Whether a captured field may be passed on; a folded one could carry a second field with it."""
    return name.lower() not in _DROPPED and not {"\r", "\n"} & set(value)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>{escape(title)}</title>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}<style>{_STYLE}</style></head><body>{body}</body></html>'


def _listed(captures: Iterable[Capture]) -> str:
    rows = "".join(
        f'<li><a href="/{one.name}">{escape(one.label)}</a>　{escape(one.url)}</li>' for one in captures
    )
    note = "离线回放：页面取自证据，不连接网络。"
    return _page("证据回放", f"<header>网巡 · 证据回放　{note}</header><main><ol>{rows}</ol></main>")


def _framed(capture: Capture, server: Guard) -> str:
    address = (
        f"http://{server.page_host}/{capture.name}/{capture.stamp}mp_/{quote(capture.url, safe=_URL_SAFE)}"
    )
    told = f"{escape(capture.label)}（北京时间）　{escape(capture.url)}"
    note = "离线回放，不连接网络" + ("" if server.rights else "，页面脚本不运行")
    header = f'<header><a href="/">← 全部</a>　{told}　{note}</header>'
    frame = f'<iframe sandbox="{server.rights.strip()}" referrerpolicy="no-referrer" src="{escape(address)}"></iframe>'
    return _page(f"回放 {capture.url}", header + frame)
