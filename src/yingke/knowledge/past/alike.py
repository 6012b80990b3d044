"""How close two answers are in meaning, by the vectors of the whole and of their sentences."""

import asyncio
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.past.contradict import Contradiction, contradict, share_figure

SAME = 0.5
"""Measured on pairs of answers to one question: those that mean the same lie above, others mostly below."""
_FIGURE_BONUS = 0.1
_MOST_SENTENCES = 6
_CUT = re.compile(r"[。！!？?；;\n]+|(?<=[\u4e00-\u9fff])[,，](?=[\u4e00-\u9fff\d])")
_MARK = re.compile(r"\[\d{1,2}\]|〔[^〕]{1,4}〕")
_CALL = re.compile(r"^(?:亲爱的|亲亲|亲|您好|你好|嗯+|好的|hello|hi)[呀哦呢啊~～,，!！。.\s]*", re.IGNORECASE)
Vectors = NDArray[np.float32]


def pieces_of(answer: str) -> list[str]:
    """The whole answer first, then its sentences: what `similarity` needs the vectors of."""
    plain = _CALL.sub("", _MARK.sub("", answer).strip())[:1000]
    sentences = [part.strip() for part in _CUT.split(plain) if len(part.strip()) >= 4][:_MOST_SENTENCES]
    return [plain or answer[:100], *(sentences if len(sentences) > 1 else [])]


def similarity(one: Vectors, other: Vectors) -> float:
    """0..1 from the rows of `pieces_of` of each: as wholes, or the best partner of each sentence of the shorter."""
    whole = float(one[0] @ other[0])
    left, right = (one[1:] if len(one) > 1 else one), (other[1:] if len(other) > 1 else other)
    table = left @ right.T
    by_sentence = max(float(table.max(axis=1).mean()), float(table.max(axis=0).mean()))
    return float(min(1.0, max(0.0, whole, by_sentence)))


async def compare(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, Contradiction]]:
    """(similarity 0..1, contradiction) of each pair of answers. Raises the 503 Problem without the encoder."""
    row_of = await asyncio.to_thread(_texts_of, pairs)
    vectors = await encoder.encode_many(list(row_of))
    return await asyncio.to_thread(_score, pairs, row_of, vectors)


def is_same(near: float, contradiction: str) -> bool:
    return near >= SAME and not contradiction


def _texts_of(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Every piece once → its row among the vectors."""
    row_of: dict[str, int] = {}
    for answer in dict.fromkeys(answer for pair in pairs for answer in pair):
        for piece in pieces_of(answer):
            row_of.setdefault(fold(piece), len(row_of))
    return row_of


def _score(
    pairs: Sequence[tuple[str, str]], row_of: dict[str, int], vectors: Vectors
) -> list[tuple[float, Contradiction]]:
    found: list[tuple[float, Contradiction]] = []
    for one, other in pairs:
        near = similarity(*(vectors[[row_of[fold(piece)] for piece in pieces_of(answer)]] for answer in (one, other)))
        if share_figure(one, other):
            near = min(1.0, near + _FIGURE_BONUS)
        found.append((near, contradict(one, other)))
    return found
