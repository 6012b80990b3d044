"""A stage for every test of this room."""

import pytest

from tests.conftest import Ground
from tests.conversations.stage import Stage
from tests.routing.desk import Desk
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier


@pytest.fixture
async def stage(ground: Ground) -> Stage:
    return Stage(ground, Receiver(ground.db, "test"), Replier(ground.db))


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)
