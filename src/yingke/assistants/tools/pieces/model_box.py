"""The tools of a turn as a language model may use them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from yingke.assistants.tools.contract import Tool
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.models.contract import ToolSpec
from yingke.models.tool_box import ToolBox, ToolResult, ToolUse

WORDS = {
    "need_tail": "The customer has to give the last four digits of the phone number of this order first.",
    "wrong": "Number and digits do not match. Ask the customer to check both; do not guess.",
    "no_tries_left": "No more tries. Say that a person will check it.",
    "not_found": "Nothing was found. Say so; do not invent anything.",
    "shop_down": "The shop does not answer just now. Say so; do not invent anything.",
    "too_many_calls": "No more calls in this turn. Answer with what is known.",
}


class ModelBox(ToolBox):
    """`keeps_from` are tools that a model may not use in this turn, such as a change that nobody said yes to."""

    def __init__(self, belt: ToolBelt, keeps_from: frozenset[str] = frozenset()) -> None:
        self._belt = belt
        self._keeps_from = keeps_from

    def specs(self) -> Sequence[ToolSpec]:
        return [ToolSpec(tool.name, tool.says[1], tool.parameters) for tool in self._allowed()]

    def cards(self) -> list[dict[str, Any]]:
        return [*self._belt.cards]

    def facts(self) -> tuple[str, ...]:
        return tuple(self._belt.facts)

    async def run(self, use: ToolUse) -> ToolResult:
        """Data as JSON; what went wrong in words that help."""
        if use.name not in {tool.name for tool in self._allowed()}:
            return ToolResult(f"There is no tool {use.name[:40]}.", is_error=True)
        result = await self._belt.run(use.name, use.arguments)
        data = msgspec.json.encode(result.data).decode()
        if result.problem is None:
            return ToolResult(data)
        return ToolResult(f"{WORDS.get(result.problem, result.problem)} {data}", is_error=True)

    def _allowed(self) -> list[Tool]:
        return [tool for tool in self._belt.tools() if tool.name not in self._keeps_from]
