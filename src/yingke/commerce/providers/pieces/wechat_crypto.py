"""The signature and the cipher of WeChat's message push (safe mode).

msg_signature = sha1 over the sorted token, timestamp, nonce and ciphertext; AES-256-CBC with the first half of the key as
its start; inside: 16 random bytes, 4 bytes of length, the message, the AppID; padded to 32-byte blocks. Source: WeChat's
platform pages on message encryption, and the test vectors of public SDKs.
"""

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class NotSigned(ValueError):
    """Signature, key, padding or AppID does not fit."""


def sign(token: str, *parts: str) -> str:
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()


def is_signed(signature: str, token: str, *parts: str) -> bool:
    return bool(token) and hmac.compare_digest(sign(token, *parts).encode(), signature.encode("utf-8", "replace"))


def decrypt(ciphertext: str, encoding_key: str, app_id: str) -> bytes:
    """The message. Raises NotSigned, also when it was meant for another app."""
    key = _key(encoding_key)
    try:
        sealed = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotSigned("base64") from error
    if not sealed or len(sealed) % 16:
        raise NotSigned("length")
    opener = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = opener.update(sealed) + opener.finalize()
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or padding > len(plain):
        raise NotSigned("padding")
    plain = plain[:-padding]
    size = int.from_bytes(plain[16:20], "big")
    message, owner = plain[20 : 20 + size], plain[20 + size :]
    if len(message) != size or not hmac.compare_digest(owner, app_id.encode()):
        raise NotSigned("owner")
    return message


def encrypt(message: bytes, encoding_key: str, app_id: str, *, noise: bytes | None = None) -> str:
    """The other way round, as the platform does it. `noise`: 16 bytes."""
    key = _key(encoding_key)
    plain = (noise or os.urandom(16)) + len(message).to_bytes(4, "big") + message + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    sealer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealer.update(plain + bytes([padding]) * padding) + sealer.finalize()).decode()


def _key(encoding_key: str) -> bytes:
    try:
        key = base64.b64decode(encoding_key + "=")
    except (binascii.Error, ValueError) as error:
        raise NotSigned("key") from error
    if len(key) != 32:
        raise NotSigned("key")
    return key
