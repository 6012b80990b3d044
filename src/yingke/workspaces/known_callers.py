"""Callers seen a moment ago, so that a request costs no look-up; forgotten at once when they lose a right."""

import time
import weakref
from collections import OrderedDict
from collections.abc import Callable

from yingke.workspaces.caller import Caller

KEEP_SECONDS = 20.0
MOST_CALLERS = 20_000


class KnownCallers:
    """Token hash → caller, for at most 20 s: so long may a revocation in another process take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._callers: OrderedDict[bytes, tuple[float, Caller]] = OrderedDict()
        self._clock = clock
        _caches.add(self)

    def find(self, token_hash: bytes) -> Caller | None:
        known = self._callers.get(token_hash)
        if known is None or known[0] < self._clock():
            return None
        return known[1]

    def keep(self, token_hash: bytes, caller: Caller) -> None:
        self._callers[token_hash] = (self._clock() + KEEP_SECONDS, caller)
        self._callers.move_to_end(token_hash)
        if len(self._callers) > MOST_CALLERS:
            self._callers.popitem(last=False)

    def drop(self, matches: Callable[[Caller], bool]) -> None:
        for key in [key for key, (_, caller) in self._callers.items() if matches(caller)]:
            del self._callers[key]


_caches: "weakref.WeakSet[KnownCallers]" = weakref.WeakSet()


def forget_agent(workspace_id: int, agent_id: int) -> None:
    """After a change of role, a disabling or the end of sessions: the next request looks again."""
    for cache in _caches:
        cache.drop(lambda caller: caller.workspace_id == workspace_id and caller.agent_id == agent_id)


def forget_api_key(workspace_id: int, api_key_id: int) -> None:
    for cache in _caches:
        cache.drop(lambda caller: caller.workspace_id == workspace_id and caller.api_key_id == api_key_id)
