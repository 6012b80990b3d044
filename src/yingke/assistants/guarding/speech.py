"""The last thing an assistant's answer passes: words, contact policy, promises, leaks. One door for every engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from yingke.assistants.engine import Reply
from yingke.assistants.guarding.clean_output import clean_output
from yingke.assistants.guarding.danger_words import sentence_for
from yingke.assistants.guarding.leaks import leaks_rules
from yingke.assistants.guarding.planted import without_planted
from yingke.assistants.guarding.promises import Sources, back_promises, is_borne_out
from yingke.assistants.guarding.stream_guard import StreamGuard
from yingke.conversations.guarding.check_words import Checked, check_words
from yingke.conversations.guarding.heard.claims_of import Claim, Heard
from yingke.conversations.guarding.load_words import Guarding, WordGuards
from yingke.conversations.guarding.stops import Outcome, record_stop
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.knowledge.not_knowing import in_speech

log = structlog.get_logger("speech")

INSTEAD = {
    "zh": "这个问题我请同事来答复您，可以为您转人工。",
    "en": "I would rather have a colleague answer this. Shall I hand you over to a person?",
}
OWN = "notice"
"""Sentences of the product itself: they were read before it was shipped."""
MODEL = "chat"
"""Only this engine may say that something was done without a tool having done it."""
PROMISES = ("gift", "compensation", "waiver", "price", "delivery")
"""What is heard of these is nothing where a source says the same."""


@dataclass(slots=True)
class TurnSpeech:
    """How one turn may be answered. `note` is what happened, for the trace and the record."""

    guarding: Guarding
    channel: str
    shop_id: int
    language: str
    stopped: bool = False
    found: tuple[dict[str, Any], ...] = ()
    outcome: Outcome | None = None
    said: str = ""

    def stream(self, show: Callable[[str], bool]) -> Callable[[str], bool]:
        """What the engine gets instead of `show`."""
        guard = StreamGuard(show, self._words, self.guarding.words.unsure_from)

        def feed(piece: str) -> bool:
            go_on = guard.feed(piece)
            self.stopped = guard.is_blocked
            return go_on

        return feed

    def check(self, reply: Reply, heard: Heard = ()) -> Reply:
        """The answer as it may leave; what was changed or heard in it stands in its trace under `guard`."""
        quotes = [str(one.get("quote", "")) + " " + str(one.get("heading", "")) for one in reply.citations]
        sources = [*quotes, *reply.facts]
        text = without_planted(clean_output(reply.text, sources))
        notes: list[str] = ["cleaned"] if text != reply.text else []
        told = Sources(quotes, reply.facts, reply.generated_by.get("engine") != MODEL)
        heard = tuple(claim for claim in heard if self._matters(claim, told))
        words = self._words(text, heard)
        notes += [f"heard:{claim.kind}" for claim in heard]
        if self.stopped or words.level == "block" or leaks_rules(text):
            return self._instead(reply, words, notes)
        if words.level == "rewrite" and words.text is not None:
            self.outcome, self.found, self.said = "rewritten", words.found, text
            text = words.text
            notes.append("rewritten")
        dropped: tuple[str, ...] = ()
        if reply.generated_by.get("engine") != OWN:
            backed = back_promises(text, told, self.language)
            text, dropped = backed.text, backed.dropped
            notes += [f"promise:{kind}" for kind in dropped]
        if not text.strip():
            return self._instead(reply, words, notes)
        if not notes:
            return reply
        trace = {**reply.trace, "guard": {"notes": notes, "found": _brief(words)}}
        return replace(reply, text=text, offers_person=reply.offers_person or bool(dropped or heard), trace=trace)

    def _matters(self, claim: Claim, told: Sources) -> bool:
        """A claim of a kind that is switched on, a promise that no source bears out."""
        if claim.kind in PROMISES:
            return not is_borne_out(claim.said, told)
        return claim.kind in self.guarding.kinds

    def _words(self, text: str, heard: Heard = ()) -> Checked:
        return check_words(self.guarding, text, channel=self.channel, shop_id=self.shop_id, heard=heard)

    def _instead(self, reply: Reply, words: Checked, notes: list[str]) -> Reply:
        self.outcome, self.found, self.said = "blocked", words.found, reply.text
        trace = {**reply.trace, "guard": {"notes": [*notes, "blocked"], "found": _brief(words)}}
        text = in_speech("colleague_answers", self.language, INSTEAD["zh"], INSTEAD["en"])
        return replace(reply, text=text, citations=[], cited=(), offers_person=True, trace=trace)


class SpeechGuard:
    """One per process."""

    def __init__(self, db: Database, word_guards: WordGuards) -> None:
        self._db = db
        self._words = word_guards

    async def for_turn(self, workspace_id: int, shop_id: int, language: str, channel: str = "website") -> TurnSpeech:
        """At most one query in five seconds a workspace. Raises the 503 Problem while the database is away."""
        return TurnSpeech(await self._words.of(workspace_id), channel, shop_id, language)

    async def hear(self, reply: Reply) -> Heard:
        """Only of what a model worded: the house's own sentences were read before it was shipped."""
        return await self._words.hear(reply.text) if reply.generated_by.get("engine") == MODEL else ()

    async def danger_sentence(self, workspace_id: int, topic: str, language: str) -> str:
        """What is said at once, before a person comes: care and no statement on anybody's fault."""
        guarding = await self._words.of(workspace_id)
        return sentence_for(topic, language, guarding.dangers.get(topic))

    async def keep(self, workspace_id: int, conversation_id: int, speech: TurnSpeech) -> None:
        """Records what was stopped, after the answer was stored. Losing it costs a line of a list, so it never raises."""
        if speech.outcome is None:
            return
        try:
            async with self._db.transaction(workspace_id) as tx:
                found = list(speech.found)
                await record_stop(
                    tx, workspace_id, "assistant", speech.outcome, speech.said, found, conversation_id=conversation_id
                )
        except Problem as problem:
            log.warning("stop not recorded", code=problem.code)


def _brief(words: Checked) -> list[str]:
    return [str(one["entry"]) for one in words.found[:10]]
