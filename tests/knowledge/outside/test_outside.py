"""A model of the merchant's choice searches as soon as it knows everything, and never stands in the way."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.conftest import Ground
from tests.emulators.embedding_endpoint import EmbeddingEndpoint
from tests.learning import Learning, caller_of
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job, RetryJob
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.entry import Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.knowledge_version import raise_version
from yingke.knowledge.large.find import find
from yingke.knowledge.library import Library
from yingke.knowledge.outside.choice import EmbeddingChoice, Endpoint, SearchChoice, lock_choice, write_choice
from yingke.knowledge.outside.learn_space import learn_space
from yingke.knowledge.outside.outside import OutsideModels
from yingke.knowledge.qa_pairs import NewPair, add_pair, encode_pairs, put_qa_pairs

TEXTS = [
    f"第{n}号{thing}怎么清洗"
    for n, thing in enumerate(["帐篷", "睡袋", "水杯", "雨伞", "台灯", "床垫", "键盘", "面霜", "手表", "猫粮"])
]


@dataclass
class Stage:
    """A workspace with ten pairs, a process that may ask outside, and the endpoint."""

    learning: Learning
    ground: Ground
    endpoint: EmbeddingEndpoint
    models: OutsideModels

    async def choose(self, **choice: EmbeddingChoice | Endpoint | None) -> None:
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            await lock_choice(tx, self.ground.workspace_id)
            await write_choice(tx, self.ground.workspace_id, SearchChoice(**choice))  # type: ignore[arg-type]
            await raise_version(tx, self.ground.workspace_id)

    async def chosen(self) -> EmbeddingChoice:
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            choice = (await lock_choice(tx, self.ground.workspace_id)).embedding
        assert choice is not None
        return choice

    async def learn(self, attempts: int = 1) -> None:
        job = Job(1, self.ground.workspace_id, "space", "learn_space", "", {}, attempts)
        await learn_space(self.learning.db, self.models, job)

    async def index(self) -> KnowledgeIndex:
        library = Library(self.learning.db, self.learning.encoder, models=self.models)
        return await library.current(self.ground.workspace_id)

    async def ask(self, index: KnowledgeIndex, text: str) -> list[Hit]:
        (vector,) = await self.learning.encoder.encode([fold(text)])
        return (await find(index, [query_for(text, vector)], scope=Scope(datetime.now(UTC)), limit=5))[0]

    def embedding(self, **values: int) -> EmbeddingChoice:
        return EmbeddingChoice(base_url=self.endpoint.base_url, model="m", location="local", **values)  # type: ignore[arg-type]


@pytest.fixture
async def stage(learning: Learning, ground: Ground) -> AsyncIterator[Stage]:
    pairs = [NewPair((text,), f"{text}：用温水。") for text in TEXTS]
    ready = await encode_pairs(learning.encoder, pairs)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await put_qa_pairs(tx, caller_of(ground), ready)
    outgoing = Outgoing()
    models = OutsideModels(outgoing, Secrets(b"o" * 32), Settings(allow_private_urls=True))
    async with EmbeddingEndpoint() as endpoint:
        yield Stage(learning, ground, endpoint, models)
    await outgoing.close()


async def test_the_embedded_encoder_serves_until_every_passage_is_learned(stage: Stage) -> None:
    await stage.choose(embedding=stage.embedding())
    assert (await stage.index()).outside is None
    await stage.learn()
    choice = await stage.chosen()
    assert choice.is_ready
    assert choice.tokens == sum(len(fold(text)) for text in TEXTS)
    index = await stage.index()
    assert index.outside is not None
    assert index.outside.vectors is not None
    assert index.outside.vectors.shape == (10, 64)
    assert (await stage.ask(index, "帐篷怎么洗"))[0].entry.text.startswith(TEXTS[0])
    assert "帐篷怎么洗" in stage.endpoint.embedded


async def test_learning_goes_on_after_a_busy_endpoint_with_what_is_there(stage: Stage) -> None:
    await stage.choose(embedding=stage.embedding())
    stage.endpoint.behave("rate_limited", 1)
    with pytest.raises(RetryJob) as wish:
        await stage.learn()
    assert wish.value.seconds == 2
    assert (await stage.chosen()).failed is not None
    await stage.learn()
    assert (await stage.chosen()).is_ready
    assert (await stage.chosen()).failed is None
    calls = stage.endpoint.calls
    await stage.learn()
    assert stage.endpoint.calls == calls


async def test_a_refused_key_stops_the_learning_and_says_so(stage: Stage) -> None:
    await stage.choose(embedding=stage.embedding())
    stage.endpoint.behave("unauthorized")
    await stage.learn()
    choice = await stage.chosen()
    assert choice.failed is not None
    assert "密钥" in choice.failed["zh"]
    assert not choice.is_ready


@pytest.mark.parametrize("behaviour", ["hang", "server_error", "wrong_size", "garbage"])
async def test_a_model_that_is_away_costs_nothing_but_its_help(stage: Stage, behaviour: str) -> None:
    plain = await stage.index()
    expected = await stage.ask(plain, "帐篷怎么洗")
    await stage.choose(embedding=stage.embedding())
    await stage.learn()
    index = await stage.index()
    stage.endpoint.behave(behaviour)
    hits = await stage.ask(index, "帐篷怎么洗")
    assert [(hit.entry.id, hit.vector_score) for hit in hits] == [(hit.entry.id, hit.vector_score) for hit in expected]


async def test_two_spaces_are_never_mixed(stage: Stage) -> None:
    await stage.choose(embedding=stage.embedding())
    await stage.learn()
    await add_pair(stage.learning.db, stage.learning.encoder, caller_of(stage.ground), NewPair(("几点上班",), "九点"))
    # One passage has no vector of the outside model yet: all are compared by the embedded encoder.
    assert (await stage.index()).outside is None
    await stage.learn()
    index = await stage.index()
    assert index.outside is not None
    assert index.outside.vectors is not None
    assert len(index.outside.vectors) == 11
    await stage.choose(embedding=stage.embedding(dimensions=128))
    assert (await stage.index()).outside is None
    await stage.learn()
    async with stage.ground.db.transaction(stage.ground.workspace_id) as tx:
        spaces = await tx.fetch(
            "select space, vector_dims(embedding) as size, count(*) from passage_embeddings group by 1, 2"
        )
    assert [(row["space"], row["size"], row["count"]) for row in spaces] == [((await stage.chosen()).space, 128, 11)]


async def test_the_outside_scores_keep_the_scale_that_decisions_were_made_for(stage: Stage) -> None:
    await stage.choose(embedding=stage.embedding())
    await stage.learn()
    index = await stage.index()
    assert index.outside is not None
    (vector,) = await stage.learning.encoder.encode([fold(TEXTS[3])])
    own = index.similar(vector[None, :])
    outside = await index.outside.similar([TEXTS[3]], own)
    assert not np.allclose(outside, own)
    assert outside.mean() == pytest.approx(own.mean(), abs=0.05)
    assert outside.std() == pytest.approx(own.std(), abs=0.05)


async def test_the_reranker_decides_the_order_and_its_absence_changes_nothing(stage: Stage) -> None:
    plain = await stage.ask(await stage.index(), "怎么清洗")
    await stage.choose(reranker=Endpoint(base_url=stage.endpoint.base_url, model="r", location="local"))
    index = await stage.index()
    hits = await stage.ask(index, "我的电话是13812345678，怎么清洗")
    scores = [hit.rerank_score for hit in hits]
    assert scores == sorted(scores, key=lambda score: -(score or 0))
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert "13812345678" not in stage.endpoint.reranked[0]["query"]
    stage.endpoint.behave("hang")
    assert [hit.entry.id for hit in await stage.ask(index, "怎么清洗")] == [hit.entry.id for hit in plain]


async def test_an_endpoint_abroad_is_not_asked_before_somebody_agreed(stage: Stage) -> None:
    await stage.choose(
        embedding=EmbeddingChoice(base_url=stage.endpoint.base_url, model="m", location="abroad"),
        reranker=Endpoint(base_url=stage.endpoint.base_url, model="m", location="abroad"),
    )
    await stage.learn()
    assert (await stage.index()).outside is None
    assert stage.endpoint.calls == 0
