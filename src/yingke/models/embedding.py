"""Sentences to vectors by an endpoint of the merchant's choice that speaks the OpenAI embeddings protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from yarl import URL

from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.contract import ModelBroken
from yingke.models.outside_call import call_outside

LARGEST_DIMENSIONS = 4000
"""What a halfvec column can index; larger vectors also cost more memory than they find."""
_LONGEST_TEXT = 2000
# Texts in one request. Model Studio refuses more than ten: alibabacloud.com/help/en/model-studio/text-embedding-synchronous-api
_BATCHES = {"dashscope.aliyuncs.com": 10, "dashscope-intl.aliyuncs.com": 10, "dashscope-us.aliyuncs.com": 10}
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Embedded:
    """(n, dimensions) rows of length one, in the order of the texts, and what they cost in tokens (0 if not told)."""

    vectors: NDArray[np.float32]
    tokens: int


class EmbeddingModel:
    """`dimensions` None takes what the model gives; a number is asked for, and anything else is an error.

    Nothing is cut here: only a model knows whether the first part of its vector means anything.
    """

    def __init__(
        self,
        outgoing: Outgoing,
        *,
        base_url: str,
        api_key: str,
        model: str,
        breaker: Breaker,
        dimensions: int | None = None,
        allow_private: bool = False,
    ) -> None:
        self.model = model
        self._outgoing = outgoing
        self._url = base_url.rstrip("/").removesuffix("/embeddings") + "/embeddings"
        self._api_key = api_key
        self._breaker = breaker
        self._dimensions = dimensions
        self._allow_private = allow_private
        self.batch = _BATCHES.get(URL(base_url).host or "", _BATCH)

    async def embed(self, texts: Sequence[str], *, timeout_s: float) -> Embedded:
        """At most `batch` texts. Raises ModelRefused, ModelBusy, ModelTimeout, ModelBroken."""
        body: dict[str, Any] = {
            "model": self.model,
            # An empty text is an error with most providers.
            "input": [text[:_LONGEST_TEXT] or " " for text in texts],
            "encoding_format": "float",
        }
        if self._dimensions is not None:
            body["dimensions"] = self._dimensions
        answer = await call_outside(
            self._outgoing,
            self._url,
            self._api_key,
            body,
            breaker=self._breaker,
            timeout_s=timeout_s,
            allow_private=self._allow_private,
        )
        vectors = _vectors(answer, len(texts), self._dimensions)
        usage = answer.get("usage") if isinstance(answer, dict) else None
        tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
        return Embedded(vectors, tokens if isinstance(tokens, int) else 0)


def _vectors(answer: Any, count: int, dimensions: int | None) -> NDArray[np.float32]:
    """Rows by their `index`, which some servers give out of order."""
    data = answer.get("data") if isinstance(answer, dict) else None
    try:
        if not isinstance(data, list) or sorted(item["index"] for item in data) != list(range(count)):
            raise ModelBroken("wrong_count")
        rows = np.array([item["embedding"] for item in sorted(data, key=lambda item: item["index"])], dtype=np.float32)
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelBroken("no_vectors") from problem
    if rows.ndim != 2 or not 1 < rows.shape[1] <= LARGEST_DIMENSIONS or rows.shape[1] != (dimensions or rows.shape[1]):
        raise ModelBroken("wrong_size")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(rows).all() or not lengths.all():
        raise ModelBroken("no_vectors")
    return np.asarray(rows / lengths, dtype=np.float32)
