"""Saved replies that fit what was asked, by the words they share."""

from collections.abc import Sequence
from typing import Any

from yingke.conversations.saved_replies import list_saved_replies
from yingke.kit.db import Transaction
from yingke.knowledge.fold import fold
from yingke.knowledge.terms import words
from yingke.workspaces.caller import Caller

MOST = 2
ENOUGH = 2.0
IN_TITLE = 2.0
IN_TEXT = 0.5


async def saved_matches(tx: Transaction, caller: Caller, texts: Sequence[str]) -> list[dict[str, Any]]:
    """The agent's own and the team's, the best first; a word of the title counts for more than one of the text."""
    asked = set(words(fold(" ".join(texts))))
    if not asked:
        return []
    scored = []
    for row in await list_saved_replies(tx, caller):
        if (row["verdict"] or {}).get("level") == "block":
            continue
        title, body = set(words(fold(row["title"]))), set(words(fold(row["text"])))
        score = IN_TITLE * len(asked & title) + IN_TEXT * len(asked & (body - title))
        if score >= ENOUGH:
            scored.append((score, -row["id"], row))
    scored.sort(key=lambda one: one[:2], reverse=True)
    return [
        {"kind": "saved_reply", "text": row["text"], "source": row["title"], "is_internal": False}
        for _, _, row in scored[:MOST]
    ]
