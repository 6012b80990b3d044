"""Embedding and reranking endpoints: the protocol as providers speak it, and every way it goes wrong."""

from collections.abc import AsyncIterator

import numpy as np
import pytest

from tests.emulators.embedding_endpoint import EmbeddingEndpoint
from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker, BreakerOpen
from yingke.models.contract import ModelBroken, ModelBusy, ModelError, ModelRefused, ModelTimeout
from yingke.models.embedding import EmbeddingModel
from yingke.models.rerank import Reranker


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


@pytest.fixture
async def endpoint() -> AsyncIterator[EmbeddingEndpoint]:
    async with EmbeddingEndpoint() as running:
        yield running


def embedding(
    outgoing: Outgoing, base_url: str, dimensions: int | None = None, breaker: Breaker | None = None
) -> EmbeddingModel:
    return EmbeddingModel(
        outgoing, base_url=base_url, api_key="k", model="m", dimensions=dimensions, breaker=breaker or Breaker(),
        allow_private=True,
    )  # fmt: skip


def reranker(outgoing: Outgoing, base_url: str) -> Reranker:
    return Reranker(outgoing, base_url=base_url, api_key="k", model="m", breaker=Breaker(), allow_private=True)


async def test_rows_come_in_the_order_of_the_texts_with_length_one(
    outgoing: Outgoing, endpoint: EmbeddingEndpoint
) -> None:
    answer = await embedding(outgoing, endpoint.base_url).embed(["发货", "", "退货退货"], timeout_s=5)
    assert answer.vectors.shape == (3, 64)
    assert np.allclose(np.linalg.norm(answer.vectors, axis=1), 1)
    expected = np.array(endpoint.vector("退货退货"))
    assert np.allclose(answer.vectors[2], expected / np.linalg.norm(expected), atol=1e-5)
    assert answer.tokens == 7
    assert endpoint.asked_dimensions == [None]


async def test_a_size_that_was_asked_for_must_come(outgoing: Outgoing, endpoint: EmbeddingEndpoint) -> None:
    answer = await embedding(outgoing, endpoint.base_url, 128).embed(["发货"], timeout_s=5)
    assert answer.vectors.shape == (1, 128)
    endpoint.behave("wrong_size")
    with pytest.raises(ModelBroken) as caught:
        await embedding(outgoing, endpoint.base_url, 128).embed(["发货"], timeout_s=5)
    assert caught.value.cause == "wrong_size"


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ("unauthorized", ModelRefused),
        ("rate_limited", ModelBusy),
        ("server_error", ModelBroken),
        ("hang", ModelTimeout),
        ("wrong_count", ModelBroken),
        ("garbage", ModelBroken),
    ],
)
async def test_every_failure_has_a_name(
    outgoing: Outgoing, endpoint: EmbeddingEndpoint, behaviour: str, error: type[ModelError]
) -> None:
    endpoint.behave(behaviour)
    with pytest.raises(error) as caught:
        await embedding(outgoing, endpoint.base_url).embed(["发货", "退货"], timeout_s=0.3)
    if behaviour == "rate_limited":
        assert caught.value.retry_after == 2
    with pytest.raises(error):
        await reranker(outgoing, endpoint.base_url).rerank("发货", ["一", "二"], timeout_s=0.3)


async def test_an_endpoint_that_keeps_failing_is_left_alone(outgoing: Outgoing, endpoint: EmbeddingEndpoint) -> None:
    endpoint.behave("server_error")
    breaker = Breaker()
    for _ in range(20):
        with pytest.raises(ModelBroken):
            await embedding(outgoing, endpoint.base_url, breaker=breaker).embed(["发货"], timeout_s=5)
    with pytest.raises(BreakerOpen):
        await embedding(outgoing, endpoint.base_url, breaker=breaker).embed(["发货"], timeout_s=5)
    assert endpoint.calls == 20


async def test_a_private_address_is_refused_unless_the_operator_allows_it(
    outgoing: Outgoing, endpoint: EmbeddingEndpoint
) -> None:
    model = EmbeddingModel(outgoing, base_url=endpoint.base_url, api_key="", model="m", breaker=Breaker())
    with pytest.raises(ModelRefused):
        await model.embed(["发货"], timeout_s=5)
    assert endpoint.calls == 0


async def test_scores_belong_to_their_documents(outgoing: Outgoing, endpoint: EmbeddingEndpoint) -> None:
    scores = await reranker(outgoing, endpoint.base_url).rerank("发货", ["退", "发货发货", "货到"], timeout_s=5)
    assert scores.index(max(scores)) == 1
    assert endpoint.reranked[0]["top_n"] == 3


async def test_providers_that_differ_are_spoken_to_in_their_way(outgoing: Outgoing) -> None:
    studio = "https://dashscope.aliyuncs.com/compatible-mode/v1"
    assert embedding(outgoing, studio).batch == 10
    assert reranker(outgoing, studio)._url == "https://dashscope.aliyuncs.com/compatible-api/v1/reranks"
    assert reranker(outgoing, "https://api.jina.ai/v1/rerank")._url == "https://api.jina.ai/v1/rerank"
