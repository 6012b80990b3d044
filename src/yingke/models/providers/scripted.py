"""A model that runs in the process and answers by quoting the first passage; for tests, demos and load runs."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Sequence

from yingke.models.citations import NO_ANSWER
from yingke.models.contract import ChatMessage, ChatModel, Delta, ModelTimeout, ToolSpec, Usage

Script = Callable[[Sequence[ChatMessage]], str]
FIRST_PASSAGE = re.compile(r"^\[1\][^\n]*\n(?P<text>.+?)(?=\n\[2\]|\n<<<|\Z)", re.DOTALL | re.MULTILINE)


def quote_first_passage(messages: Sequence[ChatMessage]) -> str:
    """The first passage of a grounded prompt with its mark, at most 200 characters; without one, "no answer"."""
    found = FIRST_PASSAGE.search(messages[-1].content) if messages else None
    return f"{found['text'].strip()[:200]} [1]" if found else NO_ANSWER


class Scripted(ChatModel):
    """Deterministic: the same messages give the same pieces. Delays are in seconds; 0 never yields to the loop."""

    def __init__(
        self,
        script: Script = quote_first_passage,
        *,
        model: str = "scripted",
        first_token_s: float = 0.0,
        between_s: float = 0.0,
        piece_characters: int = 12,
    ) -> None:
        self.provider = "scripted"
        self.model = model
        self._script = script
        self._first_token_s = first_token_s
        self._between_s = between_s
        self._piece = piece_characters

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int,
        temperature: float,
        deadline: float,
        tools: Sequence[ToolSpec] = (),
    ) -> AsyncGenerator[Delta, None]:
        answer = self._script(messages)
        whole = answer[:max_tokens]
        await _pause(self._first_token_s, deadline)
        for start in range(0, len(whole), self._piece):
            if start:
                await _pause(self._between_s, deadline)
            yield Delta(whole[start : start + self._piece])
        prompt = sum(len(message.content) for message in messages)
        yield Delta("", "stop" if whole == answer else "length", Usage(prompt, len(whole)))


async def _pause(seconds: float, deadline: float) -> None:
    if time.monotonic() + seconds > deadline:
        await asyncio.sleep(max(deadline - time.monotonic(), 0.0))
        raise ModelTimeout("deadline")
    if seconds:
        await asyncio.sleep(seconds)
