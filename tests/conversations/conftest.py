"""A stage for every test of this room, and its door."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Ground
from tests.conversations.door import Door, open_door
from tests.conversations.stage import Stage
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier
from yingke.kit.files import Files


@pytest.fixture
async def stage(ground: Ground) -> Stage:
    return Stage(ground, Receiver(ground.db, "test"), Replier(ground.db))


@pytest.fixture
async def door(stage: Stage, tmp_path: Path) -> AsyncIterator[Door]:
    opened = open_door(stage, Files(tmp_path, b"k" * 32))
    yield opened
    await opened.outgoing.close()
