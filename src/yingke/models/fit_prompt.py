"""Cuts history and passages to a number of tokens: the oldest words go first, the best passage goes last."""

from collections.abc import Sequence
from dataclasses import replace

from yingke.models.count_tokens import count_tokens
from yingke.models.grounded_prompt import Passage, Turn

RULES_TOKENS = 700
"""What the rules, the fences and the question's frame take."""
WISHES_TOKENS = 200
"""What is said around the merchant's wishes."""
SHORTEST = 200
WISHES_SHARE = 3
"""Wishes take a third of the prompt at most: the passages are what is answered with."""


def fit_prompt(
    question: str, passages: Sequence[Passage], turns: Sequence[Turn], most_tokens: int, wishes: str = ""
) -> tuple[list[Passage], list[Turn], str]:
    """`passages` come best first and keep their numbers, since only the last ones go; of `wishes` the last lines go."""
    wishes = _shorten(wishes, most_tokens // WISHES_SHARE)
    left = most_tokens - RULES_TOKENS - count_tokens(question)
    if wishes:
        left -= WISHES_TOKENS + count_tokens(wishes)
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
    return kept, told, wishes


def _shorten(wishes: str, most_tokens: int) -> str:
    """Whole lines from the beginning: half a sentence may wish for the opposite."""
    kept: list[str] = []
    for line in wishes.strip().split("\n"):
        most_tokens -= count_tokens(f"{line}\n")
        if most_tokens < 0:
            break
        kept.append(line)
    return "\n".join(kept)
