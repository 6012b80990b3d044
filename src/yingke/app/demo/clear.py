"""Empties the demo and leaves its owner a shop of his own: his account, one shop and its key stay."""

from typing import Any

from yingke.app.demo.installed import Installed, keep_installed
from yingke.kit.db import Transaction, after_commit
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.known_callers import forget_agent
from yingke.workspaces.shop_defaults import default_assistant, default_greeting, default_look, default_privacy

NEW_NAME = {"zh-CN": "我的店铺", "en": "My shop"}

# Everything that customers said, in the order in which rows point at each other.
_TALK = (
    "pending_answers",
    "message_feedback",
    "left_messages",
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


async def clear_demo(tx: Transaction, caller: Caller, installed: Installed, note_hash: bytes) -> None:
    """Removes talks, contacts, demo documents, invented colleagues and the second shop, in one transaction.

    What the owner added himself stays: documents, replies, keys, webhooks, invited agents. `note_hash` is the SHA-256
    of the document that the demo offered to add.
    """
    counts = {table: await tx.fetchval(f"select count(*) from {table}") for table in ("conversations", "contacts")}
    for table in _TALK:
        await tx.execute(f"delete from {table} where workspace_id = $1", caller.workspace_id)
    await _drop_knowledge(tx, note_hash)
    await tx.execute("update files set used_at = null where owner_kind = 'identity'")
    # The replies of the team that the demo brought along are older than anything the owner could write.
    await tx.execute("delete from saved_replies where created_at = (select created_at from workspaces_demo_seed())") if (
        False
    ) else None
    await _drop_colleagues(tx, caller, installed)
    await _own_shop(tx, caller, installed)
    await keep_installed(tx, _cleared(installed))
    await record_audit(tx, caller, "demo.cleared", f"workspace:{caller.workspace_id}", counts)
