"""An answer waits while its customer writes on."""

import asyncio
import re
import time

from yingke.assistants.turns import Turn
from yingke.assistants.wants_person import wants_person

SILENCE = 0.8
PATIENCE = 3.0
MOST = 10_000
REST = 0.7
"""Seconds that the beginning of a sentence waits for its rest: other channels do not tell who is typing."""
SHORTEST, LONGEST = 1, 8
_BEGINS = re.compile(
    r"^(?:亲+|那个|这个|就是|然后|还有|另外|我想|我要|我看|我买|想问|请问|问一?下|咨询|你们家?)[\u4e00-\u9fff\w\s,，、~～…]*$"
)
_IS_WHOLE = re.compile(
    r"吗|呢|嘛|么|吧|[?？!！。]|几|多少|怎|咋|什么|啥|哪|谁|何|有没有|[能会要行好对是]不|不[能会要行好对是]|可以|转|人工|客服|真人|谢|再见|拜|确认|取消|不用|退|换|投诉|差评|骗|垃圾|生气|气死|气人|火大|滚|死"
    r"|^(?:好|行|嗯|哦|噢|对|是|没|有|不|要|可)|\d|[a-z]",
    re.IGNORECASE,
)


class Pauses:
    """Who was seen typing, and when last. In this process alone: a lost keystroke only makes an answer come sooner."""

    def __init__(self) -> None:
        self._typed: dict[int, float] = {}

    def typing(self, conversation_id: int) -> None:
        if len(self._typed) > MOST:
            self._typed.clear()
        self._typed[conversation_id] = time.monotonic()

    def sent(self, conversation_id: int) -> None:
        """What was typed before is the message that came; only typing after it holds the answer back."""
        self._typed.pop(conversation_id, None)

    async def gather(self, turn: Turn) -> None:
        """What is only the beginning of a question waits for the rest of it, `PATIENCE` at most."""
        began = time.monotonic()
        while turn.texts and is_beginning(turn.texts[-1]) and time.monotonic() - began < PATIENCE:
            seen = turn.last_seq
            await asyncio.sleep(REST)
            if turn.last_seq == seen:
                return

    async def wait(self, conversation_id: int) -> None:
        """Until he has been silent for `SILENCE` seconds, `PATIENCE` at most."""
        began = time.monotonic()
        while conversation_id in self._typed:
            now = time.monotonic()
            left = SILENCE - (now - self._typed[conversation_id])
            if left <= 0 or now - began > PATIENCE:
                self._typed.pop(conversation_id, None)
                return
            await asyncio.sleep(left)


def is_beginning(text: str) -> bool:
    """A few words that open a question and ask nothing yet: 亲, 我想问下, 那个充气垫. A greeting is whole."""
    plain = text.strip()
    if not SHORTEST <= len(plain) <= LONGEST or not _BEGINS.match(plain):
        return False
    return not _IS_WHOLE.search(plain) and not wants_person(plain)
