"""Text from outside is kept as it was sent, or refused with its reason."""

import unicodedata

import pytest

from yingke.kit.errors import Problem
from yingke.kit.text import clean_line, clean_text


def test_text_is_kept_byte_for_byte() -> None:
    for text in ("你好\n  世界 ", "é", unicodedata.normalize("NFD", "é"), "👩‍👩‍👧", "\u202e右到左", ""):
        assert clean_text(text, 100) == text


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "ok \udfff", "长" * 101])
def test_what_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        clean_text(text, 100, field="note")
    assert (refused.value.status, list(refused.value.fields)) == (400, ["note"])


def test_a_name_is_one_trimmed_line() -> None:
    assert clean_line("  青松小店 ", 10, field="name") == "青松小店"
    for text in ("a\nb", "a\tb", "\x7f", "   "):
        with pytest.raises(Problem):
            clean_line(text, 10, field="name", min_chars=1)
