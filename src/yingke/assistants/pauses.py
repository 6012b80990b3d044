"""An answer waits while its customer writes on."""

import asyncio
import time

SILENCE = 0.8
PATIENCE = 3.0
MOST = 10_000


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
