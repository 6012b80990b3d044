"""Many who want to know the same at the same moment: one looks, all are told."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Found = TypeVar("Found")


class LookOnce(Generic[Key, Found]):
    """One per thing that is looked up. Keeps nothing: whoever comes when nobody is looking looks anew.

    Without it three hundred turns at once ask the database the same when what was known has grown old.
    """

    def __init__(self) -> None:
        self._looking: dict[Key, asyncio.Task[Found]] = {}

    async def of(self, key: Key, look: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """What `look` finds, or raises. Who gives up waiting disturbs nobody else."""
        looking = self._looking.get(key)
        if looking is None:
            looking = self._looking[key] = asyncio.create_task(look())
            looking.add_done_callback(lambda task: self._ended(key, task))
        return await asyncio.shield(looking)

    def forget(self, key: Key) -> None:
        """Whoever comes from now on looks anew, whatever is being found now."""
        self._looking.pop(key, None)

    def _ended(self, key: Key, task: "asyncio.Task[Found]") -> None:
        if self._looking.get(key) is task:
            del self._looking[key]
        if not task.cancelled():
            task.exception()
