"""What is meant of goods in twelve languages."""

import pytest

from yingke.commerce.words.in_english import in_english


@pytest.mark.parametrize(
    ("tag", "text", "english"),
    [
        ("ja", "ダウンの寝袋はいくらですか", "down sleeping bag how much"),
        ("ko", "랜턴 얼마예요? 방수 되나요", "lamp how much waterproof"),
        ("es", "¿Cuánto cuesta la silla?", "how much chair"),
        ("fr", "la tente pour 4 personnes, quel prix ?", "tent 4 person how much"),
        ("de", "Was kostet der Schlafsack?", "how much sleeping bag"),
        ("pt", "quanto custa a cadeira?", "how much chair"),
        ("ru", "сколько стоит палатка", "how much tent"),
        ("it", "quanto costa il tavolo", "how much table"),
        ("vi", "cái lều 2 người giá bao nhiêu", "tent 2 person how much"),
        ("th", "เต็นท์ราคาเท่าไหร่", "tent how much"),
        ("ar", "كم سعر مصباح", "how much lamp"),
        ("id", "berapa harga kursi", "how much chair"),
    ],
)
def test_goods_and_what_is_asked_of_them_are_told(tag: str, text: str, english: str) -> None:
    assert in_english(text, tag) == english


def test_other_languages_and_other_words_give_nothing() -> None:
    assert in_english("多少钱", "zh-CN") == ""
    assert in_english("how much is the tent", "en") == ""
    assert in_english("buongiorno", "it") == ""
