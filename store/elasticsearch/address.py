"""The store address of a cluster: scheme://[user:password@]host:port[,host:port]/prefix[?ca=&shards=&replicas=&timeout=]."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from core.errors import BadInput

PORT = 9200  # Elasticsearch's own
# Elasticsearch's rule for names, kept narrow: no capitals, nothing that a wildcard or a date could mean.
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HOST = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+)(?::[0-9]{1,5})?")
_FORM = "write http://host:9200/prefix or https://user:password@host:9200,host:9200/prefix"


@dataclass(frozen=True)
class Address:
    """Where the cluster is and how its indices are made.

    prefix begins the name of every index and alias. user and password are empty without sign-in. ca is a PEM file with
    the authority that signed the nodes' certificates, empty for the system's own list. shards per index count when one
    is made; replicas: copies of each shard, None: one as soon as there is a second node. timeout: seconds for one answer;
    what takes longer helps no officer.
    """

    hosts: tuple[str, ...]
    prefix: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    shards: int = 1
    replicas: int | None = None
    timeout: int = 30


def read_address(url: str) -> Address:
    """Take the address apart. Raises BadInput, never with the password in its text."""
    # Brackets are hidden from urlsplit: some Pythons (Debian 12's) refuse an IPv6 address that is not the only host.
    parts = urlsplit(url.replace("[", "%5B").replace("]", "%5D"))
    login, _, hosts = parts.netloc.rpartition("@")
    hosts = hosts.replace("%5B", "[").replace("%5D", "]")
    user, _, password = login.partition(":")
    prefix = parts.path.strip("/")
    shown = f"{parts.scheme}://{hosts}{parts.path}"
    if parts.fragment or not all(map(_HOST.fullmatch, hosts.split(","))):
        raise BadInput(f"store address {shown!r} is not known; {_FORM}")
    if not _PREFIX.fullmatch(prefix):
        raise BadInput(f"store address {shown!r} needs a prefix of small letters, digits, - and _; {_FORM}")
    options = _options(parts)
    return Address(
        hosts=tuple(
            f"{parts.scheme}://{host if _has_port(host) else f'{host}:{PORT}'}" for host in hosts.split(",")
        ),
        prefix=prefix,
        user=unquote(user),
        password=unquote(password),
        ca=options.get("ca", ""),
        shards=_number(options, "shards", 1) or 1,
        replicas=_number(options, "replicas", None),
        timeout=_number(options, "timeout", 30) or 30,
    )


def _has_port(host: str) -> bool:
    return re.search(r":[0-9]+$", host.rpartition("]")[2]) is not None


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - {"ca", "shards", "replicas", "timeout"}:
        raise BadInput(f"store address: {min(unknown)!r} is not known; known: ca, shards, replicas, timeout")
    if "ca" in options and parts.scheme != "https":
        raise BadInput("store address: ca is of use with https only")
    return options


def _number(options: dict[str, str], name: str, default: int | None) -> int | None:
    if name not in options:
        return default
    # 1024 shards is Elasticsearch's own limit for one index.
    if not re.fullmatch(r"[0-9]{1,4}", options[name]) or int(options[name]) > 1024:
        raise BadInput(f"store address: {name} is a small number, not {options[name]!r}")
    return int(options[name])
