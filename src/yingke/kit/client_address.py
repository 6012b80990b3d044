"""Whose address a request comes from; forwarded headers count only when a trusted proxy wrote them."""

import ipaddress
from typing import Any

from litestar.connection import ASGIConnection

from yingke.kit.settings import Settings

Connection = ASGIConnection[Any, Any, Any, Any]


def client_address(connection: Connection, settings: Settings) -> str:
    """The nearest address in X-Forwarded-For that is not a trusted proxy; else the peer's; "" for a Unix socket."""
    peer = connection.client.host if connection.client else ""
    trusted = {part.strip() for part in settings.trusted_proxies.split(",") if part.strip()}
    if not trusted or not _is_in(peer, trusted):
        return peer
    hops = [hop.strip() for hop in connection.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    for hop in reversed(hops):
        if _read(hop) is None:
            return peer
        if not _is_in(hop, trusted):
            return hop
    return peer


def rate_key(address: str) -> str:
    """The part of an address that one person can hardly change: a whole IPv4, the /64 of an IPv6."""
    parsed = _read(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return address


def _read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_in(text: str, networks: set[str]) -> bool:
    address = _read(text)
    if address is None:
        return False
    for network in networks:
        try:
            if address in ipaddress.ip_network(network, strict=False):
                return True
        except ValueError:
            continue
    return False
