"""Another workspace's ids are 404 on every operation that the product publishes, and its words appear nowhere."""

import json
import re
from typing import Any

import pytest

from benchmarks.product import Product
from tests.journeys.conftest import OpenVisitor
from tests.journeys.people import PATIENCE, Agent

CANARY = "canary-7f3e-蜥蜴"
PUBLIC = ("/v1/widget/", "/v1/auth/", "/v1/invitations/{token}", "/v1/demo")


async def _furnish_shop(owner: Agent) -> dict[str, str]:
    """A product, its offers, an order, and something asked of it."""
    variant = {"price_minor": 100, "sku": CANARY}
    product = await owner.post("/v1/products", {"title": CANARY, "code": CANARY, "variants": [variant]})
    promotion = {"name": CANARY, "kind": "every_reduce", "terms": {"every_minor": 100, "off_minor": 1}}
    item = {"title": CANARY, "quantity": 1, "price_minor": 100}
    order = {"number": "ZZ-7301", "items": [item], "total_minor": 100, "state": "delivered", "buyer_name": CANARY}
    await owner.post(
        "/v1/orders/import", {"orders": [{**order, "phone": "13800007301", "delivered_at": "2020-01-01T00:00:00Z"}]}
    )
    order_id = (await owner.get("/v1/orders"))["items"][0]["id"]
    request = {"order_id": order_id, "kind": "invoice", "reason": CANARY}
    return {
        "products": product["id"],
        "promotions": (await owner.post("/v1/promotions", promotion))["id"],
        "coupons": (await owner.post("/v1/coupons", {"name": CANARY, "code": "ZZ", "off_minor": 1}))["id"],
        "orders": order_id,
        "order-requests": (await owner.post("/v1/order-requests", request))["id"],
    }


async def _furnish_tool(owner: Agent) -> str:
    said = {"zh": CANARY}
    config = {
        "name": CANARY,
        "about": CANARY,
        "examples": ["a1", "b2", "c3"],
        "url": "https://example.com/x",
        "answer": said,
        "nothing": said,
    }
    tool = await owner.post("/v1/own-tools", {"config": config})
    return str(tool["id"])


async def _furnish(owner: Agent, open_visitor: OpenVisitor) -> dict[str, str]:
    """One of everything in the owner's workspace; path parameter or first path part → id."""
    document = await owner.learn(f"{CANARY}.md", f"# {CANARY}\n\n{CANARY} 的保修期是三年零两个月。\n".encode())
    visitor = await open_visitor(owner.site_key)
    ack = await visitor.send(CANARY)
    conversation = ack["conversation_id"]
    answer = await visitor.ask(f"{CANARY} 保修多久")
    messages = (await owner.get(f"/v1/conversations/{conversation}/messages"))["items"]
    await owner.post(f"/v1/conversations/{conversation}/notes", {"text": CANARY})
    hook = await owner.post("/v1/webhooks", {"url": "https://example.com/hook", "types": [], "description": CANARY})
    key = await owner.post("/v1/api-keys", {"name": CANARY, "scopes": ["events:read"]})
    reply = await owner.post("/v1/saved-replies", {"title": CANARY, "text": CANARY, "folder": "", "is_shared": True})
    pairs = await owner.post("/v1/knowledge/qa-pairs", {"items": [{"questions": [CANARY], "answer": CANARY}]})
    source = await owner.post("/v1/knowledge/sources", {"kind": "page", "url": "http://127.0.0.1:9/"})
    invitation = await owner.post("/v1/invitations", {"role": "agent"})
    word = await owner.post("/v1/guards/words", {"words": CANARY})
    follow_up = await owner.post("/v1/follow-ups", {"conversation_id": conversation, "title": CANARY})
    group = await owner.post("/v1/groups", {"name": CANARY})
    model = await owner.post("/v1/model-endpoints", {"name": CANARY, "base_url": "http://127.0.0.1:9/v1", "model": "m"})
    form = {"base_url": "http://127.0.0.1:9"}
    shop = await owner.post("/v1/shop-connections", {"provider": "http_shop", "name": CANARY, "form": form})
    sessions = (await owner.get("/v1/sessions"))["items"]
    return {
        "agents": owner.me["agent"]["id"],
        "shops": owner.me["shops"][0]["id"],
        "contacts": visitor.session["contact_id"],
        "conversations": conversation,
        "documents": document["id"],
        "qa-pairs": pairs["items"][0]["id"],
        "merges": pairs["items"][0]["id"],
        "sources": source["id"],
        "webhooks": hook["id"],
        "shop-connections": shop["id"],
        "own-tools": await _furnish_tool(owner),
        "api-keys": key["id"],
        "saved-replies": reply["id"],
        "invitations": invitation["id"],
        "groups": group["id"],
        "words": word["id"],
        "follow-ups": follow_up["id"],
        "model-endpoints": model["id"],
        "sessions": sessions[0]["id"],
        "traces": next(str(one["trace_id"]) for one in messages if one.get("trace_id")),
        "messages": answer["id"],
        **await _furnish_shop(owner),
    }


def _fill(path: str, ids: dict[str, str]) -> str | None:
    """The path with the other workspace's ids; an id that it never had where we have none of that kind."""

    def id_for(match: re.Match[str]) -> str:
        before = path[: match.start()].rstrip("/").rpartition("/")[2]
        return ids.get(before, "999999999")

    return re.sub(r"\{[^}]+\}", id_for, path)


BODIES: dict[str, Any] = {
    "messages": {"type": "text", "text": "x"}, "notes": {"text": "x"}, "read": {"seq": 1}, "take-over": {}, "closure": {},
    "transfer": {"group_id": "1"}, "mode": {"usual": "assistant_only"}, "capacity": {"most_open": 1},
    "translation": {"is_on": True}, "draft-translation": {"text": "x"},
}  # fmt: skip


async def test_another_workspaces_ids_are_not_found_on_every_operation(
    product: Product, owner: Agent, open_visitor: OpenVisitor
) -> None:
    ids = await _furnish(owner, open_visitor)
    stranger = Agent(product)
    try:
        await stranger.sign_up("别家店")
        schema = await stranger.get("/openapi.json")
        wrong, tried = [], 0
        for path, operations in schema["paths"].items():
            if "{" not in path or path.startswith(PUBLIC):
                continue
            for method in operations:
                filled = _fill(path, ids)
                body = BODIES.get(path.rsplit("/", 1)[-1], {})
                status, answer = await stranger.request(method.upper(), filled, None if method == "get" else body)
                tried += 1
                text = json.dumps(answer, ensure_ascii=False)
                # A body that does not fit may be refused before anything is looked up; nothing else may be told.
                if CANARY in text or status not in (404, 400, 415, 422):
                    wrong.append((method, filled, status, text[:120]))
        assert wrong == []
        assert tried >= 30
        for path in ("/v1/conversations?view=all", "/v1/knowledge/documents", "/v1/events", "/v1/webhooks", "/v1/shop-connections", "/v1/own-tools", "/v1/api-keys", "/v1/groups", "/v1/queue",
                     "/v1/products?search=" + CANARY, "/v1/orders", "/v1/promotions", "/v1/coupons", "/v1/order-requests",
                     "/v1/saved-replies", "/v1/guards/words", "/v1/guards/stops", "/v1/follow-ups", "/v1/knowledge/gaps", "/v1/knowledge/qa-pairs",
                     "/v1/knowledge/sources", "/v1/knowledge/qa-pairs/export", "/v1/audit-log", f"/v1/knowledge/search?q={CANARY}"):  # fmt: skip
            assert CANARY not in json.dumps(await stranger.get(path), ensure_ascii=False), path
        answer = await stranger.post("/v1/ask", {"question": f"{CANARY} 的保修期"})
        assert "三年零两个月" not in json.dumps(answer, ensure_ascii=False)
    finally:
        await stranger.close()
    row = await owner.get(f"/v1/conversations/{ids['conversations']}")
    assert row["handled_by"] == "assistant", "a stranger moved it"


async def test_one_visitor_cannot_read_rate_or_hand_over_anothers_conversation(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    first, second = await open_visitor(owner.site_key), await open_visitor(owner.site_key)
    ack = await first.send("我的秘密")
    conversation = ack["conversation_id"]
    headers = {"Authorization": f"Bearer {second.token}"}
    calls = [
        ("GET", f"/v1/widget/messages?conversation_id={conversation}", None),
        ("POST", "/v1/widget/hand-off", {"conversation_id": conversation}),
        ("POST", "/v1/widget/ratings", {"conversation_id": conversation, "score": "bad"}),
        ("POST", "/v1/widget/feedback", {"message_id": ack["id"], "verdict": "up"}),
        ("POST", "/v1/widget/messages", {"type": "text", "text": "混进来", "conversation_id": conversation}),
    ]
    for method, path, body in calls:
        more = {**headers, "Idempotency-Key": "x"}
        async with second.http.request(method, path, json=body, headers=more) as answer:
            assert answer.status == 404, (path, await answer.text())
    assert second.socket is not None
    await second.socket.send_json(
        {
            "type": "send",
            "client_message_id": "z",
            "message_type": "text",
            "text": "混",
            "conversation_id": conversation,
        }
    )
    refused = await second.until(lambda frame: frame["type"] == "refused")
    assert refused["status"] == 404
    resumed = await second.http.ws_connect("/v1/widget/stream")
    await resumed.send_json({"type": "hello", "visitor_token": second.token, "cursors": {conversation: 0}})
    kinds = [(await resumed.receive_json(timeout=PATIENCE))["type"] for _ in range(2)]
    assert kinds == ["ready", "resync"]
    await resumed.close()


@pytest.mark.parametrize("token", ["", "yv_wrong", "x" * 300, "é", "null"])
async def test_a_forged_visitor_token_opens_nothing(
    product: Product, owner: Agent, open_visitor: OpenVisitor, token: str
) -> None:
    visitor = await open_visitor(owner.site_key)
    socket = await visitor.http.ws_connect("/v1/widget/stream")
    await socket.send_json({"type": "hello", "visitor_token": token, "cursors": {}})
    closed = await socket.receive(timeout=PATIENCE)
    assert (closed.data, socket.close_code) == (4001, 4001)
