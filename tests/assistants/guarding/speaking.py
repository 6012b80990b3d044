"""An engine that says what it is told to, and a guard as a workspace that chose nothing has it."""

from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.guarding.speech import TurnSpeech
from yingke.conversations.guarding.contact_policy import MayAsk
from yingke.conversations.guarding.load_words import Guarding
from yingke.conversations.guarding.pack_file import packs
from yingke.conversations.guarding.word_guard import WordGuard

PLAIN = WordGuard.of([word for pack in packs().values() if pack.is_on for word in pack.words])


class Obedient(Engine):
    """Does what any attacker wants: says `reply`, character by character."""

    def __init__(self, reply: Reply, step: int = 3) -> None:
        self.reply = reply
        self.step = step
        self.asked = 0

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        self.asked += 1
        text = self.reply.text
        for start in range(0, len(text), self.step):
            if not on_delta(text[start : start + self.step]):
                break
        return self.reply


def speech(channel: str = "website", language: str = "zh", policy: MayAsk | None = None) -> TurnSpeech:
    return TurnSpeech(Guarding(PLAIN, {channel: policy} if policy else {}, {}), channel, 1, language)


def chat(text: str, *quotes: str, facts: tuple[str, ...] = ()) -> Reply:
    return Reply(text, {"engine": "chat"}, citations=[{"quote": quote} for quote in quotes], facts=facts)


def question(*texts: str) -> Question:
    return Question(1, 1, 0, 0, texts, (), "zh-CN")
