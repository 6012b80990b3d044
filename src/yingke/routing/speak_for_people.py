"""The assistant speaks where a person was wished for or usual: the customer is told so, never refused silently."""

from datetime import datetime
from typing import Literal

from yingke.conversations.locked import Change, add_message, drop_answer, lock_conversation
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.tongues.tongue import in_tongue

Code = Literal["assistant_only", "nobody_here"]
_WORDS: dict[Code, tuple[str, str]] = {
    "assistant_only": (
        "现在由 AI 客服接待，没有人工在线。您可以留言，我们的同事会联系您。",
        "The AI is on duty now and no person is available. Leave a message and a colleague will contact you.",
    ),
    "nobody_here": (
        "人工客服现在都不在，先由 AI 客服为您解答；需要人工可以留言。",
        "Nobody of our team is here right now, so the AI answers first. To reach a person, leave a message.",
    ),
}


async def speak_for_people(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    code: Code,
    *,
    generation: int | None,
    through_seq: int | None,
    opens_at: datetime | None,
    only_once: bool = False,
) -> Change | None:
    """A line that says why no person comes. With `through_seq` it covers the turn, which owes no other answer.

    `only_once`: not where it stands already. None: that, or the conversation changed hands meanwhile.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["status"] != "open" or row["handled_by"] != "assistant":
        return None
    if generation is not None and row["generation"] != generation:
        return None
    if only_once and await tx.fetchval(
        "select exists (select 1 from messages where conversation_id = $1 and author = 'system'"
        " and payload->>'code' = $2)",
        conversation_id,
        code,
    ):
        return None
    seq = row["last_seq"] + 1
    text = in_tongue(code, row["language"], *_WORDS[code])
    payload = {"code": code, **({"opens_at": opens_at} if opens_at is not None else {})}
    await add_message(tx, row, seq, author="system", type="system", text=text, payload=payload)
    covered = through_seq is not None and through_seq >= row["last_contact_seq"]
    await tx.execute(
        "update conversations set last_seq = $2, answered_through_seq = greatest(answered_through_seq,"
        " least($3, last_contact_seq)), waiting_since = case when $4 then null else waiting_since end where id = $1",
        row["id"],
        seq,
        through_seq or 0,
        covered,
    )
    if covered:
        await drop_answer(tx, row)
    if code == "assistant_only":
        await record_event(tx, workspace_id, "person_unavailable", conversation_id=conversation_id, seq=seq)
    return Change(row["id"], row["handled_by"], row["generation"], seq)
