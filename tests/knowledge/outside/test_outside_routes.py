"""The search settings over HTTP: keys stay inside, abroad needs consent, the check button calls once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.door_of_rooms import Rooms
from tests.emulators.embedding_endpoint import EmbeddingEndpoint
from tests.workspaces.conftest import Browser

SETTINGS = "/v1/knowledge/search-settings"


@pytest.fixture
async def endpoint() -> AsyncIterator[EmbeddingEndpoint]:
    async with EmbeddingEndpoint() as running:
        yield running


def wish(endpoint: EmbeddingEndpoint, **more: Any) -> dict[str, Any]:
    return {"base_url": endpoint.base_url, "model": "m", **more}


async def put(browser: Browser, **parts: Any) -> Any:
    return await browser.call("PUT", SETTINGS, json={"embedding": None, "reranker": None, **parts})


async def test_what_is_chosen_is_shown_without_its_key(rooms: Rooms, endpoint: EmbeddingEndpoint) -> None:
    browser = await rooms.door.owner()
    assert (await browser.get(SETTINGS)) == {"embedding": None, "reranker": None, "is_large": False}
    answer = await put(browser, embedding=wish(endpoint, api_key="sk-secret", dimensions=128))
    assert answer.status_code == 200, answer.text
    assert "sk-secret" not in answer.text
    shown = answer.json()["embedding"]
    assert (shown["has_api_key"], shown["location"], shown["dimensions"]) == (True, "local", 128)
    assert (shown["is_used"], shown["learned"], shown["total"], shown["failed"]) == (False, 0, 0, None)
    kept = (await put(browser, embedding=wish(endpoint))).json()["embedding"]
    assert kept["has_api_key"]
    forgotten = (await put(browser, embedding=wish(endpoint, api_key=None))).json()["embedding"]
    assert not forgotten["has_api_key"]


async def test_a_key_is_never_sent_to_another_host(rooms: Rooms, endpoint: EmbeddingEndpoint) -> None:
    browser = await rooms.door.owner()
    await put(browser, embedding=wish(endpoint, api_key="sk-secret"))
    other = {"base_url": "http://127.0.0.1:9/v1", "model": "m"}
    assert not (await put(browser, embedding=other)).json()["embedding"]["has_api_key"]


async def test_abroad_needs_somebody_to_agree(rooms: Rooms) -> None:
    browser = await rooms.door.owner()
    abroad = {"base_url": "https://api.jina.ai/v1", "model": "jina-reranker-v3"}
    answer = await put(browser, reranker=abroad)
    assert answer.status_code == 409
    assert "abroad_not_confirmed" in answer.text
    agreed = await put(browser, reranker={**abroad, "abroad_confirmed": True})
    assert agreed.status_code == 200
    assert agreed.json()["reranker"]["location"] == "abroad"
    check = {"part": "reranker", "endpoint": abroad}
    checked = await browser.call("POST", f"{SETTINGS}/check", json=check)
    assert checked.json()["reason"] == "abroad_not_confirmed"


@pytest.mark.parametrize("part", ["embedding", "reranker"])
async def test_the_check_button_says_in_a_sentence_what_is_wrong(
    rooms: Rooms, endpoint: EmbeddingEndpoint, part: str
) -> None:
    browser = await rooms.door.owner()

    async def check() -> Any:
        answer = await browser.call("POST", f"{SETTINGS}/check", json={"part": part, "endpoint": wish(endpoint)})
        assert answer.status_code == 200, answer.text
        return answer.json()

    good = await check()
    assert good["ok"]
    assert good["dimensions"] == (64 if part == "embedding" else None)
    endpoint.behave("unauthorized")
    bad = await check()
    assert (bad["ok"], bad["reason"]) == (False, "401:invalid_api_key")
    assert "密钥" in bad["sentence"]


async def test_bad_values_are_named(rooms: Rooms, endpoint: EmbeddingEndpoint) -> None:
    browser = await rooms.door.owner()
    for bad in ({"dimensions": 3}, {"base_url": "ftp://x"}, {"model": " "}):
        assert (await put(browser, embedding=wish(endpoint) | bad)).status_code == 400, bad
    answer = await browser.call("POST", f"{SETTINGS}/check", json={"part": "chat", "endpoint": wish(endpoint)})
    assert answer.status_code == 400
