"""Empties the demo and leaves its owner a shop of his own: his account, one shop and its key stay."""

from functools import partial

from yingke.app.demo.fill_shelves import empty_shelves
from yingke.app.demo.installed import Installed, keep_installed
from yingke.kit.db import Transaction, after_commit
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.known_callers import forget_agent
from yingke.workspaces.shop_defaults import (
    default_assistant,
    default_greeting,
    default_look,
    default_privacy,
    default_questions,
)

NEW_NAME = "我的店铺"

# Everything that customers said and what was made of it, in the order in which rows point at each other.
_TALK = (
    "pending_answers",
    "message_feedback",
    "left_messages",
    "follow_ups",
    "guard_stops",
    "message_translations",
    "ratings",
    "conversation_reads",
    "notes",
    "traces",
    "gaps",
    "messages",
    "conversations",
    "consents",
    "visits",
    "visitor_tokens",
    "identities",
    "contacts",
)

_OF_SHOPS = (
    "documents",
    "qa_pairs",
    "products",
    "agent_groups",
    "guard_packs",
    "guard_words",
    "knowledge_sources",
    "shop_connections",
)
_OF_A_SHOP = ("past_imports", "shop_imports", "golden_questions", "orders", "promotions", "coupons")


async def clear_demo(tx: Transaction, caller: Caller, installed: Installed, note_hash: bytes) -> None:
    """Removes talks, contacts, demo documents and wares, invented colleagues and the second shop, in one transaction.

    What the owner added himself stays: documents, replies, keys, webhooks, invited agents. `note_hash` is the SHA-256
    of the document that the demo offered to add, which goes too.
    """
    counts = {table: await tx.fetchval(f"select count(*) from {table}") for table in ("conversations", "contacts")}
    await empty_shelves(tx, caller.workspace_id)
    await _forget_questions(tx, caller.workspace_id)
    for table in _TALK:
        await tx.execute(f"delete from {table} where workspace_id = $1", caller.workspace_id)
    await tx.execute("update files set used_at = null where owner_kind = 'identity'")
    await tx.execute("delete from saved_replies where id = any($1)", installed.reply_ids)
    await _drop_knowledge(tx, note_hash)
    await _drop_colleagues(tx, caller, installed)
    await _own_shop(tx, caller, installed)
    installed.state = "cleared"
    await keep_installed(tx, installed)
    await record_audit(tx, caller, "demo.cleared", f"workspace:{show_id(caller.workspace_id)}", counts)
    await raise_version(tx, caller.workspace_id)


async def _forget_questions(tx: Transaction, workspace_id: int) -> None:
    """What was asked in the talks; questions of past chats that the owner brought stay."""
    await tx.execute(
        "delete from asked_questions where workspace_id = $1 and past_conversation_id is null", workspace_id
    )
    await tx.execute(
        "delete from question_clusters c where workspace_id = $1 and not exists"
        " (select 1 from asked_questions a where a.workspace_id = $1 and a.cluster_id = c.id)",
        workspace_id,
    )
    await tx.execute("delete from shadow_runs where workspace_id = $1 and import_id is null", workspace_id)


async def _drop_knowledge(tx: Transaction, note_hash: bytes) -> None:
    """Their files are swept a day later, when nothing points at them."""
    rows = await tx.fetch("delete from documents where is_demo or content_hash = $1 returning file_id", note_hash)
    await tx.execute("update files set used_at = null where id = any($1)", [row["file_id"] for row in rows])
    await tx.execute("delete from qa_pairs where is_demo")


async def _drop_colleagues(tx: Transaction, caller: Caller, installed: Installed) -> None:
    await tx.execute("delete from agents where id = any($1)", installed.agent_ids)
    for agent_id in installed.agent_ids:
        after_commit(partial(forget_agent, caller.workspace_id, agent_id))


async def _hand_on(tx: Transaction, workspace_id: int, shop_id: int, kept: int) -> None:
    """What the owner had meant for the second shop alone now belongs to the one that is left."""
    for table in _OF_SHOPS:
        await tx.execute(
            f"update {table} set shop_ids = case when shop_ids = array[$2::bigint] then array[$3::bigint]"
            " else array_remove(shop_ids, $2) end where workspace_id = $1 and $2 = any(shop_ids)",
            workspace_id,
            shop_id,
            kept,
        )
    for table in _OF_A_SHOP:
        await tx.execute(
            f"update {table} set shop_id = $3 where workspace_id = $1 and shop_id = $2", workspace_id, shop_id, kept
        )


async def _own_shop(tx: Transaction, caller: Caller, installed: Installed) -> None:
    """The first shop stays with its keys, without the demo's words; the second goes."""
    kept, *others = installed.shop_ids
    for shop_id in others:
        await _hand_on(tx, caller.workspace_id, shop_id, kept)
        await tx.execute("delete from channel_accounts where shop_id = $1", shop_id)
        await tx.execute("delete from shops where id = $1", shop_id)
    await tx.execute(
        "update shops set name = $2, greeting = $3, suggested_questions = $4, privacy = $5, look = $6, assistant = $7,"
        " hours = '{}', languages = '{zh-CN,en}', installed_at = null, installed_url = null where id = $1",
        kept,
        NEW_NAME,
        default_greeting(NEW_NAME),
        default_questions(),
        default_privacy(NEW_NAME),
        default_look(),
        default_assistant(NEW_NAME),
    )
    await tx.execute("update workspaces set name = $2, is_demo = false, setup = '{}' where id = $1",
                     caller.workspace_id, NEW_NAME)  # fmt: skip
    await record_event(tx, caller.workspace_id, "shop_updated", {"shop_id": show_id(kept)})
