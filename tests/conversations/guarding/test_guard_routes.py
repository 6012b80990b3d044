"""The word guard over HTTP: packs, own words, trying them, and what happens to an agent's words."""

import secrets
from typing import Any

import httpx

from tests.conversations.door import Door
from tests.conversations.stage import Stage
from yingke.conversations.guarding.check_saved import check_saved
from yingke.conversations.guarding.load_words import WordGuards
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job


async def _send(client: httpx.AsyncClient, conversation: int, text: str, key: str = "", **more: Any) -> httpx.Response:
    return await client.post(
        f"/v1/conversations/{show_id(conversation)}/messages",
        json={"type": "text", "text": text, **more},
        headers={"Idempotency-Key": key or secrets.token_hex(8)},
    )


async def _admin(stage: Stage, door: Door) -> httpx.AsyncClient:
    return await door.agent(await stage.new_agent("主管", "admin"))


async def _add(client: httpx.AsyncClient, **word: Any) -> dict[str, Any]:
    answer = await client.post("/v1/guards/words", json=word, headers={"Idempotency-Key": secrets.token_hex(8)})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_blocked_word_of_an_agent_is_refused_with_a_proposal_and_recorded(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    await _add(client, words="祖传老汤", level="block", proposal="传统汤底", reason="没有依据")
    conversation, _ = await stage.waiting_conversation()
    answer = await _send(client, conversation, "这是祖传老汤做的")
    body = answer.json()
    assert (answer.status_code, body["code"], body["words"]["text"]) == (422, "words_blocked", "这是传统汤底做的")
    assert (await _send(client, conversation, "这是祖传老汤做的", confirmed=True)).status_code == 422
    assert (await _send(client, conversation, body["words"]["text"])).status_code == 201
    stops = (await client.get("/v1/guards/stops")).json()["items"]
    assert [(one["outcome"], one["speaker"], one["conversation_id"]) for one in stops] == [
        ("blocked", "agent", show_id(conversation))
    ] * 2


async def test_a_warning_passes_when_it_is_confirmed_and_is_recorded(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    conversation, _ = await stage.waiting_conversation()
    answer = await _send(client, conversation, "不满意退款，您放心")
    assert (answer.status_code, answer.json()["code"]) == (422, "words_need_a_look")
    assert (await _send(client, conversation, "不满意退款，您放心", confirmed=True)).status_code == 201
    assert (await client.get("/v1/guards/stops")).json()["items"][0]["outcome"] == "confirmed"


async def test_what_an_agent_gives_away_is_asked_about_but_not_what_he_quotes(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    conversation, _ = await stage.waiting_conversation()
    answer = await _send(client, conversation, "这样吧，我给您补偿20元")
    assert answer.json()["words"]["found"][0]["entry"] == "promise/compensation"
    assert (await _send(client, conversation, "这款现在 59 元，今天下单明天发货")).status_code == 201


async def test_a_message_that_was_stored_stays_stored_when_the_words_change(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    conversation, _ = await stage.waiting_conversation()
    first = await _send(client, conversation, "这是老汤底", key="same")
    await _add(client, words="老汤底", level="block")
    again = await _send(client, conversation, "这是老汤底", key="same")
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])


async def test_an_own_word_counts_at_once_and_only_in_its_shop(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    word = await _add(client, words="老客*福利", level="rewrite", proposal="会员活动", unless=["不是~"])

    async def level(text: str, shop: int) -> str:
        answer = await client.post("/v1/guards/check", json={"text": text, "shop_id": show_id(shop)})
        return str(answer.json()["level"])

    assert await level("老客专享福利来了", stage.ground.shop_id) == "rewrite"
    assert await level("这不是老客专享福利", stage.ground.shop_id) == "ok"
    changed = {"words": "老客*福利", "level": "block", "shop_ids": [show_id(stage.ground.shop_id)]}
    assert (await client.put(f"/v1/guards/words/{word['id']}", json=changed)).status_code == 200
    assert await level("老客专享福利来了", stage.ground.shop_id) == "block"
    assert await level("老客专享福利来了", stage.ground.shop_id + 999) == "ok"
    assert (await client.delete(f"/v1/guards/words/{word['id']}")).status_code == 204
    assert await level("老客专享福利来了", stage.ground.shop_id) == "ok"


async def test_a_pack_and_a_word_of_it_can_be_switched(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)

    async def level(text: str) -> str:
        return str((await client.post("/v1/guards/check", json={"text": text})).json()["level"])

    assert await level("这款能降血压") == "ok"
    assert (await client.put("/v1/guards/packs/food", json={"is_on": True})).json()["is_on"]
    assert await level("这款能降血压") == "block"
    found = (await client.get("/v1/guards/packs/food/words?q=降血压")).json()["items"]
    assert "food/降血压" in [one["entry"] for one in found]
    await client.put("/v1/guards/switches", json={"entry": "food/降血压", "level": "off"})
    assert await level("这款能降血压") == "ok"
    await client.put("/v1/guards/switches", json={"entry": "food/降血压", "level": None})
    assert await level("这款能降血压") == "block"
    await client.put("/v1/guards/packs/food", json={"is_on": False})
    assert await level("这款能降血压") == "ok"


async def test_a_word_is_tried_on_what_was_said_before_it_is_saved(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    agent = await stage.new_agent()
    conversation, _ = await stage.waiting_conversation()
    for text in ("亲，包邮哦", "包邮到家", "今天发货"):
        await stage.speak(conversation, agent, text)
    body = {"word": {"words": "包邮", "level": "block", "proposal": "免运费"}, "text": "全场包邮"}
    tried = (await client.post("/v1/guards/trial", json=body)).json()
    assert (tried["looked"], tried["stopped"], tried["checked"]["text"]) == (3, 2, "全场免运费")
    assert (await client.get("/v1/guards/words")).json()["items"] == []


async def test_own_words_travel_as_a_table_and_formulas_are_quoted(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    table = "words,level,proposal,unless,reason,is_on\n=SUM(A1),warn,,,,1\n老汤底,拦,传统汤底,不是~|没有~,没有依据,1\n"
    assert (await client.post("/v1/guards/words/import", json={"table": table})).json() == {"words": 2}
    exported = (await client.get("/v1/guards/words/export")).content.decode("utf-8-sig")
    assert "'=SUM(A1)" in exported
    assert "不是~|没有~" in exported
    assert (await client.post("/v1/guards/words/import", json={"table": exported})).json() == {"words": 2}
    assert len((await client.get("/v1/guards/words")).json()["items"]) == 2
    refused = await client.post("/v1/guards/words/import", json={"table": "老汤底,block\n最,block\n"})
    assert refused.status_code == 400
    assert "2" in refused.json()["fields"]["table"]


async def test_saved_replies_are_looked_at_when_saved_and_when_the_words_change(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)

    async def save(title: str, text: str) -> dict[str, Any]:
        body = {"title": title, "text": text, "folder": "", "is_shared": True}
        answer = await client.post("/v1/saved-replies", json=body, headers={"Idempotency-Key": secrets.token_hex(8)})
        saved: dict[str, Any] = answer.json()
        return saved

    assert (await save("坏的", "我们是全国第一品牌"))["verdict"]["level"] == "rewrite"
    assert (await save("好的", "传统老汤底，慢火熬煮"))["verdict"] is None
    await _add(client, words="老汤底", level="block")
    jobs = await stage.do(lambda tx: tx.fetch("select ref from jobs where kind = 'check_saved_replies'"))
    assert jobs
    guards = WordGuards(stage.ground.db)
    for _ in range(2):
        await check_saved(guards, stage.ground.db, Job(1, stage.workspace_id, "", "", "", {}, 1))
    replies = {one["title"]: one["verdict"] for one in (await client.get("/v1/saved-replies")).json()["items"]}
    assert (replies["坏的"]["level"], replies["好的"]["level"]) == ("rewrite", "block")


async def test_the_contact_policy_of_the_channel_binds_agents(stage: Stage, door: Door) -> None:
    client = await _admin(stage, door)
    conversation, _ = await stage.waiting_conversation()
    assert (await _send(client, conversation, "方便留个电话吗？我让同事联系您")).status_code == 201
    answer = await client.put("/v1/guards/contact-policies/website", json={"may_ask": "card"})
    assert answer.json()["may_ask"] == "card"
    for text in ("方便留个电话吗？", "我的手机 138 0013 8000", "看 www.example.com/a", "加薇❤聊"):
        assert (await _send(client, conversation, text)).json()["code"] == "words_blocked", text
    assert (await _send(client, conversation, "请提供订单号和收货手机号后四位")).status_code == 201
    refused = await client.put("/v1/guards/contact-policies/taobao", json={"may_ask": "text"})
    assert refused.status_code == 400


async def test_only_managers_change_what_may_be_said(stage: Stage, door: Door) -> None:
    agent = await door.agent(await stage.new_agent())
    for method, path, body in (
        ("PUT", "/v1/guards/packs/food", {"is_on": True}),
        ("PUT", "/v1/guards/switches", {"entry": "food/降血压", "level": "off"}),
        ("POST", "/v1/guards/words", {"words": "老汤底"}),
        ("POST", "/v1/guards/words/import", {"table": "老汤底,block"}),
        ("PUT", "/v1/guards/contact-policies/website", {"may_ask": "never"}),
    ):
        answer = await agent.request(method, path, json=body, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 403, path
    assert (await agent.get("/v1/guards/packs")).status_code == 200
