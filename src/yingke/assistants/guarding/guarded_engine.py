"""Stands before every engine: danger goes to a person without asking it, and nothing it says leaves unchecked."""

import asyncio

from yingke.assistants.engine import AS_LIVE, Engine, OnDelta, Question, Reply
from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.guarding.speech import SpeechGuard, TurnSpeech
from yingke.knowledge.languages import read_language

DANGER = "danger:"


class GuardedEngine(Engine):
    """The engine of one process as the house uses it, for live turns, trials and evaluations alike."""

    def __init__(self, engine: Engine, speech: SpeechGuard) -> None:
        self._engine = engine
        self._speech = speech
        self._keeping: set[asyncio.Task[None]] = set()

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        """At a danger topic one neutral sentence with `hand_off` set; otherwise what the engine says, checked."""
        language = read_language("\n".join(question.texts), question.language)
        topic = next((found for text in question.texts if (found := danger_of(text))), None)
        if topic is not None:
            return await self._danger(question, topic, language)
        speech = await self._speech.for_turn(question.workspace_id, question.shop_id, language)
        answered = await self._engine.answer(question, speech.stream(on_delta))
        if (answered.hand_off or "").startswith(DANGER):
            # Heard in the vector, where no rule knew the words: nothing was shown yet.
            return await self._danger(question, (answered.hand_off or "").removeprefix(DANGER), language)
        reply = speech.check(answered, await self._speech.hear(answered))
        self._keep(question, speech)
        return reply

    async def _danger(self, question: Question, topic: str, language: str) -> Reply:
        text = await self._speech.danger_sentence(question.workspace_id, topic, language)
        reason = f"{DANGER}{topic}"
        return Reply(
            text,
            {"engine": "notice"},
            offers_person=True,
            hand_off=reason,
            trace={
                "question": "\n".join(question.texts)[:200],
                "engine": "notice",
                "language": language,
                "decision": {"answer": False, "confidence": 0.0, "reasons": [reason]},
                "hand_off": reason,
            },
        )

    def _keep(self, question: Question, speech: TurnSpeech) -> None:
        """Behind the answer, never before it; only what a customer would have got is recorded."""
        if speech.outcome is None or not question.conversation_id or question.otherwise != AS_LIVE:
            return
        task = asyncio.create_task(self._speech.keep(question.workspace_id, question.conversation_id, speech))
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)
