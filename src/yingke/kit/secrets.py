"""Secrets at rest (AES-256-GCM under one key of the installation), and the tokens handed to people and programs."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from yingke.kit.errors import Problem
from yingke.kit.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"


class SealBroken(Problem):
    """Sealed bytes that this installation's key does not open: another key, or damage."""

    def __init__(self) -> None:
        super().__init__(
            500,
            "seal_broken",
            "保存的密钥无法解开：请确认 YINGKE_SECRET_KEY 或 secret.key 与写入时相同。",
            "A stored secret cannot be opened. Check YINGKE_SECRET_KEY or secret.key: it was written with another key.",
        )


class Secrets:
    """Seals and opens with the installation's key. One per process; holds the key in memory."""

    def __init__(self, key: bytes) -> None:
        """Raises ValueError when `key` is not 32 bytes."""
        if len(key) != KEY_BYTES:
            raise ValueError("the secret key must be 32 bytes")
        self._cipher = AESGCM(key)
        self._signing_key = hmac.digest(key, b"yingke signing", "sha256")

    @classmethod
    def load(cls, settings: Settings) -> Self:
        """The key of the settings, else of DATA_DIR/secret.key, which is made (0600) on the first start."""
        if settings.secret_key:
            try:
                return cls(base64.b64decode(settings.secret_key, validate=True))
            except (binascii.Error, ValueError) as error:
                raise ValueError("YINGKE_SECRET_KEY must be the Base64 of 32 bytes") from error
        return cls(ensure_key_file(settings.data_dir / "secret.key"))

    def seal(self, value: bytes | str) -> bytes:
        """Format byte, nonce, ciphertext with its tag; a new nonce each time."""
        plain = value.encode() if isinstance(value, str) else value
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + self._cipher.encrypt(nonce, plain, FORMAT)

    def open(self, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        head = len(FORMAT) + NONCE_BYTES
        if sealed[: len(FORMAT)] != FORMAT:
            raise SealBroken
        try:
            return self._cipher.decrypt(sealed[len(FORMAT) : head], sealed[head:], FORMAT)
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def sign(self, purpose: str, value: bytes | str) -> str:
        """HMAC-SHA256 as hex. A signature made for one purpose is worthless for another."""
        data = value.encode() if isinstance(value, str) else value
        return hmac.digest(self._signing_key, purpose.encode() + b"\0" + data, "sha256").hex()

    def is_signed(self, purpose: str, value: bytes | str, signature: str) -> bool:
        return hmac.compare_digest(self.sign(purpose, value).encode(), signature.encode("utf-8", "replace"))


def ensure_key_file(path: Path) -> bytes:
    """Reads the key, or makes it. Two processes at once end with the same key; a key is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        return base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error as error:
        raise ValueError(f"{path} does not hold a Base64 key") from error


def token(prefix: str = "") -> str:
    """A new random token of 256 bits, URL-safe; the prefix tells people and secret scanners what it is."""
    return prefix + secrets.token_urlsafe(32)


def token_hash(value: str) -> bytes:
    """What is stored of a token. Tokens are random, so a plain SHA-256 is enough."""
    return hashlib.sha256(value.encode("utf-8", "replace")).digest()
