"""HTTP: packs, their words, and what each channel allows."""

from typing import Any

from litestar import get, put

from yingke.conversations.guarding.check_saved import check_saved_later
from yingke.conversations.guarding.choose_packs import choose_pack, get_pack, switch_word
from yingke.conversations.guarding.contact_policy import DEFAULTS
from yingke.conversations.guarding.load_words import raise_version
from yingke.conversations.guarding.pack_file import Pack, packs
from yingke.conversations.guarding.shapes import (
    PackChoice,
    PackView,
    PackWordView,
    PolicyChoice,
    PolicyView,
    Switch,
)
from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.shapes import Page
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

MANAGE = [require(role="admin")]
TAGS = ["guards"]


@get("/v1/guards/packs", guards=READ, tags=TAGS)
async def get_packs(db: Database, caller: Caller) -> Page[PackView]:
    """Every pack of words, with what this workspace chose."""
    async with db.transaction(caller.workspace_id) as tx:
        return Page([await _show(tx, caller, pack) for pack in packs().values()], None)


async def _show(tx: Transaction, caller: Caller, pack: Pack) -> PackView:
    choice = await tx.fetchrow(
        "select is_on, shop_ids from guard_packs where workspace_id = $1 and pack = $2", caller.workspace_id, pack.key
    )
    switched = await tx.fetchval(
        "select count(*) from guard_switches where workspace_id = $1 and entry like $2",
        caller.workspace_id,
        f"{pack.key}/%",
    )
    return PackView(
        pack.key,
        pack.kind,  # type: ignore[arg-type]
        pack.name_zh,
        pack.name_en,
        pack.is_on if choice is None else choice["is_on"],
        pack.is_on,
        [show_id(one) for one in choice["shop_ids"]] if choice is not None else [],
        sorted(pack.channels),
        len(pack.words),
        switched,
    )


@put("/v1/guards/packs/{pack:str}", guards=MANAGE, tags=TAGS)
async def put_pack(pack: str, data: PackChoice, db: Database, caller: Caller) -> PackView:
    """On or off, everywhere or in some shops. Saved replies are looked at again."""
    async with db.transaction(caller.workspace_id) as tx:
        await choose_pack(tx, caller.workspace_id, pack, data.is_on, [read_id(one) for one in data.shop_ids])
        await check_saved_later(tx, caller.workspace_id)
        await record_audit(tx, caller, "guard_pack.changed", f"guard_pack:{pack}", {"is_on": data.is_on})
        return await _show(tx, caller, get_pack(pack))


@get("/v1/guards/packs/{pack:str}/words", guards=READ, tags=TAGS)
async def get_pack_words(
    pack: str, db: Database, caller: Caller, q: str = "", after: str | None = None, limit: Limit = 50
) -> Page[PackWordView]:
    """In the order of the file; `q` looks in the words and in what is proposed."""
    found = get_pack(pack)
    start = int(after) if after and after.isdigit() and len(after) < 8 else 0
    wanted = q.strip().lower()
    words = [word for word in found.words if wanted in word.words.lower() or wanted in word.proposal.lower()]
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch("select entry, level from guard_switches where workspace_id = $1", caller.workspace_id)
    levels: dict[str, Any] = {row["entry"]: row["level"] for row in rows}
    items = [
        PackWordView(
            one.entry,
            one.words,
            levels.get(one.entry, one.level),
            one.level,
            one.proposal,
            one.reason_zh,
            one.reason_en,
            one.source,
        )
        for one in words[start : start + limit]
    ]
    return Page(items, str(start + limit) if len(words) > start + limit else None)


@put("/v1/guards/switches", guards=MANAGE, tags=TAGS, status_code=204)
async def put_switch(data: Switch, db: Database, caller: Caller) -> None:
    """One word of a pack: off, stricter, milder, or as the pack says again."""
    async with db.transaction(caller.workspace_id) as tx:
        await switch_word(tx, caller.workspace_id, data.entry, data.level, caller.agent_id)
        await check_saved_later(tx, caller.workspace_id)
        await record_audit(tx, caller, "guard_word.switched", f"guard_entry:{data.entry}", {"level": data.level})


@get("/v1/guards/contact-policies", guards=READ, tags=TAGS)
async def get_policies(db: Database, caller: Caller) -> Page[PolicyView]:
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch(
            "select channel, may_ask from contact_policies where workspace_id = $1", caller.workspace_id
        )
    chosen: dict[str, Any] = {row["channel"]: row["may_ask"] for row in rows}
    return Page([PolicyView(one, chosen.get(one, usual), usual) for one, usual in DEFAULTS.items()], None)


@put("/v1/guards/contact-policies/{channel:str}", guards=MANAGE, tags=TAGS)
async def put_policy(channel: str, data: PolicyChoice, db: Database, caller: Caller) -> PolicyView:
    """Whether contact details may be asked for in words, by the platform's card only, or never."""
    usual = DEFAULTS.get(channel)
    if usual is None:
        raise not_found()
    if usual == "never" and data.may_ask == "text":
        raise bad_input(
            {"may_ask": "这个平台的规则不允许在文字里要联系方式 / this platform's rules forbid asking in words"}
        )
    async with db.transaction(caller.workspace_id) as tx:
        await tx.execute(
            "insert into contact_policies (workspace_id, channel, may_ask) values ($1, $2, $3)"
            " on conflict (workspace_id, channel) do update set may_ask = excluded.may_ask, changed_at = now()",
            caller.workspace_id,
            channel,
            data.may_ask,
        )
        await raise_version(tx, caller.workspace_id)
        await record_audit(tx, caller, "contact_policy.changed", f"channel:{channel}", {"may_ask": data.may_ask})
    return PolicyView(channel, data.may_ask, usual)


ROUTES = [get_packs, put_pack, get_pack_words, put_switch, get_policies, put_policy]
