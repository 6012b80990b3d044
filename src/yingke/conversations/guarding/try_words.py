"""What a word would have stopped: the last thousand sentences that this workspace said."""

import asyncio
from dataclasses import dataclass
from typing import Any

from yingke.conversations.guarding.word import Word
from yingke.conversations.guarding.word_guard import WordGuard
from yingke.kit.db import Transaction

LAST = 1_000
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """`looked`: how many sentences there were; `examples`: {conversation_id, text, said}."""

    looked: int
    stopped: int
    examples: list[dict[str, Any]]


async def try_words(tx: Transaction, workspace_id: int, words: list[Word]) -> Tried:
    """Read only. The words count in every shop and on every channel here, whatever they are limited to."""
    rows = await tx.fetch(
        "select conversation_id, text from messages where workspace_id = $1 and author in ('assistant', 'agent')"
        " and type = 'text' and text is not null order by id desc limit $2",
        workspace_id,
        LAST,
    )
    return await asyncio.to_thread(_try, WordGuard.of(words), [(row[0], row[1]) for row in rows])


def _try(guard: WordGuard, said: list[tuple[int, str]]) -> Tried:
    stopped = 0
    examples: list[dict[str, Any]] = []
    for conversation_id, text in said:
        verdict = guard.check(text)
        if verdict.level == "ok":
            continue
        stopped += 1
        if len(examples) < EXAMPLES:
            first = verdict.found[0]
            around = text[max(0, first.start - 20) : first.end + 20]
            examples.append({"conversation_id": conversation_id, "text": around, "said": first.said})
    return Tried(len(said), stopped, examples)
