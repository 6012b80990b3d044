"""The unanswered messages of one conversation, in memory or read again from the log."""

from dataclasses import dataclass, field

from yingke.assistants.engine import Question, Said
from yingke.assistants.memory import Known
from yingke.assistants.mood.labels import LABELS, Label
from yingke.kit.db import Database


@dataclass(slots=True)
class Turn:
    """`through_seq` is the last message that the answer under way covers; `last_seq` the last one known."""

    workspace_id: int
    conversation_id: int
    shop_id: int
    generation: int
    knowledge_version: int
    language: str = "zh-CN"
    is_partial: bool = False
    texts: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    last_seq: int = 0
    through_seq: int = 0

    def add(self, seq: int, text: str, type: str) -> None:
        if seq <= self.last_seq:
            return
        self.texts.append(text)
        self.types.append(type)
        self.last_seq = seq

    def drop(self, count: int) -> None:
        del self.texts[:count]
        del self.types[:count]

    def question(self, known: Known) -> Question:
        return Question(
            workspace_id=self.workspace_id,
            shop_id=self.shop_id,
            knowledge_version=self.knowledge_version,
            conversation_id=self.conversation_id,
            texts=tuple(text for text in self.texts if text),
            history=known.history,
            language=known.language or self.language,
            has_attachment=any(kind != "text" for kind in self.types),
            through_seq=self.last_seq,
            talk=known.talk,
        )


async def read_turn(db: Database, turn: Turn, history: int) -> Known:
    """Fills `turn` with the contact's unanswered messages and returns what was said and understood before them."""
    async with db.transaction(turn.workspace_id) as tx:
        row = await tx.fetchrow(
            "select answered_through_seq, last_contact_seq, generation, handled_by, language, status, talk, understood"
            " from conversations where id = $1",
            turn.conversation_id,
        )
        if row is None or row["handled_by"] != "assistant" or row["status"] != "open":
            turn.texts, turn.types = [], []
            return Known()
        answered = row["answered_through_seq"]
        rows = await tx.fetch(
            "select seq, author, type, text, citations from messages where conversation_id = $1 and seq > $2 order by seq",
            turn.conversation_id,
            answered - history,
        )
    turn.generation = row["generation"]
    turn.language = row["language"]
    turn.texts, turn.types, turn.is_partial = [], [], False
    said: list[Said] = []
    turn.last_seq = 0
    for message in rows:
        if message["author"] == "contact" and message["seq"] > answered:
            turn.add(message["seq"], message["text"] or "", message["type"])
        elif message["text"] and message["author"] != "system":
            cited = tuple(int(c["passage_id"]) for c in message["citations"] or () if c.get("passage_id"))
            said.append(Said(message["author"], message["text"], cited))
    return Known(
        last_seq=rows[-1]["seq"] if rows else 0,
        history=tuple(said[-history:]),
        talk=row["talk"] or {},
        language=row["language"],
        mood=_mood((row["understood"] or {}).get("mood")),
        understood=row["understood"] or {},
    )


def _mood(stored: str | None) -> Label | None:
    return next((label for label in LABELS if label == stored), None)
