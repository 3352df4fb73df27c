"""RFC 3161 time stamps over what was sealed, from the authorities that an office names.

A stamp lies in the custody chain, as the entry "stamped" with request, answer and the authority's certificates.
Without an authority, or while none answers, the item has no outside stamp: that is a state, never an error, and
`stamp_waiting` tries again. The delay between capture and stamp is shown.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from core.errors import BadConfig, NotFound, Unavailable, WangxunError
from core.model import SYSTEM
from evidence import custody, manifest, verify
from evidence.vault import Vault

Algorithm = Literal["sha256", "sm3"]
_OIDS = {"sha256": "2.16.840.1.101.3.4.2.1", "sm3": "1.2.156.10197.1.401"}
_PATIENCE = 20  # seconds; an authority answers within one, and a hanging one must not hold up the others
# No proxy out of the environment: only settings say where bytes go.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_LARGEST = 1 << 20  # bytes of an answer; with its certificates it has about five thousand


@dataclass(frozen=True)
class Authority:
    """A time-stamp authority: `ca` holds its root and intermediate certificates in PEM."""

    name: str
    url: str
    ca: Path
    digest: Algorithm = "sha256"


@dataclass(frozen=True)
class StampFact:
    """One outside stamp of an item; `delay` is the time from capture to stamp."""

    authority: str
    at: datetime
    delay: timedelta
    digest: str
    serial: int


@dataclass(frozen=True)
class Waiting:
    """What a round of fetching did: stamps that came, items that still wait, and why."""

    came: int
    waiting: int
    causes: tuple[str, ...]


@asn1.sequence
class _AlgorithmIdentifier:
    algorithm: ObjectIdentifier
    parameters: asn1.Null


@asn1.sequence
class _MessageImprint:
    hash_algorithm: _AlgorithmIdentifier
    hashed_message: bytes


@asn1.sequence
class _TimeStampReq:
    version: int
    message_imprint: _MessageImprint
    nonce: int
    cert_req: bool


def read_authorities(file: Path) -> tuple[Authority, ...]:
    """The authorities in a JSON file: a list of {name, url, ca, digest}; `ca` counts from the file's folder.

    Raises BadConfig with every fault.
    """
    try:
        listed = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadConfig((f"{file}: cannot be read: {error}",)) from error
    faults, found = [], []
    for number, plain in enumerate(listed if isinstance(listed, list) else [listed], 1):
        fault = _fault(plain, file.parent)
        if fault:
            faults.append(f"{file}: authority {number}: {fault}")
        else:
            found.append(Authority(**{**plain, "ca": file.parent / plain["ca"]}))
    if faults:
        raise BadConfig(tuple(faults))
    return tuple(found)


def _fault(plain: Any, folder: Path) -> str:
    if not isinstance(plain, dict) or not {"name", "url", "ca"} <= plain.keys() <= {
        "name",
        "url",
        "ca",
        "digest",
    }:
        return "an object with name, url, ca and perhaps digest is wanted"
    if not str(plain["url"]).startswith(("http://", "https://")):
        return "url must begin with http:// or https://"
    if plain.get("digest", "sha256") not in _OIDS:
        return "digest is sha256 or sm3"
    return "" if (folder / str(plain["ca"])).is_file() else f"there is no file {plain['ca']} (ca)"


def request(content: bytes, algorithm: Algorithm, nonce: int) -> bytes:
    """A TimeStampReq over the content's digest, asking for the certificates (RFC 3161, section 2.4.1)."""
    digest = manifest.sm3(content) if algorithm == "sm3" else hashlib.sha256(content).hexdigest()
    identifier = _AlgorithmIdentifier(algorithm=ObjectIdentifier(_OIDS[algorithm]), parameters=asn1.Null())
    imprint = _MessageImprint(hash_algorithm=identifier, hashed_message=bytes.fromhex(digest))
    return asn1.encode_der(_TimeStampReq(version=1, message_imprint=imprint, nonce=nonce, cert_req=True))


def ask(authority: Authority, content: bytes) -> dict[str, str]:
    """A stamp over the content, as custody keeps it. Raises Unavailable when none is had, or a wrong one."""
    query = request(content, authority.digest, secrets.randbits(63))  # 63: a positive INTEGER of eight bytes
    call = urllib.request.Request(  # noqa: S310  read_authorities lets only http and https pass
        authority.url, query, {"Content-Type": "application/timestamp-query"}
    )
    try:
        with _OPENER.open(call, timeout=_PATIENCE) as answer:
            reply = answer.read(_LARGEST)
        own = authority.ca.read_bytes()
        told = verify.read_stamp(query, reply)
    except (OSError, urllib.error.URLError, verify.Broken) as error:
        raise Unavailable(f"时间戳机构 {authority.name} 没有给出时间戳：{error}") from error
    if verify.signature(query, reply, own, told.at) is False:
        raise Unavailable(f"时间戳机构 {authority.name} 的答复不是它的证书签的")
    parts = {"tsq": query, "tsr": reply, "pem": own}
    return {
        "authority": authority.name,
        **{name: base64.b64encode(one).decode() for name, one in parts.items()},
    }


def stamp(vault: Vault, sealed_id: str, content: bytes, authorities: Sequence[Authority]) -> int:
    """Get the stamps that the item still lacks; how many came. Raises Unavailable, EvidenceBroken."""
    entries = custody.chain(vault, sealed_id)
    have = {entry["stamp"]["authority"] for entry in entries if entry["event"] == "stamped"}
    wanted = [authority for authority in authorities if authority.name not in have]
    for authority in wanted:
        facts = {"stamp": ask(authority, content)}
        custody.append(vault, sealed_id, "stamped", SYSTEM, authority.name, facts)
    if have or wanted:
        vault.stamp_came(sealed_id)
    return len(wanted)


def stamp_waiting(vault: Vault, authorities: Sequence[Authority], limit: int = 1000) -> Waiting:
    """Stamp what waits, oldest custody or not, `limit` at most (a thousand are some minutes of one authority).

    An authority that is away ends the round: the others wait for the next. Nothing is raised for it.
    """
    came, causes = 0, []
    for sealed_id in vault.waiting()[:limit] if authorities else []:
        try:
            came += stamp(vault, sealed_id, _content(vault, sealed_id), authorities)
        except Unavailable as error:
            causes.append(str(error))
            break
        except WangxunError as error:
            causes.append(f"{sealed_id}: {error}")
    return Waiting(came, len(vault.waiting()), tuple(causes))


def stamp_these(vault: Vault, ids: Iterable[str], authorities: Sequence[Authority], limit: int = 100) -> int:
    """Stamp those of `ids` that wait, in their order, `limit` at most (some tens of seconds); how many came.

    What cannot be stamped now goes on waiting: nothing is raised for it but Unavailable of the vault itself.
    """
    waiting = set(vault.waiting()) if authorities else set()
    came = 0
    for sealed_id in islice((one for one in ids if one in waiting), limit):
        try:
            came += stamp(vault, sealed_id, _content(vault, sealed_id), authorities)
        except Unavailable:
            break
        except WangxunError:
            continue  # broken: the check of the evidence names it
    return came


def state(vault: Vault, sealed_id: str) -> tuple[StampFact, ...]:
    """The item's outside stamps; () means that it has none. Raises EvidenceBroken, Unavailable."""
    entries = custody.chain(vault, sealed_id)
    return tuple(_fact(entry, entries[0]) for entry in entries if entry["event"] == "stamped")


def _fact(entry: custody.Entry, first: custody.Entry) -> StampFact:
    query, reply = (base64.b64decode(entry["stamp"][name]) for name in ("tsq", "tsr"))
    told = verify.read_stamp(query, reply)
    captured = datetime.fromisoformat(first["at"].replace("Z", "+00:00"))
    return StampFact(entry["stamp"]["authority"], told.at, told.at - captured, told.algorithm, told.serial)


def _content(vault: Vault, sealed_id: str) -> bytes:
    """A manifest, or the header of a daily list, which lies under its number."""
    first = custody.chain(vault, sealed_id)[:1]
    if not first:
        raise NotFound(f"{sealed_id} waits for a stamp but was never captured")
    if first[0].get("kind") == "heads":
        return vault.storage.read(str(first[0]["name"]))
    return vault.manifest(sealed_id)
