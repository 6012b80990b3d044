"""Stands before the engine of a process: who has waited long for his answer gets one that takes less time."""

from dataclasses import replace

from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.pace import NOTICE, QUOTED, Pace
from yingke.kit.errors import Problem
from yingke.knowledge.languages import read_language
from yingke.knowledge.not_knowing import in_speech
from yingke.models.switchboard import Switchboard

_NOTICE = {
    "zh": "现在咨询的人特别多，暂时没能细看您的问题，抱歉让您久等。您可以稍后再发一次，或点「转人工」、留下联系方式，我们会尽快回复您。",
    "en": "So many people are writing right now that your question could not be looked into yet; sorry for the wait."
    " Send it again in a little while, or ask for a person or leave your contact details, and we will get back to you.",
}


class SteppedEngine(Engine):
    """`pace` knows how long the turn has waited; `switchboard`, whether models speak for its workspace."""

    def __init__(self, engine: Engine, pace: Pace, switchboard: Switchboard) -> None:
        self._engine = engine
        self._pace = pace
        self._switchboard = switchboard

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        level = self._pace.level_of(question.conversation_id)
        if level >= NOTICE:
            return _notice(question)
        if level < QUOTED or not await self._has_models(question.workspace_id):
            return await self._engine.answer(question, on_delta)
        quoted = replace(question, otherwise=replace(question.otherwise, engine="embedded"))
        reply = await self._engine.answer(quoted, on_delta)
        reply.degraded_level = max(reply.degraded_level, QUOTED)
        return reply

    async def _has_models(self, workspace_id: int) -> bool:
        try:
            line = await self._switchboard.line_of(workspace_id)
        except Problem:
            return False
        return bool(line.of("answer") or line.of("small"))


def _notice(question: Question) -> Reply:
    """A fixed sentence at step 3 of the ladder: said in time, it keeps the customer from waiting for nothing."""
    language = read_language("\n".join(question.texts), question.language)
    text = in_speech("crowd", language, _NOTICE["zh"], _NOTICE["en"])
    return Reply(
        text,
        {"engine": "notice"},
        degraded_level=NOTICE,
        offers_person=True,
        may_comfort=False,
        trace={
            "question": "\n".join(question.texts)[:200],
            "engine": "notice",
            "language": language,
            "decision": {"answer": False, "confidence": 0.0, "reasons": ["crowd"]},
        },
    )
