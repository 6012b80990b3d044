"""A running emulated endpoint with its waits scaled to milliseconds, and the door out."""

from collections.abc import AsyncIterator

import pytest

from tests.door_of_rooms import room_outgoing, room_secrets, rooms
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.learning import learning
from yingke.kit.http import Outgoing

__all__ = ["endpoint", "learning", "outgoing", "room_outgoing", "room_secrets", "rooms"]


@pytest.fixture
async def endpoint() -> AsyncIterator[ChatEndpoint]:
    async with ChatEndpoint(scale=0.01) as running:
        yield running


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    door = Outgoing()
    yield door
    await door.close()
