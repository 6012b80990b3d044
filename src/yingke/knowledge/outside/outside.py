"""The outside half of a search, beside an index that could do without it."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.kit.redact import mask
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.entry import Hit
from yingke.knowledge.outside.choice import EmbeddingChoice, Endpoint
from yingke.models.breaker import Breakers
from yingke.models.contract import ModelError
from yingke.models.embedding import EmbeddingModel
from yingke.models.rerank import Reranker

QUESTION_SECONDS = 1.5
RERANK_SECONDS = 1.5
_FEW = 8


class OutsideModels:
    """One per process: makes clients from what workspaces chose."""

    def __init__(self, outgoing: Outgoing, secrets: Secrets, settings: Settings) -> None:
        self.breakers = Breakers()
        self._outgoing = outgoing
        self._secrets = secrets
        self._settings = settings

    def embedding(self, workspace_id: int, choice: EmbeddingChoice) -> EmbeddingModel:
        """Raises SealBroken when the key was sealed by another installation."""
        return EmbeddingModel(
            self._outgoing,
            base_url=choice.base_url,
            api_key=self._key(choice),
            model=choice.model,
            dimensions=choice.dimensions,
            breaker=self.breakers.of(f"{workspace_id}:embedding:{choice.base_url}", choice.model),
            allow_private=self._settings.allow_private_urls,
        )

    def reranker(self, workspace_id: int, choice: Endpoint) -> Reranker:
        """Raises SealBroken when the key was sealed by another installation."""
        return Reranker(
            self._outgoing,
            base_url=choice.base_url,
            api_key=self._key(choice),
            model=choice.model,
            breaker=self.breakers.of(f"{workspace_id}:reranker:{choice.base_url}", choice.model),
            allow_private=self._settings.allow_private_urls,
        )

    def _key(self, choice: Endpoint) -> str:
        sealed = choice.sealed
        return self._secrets.open(sealed).decode() if sealed else ""


@dataclass(frozen=True)
class Outside:
    """What an index may ask. `vectors` are those of its entries in the model's own space, in the entries' order."""

    embedding: EmbeddingModel | None = None
    vectors: NDArray[np.float32] | None = None
    reranker: Reranker | None = None

    async def similar(self, texts: Sequence[str], embedded: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, entries) by the outside model, brought to the scale of `embedded`, the encoder's own; those when it fails.

        The decision whether something is an answer was made for the encoder's scale. A row comes from one space whole.
        """
        if self.embedding is None or self.vectors is None:
            return embedded
        try:
            asked = await self.embedding.embed([mask(text) for text in texts], timeout_s=QUESTION_SECONDS)
        except ModelError:
            return embedded
        if asked.vectors.shape[1] != self.vectors.shape[1]:
            return embedded
        return _on_scale_of(embedded, asked.vectors @ self.vectors.T)

    async def rerank(self, text: str, hits: Sequence[Hit]) -> list[Hit]:
        """`hits` in the reranker's order; as they came when there is none or it fails."""
        if self.reranker is None or len(hits) < 2:
            return list(hits)
        told = [f"{hit.entry.heading}\n{hit.entry.text}".strip() for hit in hits]
        try:
            scores = await self.reranker.rerank(mask(text), told, timeout_s=RERANK_SECONDS)
        except ModelError:
            return list(hits)
        order = sorted(range(len(hits)), key=lambda at: -scores[at])
        return [replace(hits[at], rank=rank, rerank_score=scores[at]) for rank, at in enumerate(order, start=1)]


def _on_scale_of(embedded: NDArray[np.float32], outside: NDArray[np.float32]) -> NDArray[np.float32]:
    """Row by row the same mean and spread; with a handful of entries there is no spread to speak of."""
    if outside.shape[1] < _FEW:
        return np.asarray(outside, dtype=np.float32)
    spread = np.maximum(outside.std(axis=1, keepdims=True), 1e-4)
    standard = (outside - outside.mean(axis=1, keepdims=True)) / spread
    scaled = standard * embedded.std(axis=1, keepdims=True) + embedded.mean(axis=1, keepdims=True)
    return np.asarray(np.clip(scaled, -1.0, 1.0), dtype=np.float32)


@dataclass(frozen=True)
class Checked:
    """What a tiny real call said; `dimensions` of an embedding model."""

    ok: bool
    reason: str | None
    dimensions: int | None
    milliseconds: int
    zh: str
    en: str


async def check_part(model: EmbeddingModel | Reranker) -> Checked:
    """Calls once with fixed sentences. Every failure is an answer too; nothing is raised for it."""
    began = time.monotonic()
    dimensions = None
    try:
        if isinstance(model, EmbeddingModel):
            answer = await model.embed(["多久发货", "几天能退货"], timeout_s=15.0)
            dimensions = int(answer.vectors.shape[1])
        else:
            await model.rerank("多久发货", ["付款后两天内发出。", "支持七天退货。"], timeout_s=15.0)
    except Problem as problem:
        reason = str(getattr(problem, "cause", problem.code))[:80]
        zh, en = SAID.get(reason, (problem.zh, problem.en))
        return Checked(False, reason, None, _since(began), zh, en)
    size = (f"，{dimensions} 维", f", {dimensions} dimensions") if dimensions else ("", "")
    return Checked(True, None, dimensions, _since(began), f"可以用{size[0]}。", f"It works{size[1]}.")


SAID = {
    "wrong_size": (
        "这个模型给不出所要求的维数。请清空“维数”，或填写该模型支持的维数。",
        "The model does not give that many dimensions. Leave the field empty, or enter a size that the model supports.",
    ),
    "no_vectors": (
        "这个地址没有返回向量。请检查模型名称：需要向量模型，而不是对话模型。",
        "The address returned no vectors. Check the model name: an embedding model is needed, not a chat model.",
    ),
    "no_scores": (
        "这个地址没有返回排序分数。请检查模型名称：需要重排模型。",
        "The address returned no scores. Check the model name: a reranking model is needed.",
    ),
}


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
