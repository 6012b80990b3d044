"""A provider behind a connection that people make on screen: its form, its tokens, and single things fetched by id."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from yingke.commerce.contract import CannotByProgram, Provider
from yingke.commerce.providers.pieces.door import Door
from yingke.commerce.shapes import Order, Product

FieldKind = Literal["text", "secret", "url", "mapping"]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form. `where` says where in the platform's own pages the value is found."""

    key: str
    kind: FieldKind
    zh: str
    en: str
    where_zh: str = ""
    where_en: str = ""
    is_required: bool = True
    default: str = ""
    is_advanced: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    value: str
    until: datetime


class Tokens(ABC):
    """Where the access token of a connection is kept, shared by all processes."""

    @abstractmethod
    async def get(self) -> str | None:
        """The token that is still good, or None."""

    @abstractmethod
    async def renew(self, old: str | None, fetch: Callable[[], Awaitable[Token]]) -> str:
        """A token other than `old`: what another process fetched meanwhile, or what `fetch` brings."""


class NoTokens(Tokens):
    """Keeps it in memory: for a test before anything is stored."""

    def __init__(self) -> None:
        self._token: str | None = None

    async def get(self) -> str | None:
        return self._token

    async def renew(self, old: str | None, fetch: Callable[[], Awaitable[Token]]) -> str:
        if self._token is None or self._token == old:
            self._token = (await fetch()).value
        return self._token


@dataclass(frozen=True, slots=True)
class Access:
    """What a person typed in: `settings` may be shown again, `secret` never."""

    settings: Mapping[str, Any]
    secret: Mapping[str, str]

    def text(self, key: str) -> str:
        """A value of either kind, empty when it is not there."""
        value = self.secret.get(key) or self.settings.get(key) or ""
        return str(value).strip()


class Connected(Provider):
    """What a connection needs beside the contract of every provider."""

    zh: ClassVar[str]
    en: ClassVar[str]
    about_zh: ClassVar[str]
    about_en: ClassVar[str]
    fields: ClassVar[tuple[Field, ...]]
    push_help_zh: ClassVar[str] = ""
    """Where the platform wants our address for its pushes; empty: it sends none."""
    push_help_en: ClassVar[str] = ""
    push_answer: ClassVar[tuple[str, str]] = ("application/json", "{}")
    """Media type and body that the platform takes for "received"."""
    push_settles_s: ClassVar[float] = 0.0
    """So long after a push the platform's own answers may still be old."""
    lists_changes: bool = True
    """`list_products(since)` leaves out what did not change; otherwise products are read at night only."""

    def __init__(self, door: Door, access: Access, tokens: Tokens) -> None:
        self.door = door
        self.access = access
        self.tokens = tokens

    async def fetch_order(self, external_id: str) -> Order | None:
        """By the platform's own id."""
        return await self.find_order(external_id)

    async def fetch_product(self, external_id: str) -> Product | None:
        """One product as it stands now, or None when it is gone there. Raises like every call."""
        raise CannotByProgram

    def answer_probe(self, query: Mapping[str, str]) -> str | None:
        """What to answer the platform's test of our address (a GET), or None when it is not signed by it."""
        return None
