"""A running emulated endpoint with its waits scaled to milliseconds, and the door out."""

from collections.abc import AsyncIterator

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing


@pytest.fixture
async def endpoint() -> AsyncIterator[ChatEndpoint]:
    async with ChatEndpoint(scale=0.01) as running:
        yield running


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    door = Outgoing()
    yield door
    await door.close()
