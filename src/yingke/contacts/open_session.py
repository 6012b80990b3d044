"""A browser says hello: a known visitor goes on, a signed customer gets a session of his own, a stranger a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yingke.contacts.signed_identity import Claims
from yingke.contacts.visitor import Visitor, hash_token, new_token
from yingke.kit.db import Transaction
from yingke.kit.events import record_event


@dataclass(frozen=True)
class Site:
    workspace_id: int
    shop_id: int
    channel_account_id: int
    domains: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    visitor: Visitor
    token: str
    is_new: bool


async def find_site(tx: Transaction, site_key: str) -> Site | None:
    """The shop behind a site key (crossing: needs no workspace)."""
    row = await tx.fetchrow("select * from find_site($1)", site_key)
    if row is None:
        return None
    return Site(row["workspace_id"], row["shop_id"], row["channel_account_id"], tuple(row["domains"]))


async def open_session(
    tx: Transaction,
    site: Site,
    known: Visitor | None,
    token: str,
    claims: Claims | None,
    opens_history: bool,
    source: Mapping[str, Any],
    language: str,
) -> Session:
    """Continues `known` or makes a new session, in the site's workspace.

    With `claims` a session for exactly that customer: the token of somebody else is left alone and nothing of his is
    shown. `opens_history` (a signed token, not the bare signature) opens what the customer said from other browsers.
    """
    if known is not None and known.channel_account_id != site.channel_account_id:
        known = None
    if claims is None:
        if known is not None:
            await tx.execute("update visitor_tokens set seen_at = now() where token_hash = $1", hash_token(token))
            return Session(known, token, False)
        return await _new_stranger(tx, site, None, source, language)
    if known is not None and await _is_same(tx, known, claims, opens_history):
        await _remember_claims(tx, site.workspace_id, known.contact_id, claims)
        await tx.execute("update visitor_tokens set seen_at = now() where token_hash = $1", hash_token(token))
        return Session(known, token, False)
    contact_id = await _contact_of(tx, site, claims)
    if not opens_history:
        return await _new_stranger(tx, site, contact_id, {**source, "external_id": claims.external_id}, language)
    return await _customer(tx, site, contact_id, claims, source, language)


async def _is_same(tx: Transaction, known: Visitor, claims: Claims, opens_history: bool) -> bool:
    row = await tx.fetchrow("select external_id, source from identities where id = $1", known.identity_id)
    if row is None:
        return False
    if opens_history:
        return known.is_verified and row["external_id"] == claims.external_id
    return bool(row["external_id"] == claims.external_id or row["source"].get("external_id") == claims.external_id)


async def _contact_of(tx: Transaction, site: Site, claims: Claims) -> int:
    """The contact behind an external id; made with an empty customer identity when the shop names a new one."""
    row = await tx.fetchrow(
        "select contact_id from identities where workspace_id = $1 and channel_account_id = $2 and external_id = $3",
        site.workspace_id,
        site.channel_account_id,
        claims.external_id,
    )
    if row is not None:
        contact_id = int(row["contact_id"])
    else:
        contact_id = int(
            await tx.fetchval("insert into contacts (workspace_id) values ($1) returning id", site.workspace_id)
        )
        await tx.execute(
            "insert into identities (workspace_id, contact_id, channel_account_id, external_id, is_verified)"
            " values ($1, $2, $3, $4, true) on conflict do nothing",
            site.workspace_id,
            contact_id,
            site.channel_account_id,
            claims.external_id,
        )
    await _remember_claims(tx, site.workspace_id, contact_id, claims)
    return contact_id


async def _remember_claims(tx: Transaction, workspace_id: int, contact_id: int, claims: Claims) -> None:
    if not any((claims.name, claims.email, claims.phone, claims.level)):
        return
    await tx.execute(
        "update contacts set name = coalesce($2, name), email = coalesce($3, email), phone = coalesce($4, phone),"
        " level = coalesce($5, level), claims_verified = true where id = $1",
        contact_id,
        claims.name,
        claims.email,
        claims.phone,
        claims.level,
    )
    await record_event(tx, workspace_id, "contact_updated", {"contact_id": str(contact_id)})


async def _customer(
    tx: Transaction, site: Site, contact_id: int, claims: Claims, source: Mapping[str, Any], language: str
) -> Session:
    identity_id = await tx.fetchval(
        "update identities set source = case when source = '{}' then $4 else source end, language = $5, seen_at = now()"
        " where workspace_id = $1 and channel_account_id = $2 and external_id = $3 returning id",
        site.workspace_id,
        site.channel_account_id,
        claims.external_id,
        dict(source),
        language,
    )
    return await _issue(tx, site, contact_id, int(identity_id), True)


async def _new_stranger(
    tx: Transaction, site: Site, contact_id: int | None, source: Mapping[str, Any], language: str
) -> Session:
    if contact_id is None:
        contact_id = int(
            await tx.fetchval(
                "insert into contacts (workspace_id, number) values ($1, 1000 + (random() * 8999)::int) returning id",
                site.workspace_id,
            )
        )
    identity_id = await tx.fetchval(
        "insert into identities (workspace_id, contact_id, channel_account_id, source, language)"
        " values ($1, $2, $3, $4, $5) returning id",
        site.workspace_id,
        contact_id,
        site.channel_account_id,
        dict(source),
        language,
    )
    return await _issue(tx, site, contact_id, int(identity_id), False)


async def _issue(tx: Transaction, site: Site, contact_id: int, identity_id: int, is_verified: bool) -> Session:
    token = new_token()
    await tx.execute(
        "insert into visitor_tokens (token_hash, workspace_id, identity_id, is_verified) values ($1, $2, $3, $4)",
        hash_token(token),
        site.workspace_id,
        identity_id,
        is_verified,
    )
    visitor = Visitor(site.workspace_id, identity_id, contact_id, site.shop_id, site.channel_account_id, is_verified)
    return Session(visitor, token, True)
