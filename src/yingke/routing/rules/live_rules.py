"""The rules in force, looked up at most every five seconds and compiled once; never a query more a turn."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.look_once import LookOnce
from yingke.routing.rules.compiled import RuleList
from yingke.routing.rules.lists import live_rules

KEEP_SECONDS = 5.0
MOST_WORKSPACES = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    rules: RuleList
    until: float


NO_RULES = RuleList(())


class LiveRules:
    """One per process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._once: LookOnce[int, RuleList] = LookOnce()

    async def of(self, workspace_id: int) -> RuleList:
        """What was known goes on while the database is away."""
        known = self._known.get(workspace_id)
        if known is not None and time.monotonic() < known.until:
            return known.rules
        return await self._once.of(workspace_id, lambda: self._look(workspace_id))

    async def _look(self, workspace_id: int) -> RuleList:
        known = self._known.get(workspace_id)
        try:
            async with self._db.transaction(workspace_id) as tx:
                rules = await live_rules(tx, workspace_id)
        except Problem:
            return known.rules if known is not None else NO_RULES
        same = known is not None and known.rules.rules == tuple(rules)
        compiled = known.rules if known is not None and same else RuleList(rules)
        self._known[workspace_id] = _Known(compiled, time.monotonic() + KEEP_SECONDS)
        self._known.move_to_end(workspace_id)
        if len(self._known) > MOST_WORKSPACES:
            self._known.popitem(last=False)
        return compiled
