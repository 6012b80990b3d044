"""Agents see a foreign customer's words in Chinese when a model is set, and are told how to get that when none is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.conversations.door import Door
from tests.conversations.stage import Stage
from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.conversations.translation.translate_talk import KIND, needs_translation, translate_talk
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job, RetryJob
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.models.endpoints import EndpointWish, create_endpoint
from yingke.models.switchboard import Switchboard
from yingke.workspaces.caller import Caller


@dataclass
class Talk:
    stage: Stage
    desk: httpx.AsyncClient
    switchboard: Switchboard
    conversation_id: int

    async def add_model(self, endpoint: ChatEndpoint) -> None:
        caller = Caller(self.stage.workspace_id, self.stage.ground.agent_id, None, "owner")
        wish = EndpointWish(name="m", base_url=endpoint.base_url, model="m-1", is_enabled=True)
        await self.stage.do(lambda tx: create_endpoint(tx, caller, Secrets(b"k" * 32), wish))

    async def jobs(self) -> list[Job]:
        rows = await self.stage.do(
            lambda tx: tx.fetch("select * from jobs where kind = $1 and ref = $2", KIND, str(self.conversation_id))
        )
        return [Job(r["id"], r["workspace_id"], r["lane"], r["kind"], r["ref"], r["data"], 1) for r in rows]

    def path(self, end: str) -> str:
        return f"/v1/conversations/{self.conversation_id}/{end}"

    async def call(self, method: str, end: str, body: Any = None, expect: int = 200) -> Any:
        answer = await self.desk.request(method, self.path(end), json=body)
        assert answer.status_code == expect, answer.text
        return answer.json()


@pytest.fixture
async def endpoint() -> AsyncIterator[ChatEndpoint]:
    async with ChatEndpoint(scale=0.01) as running:
        yield running


@pytest.fixture
async def talk(stage: Stage, door: Door) -> AsyncIterator[Talk]:
    conversation_id, identity_id = await stage.ground.new_conversation()
    await stage.ask(conversation_id, identity_id, "Where is my parcel? Order QX-D0001")
    await stage.do(lambda tx: tx.execute("update conversations set language = 'en' where id = $1", conversation_id))
    outgoing = Outgoing()
    switchboard = Switchboard(stage.ground.db, outgoing, Secrets(b"k" * 32), Settings(allow_private_urls=True))
    yield Talk(stage, await door.agent(await stage.new_agent()), switchboard, conversation_id)
    await outgoing.close()


async def test_without_a_model_nothing_is_invented(talk: Talk) -> None:
    view = await talk.call("POST", "translations")
    assert view == {"language": "en", "is_on": True, "is_available": False, "items": []}
    assert await talk.jobs() == []
    refused = await talk.call("POST", "draft-translation", {"text": "已经发货了"}, 409)
    assert refused["code"] == "no_translation"
    assert "设置 → 模型" in refused["detail"]


async def test_a_job_translates_what_is_missing_and_keeps_the_original(talk: Talk, endpoint: ChatEndpoint) -> None:
    await talk.add_model(endpoint)
    assert (await talk.call("POST", "translations"))["is_available"]
    (job,) = await talk.jobs()
    await translate_talk(talk.stage.ground.db, talk.switchboard, job)
    items = (await talk.call("GET", "translations"))["items"]
    assert [item["seq"] for item in items] == [1]
    assert items[0]["text"]
    calls = endpoint.calls
    await translate_talk(talk.stage.ground.db, talk.switchboard, job)
    assert endpoint.calls == calls
    messages = (await talk.call("GET", "messages"))["items"]
    assert messages[0]["text"] == "Where is my parcel? Order QX-D0001"
    told = await talk.stage.do(
        lambda tx: tx.fetchval(
            "select seq from events where type = 'message_translated' and conversation_id = $1", talk.conversation_id
        )
    )
    assert told == 1


async def test_a_model_that_does_not_answer_is_asked_again_later(talk: Talk, endpoint: ChatEndpoint) -> None:
    await talk.add_model(endpoint)
    endpoint.behave("server_error")
    await talk.call("POST", "translations")
    (job,) = await talk.jobs()
    with pytest.raises(RetryJob):
        await translate_talk(talk.stage.ground.db, talk.switchboard, job)
    assert (await talk.call("GET", "translations"))["items"] == []


async def test_a_draft_is_shown_in_the_customers_language_and_not_sent(talk: Talk, endpoint: ChatEndpoint) -> None:
    await talk.add_model(endpoint)
    before = len((await talk.call("GET", "messages"))["items"])
    view = await talk.call("POST", "draft-translation", {"text": "已经发货了，电话 13800138000"})
    assert view["language"] == "en"
    assert view["text"]
    assert "13800138000" not in str(endpoint.seen[-1].body)
    assert len((await talk.call("GET", "messages"))["items"]) == before


async def test_it_is_switched_for_one_talk(talk: Talk) -> None:
    assert not (await talk.call("PUT", "translation", {"is_on": False}))["is_on"]
    assert not (await talk.call("GET", "translations"))["is_on"]
    assert (await talk.call("PUT", "translation", {"is_on": True}))["is_on"]


@pytest.mark.parametrize(
    ("text", "needs"),
    [("Where is it?", True), ("你好", False), ("QX-D0001 到哪了", False), ("12345", False), ("👍", False), ("いつ届きますか", True), ("谢谢", False)],
)  # fmt: skip
def test_only_what_agents_cannot_read_is_translated(text: str, needs: bool) -> None:
    assert needs_translation(text) is needs
