"""One encoder for the room's tests, a library over real files, and questions as turns ask them."""

from collections.abc import Awaitable, Callable

import pytest

from tests.conftest import Ground
from tests.door_of_rooms import room_outgoing, room_secrets, rooms
from tests.learning import Learning, learning
from yingke.assistants.engine import Question, Said

__all__ = ["learning", "room_outgoing", "room_secrets", "rooms"]

NewQuestion = Callable[..., Awaitable[Question]]


@pytest.fixture
def new_question(learning: Learning) -> NewQuestion:
    async def make(
        ground: Ground,
        *texts: str,
        history: tuple[Said, ...] = (),
        language: str = "zh-CN",
        shop_id: int | None = None,
        has_attachment: bool = False,
    ) -> Question:
        return Question(
            workspace_id=ground.workspace_id,
            shop_id=shop_id or ground.shop_id,
            knowledge_version=await learning.version(ground),
            conversation_id=1,
            texts=texts,
            history=history,
            language=language,
            has_attachment=has_attachment,
        )

    return make
