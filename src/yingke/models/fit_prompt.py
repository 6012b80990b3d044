"""Cuts history and passages to a number of tokens: the oldest words go first, the best passage goes last."""

from collections.abc import Sequence
from dataclasses import replace

from yingke.models.count_tokens import count_tokens
from yingke.models.grounded_prompt import Passage, Turn

RULES_TOKENS = 700
"""What the rules, the fences and the question's frame take."""
SHORTEST = 200


def fit_prompt(
    question: str, passages: Sequence[Passage], turns: Sequence[Turn], most_tokens: int
) -> tuple[list[Passage], list[Turn]]:
    """`passages` come best first and keep their numbers, since only the last ones go."""
    left = most_tokens - RULES_TOKENS - count_tokens(question)
    kept: list[Passage] = []
    for passage in passages:
        size = count_tokens(passage.title) + count_tokens(passage.text)
        if size > left and not kept:
            shorter = max(SHORTEST, int(len(passage.text) * max(left, 0) / max(size, 1)))
            passage = replace(passage, text=passage.text[:shorter])
            size = count_tokens(passage.title) + count_tokens(passage.text)
        elif size > left:
            break
        kept.append(passage)
        left -= size
    told: list[Turn] = []
    for turn in reversed(turns):
        left -= count_tokens(turn.text)
        if left < 0:
            break
        told.insert(0, turn)
    return kept, told
