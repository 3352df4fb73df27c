"""Where a name may lead: resolved once, each address checked, and the private ones refused."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.errors import SourceRefused, Unavailable

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True)
class Target:
    """Where a request goes: `addresses` were checked; `proxied` when the pretend town answers as an HTTP proxy."""

    addresses: tuple[str, ...]
    port: int
    proxied: bool = False


async def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def is_public(address: str) -> bool:
    """Whether an address lies in the public internet; IPv4 inside IPv6 forms is looked through."""
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        # NAT64 (RFC 6052) carries an IPv4 address in its last 32 bits.
        if inner is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return parsed.is_global and not parsed.is_multicast


class Gate:
    """Decides where a name may lead. `town` (host:port) answers for all `.test` names and for nothing else."""

    def __init__(self, town: str = "", resolver: Resolve = resolve) -> None:
        self._town, self._resolve = town, resolver

    async def target(self, host: str, port: int) -> Target:
        """Raises SourceRefused for a private address, Unavailable for a name without address."""
        if self._town and host.endswith(".test"):
            town_host, _, town_port = self._town.rpartition(":")
            return Target((town_host,), int(town_port), proxied=True)
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Unavailable(f"{host}: no address ({error})") from error
        # One private answer among public ones is an attack or a fault; neither is visited.
        if not addresses or not all(map(is_public, addresses)):
            raise SourceRefused(f"{host}: its address is not in the public internet")
        return Target(tuple(addresses), port)
