"""What a prompt of a given size has room for."""

from yingke.models.count_tokens import count_tokens
from yingke.models.fit_prompt import RULES_TOKENS, WISHES_TOKENS, fit_prompt
from yingke.models.grounded_prompt import Passage, Turn

PASSAGES = [Passage(f"第{n}篇", "签收后七天内可退。" * 20) for n in range(6)]
TURNS = [Turn("contact", f"第 {n} 句话") for n in range(8)]
WISHES = "语气亲切。\n先说结论。\n多提保修三年。"


def size(passages: list[Passage], turns: list[Turn]) -> int:
    return sum(count_tokens(one.title) + count_tokens(one.text) for one in passages) + sum(
        count_tokens(one.text) for one in turns
    )


def test_a_large_prompt_holds_everything() -> None:
    assert fit_prompt("能退吗?", PASSAGES, TURNS, 20_000, WISHES) == (PASSAGES, TURNS, WISHES)


def test_wishes_are_counted_so_that_the_whole_stays_within_the_limit() -> None:
    most = 1_500
    for wishes in ("", WISHES, "多说一点好话。\n" * 60):
        passages, turns, kept = fit_prompt("能退吗?", PASSAGES, TURNS, most, wishes)
        spent = RULES_TOKENS + count_tokens("能退吗?") + size(passages, turns)
        spent += WISHES_TOKENS + count_tokens(kept) if kept else 0
        assert spent <= most
        assert passages
    with_wishes, _, _ = fit_prompt("能退吗?", PASSAGES, TURNS, most, "多说一点好话。\n" * 60)
    without, _, _ = fit_prompt("能退吗?", PASSAGES, TURNS, most)
    assert len(with_wishes) < len(without)


def test_too_long_wishes_lose_whole_lines_at_the_end_and_never_half_a_sentence() -> None:
    lines = [f"第 {n} 条：不要提别家店铺，也不要说不确定的话。" for n in range(60)]
    _, _, kept = fit_prompt("能退吗?", PASSAGES, [], 1_500, "\n".join(lines))
    assert kept.split("\n") == lines[: len(kept.split("\n"))]
    assert 0 < count_tokens(kept) <= 500
    _, _, none = fit_prompt("能退吗?", PASSAGES, [], 600, "一行很长的说明" * 80)
    assert none == ""
