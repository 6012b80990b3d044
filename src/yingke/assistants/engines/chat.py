"""Answers through language models that see only passages of the workspace; steps down to quoting when they fail."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from yingke.assistants.consider import Considered, consider
from yingke.assistants.considered_trace import trace_of
from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.engines.fitting import claims_human, is_excuse, is_in_language, is_raw
from yingke.assistants.engines.ladder import QUOTED, LadderLimits, Rung, rungs_of
from yingke.assistants.engines.shown import Shown
from yingke.assistants.guarding.planted import without_planted
from yingke.assistants.guarding.promises import Sources, unbacked
from yingke.assistants.say import LONGEST_QUOTE, in_words, say
from yingke.assistants.team import Team
from yingke.assistants.team_versions.version import BUILT, TeamVersion
from yingke.assistants.tools.pieces.model_box import ModelBox
from yingke.kit.redact import Placeholders
from yingke.knowledge.entry import Hit
from yingke.knowledge.library import Library
from yingke.knowledge.not_knowing import in_speech
from yingke.knowledge.quote import quote
from yingke.models.call import Finished, Retrying, Text
from yingke.models.contract import ChatMessage, ModelError, ModelRefused
from yingke.models.converse import Conversation, Used
from yingke.models.fit_prompt import fit_prompt
from yingke.models.grounded_prompt import Passage, Turn, build_grounded_prompt
from yingke.models.line import Line
from yingke.models.tool_box import ToolBox

PASSAGES = 6
NEEDS_NO_MODEL = "complaint"
"""An upset customer hears an apology and is offered a person, not a lecture."""

ToolBoxes = Callable[[Considered], Awaitable[ToolBox | None]]


@dataclass(slots=True)
class _Turn:
    """What one answer needs on every rung of the ladder."""

    considered: Considered
    hits: Sequence[Hit]
    line: Line
    box: ToolBox | None
    placeholders: Placeholders = field(default_factory=Placeholders)
    used: list[str] = field(default_factory=list)

    def may_show(self, sentence: str) -> bool:
        """False for a promise that neither the passages nor the tools so far bear out, excuses, raw data and a person's
        part."""
        if is_excuse(sentence) or is_raw(sentence) or claims_human(sentence):
            return False
        told = [f"{hit.entry.heading}\n{hit.entry.text}" for hit in self.hits]
        return unbacked(sentence, Sources(told, self.box.facts() if self.box is not None else ())) is None


class ChatEngine(Engine):
    """The enabled models of one workspace. `shop_names` by id, for the rules that a model is given; `boxes` makes the
    tools of a turn; `team` answers where no model does."""

    def __init__(
        self,
        library: Library,
        line: Line,
        shop_names: dict[int, str],
        limits: LadderLimits | None = None,
        boxes: ToolBoxes | None = None,
        team: Team | None = None,
    ) -> None:
        self._library = library
        self._line = line
        self._shop_names = shop_names
        self._limits = limits or LadderLimits()
        self._boxes = boxes
        self._team = team

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        """Streams. One failing before the first word costs the customer nothing but time; see `delivery` ladder L2."""
        considered = await consider(self._library, question)
        hits = considered.hits[:PASSAGES]
        box = await self._boxes(considered) if self._boxes is not None else None
        if self._team is not None and await self._team.takes(considered):
            return await self._team.serve(considered)
        if box is not None and box.specs() and _is_bare_answer(considered):
            considered.shortcut = None
        if considered.shortcut is not None or not self._needs_model(considered, hits, box):
            return await self._team.serve(considered) if self._team is not None else say(considered)
        reason = self._line.why_not(question.conversation_id)
        if reason is not None:
            return await self._quoted(_Turn(considered, hits, self._line, box), f"model_{reason}")
        return await self._climb_down(_Turn(considered, hits, self._line, box), on_delta)

    def _needs_model(self, considered: Considered, hits: Sequence[Hit], box: ToolBox | None) -> bool:
        if not considered.question.texts or considered.need == NEEDS_NO_MODEL:
            return False
        if box is not None and box.specs():
            return True
        return considered.need is None and bool(hits)

    async def _climb_down(self, turn: _Turn, on_delta: OnDelta) -> Reply:
        considered, cause = turn.considered, "none"
        for rung in rungs_of(self._line, self._limits):
            if not rung.has_tools and (not turn.hits or considered.need is not None):
                continue
            shown = Shown(len(turn.hits), turn.placeholders, on_delta, turn.may_show)
            began = time.perf_counter()
            try:
                how = await self._ask(turn, rung, shown)
            except ModelError as problem:
                cause = problem.cause
                considered.steps.append(_failed(rung, began, cause))
                if shown.seen or (isinstance(problem, ModelRefused) and problem.reason == "content"):
                    return await self._quoted(turn, f"model_failed:{cause[:60]}", was_cut=bool(shown.seen))
                continue
            considered.steps.append({"name": "model", "milliseconds": _since(began), **how})
            if shown.is_wanted and (cause := _misfit(turn, shown)):
                return await self._quoted(turn, f"model_failed:{cause}")
            reply = self._reply(turn, rung, shown)
            if self._team is not None:
                if isinstance(turn.box, ModelBox):
                    await self._team.complete(considered, reply, turn.box)
                self._team.sign(considered.question, reply)
            return reply
        return await self._quoted(turn, f"model_failed:{cause[:60]}")

    async def _quoted(self, turn: _Turn, decided_by: str, *, was_cut: bool = False) -> Reply:
        considered = turn.considered
        if self._team is None:
            return say(considered, degraded_level=QUOTED, was_cut=was_cut, decided_by=decided_by)
        used = len(turn.box.calls) if isinstance(turn.box, ModelBox) else 0
        reply = await self._team.serve(considered, QUOTED, used)
        if was_cut:
            reply.text = f"{in_words('cut', considered)}\n{reply.text}"
        decision = reply.trace.setdefault("decision", {})
        decision["reasons"] = [decided_by, *decision.get("reasons", ())]
        return reply

    def _version(self, question: Question) -> TeamVersion:
        if question.otherwise.team is not None:
            return question.otherwise.team
        return self._team.version_of(question) if self._team is not None else BUILT

    def _prompt(self, turn: _Turn, instructions: str, *, has_tools: bool) -> tuple[list[ChatMessage], int]:
        """Personal values leave as placeholders, wherever they stand. With how many of the instructions did not fit."""
        mask, question = turn.placeholders.mask, turn.considered.question
        asked = mask(turn.considered.text)
        passages = [
            Passage(mask(f"{hit.entry.document_title} {hit.entry.heading}".strip()), mask(without_planted(_told(hit))))
            for hit in turn.hits
        ]
        turns = [
            Turn(said.author, mask(said.text))  # type: ignore[arg-type]
            for said in question.history
            if said.author in ("contact", "assistant", "agent")
        ]
        given = mask(instructions)
        passages, turns, wishes = fit_prompt(asked, passages, turns, self._line.input_tokens, given)
        tag = turn.considered.tag
        messages = build_grounded_prompt(
            asked,
            passages,
            turns=turns,
            language="zh-CN" if tag == "zh" else tag,
            shop=self._shop_names.get(question.shop_id, ""),
            has_tools=has_tools,
            wishes=wishes,
        )
        return messages, len(given) - len(wishes)

    async def _ask(self, turn: _Turn, rung: Rung, shown: Shown) -> dict[str, Any]:
        """What the trace says of the call. Raises ModelError."""
        box = turn.box if rung.has_tools else None
        how: dict[str, Any] = {"model": rung.ready.model.model}
        masks = turn.placeholders
        talk = Conversation(rung.ready, box, rung.limits, masks.mask, masks.unmask, self._limits.tool_s)
        version = self._version(turn.considered.question)
        has_tools = box is not None and bool(box.specs())
        messages, left_out = self._prompt(turn, version.config.instructions, has_tools=has_tools)
        if version.config.instructions:
            how["instructions"] = version.number
            how |= {"instructions_left_out": left_out} if left_out else {}
        async with aclosing(talk.run(messages)) as progress:
            async for step in progress:
                if isinstance(step, Text):
                    shown.feed(step.text)
                    if not shown.is_wanted:
                        return {**how, "stopped": True}
                elif isinstance(step, Retrying):
                    how["retried"] = step.cause[:60]
                elif isinstance(step, Used):
                    turn.used.append(step.name)
                    turn.considered.steps.append(
                        {"name": "tool", "tool": step.name, "outcome": step.outcome, "milliseconds": step.milliseconds}
                    )
                else:
                    how |= _finished(step, rung)
                    self._note_visitor(turn, step)
        shown.finish()
        return how

    def _note_visitor(self, turn: _Turn, step: Finished) -> None:
        if step.usage is not None:
            tokens = step.usage.prompt_tokens + step.usage.completion_tokens
            self._line.note_visitor(turn.considered.question.conversation_id, tokens)

    def _reply(self, turn: _Turn, rung: Rung, shown: Shown) -> Reply:
        considered, hits = turn.considered, turn.hits
        made_by = {"engine": "chat", "model": rung.ready.model.model}
        if isinstance(turn.box, ModelBox) and not shown.text.strip() and (turn.box.proposal or turn.box.hand_off):
            words = "" if turn.box.proposal else in_words("person", considered)
            reply = Reply(words, made_by, degraded_level=rung.level)
            reply.trace = trace_of(considered, reply, answered=True, reasons=("tool",))
            return self._with_tools(turn, reply)
        if not shown.text.strip():
            # The model found no answer in the passages (or was stopped before its first word): say so honestly.
            reply = _do_not_know(considered, made_by)
            reply.degraded_level = rung.level
            reply.trace = trace_of(considered, reply, answered=False, reasons=("model_found_no_answer",))
            return reply
        cited = [(number, hits[number - 1]) for number in shown.numbers]
        text = shown.text.strip()
        if considered.question.has_attachment:
            text += "\n" + in_words("beside", considered)
        is_founded = bool(cited or turn.used)
        reply = Reply(
            text,
            made_by,
            citations=[_citation(considered, number, hit) for number, hit in cited],
            degraded_level=rung.level,
            offers_person=not is_founded or considered.question.has_attachment,
            cited=tuple(hit.entry.id for _, hit in cited),
        )
        # What a promise may rest on: a citation quotes one sentence, the model was given the whole passage.
        reply.facts += tuple(f"{hit.entry.heading}\n{hit.entry.text}" for _, hit in cited)
        reply.trace = trace_of(considered, reply, answered=True, reasons=() if is_founded else ("uncited",))
        return self._with_tools(turn, reply)

    def _with_tools(self, turn: _Turn, reply: Reply) -> Reply:
        """An order is settled where the model can look at orders: it asks for the number first, or calls a person."""
        box = turn.box
        if box is None:
            return reply
        if turn.used:
            reply.cards, reply.facts = box.cards(), reply.facts + box.facts()
        reply.settles_order = turn.considered.need == "order" and any(one.name == "open_order" for one in box.specs())
        if isinstance(box, ModelBox):
            reply.trace |= box.trace()
        return reply


def _misfit(turn: _Turn, shown: Shown) -> str:
    """Why what was written is no answer to this customer; empty when it is one."""
    if not turn.used and not shown.numbers and is_excuse(shown.text):
        return "excuse"
    if is_raw(shown.text):
        return "raw"
    if claims_human(shown.text):
        return "human"
    return "" if is_in_language(shown.text, turn.considered.tag) else "language"


def _is_bare_answer(considered: Considered) -> bool:
    """Digits alone say nothing by themselves, but they may be what the assistant has just asked for."""
    is_empty = considered.shortcut is not None and considered.shortcut[0] == "small_talk"
    has_asked = bool(considered.question.history) and considered.question.history[-1].author == "assistant"
    return is_empty and has_asked and any(mark.isdigit() for mark in considered.text)


def _do_not_know(considered: Considered, made_by: dict[str, Any]) -> Reply:
    asked = " / ".join(finding.ask.search for finding in considered.findings)
    text = in_speech(
        "not_known_unknown",
        considered.tag,
        "资料里没有写到这个问题，我不乱猜。需要的话可以为您转人工。",
        "I could not find this in our material, and I would rather not guess. Shall I ask a person to help?",
    )
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
        "title": entry.document_title or in_words("source", considered),
        "heading": entry.heading,
        "quote": quote(ask, entry).text[:LONGEST_QUOTE],
        "passage_id": str(entry.id),
    }
    if entry.document_id is not None:
        citation["document_id"] = str(entry.document_id)
    return citation


def _failed(rung: Rung, began: float, cause: str) -> dict[str, Any]:
    step: dict[str, Any] = {"name": "model", "milliseconds": _since(began), "error": cause[:80]}
    return step | {"model": rung.ready.model.model}


def _finished(step: Finished, rung: Rung) -> dict[str, Any]:
    how: dict[str, Any] = {"first_token": round(step.first_token_s * 1000), "finish": step.finish_reason}
    if step.attempts > 1:
        how["attempts"] = step.attempts
    if step.usage is not None:
        how["tokens"] = [step.usage.prompt_tokens, step.usage.completion_tokens]
        how["cost"] = [rung.ready.price.cost_micro(step.usage), rung.ready.price.currency]
    return how


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
