"""What counts as a whole body, and what is taken back when it was none."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from core.model import Exchange
from crawler.browser_recorder import BrowserRecorder
from crawler.recorder import body_length

URL = "http://a.test/x"
CUT = "net::ERR_CONTENT_LENGTH_MISMATCH"


@pytest.mark.parametrize(
    ("status", "method", "fields", "length"),
    [
        (200, "GET", {"Content-Length": " 67 "}, 67),
        (206, "GET", {"content-length": "5", "Content-Encoding": "identity"}, 5),
        (200, "GET", {"Content-Length": "67", "Content-Encoding": "gzip"}, 0),
        (200, "GET", {"Content-Length": "67, 67"}, 0),
        (200, "GET", {"Content-Length": "-1"}, 0),
        (200, "GET", {}, 0),
        (200, "HEAD", {"Content-Length": "67"}, 0),
        (304, "GET", {"Content-Length": "67"}, 0),
    ],
)
def test_the_length_that_a_body_must_have(
    status: int, method: str, fields: dict[str, str], length: int
) -> None:
    assert body_length(status, method, fields.items()) == length


async def nobody(_url: str, _kind: str) -> str | None:
    return None


def recorded(*bodies: bytes) -> BrowserRecorder:
    recorder = BrowserRecorder(nobody, 1000)
    recorder.exchanges = [
        Exchange(
            url=URL,
            at=datetime.now(UTC),
            request_head=b"",
            response_head=b"HTTP/1.1 200 OK\r\n\r\n",
            body=body,
        )
        for body in bodies
    ]
    return recorder


def fail(recorder: BrowserRecorder, failure: str) -> None:
    async def told() -> None:
        request: Any = SimpleNamespace(url=URL, failure=failure)
        recorder._given_up(request)

    asyncio.run(told())


def test_a_body_that_was_cut_is_taken_back_and_an_earlier_whole_one_stays() -> None:
    recorder = recorded(b"whole", b"half")
    fail(recorder, CUT)
    assert [one.body for one in recorder.exchanges] == [b"whole", b""]
    assert [one.cause for one in recorder.lost] == [f"{URL}：正文没有收全，未保存（{CUT}）"]
    fail(recorder, CUT)  # known by now
    assert len(recorder.lost) == 1


@pytest.mark.parametrize("failure", ["net::ERR_ABORTED", "net::ERR_BLOCKED_BY_ORB"])
def test_what_came_whole_and_was_not_shown_stays(failure: str) -> None:
    recorder = recorded(b"whole")
    fail(recorder, failure)
    assert (recorder.exchanges[0].body, recorder.lost) == (b"whole", [])


def test_an_answer_that_never_began_spoils_no_earlier_one() -> None:
    recorder = recorded(b"whole")
    recorder.ended.set()
    event = {"requestId": "1", "request": {"url": URL}, "responseErrorReason": "ConnectionReset"}
    session: Any = SimpleNamespace()
    asyncio.run(recorder._answered(session, event, URL))
    fail(recorder, "net::ERR_CONNECTION_RESET")
    assert recorder.exchanges[0].body == b"whole"
    assert [one.cause for one in recorder.lost] == [f"{URL}：没有收到（ConnectionReset）"]
