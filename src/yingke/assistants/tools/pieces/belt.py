"""The tools of one turn: at most eight calls, each timed and noted for the trace, none of them able to break the answer."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.commerce.contract import ShopError
from yingke.kit.errors import Problem

MOST_CALLS = 8
OWN = "own_"
"""How the tools of merchants begin; the rest is the id."""
MOST_OWN_CALLS = 3


class ToolBelt:
    """`calls` is what the trace shows: [tool, what came of it, milliseconds], never what was said or found."""

    def __init__(self, session: Session, tools: Iterable[Tool]) -> None:
        self.session = session
        self._tools = {tool.name: tool for tool in tools}
        self.calls: list[tuple[str, str, float]] = []
        self.used_before = 0
        """Calls of this turn that somebody else made, a model that failed."""
        self.asked: list[dict[str, Any]] = []
        """Of the merchant's own tools, for the trace: {tool, inputs, outcome}."""
        self.facts: list[str] = []
        self.cards: list[dict[str, Any]] = []

    def has(self, name: str) -> bool:
        """False for a tool that is switched off."""
        return name in self._tools

    def tools(self) -> list[Tool]:
        return list(self._tools.values())

    def own(self) -> list[Tool]:
        """Those that the merchant made."""
        return [tool for tool in self._tools.values() if tool.needs == "own"]

    def trace(self) -> dict[str, Any]:
        """What a trace keeps of the calls."""
        told = {"tools": [list(call) for call in self.calls], "own_tools": self.asked}
        return {name: value for name, value in told.items() if value}

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Never raises: what went wrong is the `problem` of the result."""
        tool = self._tools.get(name)
        if tool is None:
            return ToolResult(problem="no_such_tool")
        if len(self.calls) + self.used_before >= MOST_CALLS or self._is_too_much(tool):
            return ToolResult(problem="too_many_calls")
        began = time.perf_counter()
        try:
            result = await tool.run(self.session, arguments, len(self.calls))
        except WrongArguments as wrong:
            result = ToolResult({"why": wrong.why}, problem="wrong_arguments")
        except ShopError as failed:
            result = ToolResult({"advice": failed.advice}, problem=failed.code)
        except Problem as failed:
            result = ToolResult({"why": failed.spoken(self.session.language)}, problem=failed.code)
        self.calls.append((name, result.problem or "ok", round((time.perf_counter() - began) * 1000, 2)))
        self.facts += result.facts
        self.cards += result.cards
        if result.asked is not None:
            self.asked.append(result.asked)
        return result

    def _is_too_much(self, tool: Tool) -> bool:
        """Another system than the shop's is asked only a few times for one turn."""
        return tool.needs == "own" and len(self.asked) >= MOST_OWN_CALLS
