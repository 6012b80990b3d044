"""A stage with a library, and the follower of questions run on demand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import Ground
from tests.conversations.stage import Stage
from tests.door_of_rooms import room_outgoing, room_secrets, rooms
from tests.learning import Learning, learning
from yingke.assistants.wants_person import wants_person
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier
from yingke.kit.jobs import Job
from yingke.knowledge.questions.follow import follow_questions

__all__ = ["learning", "room_outgoing", "room_secrets", "rooms"]


@dataclass
class Asking:
    """Conversations with questions, and the job that reads them."""

    stage: Stage
    learning: Learning

    @property
    def workspace_id(self) -> int:
        return self.stage.workspace_id

    async def follow(self) -> None:
        job = Job(1, self.workspace_id, "questions", "follow_questions", "follow", {}, 1)
        await follow_questions(self.stage.ground.db, self.learning.library, wants_person, job)

    async def talk(
        self, *questions: str, answers: bool | None = False, text: str = "资料里没有写到。"
    ) -> tuple[int, int]:
        """(conversation, identity): each question answered, not answered, or (None) left alone."""
        conversation_id, identity_id = await self.stage.ground.new_conversation()
        for question in questions:
            stored = await self.stage.ask(conversation_id, identity_id, question)
            if answers is not None:
                trace = {
                    "question": question,
                    "decision": {"answer": answers, "confidence": 0.9 if answers else 0.2, "reasons": []},
                }
                await self.stage.answer(conversation_id, stored.seq, text=text, trace=trace)
        return conversation_id, identity_id

    async def asked(self) -> list[dict[str, Any]]:
        rows = await self.stage.do(lambda tx: tx.fetch("select * from asked_questions order by id"))
        return [dict(row) for row in rows]

    async def clusters(self) -> list[dict[str, Any]]:
        rows = await self.stage.do(lambda tx: tx.fetch("select * from question_clusters order by times desc, id"))
        return [dict(row) for row in rows]


NewAsking = Callable[[], Awaitable[Asking]]


@pytest.fixture
async def asking(ground: Ground, learning: Learning) -> Asking:
    return Asking(Stage(ground, Receiver(ground.db, "test"), Replier(ground.db)), learning)
