"""The learned matrix: small, of the right shape, and what it does to cosines is what the formulas say."""

import numpy as np
import pytest

from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.ranking.adapter import bent_lengths, bent_twice, matrix

VECTORS = np.random.default_rng(3).normal(size=(40, 512)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)


def test_products_with_stored_vectors_are_cosines_of_bent_ones() -> None:
    bent = VECTORS @ matrix()
    bent /= np.linalg.norm(bent, axis=1, keepdims=True)
    near = bent_twice(VECTORS[:3]) @ VECTORS.T * bent_lengths(VECTORS)
    assert np.allclose(near, bent[:3] @ bent.T, atol=1e-4)


def test_vectors_of_another_encoder_and_of_nothing_pass_unharmed() -> None:
    other = np.ones((2, 384), dtype=np.float32)
    assert bent_twice(other) is other
    assert bent_lengths(other).tolist() == [1.0, 1.0]
    assert not bent_twice(np.zeros((1, 512), dtype=np.float32)).any()
    assert bent_lengths(np.empty((0, 512), dtype=np.float32)).shape == (0,)


@pytest.mark.parametrize(
    ("question", "same", "other"),
    [
        ("钱退到哪张卡上", "退款退回什么账户", "退货寄到什么地址"),
        ("东西坏了寄哪儿修", "怎么送修", "怎么包装"),
        ("Can I send it back?", "可以退货吗", "可以换个颜色吗"),
        ("保証は何年ですか", "保修几年", "保质期几个月"),
    ],
)
async def test_what_means_the_same_lies_nearer_than_what_sounds_alike(
    encoder: Encoder, question: str, same: str, other: str
) -> None:
    vectors = await encoder.encode_many([fold(text) for text in (question, same, other)])
    near = (bent_twice(vectors[:1]) @ vectors[1:].T * bent_lengths(vectors[1:]))[0]
    assert near[0] > near[1] + 0.05
