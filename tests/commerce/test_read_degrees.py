"""The temperature in somebody's words."""

import pytest

from yingke.commerce.words.read_degrees import read_degrees


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("晚上大概三四度", 3.0),
        ("山上五六度吧", 5.0),
        ("零下五度能用吗", -5.0),
        ("夜里十二度左右", 12.0),
        ("-10℃ 扛得住吗", -10.0),
        ("0 度的睡袋", 0.0),
        ("下雪天用", -1.0),
        ("down to 5 °C at night", 5.0),
        ("有帐篷吗", None),
        ("三个人用", None),
        ("满意度高吗", None),
    ],
)
def test_degrees_are_read(text: str, degrees: float | None) -> None:
    assert read_degrees(text) == degrees
