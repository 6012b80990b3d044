"""What a merchant lets the assistants look up in a system of his own: heard by his examples, asked for what is missing."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast

from yingke.assistants.own_tools.config import OwnInput
from yingke.assistants.own_tools.fields import say
from yingke.assistants.own_tools.inputs import bare, read_input
from yingke.assistants.own_tools.likeness import NEAR, NEAR_KNOWN, words_of
from yingke.assistants.own_tools.own_tool import OwnTool
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.small_words import kind_of
from yingke.assistants.skills.pieces.waiting import put_off
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.assistants.tools.contract import ToolResult
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.commerce.finding.need import read_need
from yingke.kit.expression import expression

ASKED: Final = "own_input"
MOST_ASKED: Final = 2
LEAST, MOST, STEP = 0.78, 0.948, 0.9
"""What is claimed at NEAR, what at most, and how it grows in between; an answer to a question is surer."""
ANSWERS, TRIES, MAY_ANSWER = 1.0, 0.96, 0.9
SHORT, LONGEST_ANSWER = 24, 60
_DOES_NOT_KNOW = expression(
    r"^没有?了?[。.!！]*$|算了|不(?:查|用|要|想|方便|知道|清楚|记得)|忘了|找不到|没有?(?:这个|号|单)|don'?t (?:have|know|remember)|can'?t find|never ?mind|forget it",
    re.IGNORECASE,
)
_ASKS = expression(
    r"[?？]|吗|呢$|么$|多少|怎么|咋|什么|啥|哪|能不能|可以|有没有|是不是|为什么|帮我|我要|我想|\b(?:how|what|when|where|which|why|can|could|do|does)\b",
    re.IGNORECASE,
)
_MIXED = re.compile(r"[A-Za-z0-9]")
_CLAIMED = "own_claimed"


class OwnToolsSkill(Skill):
    name = "own_tools"
    says = ("自有工具", "Own tools")
    tools: ClassVar[tuple[str, ...]] = ()

    def is_usable(self, belt: ToolBelt) -> bool:
        return bool(belt.own())

    def claims(self, work: Work, request: Request) -> float:
        if work.talk.asked == ASKED and (goes_on := self._goes_on(work, request)):
            return goes_on
        if self._again(work, request) is not None:
            return MAY_ANSWER
        found = _nearest(work, request)
        return min(MOST, LEAST + (found[1] - NEAR) * STEP) if found is not None else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        talk = work.talk
        if talk.asked == ASKED and self._goes_on(work, request):
            return await self._answered(work, request)
        found = _nearest(work, request)
        tool = found[0] if found is not None else self._again(work, request) or _by_words(work, request.text)
        if tool is None:
            return Served(None)
        values = _read_all(work, tool, request.text, {})
        missing = _missing(tool, values)
        if missing is not None and talk.asked not in (None, ASKED):
            # Another question of this turn comes first.
            return put_off(work, self.name, request.text)
        return await self._go(work, tool, values)

    async def _answered(self, work: Work, request: Request) -> Served:
        """What was asked for, or what the customer says instead of it."""
        talk, text = work.talk, request.text
        tool = _tool(work, talk.own.get("tool"))
        wanted = _wanted(work)
        if tool is None or wanted is None:
            return _over(work, Served(None))
        values: dict[str, str] = {**talk.own.get("values", {})}
        value = _value(work, wanted, text, is_asked=True)
        if value is not None:
            return await self._go(work, tool, _read_all(work, tool, text, values | {wanted.key: value}))
        if _DOES_NOT_KNOW.search(text):
            return _over(work, Served(work.say("own_dropped", what=tool.ready.config.name), offers_person=True))
        if talk.own.get("tries", 1) >= MOST_ASKED:
            return _over(work, Served(work.say("own_person", what=tool.ready.config.name), hand_off="own_tool"))
        return self._ask(work, tool, wanted, values, talk.own.get("tries", 1) + 1)

    async def _go(self, work: Work, tool: OwnTool, values: dict[str, str]) -> Served:
        missing = _missing(tool, values)
        if missing is not None:
            return self._ask(work, tool, missing, values, 1)
        key = ("own_served", tool.name, tuple(sorted(values.items())))
        if key in work.read:
            return Served("")
        work.read[key] = True
        work.talk.own = {"last": tool.name}
        if work.talk.asked == ASKED:
            work.talk.asked = None
        inputs = tool.ready.config.inputs
        arguments = {f"input_{at}": values[one.key] for at, one in enumerate(inputs) if one.key in values}
        return _told(work, tool, await work.belt.run(tool.name, arguments))

    def _ask(self, work: Work, tool: OwnTool, wanted: OwnInput, values: dict[str, str], tries: int) -> Served:
        talk = work.talk
        talk.asked = ASKED
        talk.own = {"tool": tool.name, "values": values, "key": wanted.key, "tries": tries}
        question = say(wanted.ask, values, work.tag)
        if wanted.kind == "choice":
            question += "\n" + "\n".join(f"{place}. {one}" for place, one in enumerate(wanted.choices, 1))
        if tries > 1:
            question = work.say("own_again") + "\n" + question
        # The merchant's own words, as a fact: nothing of them is taken away.
        work.belt.facts.append(question)
        return Served(question, offers_person=tries > 1)

    def _goes_on(self, work: Work, request: Request) -> float:
        """How surely these words answer what was asked; 0 when the customer speaks of something else."""
        wanted, text = _wanted(work), request.text.strip()
        if wanted is None or not text or len(text) > LONGEST_ANSWER:
            return 0.0
        if _value(work, wanted, text, is_asked=True) is not None:
            if wanted.kind == "text" and not wanted.shape:
                return self._as_words(work, request)
            return ANSWERS if len(text) <= SHORT else MAY_ANSWER
        if _DOES_NOT_KNOW.search(text) and len(text) <= SHORT:
            return TRIES
        is_try = len(text) <= SHORT and bool(_MIXED.search(text)) and not _ASKS.search(text) and kind_of(text) is None
        return TRIES if is_try and work.talk.skill == self.name else 0.0

    def _as_words(self, work: Work, request: Request) -> float:
        """Any words may be an address or a name: right after the question, and unless they ask or are only polite."""
        text = request.text
        if work.talk.skill != self.name or _ASKS.search(text) or kind_of(text) is not None:
            return 0.0
        return TRIES if _DOES_NOT_KNOW.search(text) else ANSWERS

    def _again(self, work: Work, request: Request) -> OwnTool | None:
        """「那 SN20240002 呢」 right after the same was asked of another one."""
        if work.talk.skill != self.name or len(request.text) > SHORT or work.talk.asked is not None:
            return None
        tool = _tool(work, work.talk.own.get("last"))
        if tool is None:
            return None
        today, inputs = work.belt.session.now.date(), tool.ready.config.inputs
        # Bare words would be anything.
        told = [one for one in inputs if read_input(one, request.text, today, is_asked=False) is not None]
        return tool if told else None


def _told(work: Work, tool: OwnTool, result: ToolResult) -> Served:
    """The merchant's sentence with what was found, or that it could not be looked up; never anything else."""
    what = tool.ready.config.name
    if result.problem in (None, "not_found"):
        return Served(result.data["answer"], offers_person=result.problem is not None)
    if result.problem == "need_sign_in":
        return Served(work.say("own_sign_in", what=what), offers_person=True)
    if tool.ready.config.on_failure == "hand_off":
        return Served(work.say("own_person", what=what), hand_off="own_tool")
    return Served(work.say("own_down", what=what), offers_person=True)


def _own(work: Work) -> list[OwnTool]:
    return cast(list[OwnTool], work.belt.own())


def _tool(work: Work, name: Any) -> OwnTool | None:
    return next((one for one in _own(work) if one.name == name), None)


def _wanted(work: Work) -> OwnInput | None:
    tool = _tool(work, work.talk.own.get("tool"))
    key = work.talk.own.get("key")
    return next((one for one in tool.ready.config.inputs if one.key == key), None) if tool is not None else None


def _nearest(work: Work, request: Request) -> tuple[OwnTool, float] | None:
    """The tool that the words are nearest to, when they are near enough; nothing while the encoder is away."""
    if request.vector is None:
        return None
    key = (_CLAIMED, request)
    if key not in work.read:
        scored = [
            (tool.ready.examples.score(request.vector, request.text), tool)
            for tool in _own(work)
            if tool.ready.examples is not None
        ]
        best, tool = max(scored, key=lambda one: one[0], default=(0.0, None))
        line = NEAR_KNOWN if request.is_known else NEAR
        work.read[key] = (tool, best) if tool is not None and best >= line else None
    return cast("tuple[OwnTool, float] | None", work.read[key])


def _by_words(work: Work, text: str) -> OwnTool | None:
    """Of a wish that had to wait: it was told from all others before."""
    said = words_of(text)
    scored = [
        (sum(weight for word, weight in tool.ready.examples.words.items() if word in said), tool)
        for tool in _own(work)
        if tool.ready.examples is not None
    ]
    best, tool = max(scored, key=lambda one: one[0], default=(0.0, None))
    return tool if best > 0 else None


def _read_all(work: Work, tool: OwnTool, text: str, known: Mapping[str, str]) -> dict[str, str]:
    """What the words tell beside what was told before; then what the rest of the message tells."""
    values = {**known}
    for wanted in tool.ready.config.inputs:
        for words in dict.fromkeys((text, work.text)):
            value = _value(work, wanted, words, is_asked=False) if wanted.key not in values else None
            if value is not None:
                values[wanted.key] = value
    return values


def _missing(tool: OwnTool, values: Mapping[str, str]) -> OwnInput | None:
    inputs = tool.ready.config.inputs
    return next((one for one in inputs if one.kind != "customer" and one.key not in values), None)


def _value(work: Work, wanted: OwnInput, text: str, *, is_asked: bool) -> str | None:
    if wanted.kind == "product":
        return _product(work, text) or ((bare(text) or None) if is_asked and not _ASKS.search(text) else None)
    return read_input(wanted, text, work.belt.session.now.date(), is_asked=is_asked)


def _product(work: Work, text: str) -> str | None:
    """The code of the one thing that is named; its name where the shop gave it none."""
    if work.shelf is None:
        return None
    named = work.shelf.named(text, read_need(text), work.belt.session.shop_id)
    return (named[0].code or named[0].title) if len(named) == 1 else None


def _over(work: Work, served: Served) -> Served:
    work.talk.asked, work.talk.own = None, {}
    return served
