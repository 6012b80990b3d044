"""Answers through a language model that sees only passages of the workspace; steps down to quoting when it fails."""

import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from yingke.assistants.consider import Considered, consider
from yingke.assistants.considered_trace import trace_of
from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.say import LONGEST_QUOTE, WORDS, say
from yingke.kit.redact import Placeholders, StreamUnmask
from yingke.knowledge.entry import Hit
from yingke.knowledge.library import Library
from yingke.knowledge.quote import quote
from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits, Finished, Retrying, Text, call
from yingke.models.citations import CitationStream
from yingke.models.contract import ChatMessage, ChatModel, ModelError
from yingke.models.grounded_prompt import Passage, Turn, build_grounded_prompt

PASSAGES = 6
STEPPED_DOWN = 2


@dataclass(slots=True)
class _Shown:
    """The answer as the customer sees it while it arrives."""

    citations: CitationStream
    unmask: StreamUnmask
    on_delta: OnDelta
    text: str = ""
    is_wanted: bool = True

    def feed(self, piece: str) -> None:
        self._show(self.unmask.feed(self.citations.feed(piece)))

    def finish(self) -> None:
        self._show(self.unmask.feed(self.citations.finish()) + self.unmask.finish())

    def _show(self, piece: str) -> None:
        if not self.text:
            piece = piece.lstrip()
        if not piece or not self.is_wanted:
            return
        self.is_wanted = self.on_delta(piece)
        if self.is_wanted:
            self.text += piece


class ChatEngine(Engine):
    """One enabled endpoint. `shop_names` by id, for the rules that the model is given."""

    def __init__(
        self,
        library: Library,
        model: ChatModel,
        breaker: Breaker,
        shop_names: dict[int, str],
        limits: CallLimits | None = None,
    ) -> None:
        self._library = library
        self._model = model
        self._breaker = breaker
        self._shop_names = shop_names
        self._limits = limits or CallLimits()

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        """Streams. One failing before the first word costs the customer nothing but time; see `delivery` ladder L2."""
        considered = await consider(self._library, question)
        hits = considered.hits[:PASSAGES]
        if considered.shortcut is not None or considered.need is not None or not hits:
            return say(considered)
        placeholders = Placeholders()
        messages = self._prompt(considered, hits, placeholders)
        shown = _Shown(CitationStream(len(hits)), StreamUnmask(placeholders), on_delta)
        began = time.perf_counter()
        try:
            how = await self._call(messages, shown)
        except ModelError as problem:
            considered.steps.append({"name": "model", "milliseconds": _since(began), "error": problem.cause[:80]})
            return say(
                considered,
                degraded_level=STEPPED_DOWN,
                was_cut=bool(shown.text),
                decided_by=f"model_failed:{problem.cause[:60]}",
            )
        considered.steps.append({"name": "model", "milliseconds": _since(began), **how})
        return self._reply(considered, hits, shown)

    def _prompt(self, considered: Considered, hits: Sequence[Hit], placeholders: Placeholders) -> list[ChatMessage]:
        """Personal values leave as placeholders, wherever they stand."""
        question = considered.question
        passages = [
            Passage(
                placeholders.mask(f"{hit.entry.document_title} {hit.entry.heading}".strip()),
                placeholders.mask(_told(hit)),
            )
            for hit in hits
        ]
        turns = [
            Turn(said.author, placeholders.mask(said.text))  # type: ignore[arg-type]
            for said in question.history
            if said.author in ("contact", "assistant", "agent")
        ]
        return build_grounded_prompt(
            placeholders.mask(considered.text),
            passages,
            turns=turns,
            language="zh-CN" if considered.tag == "zh" else considered.tag,
            shop=self._shop_names.get(question.shop_id, ""),
        )

    async def _call(self, messages: Sequence[ChatMessage], shown: _Shown) -> dict[str, Any]:
        """What the trace says of the call. Raises ModelError."""
        how: dict[str, Any] = {}
        async with aclosing(call(self._model, messages, breaker=self._breaker, limits=self._limits)) as progress:
            async for step in progress:
                if isinstance(step, Text):
                    shown.feed(step.text)
                    if not shown.is_wanted:
                        return {**how, "stopped": True}
                elif isinstance(step, Retrying):
                    how["retried"] = step.cause[:60]
                else:
                    how |= _finished(step)
        shown.finish()
        return how

    def _reply(self, considered: Considered, hits: Sequence[Hit], shown: _Shown) -> Reply:
        made_by = {"engine": "chat", "model": self._model.model}
        if not shown.text.strip():
            # The model found no answer in the passages (or was stopped before its first word): say so honestly.
            reply = _do_not_know(considered, made_by)
            reply.trace = trace_of(considered, reply, answered=False, reasons=("model_found_no_answer",))
            return reply
        cited = [(number, hits[number - 1]) for number in shown.citations.numbers]
        text = shown.text.strip()
        if considered.question.has_attachment:
            text += "\n" + WORDS["beside"][considered.language]
        reply = Reply(
            text,
            made_by,
            citations=[_citation(considered, number, hit) for number, hit in cited],
            offers_person=not cited or considered.question.has_attachment,
            cited=tuple(hit.entry.id for _, hit in cited),
        )
        reply.trace = trace_of(considered, reply, answered=True, reasons=() if cited else ("uncited",))
        return reply


def _do_not_know(considered: Considered, made_by: dict[str, Any]) -> Reply:
    asked = " / ".join(finding.ask.search for finding in considered.findings)
    if considered.language == "en":
        text = "I could not find this in our material, and I would rather not guess. Shall I ask a person to help?"
    else:
        text = "资料里没有写到这个问题，我不乱猜。需要的话可以为您转人工。"
    return Reply(text, made_by, gap=" ".join(asked.split())[:300] or None, offers_person=True)


def _told(hit: Hit) -> str:
    """A stored question goes along with its answer, or the answer could not be understood."""
    entry = hit.entry
    return f"{entry.heading}\n{entry.text}" if entry.kind == "qa" else entry.text


def _citation(considered: Considered, number: int, hit: Hit) -> dict[str, Any]:
    entry = hit.entry
    ask = next((one.ask for one in considered.findings if hit in one.hits), considered.findings[0].ask)
    citation: dict[str, Any] = {
        "n": number,
        "title": entry.document_title or WORDS["source"][considered.language],
        "heading": entry.heading,
        "quote": quote(ask, entry).text[:LONGEST_QUOTE],
        "passage_id": str(entry.id),
    }
    if entry.document_id is not None:
        citation["document_id"] = str(entry.document_id)
    return citation


def _finished(step: Finished) -> dict[str, Any]:
    how: dict[str, Any] = {"first_token": round(step.first_token_s * 1000), "finish": step.finish_reason}
    if step.attempts > 1:
        how["attempts"] = step.attempts
    if step.usage is not None:
        how["tokens"] = [step.usage.prompt_tokens, step.usage.completion_tokens]
    return how


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
