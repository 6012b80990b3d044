"""The tools of a turn as a language model may use them: it looks, it proposes, it calls a person; it changes nothing."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from yingke.assistants.tools.contract import Tool
from yingke.assistants.tools.contract import ToolResult as Found
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.models.contract import ToolSpec
from yingke.models.tool_box import ToolBox, ToolResult, ToolUse

WORDS = {
    "need_tail": "The customer has to give the last four digits of the phone number of this order first.",
    "wrong": "Number and digits do not match. Ask the customer to check both; do not guess.",
    "no_tries_left": "No more tries. Say that a person will check it.",
    "not_found": "Nothing was found. Say so; do not invent anything.",
    "shop_down": "The shop does not answer just now. Say so; do not invent anything.",
    "own_down": "That system does not answer just now. Say so; do not invent anything.",
    "need_sign_in": "The customer has to sign in to the shop first; nothing else helps.",
    "too_many_calls": "No more calls in this turn. Answer with what is known.",
}
NEEDS_PERSON = {"no_tries_left": "order_tries", "shop_down": "shop_down"}
"""What came of a tool → why a person follows, as with the skills."""
PROPOSED = "request_change"
ASK_PERSON = ToolSpec(
    "ask_person",
    "Hand this conversation to a person of the shop: when you cannot help with the tools and passages that you have.",
    {"type": "object", "properties": {"why": {"type": "string", "maxLength": 200}}, "required": ["why"]},
)
_NOTED = (
    "Noted, nothing is done yet. The shop now asks the customer for a yes in words of its own, which follow your answer."
    " Do not say that it is done or will be done; answer what else was asked, if anything."
)
_LINES = {
    "type": "array",
    "maxItems": 20,
    "items": {
        "type": "object",
        "properties": {"line": {"type": "integer"}, "quantity": {"type": "integer", "minimum": 1}},
        "required": ["line", "quantity"],
    },
}
_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(r"(?<=\d)[\s.·-]{1,2}(?=\d)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a model thinks the customer wants. `order` is open in this conversation; `items` [{line, quantity}],
    empty: not said."""

    kind: str
    order: dict[str, Any]
    items: tuple[dict[str, int], ...] = ()


class ModelBox(ToolBox):
    """`said`: the customer's own words in this conversation. Four digits that he never wrote open no order.

    `clean` takes out of a title, a name or a note what speaks to an assistant; such texts are data, and not even that.
    """

    def __init__(self, belt: ToolBelt, said: Sequence[str], clean: Callable[[str], str]) -> None:
        self._belt = belt
        self._said = said
        self._clean = clean
        self.proposal: Proposal | None = None
        self.hand_off: str | None = None

    @property
    def calls(self) -> list[tuple[str, str, float]]:
        """Of the tools so far, as the trace shows them: [tool, what came of it, milliseconds]."""
        return self._belt.calls

    def specs(self) -> Sequence[ToolSpec]:
        tools = [tool for tool in self._belt.tools() if tool.needs != "talk"]
        specs = [ToolSpec(tool.name, tool.says[1], tool.parameters) for tool in tools if not tool.changes]
        specs += [_proposing(tool) for tool in tools if tool.name == PROPOSED]
        return [*specs, ASK_PERSON] if specs else []

    def cards(self) -> list[dict[str, Any]]:
        return [*self._belt.cards]

    def facts(self) -> tuple[str, ...]:
        return tuple(self._belt.facts)

    async def run(self, use: ToolUse) -> ToolResult:
        """Data as JSON, without sentences that give orders; what went wrong in words that help."""
        if use.name not in {spec.name for spec in self.specs()}:
            return ToolResult(f"There is no tool {use.name[:40]}.", is_error=True)
        if use.name == ASK_PERSON.name:
            self.hand_off = self.hand_off or "assistant"
            return ToolResult("A person will read this conversation and go on. Tell the customer so, in one sentence.")
        if use.name == PROPOSED:
            return await self._propose(use.arguments)
        if unsaid := self._unsaid(use):
            return ToolResult(f"{unsaid} must be what the customer wrote himself. Ask him for it.", is_error=True)
        return self._told(await self._belt.run(use.name, self._own(use)))

    async def _propose(self, arguments: Mapping[str, Any]) -> ToolResult:
        found = await self._belt.run("open_order", {"order_id": str(arguments.get("order_id", ""))})
        if found.problem is not None:
            return self._told(found)
        order = found.data["order"]
        if self.proposal is not None and (self.proposal.kind, self.proposal.order["id"]) != (
            arguments["kind"],
            order["id"],
        ):
            return ToolResult("One change at a time: the first one has to be confirmed before the next.", is_error=True)
        lines = {item["line"]: item["quantity"] for item in order["items"]}
        asked = [one for one in arguments.get("items") or [] if one["line"] in lines]
        items = tuple({"line": one["line"], "quantity": min(one["quantity"], lines[one["line"]])} for one in asked)
        self.proposal = Proposal(arguments["kind"], order, items)
        return ToolResult(_NOTED)

    def _told(self, found: Found) -> ToolResult:
        data = msgspec.json.encode(_each_text(found.data, self._clean)).decode()
        if found.problem is None:
            return ToolResult(data)
        self.hand_off = self.hand_off or NEEDS_PERSON.get(found.problem)
        return ToolResult(f"{WORDS.get(found.problem, found.problem)} {data}", is_error=True)

    def trace(self) -> dict[str, Any]:
        """What a trace keeps of the calls."""
        return self._belt.trace()

    def _unsaid(self, use: ToolUse) -> str:
        """The first argument that only the customer can know and that stands in none of his words; empty when all do."""
        literal = next((tool.literal for tool in self._belt.tools() if tool.name == use.name), ())
        said = _plain("".join(self._said))
        given = ((name, use.arguments.get(name)) for name in literal)
        return next((name for name, value in given if isinstance(value, str) and _plain(value) not in said), "")

    def _own(self, use: ToolUse) -> Mapping[str, Any]:
        """The arguments without a proof that the customer did not give."""
        tail = use.arguments.get("phone_tail")
        if use.name != "open_order" or not isinstance(tail, str):
            return use.arguments
        digits = "".join(_DIGITS.findall(unicodedata.normalize("NFKC", tail)))[-4:]
        narrow = (_BETWEEN.sub("", unicodedata.normalize("NFKC", text)) for text in self._said)
        given = (run for text in narrow for run in _DIGITS.findall(text))
        kept = {name: value for name, value in use.arguments.items() if name != "phone_tail"}
        return (
            kept | {"phone_tail": digits} if len(digits) == 4 and any(run.endswith(digits) for run in given) else kept
        )


def _plain(text: str) -> str:
    """Its letters and digits alone, narrow and small."""
    return "".join(mark for mark in unicodedata.normalize("NFKC", text).casefold() if mark.isalnum())


def _proposing(tool: Tool) -> ToolSpec:
    """Without reasons and details: those the customer gives to the shop himself."""
    kinds = tool.parameters["properties"]["kind"]
    properties = {"kind": kinds, "order_id": {"type": "string"}, "items": _LINES}
    return ToolSpec(
        tool.name,
        "Prepare a return, exchange, refund, repair, cancellation, other address or invoice for an order that is open in "
        "this conversation. The shop then asks the customer to confirm; nothing is done before he said yes.",
        {"type": "object", "properties": properties, "required": ["kind", "order_id"]},
    )


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each_text(one, change) for name, one in value.items()}
    return [_each_text(one, change) for one in value] if isinstance(value, list) else value
