"""What watchers see of an answer: its pieces while it arrives, its comfort before it, the whole when it is stored."""

from collections.abc import Callable
from typing import Any

from yingke.assistants.engine import Question, Reply, Stopped
from yingke.assistants.memory import Memory
from yingke.assistants.mood.sense import sense
from yingke.assistants.mood.soothe import is_comfort, soothe
from yingke.assistants.open_turn import OpenTurn
from yingke.assistants.wording import frame_of, is_about_danger, mood_of
from yingke.conversations.reply import Replied
from yingke.kit.live import Hub
from yingke.knowledge.languages import read_language

Comforts = Callable[[int, int], bool]
"""(workspace, conversation) → whether the merchant wants a sentence of comfort before answers."""


class Showing:
    """Pieces are hints: never stored, never replayed, withdrawn when another answer comes or none."""

    def __init__(self, hub: Hub, memory: Memory, comforts: Comforts) -> None:
        self._hub = hub
        self._memory = memory
        self._comforts = comforts

    def show(self, entry: OpenTurn, text: str) -> bool:
        """False: nothing more is wanted. Raises `Stopped` where the customer wrote on before anything was shown."""
        if entry.is_stopped or entry.is_leaving:
            return False
        if not entry.is_shown:
            if entry.turn.last_seq > entry.turn.through_seq and entry.may_restart:
                entry.restarts += 1
                raise Stopped
            entry.is_shown = True
            text = self._with_comfort(entry, text)
        entry.deltas += 1
        frame: dict[str, Any] = {
            "type": "reply_delta",
            "reply_id": entry.reply_id,
            "conversation_id": str(entry.turn.conversation_id),
            "n": entry.deltas,
            "text": text,
        }
        self._hub.signal(entry.turn.conversation_id, frame)
        return True

    def withdraw(self, entry: OpenTurn, reason: str) -> None:
        if entry.deltas:
            entry.deltas = 0
            conversation_id = entry.turn.conversation_id
            frame = {"type": "reply_dropped", "reply_id": entry.reply_id, "conversation_id": str(conversation_id)}
            self._hub.signal(conversation_id, {**frame, "reason": reason})

    def deliver(self, entry: OpenTurn, reply: Reply, replied: Replied) -> None:
        assert replied.seq is not None
        frame = frame_of(entry.turn, reply, replied, entry.reply_id if entry.deltas else None)
        self._hub.deliver(entry.turn.conversation_id, replied.seq, frame)

    def soothe(self, entry: OpenTurn, question: Question, reply: Reply) -> None:
        """Puts comfort before the words; where they were shown already, what was shown stands in the stored text too."""
        if is_about_danger(reply):
            return
        if not entry.is_shown and reply.may_comfort and not is_comfort(reply.text):
            before = self._memory.of(entry.turn.conversation_id).mood
            label, sure = mood_of(reply.trace, question.texts, before)
            language = reply.trace.get("language") or "zh"
            entry.comfort = soothe(label, sure, language, question.history, entry.number, "\n".join(question.texts))
        if entry.comfort:
            reply.text = f"{entry.comfort}\n{reply.text}"
            reply.trace["soothed"] = True

    def _with_comfort(self, entry: OpenTurn, text: str) -> str:
        """The first words of a streamed answer: the mood is told from the customer's words alone, in time."""
        turn = entry.turn
        if is_comfort(text) or not self._comforts(turn.workspace_id, turn.conversation_id):
            return text
        known, said = self._memory.of(turn.conversation_id), "\n".join(turn.texts)
        mood = sense(said, None, known.mood)
        language = read_language(said, known.language or turn.language)
        entry.comfort = soothe(mood.label, mood.confidence, language, known.history, entry.number, said)
        return f"{entry.comfort}\n{text}" if entry.comfort else text
