"""Stores masked conversations; one that any import has brought before is not stored again."""

from collections.abc import Sequence
from typing import Any

from yingke.kit.db import Transaction
from yingke.knowledge.past.read_rows import PastConversation, PastMessage


async def store_batch(
    tx: Transaction, workspace_id: int, import_id: int, conversations: Sequence[PastConversation]
) -> list[PastConversation]:
    """Those of `conversations` that belong to this import now, whether stored by this call or by an earlier try."""
    rows = [(one, _figures(one.messages)) for one in conversations]
    stored = await tx.fetch(
        "insert into past_conversations (workspace_id, import_id, content_hash, agent_name, started_at, ended_at,"
        " first_reply_seconds, handling_seconds, messages)"
        " select $1, $2, * from unnest($3::bytea[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::real[], $8::real[],"
        " $9::int[]) on conflict (workspace_id, content_hash) do nothing returning id, content_hash",
        workspace_id,
        import_id,
        [one.content_hash for one, _ in rows],
        [one.agent_name for one, _ in rows],
        *(list(column) for column in zip(*(figures for _, figures in rows), strict=True)),
        [len(one.messages) for one, _ in rows],
    )
    by_hash = {one.content_hash: one for one in conversations}
    await _store_messages(tx, workspace_id, [(row["id"], by_hash[row["content_hash"]]) for row in stored])
    ours = await tx.fetch(
        "select content_hash from past_conversations where workspace_id = $1 and import_id = $2 and content_hash = any($3)",
        workspace_id,
        import_id,
        list(by_hash),
    )
    return [by_hash[row["content_hash"]] for row in ours]


async def _store_messages(tx: Transaction, workspace_id: int, stored: list[tuple[int, PastConversation]]) -> None:
    lines = [(id, seq, message) for id, one in stored for seq, message in enumerate(one.messages, start=1)]
    await tx.execute(
        "insert into past_messages (workspace_id, past_conversation_id, seq, sender, text, sent_at)"
        " select $1, * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::timestamptz[])",
        workspace_id,
        [id for id, _, _ in lines],
        [seq for _, seq, _ in lines],
        [message.sender for _, _, message in lines],
        [message.text for _, _, message in lines],
        [message.sent_at for _, _, message in lines],
    )


def _figures(messages: Sequence[PastMessage]) -> tuple[Any, Any, float | None, float | None]:
    """Begin, end, seconds until the first reply to the customer, seconds from begin to end."""
    timed = [message for message in messages if message.sent_at is not None]
    if not timed:
        return None, None, None, None
    begin, end = timed[0].sent_at, timed[-1].sent_at
    assert begin is not None
    assert end is not None
    asked = next((message.sent_at for message in timed if message.sender == "contact"), None)
    first = None
    if asked is not None:
        first = next(
            (
                (message.sent_at - asked).total_seconds()
                for message in timed
                if message.sender in ("agent", "assistant") and message.sent_at is not None and message.sent_at >= asked
            ),
            None,
        )
    return begin, end, first, (end - begin).total_seconds() if len(timed) > 1 else None
