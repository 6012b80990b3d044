"""What of a talk stands translated, and whether agents want to see it."""

from dataclasses import dataclass
from typing import Final

import asyncpg

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

STAFF: Final = "zh-CN"
"""The language in which agents read."""
MOST = 60
"""So many of the last messages are translated; older ones are seen in the original."""


@dataclass(frozen=True)
class TalkLanguage:
    """`is_on` as chosen for this talk, otherwise on where the customer does not write Chinese."""

    language: str
    is_on: bool


async def talk_language(tx: Transaction, workspace_id: int, conversation_id: int) -> TalkLanguage:
    """Raises 404."""
    row = await tx.fetchrow(
        "select language, is_translated from conversations where workspace_id = $1 and id = $2",
        workspace_id,
        conversation_id,
    )
    if row is None:
        raise not_found()
    chosen = row["is_translated"]
    return TalkLanguage(row["language"], chosen if chosen is not None else not row["language"].startswith("zh"))


async def list_translations(tx: Transaction, workspace_id: int, conversation_id: int) -> list[asyncpg.Record]:
    """seq, text: in the agents' language, the oldest first."""
    return list(
        await tx.fetch(
            "select seq, text from message_translations where workspace_id = $1 and conversation_id = $2 and language = $3"
            " order by seq desc limit 400",
            workspace_id,
            conversation_id,
            STAFF,
        )
    )[::-1]


async def list_untranslated(tx: Transaction, workspace_id: int, conversation_id: int) -> list[asyncpg.Record]:
    """seq, text of the last messages that nobody translated yet, the newest first: they are read first."""
    return list(
        await tx.fetch(
            "select m.seq, m.text from messages m where m.workspace_id = $1 and m.conversation_id = $2"
            " and m.author <> 'system' and m.type = 'text' and m.text <> '' and m.recalled_at is null"
            " and m.seq > (select last_seq from conversations where id = $2) - $4"
            " and not exists (select 1 from message_translations t where t.workspace_id = m.workspace_id"
            " and t.conversation_id = m.conversation_id and t.seq = m.seq and t.language = $3) order by m.seq desc",
            workspace_id,
            conversation_id,
            STAFF,
            MOST,
        )
    )
