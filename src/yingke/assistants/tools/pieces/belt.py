"""The tools of one turn: at most eight calls, each timed and noted for the trace, none of them able to break the answer."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.commerce.contract import ShopError
from yingke.kit.errors import Problem

MOST_CALLS = 8


class ToolBelt:
    """`calls` is what the trace shows: [tool, what came of it, milliseconds], never what was said or found."""

    def __init__(self, session: Session, tools: Iterable[Tool]) -> None:
        self.session = session
        self._tools = {tool.name: tool for tool in tools}
        self.calls: list[tuple[str, str, float]] = []
        self.used_before = 0
        """Calls of this turn that somebody else made, a model that failed."""
        self.facts: list[str] = []
        self.cards: list[dict[str, Any]] = []

    def has(self, name: str) -> bool:
        """False for a tool that is switched off."""
        return name in self._tools

    def tools(self) -> list[Tool]:
        return list(self._tools.values())

    async def run(self, name: str, arguments: Mapping[str, Any]) -> ToolResult:
        """Never raises: what went wrong is the `problem` of the result."""
        tool = self._tools.get(name)
        if tool is None:
            return ToolResult(problem="no_such_tool")
        if len(self.calls) + self.used_before >= MOST_CALLS:
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
        return result
