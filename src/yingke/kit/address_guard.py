"""Which network addresses the product may call, so that a URL typed by somebody cannot reach inside.

Ranges: IANA special-purpose registries (RFC 6890 and its updates), RFC 6052 (NAT64), RFC 6598 (CGNAT),
RFC 3056 (6to4), RFC 4380 (Teredo).
"""

import ipaddress
import socket
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Judge = Callable[[str], str | None]

# Cloud machines hand out credentials here; no setting opens these.
METADATA = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))
NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)
PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "::1/128",
            "fc00::/7",
        ),
    )
)


class AddressRefused(OSError):
    """The address lies where this call may not go; `reason` is `private`, `forbidden` or `malformed`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def judge_public(address: str) -> str | None:
    """Why `address` may not be called by a guarded request, or None when it is on the open internet."""
    parsed = parse_address(address)
    if parsed is None:
        return "malformed"
    if _within(parsed, PRIVATE):
        return "private"
    if parsed in METADATA or _within(parsed, NEVER) or _is_embedded_ipv4(parsed) or not parsed.is_global:
        return "forbidden"
    return None


def judge_private_too(address: str) -> str | None:
    """Like `judge_public`, but the machine itself and private networks are allowed; metadata services never are."""
    parsed = parse_address(address)
    if parsed is None:
        return "malformed"
    if parsed not in METADATA and _within(parsed, PRIVATE):
        return None
    return judge_public(address)


def parse_address(text: str) -> IPAddress | None:
    """The address in its canonical spelling, without brackets; None for names and for odd spellings."""
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_odd_number(host: str) -> bool:
    """True for hosts such as 2130706433, 0x7f.1 or 0177.0.0.1, which the C library reads as IPv4 addresses."""
    if parse_address(host) is not None:
        return False
    last = host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.lower().startswith("0x"):
        return True
    try:
        socket.inet_aton(host)
    except (OSError, UnicodeEncodeError, ValueError):
        return False
    return True


class GuardedResolver(AbstractResolver):
    """Resolves through `inner` and keeps only the addresses that `judge` allows; the connection uses just these."""

    def __init__(self, inner: AbstractResolver, judge: Judge) -> None:
        self._inner = inner
        self._judge = judge

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises AddressRefused when the name has addresses but none that may be called."""
        found = await self._inner.resolve(host, port, family)
        refused: str | None = None
        kept: list[ResolveResult] = []
        for result in found:
            reason = self._judge(result["host"])
            if reason is None:
                kept.append(result)
            refused = refused or reason
        if refused is not None and not kept:
            raise AddressRefused(refused)
        return kept

    async def close(self) -> None:
        await self._inner.close()


def _within(address: IPAddress, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def _is_embedded_ipv4(address: IPAddress) -> bool:
    """IPv4-mapped (::ffff:0:0/96) and the old IPv4-compatible form (::/96) both reach IPv4 hosts."""
    return address.version == 6 and (address.ipv4_mapped is not None or int(address) >> 32 == 0)
