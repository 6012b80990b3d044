"""What every tool promises. It acts for the customer of the session; who that is never comes from the text or a model."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Literal

from yingke.commerce.connections.live import Live
from yingke.commerce.contract import Shops
from yingke.commerce.finding.listings import Listings
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.prices.kept_offers import KeptOffers
from yingke.kit.db import Database

FRESH_SECONDS = 2.0
"""What a turn has read of the database is of this moment for so long, for the other tools of the same turn."""


@dataclass(frozen=True, slots=True)
class Session:
    """One turn of one conversation. `now` is in the shop's time zone; `conversation_id` 0: asked without a conversation.

    `through_seq` with the conversation names the turn for ever: idempotency keys are made of it.
    """

    db: Database
    shops: Shops
    workspace_id: int
    shop_id: int
    conversation_id: int
    through_seq: int
    language: str
    now: datetime
    live: Live | None = None
    """Asks connected shops this moment; without it the mirror is all there is."""
    listings: Listings | None = None
    """The words of what is sold, in memory; without it the database is searched."""
    offers: KeptOffers | None = None
    opened: dict[int, tuple[float, OrderView]] = field(default_factory=dict)
    """Orders opened in this turn, with when that was (monotonic): `find_opened` tells them for a moment."""

    def find_opened(self, order_id: int) -> OrderView | None:
        """The order as it was read for this very turn, at most FRESH_SECONDS ago."""
        when, order = self.opened.get(order_id, (0.0, None))
        return order if time.monotonic() - when < FRESH_SECONDS else None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """`data` as JSON for a model or a skill; `facts` are lines that words may quote figures from; `cards` are shown.

    `problem` is set when it could not be done: a code such as shop_down, not_found, wrong, blocked, not_allowed.
    """

    data: dict[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    cards: tuple[dict[str, Any], ...] = ()
    problem: str | None = None
    asked: dict[str, Any] | None = None
    """Of a merchant's own tool, for the trace: {tool, inputs, outcome}, contact details masked."""


class WrongArguments(Exception):
    """The arguments do not fit the tool; `why` is told to whoever called it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Tool(ABC):
    """One thing an assistant may do. `changes`: it has an effect outside, so it runs at most once for a turn and step."""

    name: ClassVar[str]
    says: ClassVar[tuple[str, str]]
    """What it is for, in Chinese and English."""
    parameters: ClassVar[dict[str, Any]]
    """JSON schema of its arguments."""
    needs: ClassVar[Literal["products", "orders", "talk", "own"]]
    """What a shop must have for it to be of any use; talk: a conversation is enough; own: the merchant made it."""
    changes: ClassVar[bool] = False
    literal: ClassVar[tuple[str, ...]] = ()
    """Arguments that only the customer can know: a model passes on what he wrote, letter for letter."""
    is_for_agents: ClassVar[bool] = True
    """False where agents have a better way of their own on screen."""

    @abstractmethod
    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Raises WrongArguments; a shop that fails is a `problem`, never an exception."""
