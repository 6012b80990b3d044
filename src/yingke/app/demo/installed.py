"""Remembers, for the whole installation, that the demo was seeded, and what belongs to it."""

from typing import Literal

import msgspec

from yingke.kit.db import Transaction

KEY = "demo"


class Installed(msgspec.Struct):
    """`agent_ids` are the invented colleagues, `reply_ids` their saved replies; the owner stays when the demo is cleared."""

    workspace_id: int
    owner_id: int
    agent_ids: list[int]
    shop_ids: list[int]
    reply_ids: list[int] = []
    state: Literal["seeded", "cleared"] = "seeded"


async def find_installed(tx: Transaction) -> Installed | None:
    """None when no demo was ever seeded here."""
    value = await tx.fetchval("select value from installation where key = $1", KEY)
    return msgspec.convert(value, Installed) if value is not None else None


async def keep_installed(tx: Transaction, installed: Installed) -> None:
    await tx.execute(
        "insert into installation (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value",
        KEY,
        msgspec.to_builtins(installed),
    )
