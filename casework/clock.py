"""How far this machine's clock may be trusted: the kernel's own word, and a comparison with another clock.

The other clock answers by a `Date` header (RFC 9110, 6.6.1) or by SNTP (RFC 4330).
"""

from __future__ import annotations

import ctypes
import socket
import struct
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from core.errors import BadInput, Unavailable

PATIENCE = 10.0  # seconds for an answer; a clock that takes longer says nothing exact
_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_NTP_EPOCH = 2_208_988_800  # seconds from 1900, NTP's beginning, to 1970
_TIMEX_BYTES = 512  # struct timex has 208 bytes on 64-bit Linux; more room than any kernel fills


def synchronised() -> bool | None:
    """Whether the kernel's clock is kept by somebody (systemd-timesyncd, chrony, ntpd); None: cannot be asked."""
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (AttributeError, OSError):
        return None
    return None if state < 0 else state != _UNSYNCHRONISED


def offset(address: str) -> float:
    """Seconds by which that clock is ahead of ours. `http(s)://…` or `ntp://host[:port]`.

    Raises Unavailable when it does not answer, BadInput for another kind of address.
    """
    ask = {"http": _by_date, "https": _by_date, "ntp": _by_ntp}.get(urlsplit(address).scheme)
    if ask is None:
        raise BadInput(f"{address!r} is no clock: give http://, https:// or ntp://")
    try:
        return _compared(lambda: ask(address))
    except (OSError, urllib.error.URLError, ValueError, TypeError, struct.error) as error:
        raise Unavailable(f"the clock {address} does not answer: {error}") from error


def _compared(ask: Callable[[], float]) -> float:
    before = time.time()
    theirs = ask()
    return theirs - (before + time.time()) / 2  # as if the answer was made half way


def _by_date(address: str) -> float:
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - the scheme is checked above
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - same
            said = answer.headers["Date"]
    except urllib.error.HTTPError as error:
        said = error.headers["Date"]  # 403 or 405 tells the time as well
    return parsedate_to_datetime(said).timestamp() + 0.5  # whole seconds, cut off: half a second on the mean


def _by_ntp(address: str) -> float:
    parts = urlsplit(address)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(PATIENCE)
        # 0x23: version 4, mode 3 (client)
        asking.sendto(b"\x23" + bytes(47), (parts.hostname or "", parts.port or 123))
        answer = asking.recv(48)
    seconds, fraction = struct.unpack("!II", answer[40:48])  # the server's transmit time
    return float(seconds - _NTP_EPOCH + fraction / 2**32)


def facts(address: str) -> dict[str, str]:
    """For the provenance sheet. `address`: the clock to compare with, "" for none.

    `clock_state` is the kernel's word (synchronised, unsynchronised, unknown). `clock_offset_seconds` stands there
    only when that clock answered; else `clock_reference` says why there is none.
    """
    states = {True: "synchronised", False: "unsynchronised", None: "unknown"}
    told = {"clock_state": states[synchronised()], "clock_checked_at": _now()}
    if not address:
        return told | {"clock_reference": "none configured"}
    try:
        seconds = offset(address)
    except (Unavailable, BadInput) as error:
        return told | {"clock_reference": f"{error}"[:300]}
    return told | {"clock_reference": address, "clock_offset_seconds": f"{seconds:+.2f}"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
