"""What an engine wants to say as it is stored, and as sockets of this process are given it."""

from collections.abc import Sequence
from typing import Any

from yingke.assistants.engine import Reply
from yingke.assistants.memory import Known
from yingke.assistants.mood.labels import Label
from yingke.assistants.mood.sense import sense
from yingke.assistants.turns import Turn
from yingke.conversations.reply import Answer, Replied
from yingke.knowledge.languages import certain_language, stored_tag

FURIOUS = 0.75
"""From this confidence on the classifier alone silences the assistant; below it only the rules do."""
LONGEST_GAP = 300
MOODS_KEPT = 20


def answer_of(turn: Turn, reply: Reply, *, need: str | None, may_restart: bool, known: Known) -> Answer:
    return Answer(
        workspace_id=turn.workspace_id,
        conversation_id=turn.conversation_id,
        generation=turn.generation,
        through_seq=turn.through_seq,
        text=reply.text,
        payload=_payload(reply, need),
        generated_by=reply.generated_by,
        citations=reply.citations or None,
        degraded_level=reply.degraded_level,
        trace=reply.trace or None,
        may_restart=may_restart,
        gap=reply.gap[:LONGEST_GAP] if reply.gap else None,
        understood=_understood(turn, reply, known),
        talk=reply.talk,
    )


def _payload(reply: Reply, need: str | None) -> dict[str, Any] | None:
    payload: dict[str, Any] = shown_payload(reply) or {}
    if need is not None:
        payload["hand_off"] = need
    if reply.gap:
        payload["unanswered"] = True
    return payload or None


def shown_payload(reply: Reply) -> dict[str, Any] | None:
    """The part of the payload that the customer's panel shows."""
    payload: dict[str, Any] = {"offers_person": True} if reply.offers_person else {}
    if reply.cards:
        payload["cards"] = reply.cards
    return payload or None


def _understood(turn: Turn, reply: Reply, known: Known) -> dict[str, Any] | None:
    """The whole of what is understood of the talk from this turn on. An engine that keeps no trace understands nothing."""
    if not reply.trace:
        return None
    found: dict[str, Any] = {
        key: known.understood[key] for key in ("intent", "mood", "moods") if key in known.understood
    }
    found["through"] = turn.through_seq
    if intent := reply.trace.get("intent"):
        found["intent"] = intent[0]
    label, confidence = mood_of(reply.trace, turn.texts, known.mood)
    if label is not None:
        moods = [*found.get("moods", []), [turn.through_seq, label]][-MOODS_KEPT:]
        found |= {"mood": label, "confidence": confidence, "moods": moods}
    said = "\n".join(text for text in turn.texts if text)
    language = certain_language(said, known.language or turn.language)
    if language is not None and (tag := stored_tag(language)) != known.language:
        found["language"] = tag
    return found


def mood_of(trace: dict[str, Any], texts: Sequence[str], before: Label | None) -> tuple[Label | None, float]:
    """As the engine sensed it; by the words alone where it answered before it looked that far."""
    if (sensed := trace.get("mood")) is not None:
        return sensed[0], sensed[1]
    text = "\n".join(text for text in texts if text)
    if not text or not trace:
        return None, 0.0
    mood = sense(text, None, before)
    return mood.label, round(mood.confidence, 2)


def is_furious(reply: Reply) -> bool:
    """The engine heard anger in the message, and nothing that goes before anger."""
    label, confidence = reply.trace.get("mood") or ("", 0.0)
    return label == "angry" and confidence >= FURIOUS and not is_about_danger(reply)


def is_about_danger(reply: Reply) -> bool:
    return reply.hand_off is not None and reply.hand_off.startswith("danger:")


def frame_of(turn: Turn, reply: Reply, replied: Replied, reply_id: str | None) -> dict[str, Any]:
    """The stored answer as the hub carries it. `reply_id` of the deltas that were shown before, if any."""
    return {
        "id": replied.message_id,
        "workspace_id": turn.workspace_id,
        "conversation_id": turn.conversation_id,
        "seq": replied.seq,
        "author": "assistant",
        "sender_id": None,
        "kind": "direct",
        "type": "text",
        "text": reply.text,
        "payload": shown_payload(reply),
        "client_message_id": None,
        "generated_by": reply.generated_by,
        "citations": reply.citations or None,
        "degraded_level": reply.degraded_level,
        "trace_id": replied.trace_id,
        "answers_through_seq": turn.through_seq,
        "created_at": replied.created_at,
        "reply_id": reply_id,
    }
