"""Greetings, thanks, nods and chat are answered kindly and in a few words, never looked up."""

from typing import ClassVar

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.small_words import LONGEST, kind_of
from yingke.assistants.skills.pieces.work import Request, Served, Work

_CHAT = "chitchat_ack"
_SURE, _SHORT = 0.6, 30
_UPSET = ("complaint", "contact_human", "aftersales_quality_repair")
_FIRM = frozenset(("praise", "thanks", "small_nod", "small_considers"))
"""Kinds that are meant so whatever the knowledge holds; the others only where it holds nothing."""
_MEANT = frozenset(("thanks", "small_nod", "small_anyone", "small_name", "small_abilities", "small_hello"))
"""Kinds that leave no doubt, whatever the classifier thinks of the message."""


class Courtesy(Skill):
    name = "small_talk"
    says = ("寒暄", "Small talk")
    tools: ClassVar[tuple[str, ...]] = ()

    def claims(self, work: Work, request: Request) -> float:
        if len(work.text) > LONGEST * _width(work.text):
            return 0.0
        kind = kind_of(request.text)
        if kind is None:
            return 0.55 if self._is_chat(request) else 0.0
        is_upset = request.intent is not None and request.intent.label in _UPSET and kind not in _MEANT
        return 0.85 if (kind in _FIRM or not request.is_known) and not is_upset else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        return Served(work.say(kind_of(request.text) or "small_chat"))

    def _is_chat(self, request: Request) -> bool:
        """Words that mean to be polite in a way that no list holds, and that nobody could answer."""
        intent = request.intent
        is_meant = intent is not None and intent.label == _CHAT and intent.confidence >= _SURE
        return is_meant and not request.is_known and len(request.text) <= _SHORT * _width(request.text)


def _width(text: str) -> int:
    """Letters say less than Chinese signs: so many to one of these."""
    return 2 if text.isascii() else 1
