"""An agent sends a product: price and stock come from the shop at that moment."""

from typing import Any

import httpx

from tests.commerce.things import simple, tent
from tests.conversations.door import Door
from tests.conversations.stage import Stage
from yingke.commerce.shapes import Stock
from yingke.commerce.store.put_products import put_products
from yingke.commerce.store.put_stock import put_stock
from yingke.conversations.transcript import transcript


async def _put(stage: Stage, *products: Any) -> list[str]:
    await stage.do(lambda tx: put_products(tx, stage.workspace_id, None, list(products)))
    rows = await stage.do(lambda tx: tx.fetch("select id from products order by id"))
    return [str(row["id"]) for row in rows]


async def _send(client: httpx.AsyncClient, conversation: int, key: str, *ids: str, **more: Any) -> httpx.Response:
    body = {"type": "text", "cards": [{"kind": "product", "product_id": id} for id in ids], **more}
    return await client.post(f"/v1/conversations/{conversation}/messages", json=body, headers={"Idempotency-Key": key})


async def test_a_card_carries_the_price_and_stock_of_its_moment_and_is_sent_once(stage: Stage, door: Door) -> None:
    [tent_id] = await _put(stage, tent())
    conversation, _ = await stage.waiting_conversation()
    agent = await door.agent(await stage.new_agent())
    first = await _send(agent, conversation, "k1", tent_id)
    assert first.status_code == 201, first.text
    [card] = first.json()["cards"]
    assert (card["kind"], card["title"], card["price"], card["in_stock"]) == (
        "product",
        "两人三季帐",
        "499.00 元",
        True,
    )
    assert "text" not in first.json()
    await stage.do(lambda tx: put_stock(tx, stage.workspace_id, None, [Stock("QS-T2-G", 0)]))
    again = await _send(agent, conversation, "k1", tent_id)
    assert (again.status_code, again.json()["cards"]) == (200, [card])
    second = await _send(agent, conversation, "k2", tent_id)
    assert second.json()["cards"][0]["in_stock"] is False
    preview = await stage.do(
        lambda tx: tx.fetchval("select last_preview from conversations where id = $1", conversation)
    )
    assert preview.startswith("[商品] 两人三季帐 · 499.00 元")
    text, _ = await stage.do(lambda tx: transcript(tx, stage.workspace_id, conversation, "txt", "zh-CN"))
    assert "    [商品] 两人三季帐 · 499.00 元 · 有货\n" in text


async def test_what_is_not_sold_here_and_forbidden_titles_are_refused(stage: Stage, door: Door) -> None:
    ids = await _put(stage, simple("A1", "旧款帐篷", 9, is_listed=False), simple("A2", "全国第一品牌帐篷", 9), tent())
    conversation, _ = await stage.waiting_conversation()
    agent = await door.agent(await stage.new_agent())
    assert (await _send(agent, conversation, "k1", ids[0])).status_code == 400
    assert (await _send(agent, conversation, "k2", "999999")).status_code == 400
    assert (await _send(agent, conversation, "k3", ids[1])).json()["code"].startswith("words_")
    assert (await _send(agent, conversation, "k4")).status_code == 400
    assert (await _send(agent, conversation, "k5", *[ids[2]] * 4)).status_code == 400
    said = await _send(agent, conversation, "k6", ids[2], text="这款双门，透气好")
    assert (said.status_code, said.json()["text"]) == (201, "这款双门，透气好")
