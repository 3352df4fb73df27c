"""Pretend sites whose pages are hard to keep: too much, without end, something else, or gone. Mixed into the little town."""

from __future__ import annotations

import gzip
import json
import random
import time
from collections import Counter
from threading import Lock
from typing import Any

from little_sites import listed, offer, page

ASKED: Counter[str] = Counter()
COUNTING = Lock()
HARD = ("many", "growing", "forever", "download", "long", "vanish")
FEED = """<div id=feed style='height:3000px'></div><script>
let asking = false;
addEventListener('scroll', async () => {
  if (asking || innerHeight + scrollY < document.body.scrollHeight - 100) return;
  asking = true; await fetch('/more'); asking = false;
  document.getElementById('feed').style.height = document.getElementById('feed').offsetHeight + 3000 + 'px';
});</script>"""
LAZY = (
    "<div style='height:20000px'></div><img loading=lazy src=/lazy.png><div style='height:16000px'></div>"
    "<p id=end>完</p><div style='height:3000px'></div>"
)
FOREVER = "<img src=/drip.png><script>new EventSource('/events');</script>"
LIKE = "<html><head><meta charset=utf-8></head><body><h1>求职</h1><div class=body>busy</div><script>for(;;);</script></body></html>"


class HardSites:
    """Each method is a site: it gets the path and answers with the town's own `say`, `send` and `note`."""

    note: Any
    say: Any
    send: Any
    picture: Any
    send_response_only: Any
    send_header: Any
    end_headers: Any
    wfile: Any
    close_connection: bool

    def hard(self, path: str) -> None:
        name = path.removeprefix("/p/")
        with COUNTING:
            ASKED[path] += 1
            again = ASKED[path] > 1
        if path == "/":
            return self.say(200, listed([f"/p/{one}" for one in HARD]))
        if path in ("/drip.png", "/events"):
            return self.without_end(path)
        if path.endswith(".png") or path.startswith("/i/"):
            return self.send(200, self.picture(), {"Content-Type": "image/png"})
        if path == "/more":
            return self.say(200, json.dumps({}), kind="application/json")
        if again and name == "vanish":
            return self.say(404, page("帖子不存在"))
        if again and name == "download":
            return self.say(
                200,
                "PK not a page",
                kind="application/zip",
                extra={"Content-Disposition": "attachment; filename=a.zip"},
            )
        more = {"growing": FEED, "long": LAZY, "forever": FOREVER}
        pictures = "".join(f"<img src=/i/{number}>" for number in range(200))
        return self.say(200, offer(f"家教 {name}", more.get(name, pictures if name == "many" else "")))

    def flawed(self, path: str) -> None:
        """A picture whose first answer breaks off."""
        with COUNTING:
            ASKED[path] += 1
        if path == "/late.png" and ASKED[path] == 1:
            self.note(200)
            self.close_connection = True
            return None
        if path == "/late.png":
            return self.send(200, self.picture(), {"Content-Type": "image/png"})
        body = "初中数学英语一对一上门家教，在职教师，每小时200元，电话13812345678，寒暑假小班补课"
        return self.say(200, listed(["/p"]) if path == "/" else offer(body, "<img src=/late.png>"))

    def severed(self, path: str) -> None:
        """The network is cut in the midst: of a picture; and of the page itself, when the browser asks for it."""
        with COUNTING:
            ASKED[path] += 1
        if path == "/":
            return self.say(200, listed(["/p/picture", "/p/page"]))
        parts = "<img src=/half.png><script src=/half.js></script>"
        whole = offer("家教 一对一", parts if path == "/p/picture" else "").encode()
        if path == "/half.js":
            return self.cut(
                gzip.compress(random.Random(1).randbytes(5000).hex().encode()), "text/javascript", "gzip"
            )
        if path == "/half.png" or (path == "/p/page" and ASKED[path] > 1):
            kind = "image/png" if path == "/half.png" else "text/html; charset=utf-8"
            return self.cut(self.picture() if path == "/half.png" else whole, kind)
        return self.send(200, whole, {"Content-Type": "text/html; charset=utf-8"})

    def cut(self, content: bytes, kind: str, packed: str = "identity") -> None:
        """Half of what was announced, and no more."""
        self.note(200)
        self.close_connection = True
        self.send_response_only(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", packed)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])

    def busy(self, path: str) -> None:
        """A script that never lets go of the page."""
        self.say(200, listed(["/p"]) if path == "/" else LIKE)

    def without_end(self, path: str) -> None:
        """A picture that drips, an event stream."""
        self.note(200)
        self.close_connection = True
        try:
            self.send_response_only(200)
            self.send_header("Content-Type", "image/png" if path == "/drip.png" else "text/event-stream")
            self.end_headers()
            for _ in range(1000):  # longer than anybody looks at it
                self.wfile.write(b"data: x\n\n")
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            return  # the crawler hung up, as it should
