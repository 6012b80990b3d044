"""Words an answer from what was considered, with its sources and its trace; no model takes part."""

import time
from typing import Any

from yingke.assistants.consider import CALLED, Considered
from yingke.assistants.considered_trace import trace_of
from yingke.assistants.engine import Reply
from yingke.kit.redact import mask
from yingke.knowledge.compose import Citation, compose
from yingke.knowledge.not_knowing import in_speech, was_admitted

LONGEST_QUOTE = 300
ENGINE: dict[str, Any] = {"engine": "embedded"}
NOTICE: dict[str, Any] = {"engine": "notice"}
WORDS = {
    "attachment": {
        "zh": "收到您发的图片或文件了。我暂时看不懂里面的内容，请用文字描述一下问题，或者说「转人工」由客服来看。",
        "en": "I received your picture or file. I cannot read what is in it yet: please describe it in words, "
        "or ask for a person to look at it.",
    },
    "beside": {
        "zh": "（您发的图片或文件我看不懂，需要的话可以转人工来看。）",
        "en": "(I cannot read the picture or file you sent; a person can, if you wish.)",
    },
    "order": {
        "zh": "查询具体订单需要人工核实后才能告诉您，我看不到订单和物流的实时信息。可以为您转人工，请准备好订单号和下单手机号的后四位。",
        "en": "A person has to look up a particular order after checking who you are; I cannot see orders or tracking. "
        "Shall I hand you over? Please have your order number ready.",
    },
    "complaint": {
        "zh": "非常抱歉给您带来不好的体验，我可以马上为您转人工处理。",
        "en": "I am very sorry about this. I can hand you over to a person right away.",
    },
    "cut": {
        "zh": "刚才的回答中断了。资料里是这样写的：",
        "en": "My answer was cut off. This is what our material says:",
    },
    "person": {
        "zh": "这件事我请同事来处理，他看到我们的对话后会接着答复您。",
        "en": "I am asking a colleague to take this over; they can read our conversation and will answer you here.",
    },
    "source": {"zh": "常见问答", "en": "Questions and answers"},
}


def say(
    considered: Considered,
    *,
    degraded_level: int = 0,
    was_cut: bool = False,
    decided_by: str = "",
    is_beside: bool = False,
) -> Reply:
    """The answer of the embedded engine. `was_cut`: part of another answer had been shown; the text says so.

    `is_beside`: a skill answers the rest of the message. The text is empty where there is nothing to add to that.
    """
    if considered.shortcut is not None:
        return _shortcut(considered)
    if not considered.question.texts:
        reply = Reply(in_words("attachment", considered), dict(NOTICE), offers_person=True)
        reply.trace = trace_of(considered, reply, answered=False, reasons=("attachment_only",))
        return reply
    if considered.need == "order":
        reply = Reply(in_words("order", considered), dict(NOTICE), degraded_level=degraded_level, offers_person=True)
        reply.trace = trace_of(considered, reply, answered=False, reasons=("order",))
        return reply
    return _from_knowledge(considered, degraded_level, was_cut, decided_by, is_beside)


def _shortcut(considered: Considered) -> Reply:
    label, text = considered.shortcut or ("", "")
    if label.startswith(CALLED):
        return _called(considered, label.removeprefix(CALLED))
    is_refusal = label.startswith("护栏")
    reply = Reply(text, dict(NOTICE), offers_person=label in ("护栏:abuse", "护栏:other_people"))
    # Whoever names an order in an attack has been answered; a person is there for the asking.
    reply.settles_order = is_refusal and label != "护栏:abuse"
    reply.trace = trace_of(considered, reply, answered=not is_refusal, reasons=(label,))
    return reply


def _called(considered: Considered, call: str) -> Reply:
    """Nothing is answered; for a danger the guard before the engine says its own sentence."""
    reason = call if call == "asked" else f"danger:{call}"
    reply = Reply(in_words("person", considered), dict(NOTICE), offers_person=True, hand_off=reason)
    reply.trace = trace_of(considered, reply, answered=False, reasons=(reason,)) | {"hand_off": reason}
    return reply


def _from_knowledge(
    considered: Considered, degraded_level: int, was_cut: bool, decided_by: str, is_beside: bool
) -> Reply:
    began = time.perf_counter()
    is_upset = considered.need == "complaint"
    # An upset customer hears an apology and what is known, not "the material does not say".
    findings = [one for one in considered.findings if one.decision.answer or not is_upset]
    composed = compose(findings, considered.tag, is_second_time=_did_not_know(considered), is_beside=is_beside)
    considered.step("compose", began)
    lines = [composed.text] if composed.text else []
    if is_upset:
        lines.insert(0, in_words("complaint", considered))
    if was_cut:
        lines.insert(0, in_words("cut", considered))
    if considered.question.has_attachment:
        lines.append(in_words("beside", considered))
    reply = Reply(
        "\n".join(lines),
        dict(ENGINE),
        citations=[show_citation(citation, considered.tag) for citation in composed.citations],
        degraded_level=degraded_level or (2 if considered.is_encoder_down else 0),
        gap=gap_of(composed.unanswered) if not is_upset else None,
        offers_person=composed.offers_person or is_upset or considered.question.has_attachment,
        cited=tuple(citation.passage_id for citation in composed.citations),
    )
    reasons: list[str] = []
    if considered.is_encoder_down:
        reasons.insert(0, "encoder_down")
    if decided_by:
        reasons.insert(0, decided_by)
    reply.trace = trace_of(considered, reply, answered=bool(composed.citations), reasons=reasons)
    return reply


def in_words(key: str, considered: Considered) -> str:
    """One of `WORDS` in the customer's language."""
    return in_speech(f"say_{key}", considered.tag, WORDS[key]["zh"], WORDS[key]["en"])


def _did_not_know(considered: Considered) -> bool:
    """True when the answer right before this one admitted the same."""
    earlier = next((said for said in reversed(considered.question.history) if said.author != "contact"), None)
    return earlier is not None and earlier.author == "assistant" and was_admitted(earlier.text)


def gap_of(unanswered: tuple[str, ...]) -> str | None:
    """For the list of gaps: one line, personal numbers starred out."""
    return mask(" ".join(" / ".join(unanswered).split()))[:300] if unanswered else None


def show_citation(citation: Citation, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "n": citation.number,
        "title": citation.document_title or in_speech("say_source", language, *WORDS["source"].values()),
        "heading": citation.heading,
        "quote": citation.quote[:LONGEST_QUOTE],
        "passage_id": str(citation.passage_id),
    }
    if citation.document_id is not None:
        shown["document_id"] = str(citation.document_id)
    return shown
