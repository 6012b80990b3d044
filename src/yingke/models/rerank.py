"""A second look at a handful of passages by a reranking model behind an endpoint.

Jina, Cohere, SiliconFlow, vLLM, llama-server and Xinference share one shape: {model, query, documents, top_n} in,
{results: [{index, relevance_score}]} out, at ".../rerank". Model Studio serves qwen3-rerank at ".../reranks"
(alibabacloud.com/help/en/model-studio/text-rerank-api); text-embeddings-inference answers a plain list with `score`.
"""

import math
from collections.abc import Sequence
from typing import Any

from yarl import URL

from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.contract import ModelBroken
from yingke.models.outside_call import call_outside

_LONGEST_TEXT = 1200


class Reranker:
    """`base_url` as the provider prints it, with or without "/rerank"."""

    def __init__(
        self,
        outgoing: Outgoing,
        *,
        base_url: str,
        api_key: str,
        model: str,
        breaker: Breaker,
        allow_private: bool = False,
    ) -> None:
        self.model = model
        self._outgoing = outgoing
        self._url = _rerank_url(base_url)
        self._api_key = api_key
        self._breaker = breaker
        self._allow_private = allow_private

    async def rerank(self, query: str, documents: Sequence[str], *, timeout_s: float) -> list[float]:
        """A score for each of `documents`, higher is better; comparable only among themselves.

        Raises ModelRefused, ModelBusy, ModelTimeout, ModelBroken.
        """
        answer = await call_outside(
            self._outgoing,
            self._url,
            self._api_key,
            {
                "model": self.model,
                "query": query[:_LONGEST_TEXT],
                "documents": [text[:_LONGEST_TEXT] or " " for text in documents],
                "top_n": len(documents),
                "return_documents": False,
            },
            breaker=self._breaker,
            timeout_s=timeout_s,
            allow_private=self._allow_private,
        )
        return _scores(answer, len(documents))


def _rerank_url(base_url: str) -> str:
    bare = base_url.rstrip("/")
    if bare.endswith(("/rerank", "/reranks")):
        return bare
    is_model_studio = (URL(base_url).host or "").endswith("aliyuncs.com")
    return f"{bare.replace('/compatible-mode/', '/compatible-api/')}/reranks" if is_model_studio else f"{bare}/rerank"


def _scores(answer: Any, count: int) -> list[float]:
    results = answer if isinstance(answer, list) else answer.get("results") if isinstance(answer, dict) else None
    scores: dict[int, float] = {}
    try:
        for item in results or ():
            score = float(item["relevance_score"] if "relevance_score" in item else item["score"])
            if math.isfinite(score):
                scores[int(item["index"])] = score
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelBroken("no_scores") from problem
    if sorted(scores) != list(range(count)):
        raise ModelBroken("wrong_count")
    return [scores[position] for position in range(count)]
