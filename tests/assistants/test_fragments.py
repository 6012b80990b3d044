"""What only opens a question waits for the rest of it, and nothing else does."""

import pytest

from yingke.assistants.pauses import is_beginning


@pytest.mark.parametrize("text", ["亲", "亲亲", "我想问下", "请问", "那个充气垫", "你们家帐篷", "然后那个"])
def test_an_opening_waits(text: str) -> None:
    assert is_beginning(text)


@pytest.mark.parametrize(
    "text",
    ["你好", "早上好", "在吗", "转人工", "好的", "帐篷防水吗", "我要退货", "气死我了", "0417", "ok", "QX-D0001", "请问几点上班", "我想要人工", "谢谢", "充气垫"],
)  # fmt: skip
def test_what_is_whole_is_answered_at_once(text: str) -> None:
    assert not is_beginning(text)
