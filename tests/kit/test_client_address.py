"""Whose address counts, and how much of it one person can change."""

from typing import Any

import pytest
from litestar.connection import ASGIConnection

from yingke.kit.client_address import client_address, rate_key
from yingke.kit.settings import Settings


def connection(peer: str, forwarded: str | None) -> ASGIConnection[Any, Any, Any, Any]:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    scope: Any = {"type": "http", "client": (peer, 1), "headers": headers, "path": "/", "query_string": b""}
    return ASGIConnection(scope)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("203.0.113.7", "10.0.0.1", "", "203.0.113.7"),
        ("203.0.113.7", "10.0.0.1", "127.0.0.1", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7", "127.0.0.1", "203.0.113.7"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.7", "127.0.0.1", "203.0.113.7"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.7, 10.1.2.3", "127.0.0.1, 10.0.0.0/8", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, nonsense", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1", "127.0.0.1"),
        ("2001:db9::1", "2001:db9:5::9", "2001:db9::/48", "2001:db9:5::9"),
    ],
)
def test_only_what_a_trusted_proxy_wrote_counts(peer: str, forwarded: str | None, trusted: str, expected: str) -> None:
    assert client_address(connection(peer, forwarded), Settings(trusted_proxies=trusted)) == expected


def test_an_ipv6_network_is_one_person() -> None:
    assert rate_key("2001:db9:1:2:3:4:5:6") == rate_key("2001:db9:1:2::") != rate_key("2001:db9:1:3::")
    assert rate_key("::ffff:203.0.113.7") == rate_key("203.0.113.7") == "203.0.113.7"
    assert rate_key("") == ""
