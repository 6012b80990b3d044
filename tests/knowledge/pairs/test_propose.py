"""Pairs from a document: by a job that goes on where it died, and follows the document."""

from typing import Any

import pytest

from tests.conftest import Ground
from tests.emulators.chat_endpoint import BEHAVIOURS, ChatEndpoint
from tests.emulators.chat_wire import END, chunk, open_stream
from tests.knowledge.pairs.conftest import change, door_of, job_of, make_pairs, read_pair
from tests.learning import Learning, caller_of
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.knowledge.change_document import change_document, delete_document, restore_document
from yingke.knowledge.pairs import propose as propose_module
from yingke.knowledge.pairs.model_door import ModelDoor
from yingke.knowledge.pairs.propose import propose_pairs
from yingke.knowledge.pairs.review import review
from yingke.knowledge.replace_file import replace_file
from yingke.knowledge.versions.roll_back import roll_back

SHIPPING = "# 发货与物流\n\n## 发货时间\n\n每天 16:00 前付款当天发出。\n\n## 运费\n\n满 99 元包邮，不满收 8 元。\n"
LATER = SHIPPING.replace("16:00", "18:00")


@pytest.fixture
def door(room_outgoing: Outgoing, room_secrets: Secrets) -> ModelDoor:
    return door_of(room_outgoing, room_secrets)


async def replace(ground: Ground, learning: Learning, document_id: int, content: str) -> None:
    upload = await learning.keep(ground, "发货.md", content)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document_id, upload)
    await learning.work()


async def approve(ground: Ground, learning: Learning, *pair_ids: int) -> None:
    assert await review(ground.db, learning.encoder, caller_of(ground), pair_ids, "approve") == list(pair_ids)


async def test_pairs_are_linked_to_their_passage(ground: Ground, learning: Learning, door: ModelDoor) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    pairs = await make_pairs(ground, door, document_id)
    assert [pair["questions"][0] for pair in pairs] == ["什么时候发货？", "运费怎么算？"]
    assert all(pair["state"] == "proposed" and pair["origin"] == "document" for pair in pairs)
    async with ground.db.transaction(ground.workspace_id) as tx:
        passages = {row["content_hash"]: row["text"] for row in await tx.fetch("select * from passages")}
    assert all(pair["source_quote"] in passages[pair["source_hash"]] for pair in pairs)


async def test_a_second_run_and_an_unchanged_version_propose_nothing_more(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    first = await make_pairs(ground, door, document_id)
    assert await make_pairs(ground, door, document_id) == first
    await change(ground.db, ground.workspace_id, "update qa_pairs set state = 'rejected'")
    await replace(ground, learning, document_id, SHIPPING + "\n## 感谢\n\n谢谢惠顾。\n")
    assert len(await make_pairs(ground, door, document_id)) == len(first)


async def test_a_run_that_died_goes_on_where_it_was(ground: Ground, learning: Learning, door: ModelDoor) -> None:
    rows = "".join(f"产品{n},{n + 10}\n" for n in range(60))
    document_id = await learning.learn(ground, "价格.csv", "名称,价格(元)\n" + rows)
    await make_pairs(ground, door, document_id)
    await change(ground.db, ground.workspace_id, "delete from qa_pairs where questions[1] >= '产品3'")
    await change(ground.db, ground.workspace_id, "update pair_runs set done = 30, is_finished = false")
    async with ground.db.transaction(ground.workspace_id) as tx:
        left = await tx.fetchval("select count(*) from qa_pairs")
    pairs = await make_pairs(ground, door, document_id)
    again = [pair["questions"][0] for pair in pairs[left:]]
    assert "产品45多少钱？" in again
    assert "产品29多少钱？" not in again


async def test_a_long_table_gives_no_more_than_a_person_can_look_through(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    rows = "".join(f"产品{n},{n + 10},棉\n" for n in range(400))
    document_id = await learning.learn(ground, "价格.csv", "名称,价格(元),材质\n" + rows)
    assert len(await make_pairs(ground, door, document_id)) == propose_module.MOST_ROW_PAIRS


async def test_a_job_of_an_older_version_does_nothing(ground: Ground, learning: Learning, door: ModelDoor) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    await replace(ground, learning, document_id, LATER)
    await propose_pairs(
        ground.db, door, job_of(ground.workspace_id, "propose_pairs", document_id=document_id, version=1)
    )
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from qa_pairs") == 0


async def test_a_changed_passage_retires_its_pair_with_the_activation(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    shipping, fee = await make_pairs(ground, door, document_id)
    await approve(ground, learning, shipping["id"], fee["id"])
    await replace(ground, learning, document_id, LATER)
    assert (await read_pair(ground, shipping["id"]))["retired_for"] == "changed"
    assert (await read_pair(ground, fee["id"]))["state"] == "live"
    found = await learning.find(ground, "什么时候发货？")
    assert all("16:00" not in hit.entry.text for hit in found)
    texts = [pair["answer"] for pair in await make_pairs(ground, door, document_id) if pair["state"] == "proposed"]
    assert texts == ["每天 18:00 前付款当天发出。"]


async def test_going_back_to_an_older_version_brings_its_pairs_back(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    pair = (await make_pairs(ground, door, document_id))[0]
    await approve(ground, learning, pair["id"])
    await replace(ground, learning, document_id, LATER)
    assert (await read_pair(ground, pair["id"]))["state"] == "retired"
    async with ground.db.transaction(ground.workspace_id) as tx:
        await roll_back(tx, caller_of(ground), document_id, 1)
    await learning.work()
    assert (await read_pair(ground, pair["id"]))["state"] == "live"
    assert "16:00" in (await learning.find(ground, "什么时候发货？"))[0].entry.text


async def test_a_proposal_whose_passage_is_gone_is_dropped_and_may_come_back(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    await make_pairs(ground, door, document_id)
    await replace(ground, learning, document_id, LATER)
    await make_pairs(ground, door, document_id)
    await replace(ground, learning, document_id, SHIPPING)
    answers = [pair["answer"] for pair in await make_pairs(ground, door, document_id)]
    assert sorted(answers) == ["每天 16:00 前付款当天发出。", "满 99 元包邮，不满收 8 元。"]


async def test_a_pair_is_silent_while_its_document_is_deleted(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    pair = (await make_pairs(ground, door, document_id))[0]
    await approve(ground, learning, pair["id"])
    caller = caller_of(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await delete_document(tx, caller, document_id)
    assert await learning.find(ground, "什么时候发货？") == []
    assert (await read_pair(ground, pair["id"]))["retired_for"] == "deleted"
    async with ground.db.transaction(ground.workspace_id) as tx:
        await restore_document(tx, caller, document_id)
    assert (await read_pair(ground, pair["id"]))["state"] == "live"
    assert "什么时候发货？" in [hit.entry.heading for hit in await learning.find(ground, "什么时候发货？")]


async def test_a_pair_follows_its_document_to_the_agents_only(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    pair = (await make_pairs(ground, door, document_id))[0]
    await approve(ground, learning, pair["id"])
    await change(ground.db, ground.workspace_id, "update qa_pairs set has_own_scope = true")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change_document(tx, caller_of(ground), document_id, audience="staff")
    assert await learning.find(ground, "什么时候发货？", audience="customer") == []
    assert await learning.find(ground, "什么时候发货？", audience="staff") != []


async def test_a_live_pair_that_a_person_wrote_into_is_not_overwritten(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    pair = (await make_pairs(ground, door, document_id))[0]
    await approve(ground, learning, pair["id"])
    await change(
        ground.db,
        ground.workspace_id,
        "update qa_pairs set answer = '当天发，亲。', is_edited = true where id = $1",
        pair["id"],
    )
    await replace(ground, learning, document_id, SHIPPING + "\n## 感谢\n\n谢谢惠顾。\n")
    pairs = await make_pairs(ground, door, document_id)
    assert [one["answer"] for one in pairs if one["questions"][0] == "什么时候发货？"] == ["当天发，亲。"]


async def _connect(ground: Ground, endpoint: ChatEndpoint, model: str) -> None:
    await change(
        ground.db,
        ground.workspace_id,
        "insert into model_endpoints (workspace_id, name, base_url, model, location, is_enabled)"
        " values ($1, '模型', $2, $3, 'mainland', true)",
        ground.workspace_id,
        endpoint.base_url,
        model,
    )


PHONED = "# 售后\n\n退货请寄到杭州仓库，收件人电话 13800138000，签收后 7 天内有效，逾期不受理。\n"


def writing(text: str) -> Any:
    async def write(endpoint: ChatEndpoint, request: Any, body: dict[str, Any]) -> Any:
        response = await open_stream(request)
        for start in range(0, len(text), 40):
            await response.write(chunk(text[start : start + 40]))
        await response.write(b"".join(END))
        return response

    return write


MODEL_WROTE = (
    '```json\n[{"questions": ["退货寄到哪里", "退货地址"], "answer": "退货请寄到杭州仓库，收件人电话 〔电话1〕，签收后 7 天内有效。"},'
    '{"questions": ["退货要几天内"], "answer": "签收后 15 天内有效。"},'
    '{"questions": ["你们老板是谁"], "answer": "老板叫王大明，住在上海浦东。"},'
    '{"questions": "坏的", "answer": 3}]\n```'
)


async def test_a_model_writes_pairs_and_what_the_passage_does_not_bear_out_is_thrown_away(
    ground: Ground, learning: Learning, door: ModelDoor
) -> None:
    document_id = await learning.learn(ground, "售后.md", PHONED)
    BEHAVIOURS["test_pairs"] = writing(MODEL_WROTE)
    async with ChatEndpoint() as endpoint:
        await _connect(ground, endpoint, "test_pairs")
        pairs = await make_pairs(ground, door, document_id)
        sent = str(endpoint.seen[-1].body)
    assert "13800138000" not in sent
    assert "〔电话1〕" in sent
    assert [(pair["questions"], pair["maker"]) for pair in pairs] == [
        (["退货寄到哪里", "退货地址"], "model:test_pairs")
    ]
    assert "13800138000" in pairs[0]["answer"]


@pytest.mark.parametrize("behaviour", ["normal", "unauthorized", "garbage", "end_early", "error_in_stream", "empty"])
async def test_where_the_model_fails_the_rules_step_in(
    ground: Ground, learning: Learning, door: ModelDoor, behaviour: str
) -> None:
    document_id = await learning.learn(ground, "售后.md", PHONED)
    async with ChatEndpoint(scale=0.01) as endpoint:
        await _connect(ground, endpoint, behaviour)
        pairs = await make_pairs(ground, door, document_id)
    assert [pair["maker"].split(":")[0] for pair in pairs] == ["rule"]


async def test_a_model_that_keeps_failing_is_left_alone(ground: Ground, learning: Learning, door: ModelDoor) -> None:
    parts = "".join(
        f"## 第{n}条 退货\n\n签收后 {n + 3} 天内可以无理由退货，商品要完好，配件要齐全，包装要完整。\n\n"
        for n in range(9)
    )
    document_id = await learning.learn(ground, "售后.md", "# 售后\n\n" + parts)
    async with ChatEndpoint(scale=0.01) as endpoint:
        await _connect(ground, endpoint, "unauthorized")
        await make_pairs(ground, door, document_id)
        assert endpoint.calls == propose_module.MOST_MODEL_FAILURES
