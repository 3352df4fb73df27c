"""The provenance sheet: under what circumstances a look was taken. Each line says what it is known by.

What is the same for the whole run is written once; what belongs to the look (addresses, names resolved, robots.txt,
certificates, clock, what was taken out) is read from those who did it: egress, pacer, robots, recorder.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from core.model import Artifact, Capture, Exchange
from core.source import Source
from crawler.egress import Egress, Route
from crawler.politeness import Pacer, Rules
from crawler.recorder import REMOVED

BEIJING = timezone(timedelta(hours=8))
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]+)", re.I | re.M)
_REMOVED = re.compile(rb"^([^:\r\n]+): " + re.escape(REMOVED.encode()) + rb"\r?$", re.M)
# RFC 9309 has crawlers read 500 KiB of a robots.txt; a longer one is named by its digest only.
_ROBOTS_BYTES = 512_000


def of_run(source: Source, agent: str, clock: Mapping[str, str]) -> dict[str, str]:
    """What holds for all looks of a run. `clock`: `casework.clock.facts`."""
    packages = ("scrapy", "playwright", "fastwarc", "cryptography")
    versions = [f"Python {sys.version.split()[0]}", *(f"{name} {version(name)}" for name in packages)]
    return {
        "software": f"Wangxun {version('wangxun')}", "software_versions": "; ".join(versions),
        "host": f"{platform.node()}; {platform.system()} {platform.release()} {platform.machine()}",
        "user_agent": agent, "source": source.id, "basis": source.basis, "pace_seconds": f"{source.pace.delay:g}",
        "robots": "obeyed" if source.robots == "obey" else f"agreement {source.robots.reference}", **clock,
    }  # fmt: skip


class Circumstances:
    """Completes the captures of one run."""

    def __init__(self, common: Mapping[str, str], egress: Egress, pacer: Pacer) -> None:
        self.common = dict(common)
        self._egress, self._pacer = egress, pacer
        self.rules: Rules = {}

    def complete(
        self, capture: Capture, certificates: Mapping[str, tuple[bytes, ...]], how: str, browser: str = ""
    ) -> Capture:
        """The capture with its sheet, the robots.txt that was obeyed, and certificate chains (`how` they were had)."""
        hosts = dict.fromkeys(_host(one.url) for one in capture.exchanges)
        exchanges = tuple(self._addressed(one) for one in (*self._robots(capture), *capture.exchanges))
        chains = tuple(_artifact(host, chain, how) for host, chain in certificates.items())
        sheet = {
            **self.common, **capture.provenance, **self._way(hosts), **times(capture), "robots_answer": self._robots_told(capture),
            "tls": "; ".join(_told(host, chain, how) for host, chain in certificates.items()),
            "clock_server_date_seconds": "; ".join(_dates(capture.exchanges)), "removed": _removed(capture.exchanges),
        }  # fmt: skip
        if browser:
            sheet["software_versions"] = f"{sheet.get('software_versions', '')}; Chromium {browser}"
        return capture.model_copy(
            update={
                "exchanges": exchanges,
                "artifacts": (*capture.artifacts, *chains),
                "provenance": {name: value for name, value in sheet.items() if value},
            }
        )

    def _addressed(self, exchange: Exchange) -> Exchange:
        """With the server's address where there was only one: which of several answered is not known any more."""
        route = self._egress.routes.get(_host(exchange.url))
        connected = {one.rpartition(":")[0] for one in route.connected} if route else set()
        return exchange.model_copy(update={"address": connected.pop()}) if len(connected) == 1 else exchange

    def _way(self, hosts: Iterable[str]) -> dict[str, str]:
        routes = {host: route for host in hosts if (route := self._egress.routes.get(host))}
        used = {host: self._pacer.used[host] for host in hosts if host in self._pacer.used}
        return {
            "dns": "; ".join(_resolved(host, route) for host, route in routes.items()),
            "server_addresses": "; ".join(
                f"{host}: {', '.join(route.connected)}" for host, route in routes.items() if route.connected
            ),
            "rate_used": "; ".join(f"{host}: {one}" for host, one in used.items()),
        }  # fmt: skip

    def _robots(self, capture: Capture) -> Iterator[Exchange]:
        """The robots.txt of the page's own site, as it was answered to this run."""
        rule = self.rules.get(urlsplit(capture.url).netloc)
        if isinstance(rule, Exchange) and len(rule.body) <= _ROBOTS_BYTES:
            yield rule

    def _robots_told(self, capture: Capture) -> str:
        rule = self.rules.get(urlsplit(capture.url).netloc)
        if isinstance(rule, str):
            return rule
        if rule is None:
            return "not asked for" if self.common["robots"] == "obeyed" else "not asked for: by agreement"
        status = rule.response_head.split(b" ", 2)[1].decode("latin-1")
        digest = hashlib.sha256(rule.body).hexdigest()
        return f"{rule.url}: HTTP {status}, {_utc(rule.at)}, {len(rule.body)} bytes, sha256 {digest}"


def times(capture: Capture) -> dict[str, str]:
    """Start and end of a look, in UTC and as Beijing's clocks show it."""
    moments = {"started": capture.started_at, "ended": capture.ended_at}
    utc = {f"{name}_utc": at.isoformat().replace("+00:00", "Z") for name, at in moments.items()}
    return utc | {f"{name}_beijing": at.astimezone(BEIJING).isoformat() for name, at in moments.items()}


def _resolved(host: str, route: Route) -> str:
    if route.town:
        return f"{host}: the sandbox town, no name server was asked"
    return f"{host} → {', '.join(route.addresses)} ({_utc(route.asked_at)})"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _artifact(host: str, chain: tuple[bytes, ...], how: str) -> Artifact:
    """The chain as PEM, which any TLS program reads; a line names the site."""
    pem = b"".join(x509.load_der_x509_certificate(one).public_bytes(Encoding.PEM) for one in chain)
    content = f"# {host}\n".encode() + pem
    return Artifact(role="certificates", media_type="application/x-pem-file", content=content, how=how)


def _told(host: str, chain: tuple[bytes, ...], how: str) -> str:
    own = x509.load_der_x509_certificate(chain[0])
    names = f"subject {own.subject.rfc4514_string()}, issuer {own.issuer.rfc4514_string()}"
    until = f"valid {_utc(own.not_valid_before_utc)} to {_utc(own.not_valid_after_utc)}"
    digest = hashlib.sha256(chain[0]).hexdigest()
    return f"{host}: {names}, {until}, sha256 {digest}, {len(chain)} kept ({how})"


def _dates(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """For each site, its clock minus ours at its first answer. Its seconds are whole, and the answer travelled."""
    told: set[str] = set()
    for one in exchanges:
        found = _DATE.search(one.response_head)
        if found is None or _host(one.url) in told:
            continue
        told.add(_host(one.url))
        try:
            theirs = parsedate_to_datetime(found[1].decode("latin-1"))
            seconds = (theirs.replace(tzinfo=theirs.tzinfo or UTC) - one.at).total_seconds()
        except (ValueError, TypeError):
            continue  # no date: a hostile or broken server; others may tell
        yield f"{_host(one.url)}: {seconds:+.1f}"


def _removed(exchanges: Iterable[Exchange]) -> str:
    """Names of the fields whose values were taken out, and how often."""
    heads = (head for one in exchanges for head in (one.request_head, one.response_head))
    counts = Counter(
        found[1].decode("latin-1").lower() for head in heads for found in _REMOVED.finditer(head)
    )
    return "; ".join(f"{name} ×{count}" for name, count in sorted(counts.items())) or "none"
