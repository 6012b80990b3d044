"""A rule is written, tried on the past, switched on, and acts; then it is taken back."""

import asyncio
from typing import Any

from benchmarks.product import Product
from tests.journeys.conftest import OpenVisitor
from tests.journeys.people import PATIENCE, Agent

RULE = {
    "id": "wholesale",
    "name": "批发咨询",
    "conditions": [{"type": "says", "words": ["批发", "团*购"]}],
    "act": "hand_over",
}


async def put_draft(owner: Agent, rules: list[Any]) -> Any:
    status, answer = await owner.request("PUT", "/v1/rules/draft", {"rules": rules})
    assert status == 200, answer
    return answer


async def ask_anew(open_visitor: OpenVisitor, owner: Agent) -> dict[str, Any]:
    return await (await open_visitor(owner.site_key)).ask("想团体采购，能批发吗")


async def test_a_rule_is_tried_on_the_past_and_then_acts(
    product: Product, owner: Agent, open_visitor: OpenVisitor
) -> None:
    await owner.learn("店铺.md", "# 批发\n\n## 可以批发吗?\n可以批发，十件起。\n".encode())
    past = await open_visitor(owner.site_key)
    first = await past.ask("你们可以批发吗")
    assert first["from"] == "assistant"

    started = await owner.post("/v1/rules/trials", {"rules": [RULE], "days": 7})
    for _ in range(10 * PATIENCE):
        trial = await owner.get(f"/v1/rules/trials/{started['id']}")
        if trial["state"] == "done":
            break
        await asyncio.sleep(0.1)
    assert (trial["handed"], trial["handed_now"], trial["newly"]) == (1, 0, 1)
    assert trial["by_rule"] == [{"rule_id": "wholesale", "name": "批发咨询", "count": 1}]
    cases = (await owner.get(f"/v1/rules/trials/{started['id']}/conversations?kind=newly"))["items"]
    assert [one["conversation"]["id"] for one in cases] == [first["conversation_id"]]

    draft = await put_draft(owner, [RULE])
    assert draft["rules"][0]["says_zh"] == "当客户说到「批发」、「团*购」时，立即转人工。"
    live = await owner.post("/v1/rules/live", {"note": "试一周"})
    assert live["state"] == "live"
    assert (await owner.get("/v1/rules"))["draft"] is None
    async with asyncio.timeout(PATIENCE):
        # It holds for everybody after five seconds.
        while (heard := await ask_anew(open_visitor, owner))["from"] != "system":
            await asyncio.sleep(0.5)
    seen = await owner.get(f"/v1/conversations/{heard['conversation_id']}")
    assert seen["handled_by"] == "queue"
    assert seen["hand_off_reason"] == "rule:wholesale:批发咨询"

    await put_draft(owner, [])
    await owner.post("/v1/rules/live", {})
    versions = (await owner.get("/v1/rules/versions"))["items"]
    assert [len(one["rules"]) for one in versions] == [0, 1]
    back = await owner.post(f"/v1/rules/versions/{versions[1]['id']}/restoration")
    assert [one["rule"]["id"] for one in back["rules"]] == ["wholesale"]


async def test_a_wrong_rule_is_refused_and_says_what_is_wrong(owner: Agent) -> None:
    status, answer = await owner.request("PUT", "/v1/rules/draft", {"rules": [RULE | {"conditions": []}]})
    assert status == 400
    assert "conditions" in answer["fields"]["rules"]
    status, _ = await owner.request("PUT", "/v1/rules/draft", {"rules": [RULE, RULE]})
    assert status == 400
    checked = await owner.post("/v1/rules/check", {"rules": [RULE], "text": "批 发 价多少"})
    assert checked == {"rule_id": "wholesale", "name": "批发咨询"}
