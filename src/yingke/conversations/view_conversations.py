"""Stored rows of conversations become what this caller sees of them, with what he has read."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from yingke.conversations.link_files import link_files
from yingke.conversations.queries import read_marks
from yingke.conversations.shape_conversation import shape_conversation
from yingke.conversations.shapes import ConversationView
from yingke.kit.db import Transaction
from yingke.kit.files import Files
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller


async def view_conversations(
    tx: Transaction, files: Files, secrets: Secrets, caller: Caller, rows: Iterable[Mapping[str, Any]]
) -> list[ConversationView]:
    """In the order of `rows`, which are as `shape_conversation` wants them."""
    rows = list(rows)
    agents = [caller.agent_id] if caller.agent_id is not None else []
    read = await read_marks(tx, caller.workspace_id, agents, [row["id"] for row in rows])
    link = link_files(files, secrets, caller.workspace_id)
    shaped = [
        shape_conversation(
            row, read.get((caller.agent_id, row["id"]), 0) if caller.agent_id is not None else None, link
        )
        for row in rows
    ]
    return msgspec.convert(shaped, list[ConversationView])
