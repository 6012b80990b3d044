"""What this process leaves undone when too much comes at once, and in which order; what it never leaves undone."""

import contextlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from yingke.assistants.pace import Pace
from yingke.kit.errors import Problem, busy, too_many
from yingke.kit.in_flight import InFlight
from yingke.kit.pressure import Pressure
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings

FIGURES, HELP, PRESENCE, WEBHOOKS, HISTORY = 1, 2, 3, 4, 5
"""At which level of pressure each is left for later. Above all of them only messages beyond what can be stored are
refused; an agent's message, a word left behind and a wish for a person never are."""
NAMES = {FIGURES: "figures", HELP: "assistant", PRESENCE: "presence", WEBHOOKS: "webhooks", HISTORY: "history"}
SHARE = 0.8
"""Of the messages being stored at once no workspace holds more, so that there is always room for another's."""
MOST_REQUESTS = 500
"""Other requests at once; what is never refused is not counted."""

_FIGURES = re.compile(
    r"/v1/(today|resolution|teamwork|intent-figures|model-usage|model-comparisons|audit-log|traces|webhook-deliveries|shadow"
    r"|golden-runs|guards/(stops|trial|check|words/(ex|im)port)|rules/(trials|check)|routing-settings/preview"
    r"|commerce/imports|assistant-versions/(figures|try)|knowledge/(search|golden|past|questions|gaps|contradictions"
    r"|contradiction-counts|answering/preview|qa-pairs/(ex|im)port|qa-pairs/duplicates))(/|$)"
    r"|/v1/conversations/\d+/transcript$|/v1/guards/(trial|check)$"
)
_HELP = re.compile(
    r"/v1/ask$|/v1/conversations/\d+/(suggestions|summary|draft-translation|translations|suggestion-uses)$"
)
_PRESENCE = re.compile(r"/v1/conversations/\d+/typing$|/v1/widget/visits$")
_HISTORY = re.compile(
    r"/v1/widget/(messages|conversations)$|/v1/(contacts|orders|events|left-messages|order-requests)(/\d+)?$"
    r"|/v1/conversations(/\d+(/(messages|orders|notes))?)?$"
)
_NEVER = re.compile(
    r"/v1/conversations/\d+/(messages|take-over|hand-back|transfer|closure)$|/v1/queue/next$|/healthz$|/readyz$|/metrics$"
    r"|/v1/widget/(left-messages|hand-off|messages)$"
)


def is_message(scope: Mapping[str, Any]) -> bool:
    """A request that brings what a visitor says."""
    return bool(scope["path"] == "/v1/widget/messages" and scope["method"] == "POST")


class Load:
    """One per process: measured at each tick, asked at every door."""

    def __init__(self, pace: Pace, rates: Rates, settings: Settings) -> None:
        self.pace = pace
        self.messages = InFlight()
        self.pressure = Pressure(lambda: self.messages.seconds, lambda: pace.oldest, self._tick)
        self.refused: Counter[str] = Counter()
        self.requests = 0
        self._rates = rates
        self._settings = settings
        self._held: Counter[int] = Counter()

    def leaves(self, what: int) -> bool:
        """True while this is left for later."""
        return self.pressure.level >= what

    @property
    def left_undone(self) -> list[str]:
        """Names of what is left for later now, the first to go first."""
        return [name for level, name in NAMES.items() if self.leaves(level)]

    def _tick(self, wait: float) -> None:
        self.messages.rest()
        self.pace.adjust(wait, self.pressure.busy)

    def check(self, method: str, path: str) -> Problem | None:
        """What a request is told at the door, before anything is done for it; None: come in."""
        is_reading = method in ("GET", "HEAD")
        if not is_reading and _NEVER.match(path):
            return None
        if self.requests >= MOST_REQUESTS and not _NEVER.match(path):
            self.refused["requests"] += 1
            return busy(_pause())
        if not self.pressure.level:
            return None
        what = _class_of(path, is_reading)
        if not what or not self.leaves(what):
            return None
        self.refused[NAMES[what]] += 1
        return _later(what)

    @contextlib.contextmanager
    def request(self) -> Iterator[None]:
        """Around a request that is no message of a visitor."""
        self.requests += 1
        try:
            yield
        finally:
            self.requests -= 1

    def refuse(self) -> Problem:
        """What a visitor's message is told that cannot be stored in time."""
        self.pressure.arrived()
        self.refused["messages"] += 1
        return busy(_pause())

    def enter(self, workspace_id: int) -> "Place":
        """A message of a visitor has come, and it is known whose it is. Raises the 503 or the 429 Problem."""
        if self.messages.is_full:
            raise self.refuse()
        try:
            self._take_share(workspace_id)
        except Problem:
            self.pressure.arrived()
            raise
        self.pressure.arrived()
        return Place(self, workspace_id, self.messages.enter())

    def left(self, workspace_id: int, number: int, *, is_stored: bool) -> None:
        """A message that had entered is stored, or refused for a reason of its own."""
        self._give_share_back(workspace_id)
        self.messages.leave(number, late=self.pressure.lag, is_done=is_stored)

    @contextlib.contextmanager
    def message(self) -> Iterator[None]:
        """Around a request with a visitor's message, of whom nothing is known yet. Raises the 503 Problem."""
        number = self.messages.enter()
        if not number:
            raise self.refuse()
        self.pressure.arrived()
        try:
            yield
        finally:
            self.messages.leave(number, late=self.pressure.lag)

    @contextlib.contextmanager
    def share(self, workspace_id: int) -> Iterator[None]:
        """Inside of `message`, once it is known whose it is. Raises the 429 Problem for a workspace over its share."""
        self._take_share(workspace_id)
        try:
            yield
        finally:
            self._give_share_back(workspace_id)

    def _take_share(self, workspace_id: int) -> None:
        quota = self._settings.workspace_rate
        if quota and (wait := self._rates.take(f"workspace:{workspace_id}", rate=quota, burst=quota)) > 0:
            self.refused["quota"] += 1
            raise too_many(max(1.0, wait))
        if self._held[workspace_id] >= self.messages.limit * SHARE:
            self.refused["share"] += 1
            raise too_many(_pause())
        self._held[workspace_id] += 1

    def _give_share_back(self, workspace_id: int) -> None:
        self._held[workspace_id] -= 1
        if not self._held[workspace_id]:
            del self._held[workspace_id]


class Place:
    """Of one message among those that are being stored."""

    __slots__ = ("_load", "_number", "_workspace_id")

    def __init__(self, load: Load, workspace_id: int, number: int) -> None:
        self._load = load
        self._workspace_id = workspace_id
        self._number = number

    def leave(self, *, is_stored: bool) -> None:
        self._load.left(self._workspace_id, self._number, is_stored=is_stored)


def _class_of(path: str, is_reading: bool) -> int:
    if _FIGURES.match(path):
        return FIGURES
    if _HELP.match(path):
        return HELP
    if _PRESENCE.match(path):
        return PRESENCE
    return HISTORY if is_reading and _HISTORY.match(path) else 0


def _pause() -> float:
    """Spread, so that those who were refused do not come back together."""
    return random.uniform(1.0, 4.0)


def _later(what: int) -> Problem:
    return Problem(
        503,
        "later",
        "咨询的客户太多，系统先保证消息收发，这一项请稍后再试。",
        "Too many customers are writing. Messages go first; try this again shortly.",
        retry_after=random.uniform(2.0, 6.0) if what != HISTORY else _pause(),
    )
