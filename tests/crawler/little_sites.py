"""More pretend sites for the crawler's own tests: each shows one thing. Mixed into the little town."""

from __future__ import annotations

import json
from threading import Event, Lock
from typing import Any

RELEASED = Event()
LOCK = Lock()
STATE = {"version": 1}
NUMBERS = range(1, 5)
JSON = "application/json"


def page(body: str) -> str:
    return f"<html><head><meta charset=utf-8></head><body>{body}</body></html>"


def listed(paths: list[str], said: str = "") -> str:
    return page("<ul>" + "".join(f"<li><a href={path}>x</a><i>{said}</i></li>" for path in paths) + "</ul>")


def offer(text: str, more: str = "") -> str:
    return page(f"<h1>求职</h1><div class=body>{text}</div>{more}")


class Sites:
    """Each method is a site: it gets the path and answers with the town's own `say`, `send` and `note`."""

    headers: Any
    note: Any
    say: Any
    send: Any
    picture: Any

    def held(self, path: str) -> None:
        """A picture that comes only after /release: the look that waits for it can be met in the act."""
        if path == "/release":
            RELEASED.set()
        if path == "/held.png":
            self.note(200)  # told on arrival: the test waits for this line
            RELEASED.wait(60)
            return self.send(200, self.picture(), {"Content-Type": "image/png"})
        return self.say(200, listed(["/p"]) if path == "/" else offer("高中数学", "<img src=/held.png>"))

    def framed(self, path: str) -> None:
        if path == "/w.js":
            return self.say(200, "fetch('/from-worker')", kind="text/javascript")
        more = "<iframe src=http://other.test/f></iframe><script>new Worker('/w.js')</script>"
        return self.say(200, listed(["/p"]) if path == "/" else offer("一对一", more))

    def other(self, path: str) -> None:
        if path == "/f":
            return self.say(200, page("<p id=p>框里的广告</p><script>fetch('/data')</script>"))
        return self.say(200, "{}", kind=JSON)

    def hidden(self, path: str) -> None:
        """Contacts behind a click; the second one's answer is an error, the third shows none, the fourth hides nothing."""
        if path == "/":
            return self.say(200, listed([f"/p/{number}" for number in NUMBERS]))
        if path.startswith("/ask"):
            answers = {
                "/ask?id=1%2F%3Fx": (200, {"tel": "13800000000", "wx": None}),
                "/ask?id=3": (200, {"tel": None}),
            }
            status, answer = answers.get(path, (500, {}))
            return self.say(status, json.dumps(answer), kind=JSON)
        number = path.removeprefix("/p/")
        button = (
            f"<button data-id='{'1/?x' if number == '1' else number}'>电话</button>" if number != "4" else ""
        )
        return self.say(200, offer(f"家教 {number}", button))

    def tagged(self, path: str) -> None:
        """Pages with ETag, with Last-Modified, with the list's word, and one that moves behind a log-in page."""
        version = STATE["version"]
        if path == "/change":
            STATE["version"] += 1
        if path in ("/", "/change"):
            return self.say(
                200,
                listed([f"/p/{name}" for name in ("tag", "date", "said", "moved", "none")], f"v{version}"),
            )
        known = self.headers.get("If-None-Match") == f'"v{version}"'
        since = self.headers.get("If-Modified-Since") == f"Tue, 0{version} Sep 2026 12:00:00 GMT"
        if path == "/login":
            return self.say(304, "") if self.headers.get("If-None-Match") else self.say(200, page("请先登录"))
        extra = {
            "tag": {"ETag": f'"v{version}"'},
            "date": {"Last-Modified": f"Tue, 0{version} Sep 2026 12:00:00 GMT"},
        }
        if path == "/p/moved":
            if version > 1:
                return self.say(302, "", extra={"Location": "/login"})
            return self.say(200, offer("moved v1"), extra={"ETag": '"m"'})
        name = path.removeprefix("/p/")
        if (name == "tag" and known) or (name == "date" and since):
            return self.say(304, "", extra=extra[name])
        return self.say(200, offer(f"{name} v{version}"), extra=extra.get(name))

    def pictured(self, path: str) -> None:
        """A drawn post whose picture lies far below what a window shows, moved to another address, and one gone."""
        if path == "/":
            return self.say(200, listed(["/p"]))
        if path == "/own.png":
            return self.say(302, "", extra={"Location": "/cdn/own.png"})
        if path == "/cdn/own.png":
            return self.send(200, self.picture(), {"Content-Type": "image/png"})
        if path == "/gone.png":
            return self.say(404, "gone")
        images = "<div style=height:9000px></div><img class=own loading=lazy src=/own.png><img class=own src=/gone.png>"
        return self.say(200, offer("见图", images))

    def marking(self, path: str) -> None:
        """Marks whoever draws a page, by header and by script; a page shows the marks that it is asked with."""
        if path == "/":
            return self.say(200, listed([f"/p/{number}" for number in NUMBERS]))
        marks = f"<p>{self.headers.get('Cookie', 'unmarked')}</p><p id=kept></p>"
        script = "<script>document.getElementById('kept').textContent = localStorage.getItem('mark') || 'new'; localStorage.setItem('mark', 'known'); document.cookie = 'other=1'</script>"
        return self.say(200, offer("高中数学", marks + script), extra={"Set-Cookie": "mark=1; Path=/"})

    def secure(self, path: str) -> None:
        """Served under TLS: two posts of six pictures each, and one of forty."""
        if path.endswith(".png"):
            return self.send(200, self.picture(), {"Content-Type": "image/png"})
        images = "".join(f"<img src=/{n}.png>" for n in range(40 if path == "/h" else 6))
        links = {"/": ["/p", "/q"], "/heavy": ["/h"]}
        return self.say(200, listed(links[path]) if path in links else offer("英语小班", images))
