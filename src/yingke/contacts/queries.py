"""What is known about one contact, for the panel beside a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")


@dataclass(frozen=True)
class Contact:
    """One contact with his newest identity first. `self_reported` is what he wrote himself, unverified (自称)."""

    row: asyncpg.Record
    identities: list[asyncpg.Record]
    visits: list[asyncpg.Record]
    consents: list[asyncpg.Record]
    self_reported: dict[str, str]

    @property
    def identity_ids(self) -> list[int]:
        return [identity["id"] for identity in self.identities]


async def get_contact(tx: Transaction, workspace_id: int, contact_id: int, shops: list[int] | None) -> Contact:
    """Raises 404, also for a contact who never came to one of `shops` (None = every shop)."""
    row = await tx.fetchrow(
        "select id, name, number, email, phone, level, claims_verified, tags, notes from contacts"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        contact_id,
    )
    identities = await tx.fetch(
        "select i.id, i.language, i.source, a.shop_id from identities i"
        " join channel_accounts a on a.workspace_id = i.workspace_id and a.id = i.channel_account_id"
        " where i.workspace_id = $1 and i.contact_id = $2 order by i.seen_at desc, i.id desc",
        workspace_id,
        contact_id,
    )
    if row is None or (shops is not None and not any(identity["shop_id"] in shops for identity in identities)):
        raise not_found()
    ids = [identity["id"] for identity in identities]
    visits = await tx.fetch(
        "select url, title, created_at from visits where workspace_id = $1 and identity_id = any($2)"
        " order by id desc limit 50",
        workspace_id,
        ids,
    )
    consents = await tx.fetch(
        "select purpose, version, created_at from consents where workspace_id = $1 and identity_id = any($2) order by id",
        workspace_id,
        ids,
    )
    return Contact(row, list(identities), list(visits), list(consents), await _self_reported(tx, workspace_id, ids))


async def _self_reported(tx: Transaction, workspace_id: int, identity_ids: list[int]) -> dict[str, str]:
    """The newest of each that he told or left: phone, email, name, wechat, city, budget, call_time."""
    said = await tx.fetch(
        "select kind, value from told_details where workspace_id = $1 and identity_id = any($2)"
        " order by told_at desc, id desc limit 100",
        workspace_id,
        identity_ids,
    )
    rows = await tx.fetch(
        "select l.name, l.phone, l.email from left_messages l join conversations c on c.id = l.conversation_id"
        " where l.workspace_id = $1 and c.identity_id = any($2) order by l.id desc limit 20",
        workspace_id,
        identity_ids,
    )
    told: dict[str, str] = {}
    for row in said:
        told.setdefault(row["kind"], row["value"])
    for row in rows:
        for key, value in row.items():
            if value:
                told.setdefault(key, value)
    return told


def shape_source(source: Mapping[str, Any]) -> dict[str, Any]:
    """Where he came from first: {url?, title?, referrer?, time_zone?, utm?}."""
    shaped = {key: source[key] for key in ("url", "title", "referrer", "time_zone") if source.get(key)}
    utm = {key.removeprefix("utm_"): source[key] for key in _UTM if source.get(key)}
    return shaped | ({"utm": utm} if utm else {})
