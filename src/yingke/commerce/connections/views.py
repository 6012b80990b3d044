"""Connections and forms as the screens see them."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.commerce.connections.connection import Connection
from yingke.commerce.connections.registry import find_provider
from yingke.commerce.providers.pieces.connected import Connected, Field
from yingke.kit.ids import show_id


class FieldView(Struct):
    """One line of a provider's form. `where` tells where the value is found."""

    key: str
    kind: Literal["text", "secret", "url", "mapping"]
    label: str
    where: str
    is_required: bool
    is_advanced: bool
    default: str


class ProviderView(Struct):
    """`can` names what its platform can do by program."""

    name: str
    label: str
    about: str
    can: list[str]
    fields: list[FieldView]
    push_help: str


class SyncProgress(Struct):
    """Of the run going on or the last one. `phase` done: it has ended."""

    phase: Literal["waiting", "products", "orders", "done"]
    is_full: bool
    products: int
    orders: int
    started_at: str | None


class ConnectionReason(Struct):
    code: str
    text: str


class ConnectionView(Struct):
    """`secrets_set` names the secrets that are filled in; their values are never shown. `push_url` is what the platform
    is given for its pushes, empty where it sends none."""

    id: str
    provider: str
    label: str
    name: str
    shop_ids: list[str] | None
    settings: dict[str, Any]
    secrets_set: list[str]
    can: list[str]
    state: Literal["ok", "failing", "reconnect", "paused"]
    reason: ConnectionReason | None
    failing_since: datetime | None
    progress: SyncProgress
    products: int
    orders: int
    first_synced_at: datetime | None
    last_synced_at: datetime | None
    next_sync_at: datetime | None
    last_push_at: datetime | None
    push_url: str
    push_help: str
    created_at: datetime


class TriedView(Struct):
    """Of the test button. `text` says what is wrong and what to do; empty when it works."""

    is_ok: bool
    shop_name: str
    text: str


def show_provider(kind: type[Connected], language: str) -> ProviderView:
    is_en = language == "en"
    return ProviderView(
        name=kind.name,
        label=kind.en if is_en else kind.zh,
        about=kind.about_en if is_en else kind.about_zh,
        can=sorted(kind.can),
        fields=[_field(one, is_en) for one in kind.fields],
        push_help=kind.push_help_en if is_en else kind.push_help_zh,
    )


def show_connection(
    row: Connection, secrets_set: list[str], counts: tuple[int, int], address: str, can: list[str], language: str
) -> ConnectionView:
    """`address`: how the outside reaches this installation, without a slash at its end."""
    kind = find_provider(row.provider)
    is_en = language == "en"
    told, reason = row.progress, row.reason
    takes_pushes = kind is not None and "push" in kind.can
    return ConnectionView(
        id=show_id(row.id),
        provider=row.provider,
        label="" if kind is None else kind.en if is_en else kind.zh,
        name=row.name,
        shop_ids=[show_id(one) for one in row.shop_ids] if row.shop_ids is not None else None,
        settings=row.settings,
        secrets_set=secrets_set,
        can=can,
        state=row.state,  # type: ignore[arg-type]
        reason=ConnectionReason(reason["code"], reason["en" if is_en else "zh"]) if reason else None,
        failing_since=row.failing_since,
        progress=SyncProgress(
            told.get("phase", "waiting"),
            told.get("is_full", True),
            told.get("products", 0),
            told.get("orders", 0),
            told.get("started_at"),
        ),
        products=counts[0],
        orders=counts[1],
        first_synced_at=row.first_synced_at,
        last_synced_at=row.last_synced_at,
        next_sync_at=row.next_sync_at,
        last_push_at=row.last_push_at,
        push_url=f"{address}/inbound/shop/{show_id(row.id)}" if takes_pushes else "",
        push_help="" if kind is None else kind.push_help_en if is_en else kind.push_help_zh,
        created_at=row.created_at,
    )


def _field(one: Field, is_en: bool) -> FieldView:
    return FieldView(
        one.key,
        one.kind,
        one.en if is_en else one.zh,
        one.where_en if is_en else one.where_zh,
        one.is_required,
        one.is_advanced,
        one.default,
    )
