"""Who the shop says a visitor is: a signed token, or a signature over an external id."""

import hmac
import time
from dataclasses import dataclass

import jwt

from yingke.kit.errors import Problem

MAX_LIFE_SECONDS = 3600


@dataclass(frozen=True)
class Claims:
    """What the shop vouches for. Only what stood inside the signed token."""

    external_id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    level: str | None = None


def read_identity_token(token: str, site_secret: str) -> Claims:
    """Reads a JWT (HS256 with the site secret, `sub`, `exp` at most one hour ahead). Raises 401 for anything else."""
    try:
        body = jwt.decode(
            token,
            site_secret,
            algorithms=["HS256"],
            options={"require": ["exp", "sub"], "verify_aud": False},
            leeway=5,
        )
        lifetime = int(body["exp"]) - _now()
        if lifetime > MAX_LIFE_SECONDS + 60:
            raise jwt.InvalidTokenError("too long a life")
        external_id = body["sub"]
        if not isinstance(external_id, str) or not 0 < len(external_id) <= 200:
            raise jwt.InvalidTokenError("no subject")
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise refused() from error
    return Claims(external_id, *(_short(body.get(key)) for key in ("name", "email", "phone", "level")))


def check_signature(external_id: str, signature: str, site_secret: str) -> Claims:
    """Checks the hex HMAC-SHA256 of `external_id`; it proves the id alone, no other claim. Raises 401."""
    want = hmac.new(site_secret.encode(), external_id.encode(), "sha256").hexdigest()
    if not 0 < len(external_id) <= 200 or not hmac.compare_digest(want.encode(), signature.lower().encode()):
        raise refused()
    return Claims(external_id)


def refused() -> Problem:
    return Problem(
        401,
        "identity_refused",
        "身份签名无效或已过期，请由网站重新签发。",
        "The identity's signature is wrong or expired. The site must sign a new one.",
    )


def _short(value: object) -> str | None:
    return value[:200] if isinstance(value, str) and value.strip() and "\0" not in value else None


def _now() -> int:
    return int(time.time())
