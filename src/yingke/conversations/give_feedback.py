"""Thumbs and complaints about one message of the assistant; the law on generated text asks for such a way."""

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.text import clean_text

VERDICTS = ("up", "down", "report")


async def give_feedback(
    tx: Transaction, workspace_id: int, identity_id: int, message_id: int, verdict: str, comment: str = ""
) -> int:
    """Keeps the newest verdict; returns the conversation. Raises 404 unless an assistant said it to this visitor."""
    if verdict not in VERDICTS:
        raise bad_input({"verdict": "up, down, report"})
    comment = clean_text(comment, 1000, field="comment")
    conversation_id = await tx.fetchval(
        "insert into message_feedback (workspace_id, message_id, conversation_id, verdict, comment)"
        " select m.workspace_id, m.id, m.conversation_id, $4, $5 from messages m"
        " join conversations c on c.id = m.conversation_id"
        " where m.workspace_id = $1 and m.id = $2 and m.author = 'assistant' and c.identity_id = $3"
        " on conflict (workspace_id, message_id) do update set verdict = excluded.verdict, comment = excluded.comment"
        " returning conversation_id",
        workspace_id,
        message_id,
        identity_id,
        verdict,
        comment,
    )
    if conversation_id is None:
        raise not_found()
    data = {"message_id": show_id(message_id), "verdict": verdict}
    await record_event(tx, workspace_id, "feedback_created", data, conversation_id=conversation_id)
    return int(conversation_id)
