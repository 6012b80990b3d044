"""Endless, dripping, compressed and cut answers end in a named error; nothing goes out inside a transaction."""

import asyncio
import contextlib
import gzip
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from yingke.kit.http import (
    Outgoing,
    OutgoingFailed,
    OutgoingInTransaction,
    OutgoingTimeout,
    ResponseTooLarge,
)
from yingke.kit.transaction_flag import transaction_open

BOMB = gzip.compress(b"0" * 10_000_000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
async def raw() -> AsyncIterator[str]:
    """A bare server: the path says how it misbehaves."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split()[1].decode().strip("/")
        while (await reader.readline()).strip():
            pass
        with contextlib.suppress(ConnectionError):
            await misbehave(path, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def misbehave(path: str, writer: asyncio.StreamWriter) -> None:
    if path == "endless":
        writer.write(HEAD + b"\r\n")
        for _ in range(2000):
            writer.write(b"x" * 10_000)
            await writer.drain()
    elif path == "drip":
        writer.write(HEAD + b"Content-Length: 100\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await asyncio.sleep(0.05)
    elif path == "drip-headers":
        for byte in HEAD * 20:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
    elif path == "silent":
        await asyncio.sleep(5)
    elif path == "cut":
        writer.write(HEAD + b"Content-Length: 100\r\n\r\nhalf")
    elif path == "bomb":
        body = BOMB
        writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    elif path == "nonsense":
        writer.write(b"\x00\x01\x02 not http\r\n\r\n")
    elif path == "many-headers":
        writer.write(HEAD + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n")
    else:
        writer.write(HEAD + b"Content-Length: 2\r\n\r\nok")
    await writer.drain()


@pytest.fixture
async def door() -> AsyncIterator[Outgoing]:
    outgoing = Outgoing()
    yield outgoing
    await outgoing.close()


async def test_an_ordinary_answer_arrives(door: Outgoing, raw: str) -> None:
    reply = await door.request("GET", f"{raw}/fine", allow_private=True)
    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, b"ok", "text/plain")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("endless", ResponseTooLarge),
        ("drip", OutgoingTimeout),
        ("drip-headers", OutgoingTimeout),
        ("silent", OutgoingTimeout),
        ("cut", OutgoingFailed),
        ("bomb", OutgoingFailed),
        ("nonsense", OutgoingFailed),
        ("many-headers", OutgoingFailed),
    ],
)
async def test_a_misbehaving_server_ends_in_its_error_in_time(
    door: Outgoing, raw: str, path: str, error: type[Exception]
) -> None:
    began = time.monotonic()
    with pytest.raises(error):
        await door.request("GET", f"{raw}/{path}", timeout_s=0.5, max_bytes=200_000, allow_private=True)
    assert time.monotonic() - began < 4.0


async def test_a_closed_port_fails(door: Outgoing) -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(OutgoingFailed):
        await door.request("GET", f"http://127.0.0.1:{port}/", allow_private=True)


@pytest.fixture
def stranger(tmp_path: Path) -> ssl.SSLContext:
    """A server identity that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stranger.test")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    certificate = builder.not_valid_after(datetime(2100, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "identity.pem").write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "identity.pem")
    return context


async def test_a_certificate_that_nobody_vouches_for_is_refused(door: Outgoing, stranger: ssl.SSLContext) -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0, ssl=stranger)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(OutgoingFailed) as problem:
        await door.request("GET", f"https://127.0.0.1:{port}/", allow_private=True)
    assert problem.value.reason == "tls"
    server.close()


async def test_nothing_goes_out_while_a_transaction_is_open(door: Outgoing, raw: str) -> None:
    token = transaction_open.set(True)
    with pytest.raises(OutgoingInTransaction):
        await door.request("GET", f"{raw}/fine", allow_private=True)
    transaction_open.reset(token)
    assert (await door.request("GET", f"{raw}/fine", allow_private=True)).status == 200


async def test_a_stream_hands_out_bytes_as_they_come(door: Outgoing, raw: str) -> None:
    pieces: list[bytes] = []

    async def read() -> None:
        async with door.stream("GET", f"{raw}/drip", timeout_s=0.5, allow_private=True) as flow:
            while piece := await flow.read():
                pieces.append(piece)

    with pytest.raises(OutgoingTimeout):
        await read()
    assert len(pieces) >= 3


async def test_a_header_with_a_line_break_does_not_leave(door: Outgoing, raw: str) -> None:
    with pytest.raises(ValueError, match="header"):
        await door.request("GET", f"{raw}/fine", headers={"X-A": "a\r\nX-B: b"}, allow_private=True)
