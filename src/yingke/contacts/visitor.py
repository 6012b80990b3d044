"""A visitor who holds a token: which identity, in which shop."""

import hashlib
import secrets
from dataclasses import dataclass

from yingke.kit.db import Database
from yingke.kit.errors import Problem


@dataclass(frozen=True, slots=True)
class Visitor:
    """`is_verified`: the shop has vouched for this person by a signed token, so the whole history opens."""

    workspace_id: int
    identity_id: int
    contact_id: int
    shop_id: int
    channel_account_id: int
    is_verified: bool


def new_token() -> str:
    return "yv_" + secrets.token_urlsafe(24)


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def find_visitor(db: Database, token: str) -> Visitor | None:
    """None for an unknown, expired (180 days unused) or erased token."""
    if not token or len(token) > 200:
        return None
    async with db.crossing() as tx:
        row = await tx.fetchrow("select * from find_visitor($1)", hash_token(token))
    if row is None:
        return None
    return Visitor(
        row["workspace_id"],
        row["identity_id"],
        row["contact_id"],
        row["shop_id"],
        row["channel_account_id"],
        row["is_verified"],
    )


def visitor_unknown() -> Problem:
    return Problem(401, "visitor_unknown", "会话已过期，请刷新页面。", "This chat has expired. Reload the page.")
