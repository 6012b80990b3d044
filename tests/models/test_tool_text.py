"""A tool call written into the text is never shown, wherever the pieces are cut."""

import pytest

from yingke.models.tool_text import ToolText

CALL = '{"name": "refund", "arguments": {"order": "1", "why": "he said \\"}\\" {"}}'
WRITTEN = [
    f"<tool_call>\n{CALL}\n</tool_call>",
    f"<function_call>{CALL}</function_call>",
    '<function=refund>{"order": 1}</function>',
    f"<|tool_calls_section_begin|>{CALL}<|tool_calls_section_end|>",
    f"<｜tool▁calls▁begin｜>refund{CALL}<｜tool▁calls▁end｜>",
    '<invoke name="refund"><parameter name="order">1</parameter></invoke>',
    CALL,
    f"[{CALL}]",
    f"```json\n{CALL}\n```",
    '{"tool_calls": [{"function": {"name": "refund"}}]}',
    '{"action": "refund", "action_input": {"order": 1}}',
]


def feed(text: str, size: int) -> tuple[str, bool]:
    filter = ToolText()
    shown = "".join(filter.feed(text[at : at + size]) for at in range(0, len(text), size))
    return shown + filter.finish(), filter.has_hidden


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("written", WRITTEN)
def test_a_written_call_is_hidden_and_the_words_around_it_stay(written: str, size: int) -> None:
    shown, has_hidden = feed(f"好的，我来办。{written}已经办好了[1]。", size)
    assert shown == "好的，我来办。已经办好了[1]。"
    assert has_hidden


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    "written", [f"<tool_call>{CALL[:20]}", f"[TOOL_CALLS] {CALL}", CALL[:-3], f"<|python_tag|>{CALL}"]
)
def test_a_call_without_end_hides_the_rest(written: str, size: int) -> None:
    assert feed(f"稍等。{written}", size) == ("稍等。", True)


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "七天内可以退[1][2]。",
        "尺码 {S, M, L} 都有。",
        "价格 < 100 元，> 50 元",
        '参数：{"颜色": "绿"}。',
        "用 `SAVE10` 下单。",
        "见 [尺码表](https://shop.example/size)",
        "a < b { c ` d [",
        "<b>粗</b>",
    ],
)
def test_ordinary_text_passes_unchanged(text: str, size: int) -> None:
    assert feed(text, size) == (text, False)


def test_an_endless_block_does_not_grow_without_limit() -> None:
    filter = ToolText()
    shown = filter.feed("<tool_call>") + "".join(filter.feed("x" * 1000) for _ in range(50))
    assert len(shown) < 50_000
    assert len(filter._held) < 9_000
