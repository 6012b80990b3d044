"""How satisfied a visitor was: one tap, once per conversation, changed as often as he likes."""

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.events import record_event
from yingke.kit.text import clean_line, clean_text

SCORES = ("good", "fair", "bad")
MOST_REASONS = 10


async def rate(
    tx: Transaction,
    workspace_id: int,
    identity_id: int,
    conversation_id: int,
    score: str,
    reasons: list[str] | None = None,
    comment: str = "",
) -> None:
    """Keeps the newest rating. Raises 404 for somebody else's conversation and 400 for unknown scores."""
    if score not in SCORES:
        raise bad_input({"score": "good, fair, bad"})
    if reasons is not None and len(reasons) > MOST_REASONS:
        raise bad_input({"reasons": f"最多 {MOST_REASONS} 项 / at most {MOST_REASONS}"})
    reasons = [clean_line(reason, 40, field="reasons", min_chars=1) for reason in reasons or []]
    comment = clean_text(comment, 1000, field="comment")
    done = await tx.execute(
        "insert into ratings (workspace_id, conversation_id, score, reasons, comment, agent_id)"
        " select workspace_id, id, $4, $5, $6, agent_id from conversations"
        " where workspace_id = $1 and id = $2 and identity_id = $3"
        " on conflict (workspace_id, conversation_id) do update set score = excluded.score,"
        " reasons = excluded.reasons, comment = excluded.comment",
        workspace_id,
        conversation_id,
        identity_id,
        score,
        reasons,
        comment,
    )
    if done.endswith(" 0"):
        raise not_found()
    await record_event(tx, workspace_id, "rating_created", {"score": score}, conversation_id=conversation_id)
