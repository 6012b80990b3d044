"""A fixed sentence: measures the way of a message without the cost of thinking."""

from yingke.assistants.engine import Engine, OnDelta, Question, Reply


class ScriptedEngine(Engine):
    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        return Reply(text="收到：" + question.texts[-1], generated_by={"engine": "notice", "model": "scripted"})
