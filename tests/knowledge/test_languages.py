"""The customer's language is told from the message, and a text is readable in it or not."""

import pytest

from yingke.knowledge.languages import is_readable, plain_tag, read_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("多久发货", "zh"), ("帳篷會不會漏水", "zh-Hant"), ("Do you ship to Spain?", "en"), ("¿Hacen envíos a México?", "es"),
        ("cuanto cuesta el envio", "es"), ("発送はいつですか", "ja"), ("배송은 얼마나 걸려요?", "ko"), ("Quand allez-vous livrer ?", "fr"),
        ("Сколько стоит доставка?", "ru"), ("QX-T2 有货吗 size L", "zh"), ("tent", "en"),
    ],
)  # fmt: skip
def test_a_message_tells_its_language(text: str, language: str) -> None:
    assert read_language(text, "zh-CN") == language


def test_a_message_without_words_has_the_language_of_the_page() -> None:
    assert read_language("QX-T2", "en-GB") == "en"
    assert read_language("??", "zh-TW") == "zh-Hant"
    assert plain_tag("zh-CN") == "zh"


def test_a_passage_is_readable_only_in_its_own_language() -> None:
    assert is_readable("每天 16:00 前付款当天发出", "zh")
    assert not is_readable("每天 16:00 前付款当天发出", "en")
    assert not is_readable("每天 16:00 前付款当天发出", "ja")
    assert not is_readable("Orders paid before 16:00 leave the same day.", "es")
    assert not is_readable("Orders paid before 16:00 leave the same day.", "zh")
    assert is_readable("El envío tarda tres días y es gratis.", "es")
    assert is_readable("16:00前のご注文は当日発送します。", "ja")
    assert is_readable("210×150", "ko")
