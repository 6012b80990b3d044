"""Signatures of Standard Webhooks (standardwebhooks.com, specification 1.0), so that a receiver knows who speaks."""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def sign_webhook(secrets: Sequence[str], webhook_id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: one `v1,<base64>` for each secret, the newest first.

    What is signed is "<id>.<timestamp>.<body>"; `timestamp` in seconds since 1970.
    """
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    marks = [hmac.digest(_key(secret), signed, hashlib.sha256) for secret in secrets]
    return " ".join("v1," + base64.b64encode(mark).decode() for mark in marks)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook secret is whsec_ and Base64") from error
