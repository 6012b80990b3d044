"""The chat endpoints of a workspace: kept with a sealed key, called only where its owner has agreed to."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from yarl import URL

from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, bad_input, not_found
from yingke.kit.http import Outgoing
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.models.contract import ChatModel
from yingke.models.keep_lineup import keep_lineup
from yingke.models.location import Location, Place, judge_location
from yingke.models.make_chat_model import make_chat_model
from yingke.models.price import UNPRICED, Price
from yingke.models.quirks import KINDS
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST_ENDPOINTS = 20
PURPOSES = ("answer", "small", "translate", "summarise", "pairs")
"""Customers' answers, the smaller stand-in, translations, summaries, question-answer pairs out of documents."""
_COLUMNS = (
    "id, name, base_url, model, api_key, location, abroad_confirmed_at, filing_number, is_enabled, last_check, provider,"
    " position, purposes, can_use_tools, currency, price_in, price_cached, price_out, breaker, breaker_at, last_error,"
    " last_error_at"
)


@dataclass(frozen=True)
class Endpoint:
    """An endpoint as the engines use it. `api_key` is sealed."""

    id: int
    base_url: str
    model: str
    api_key: bytes | None
    location: Place
    provider: str = ""
    name: str = ""
    purposes: tuple[str, ...] = PURPOSES
    can_use_tools: bool = True
    price: Price = UNPRICED


class EndpointWish(msgspec.Struct):
    """What an owner may set. A new `base_url` on another host forgets the key and the consent given for the old one."""

    name: str | UnsetType = UNSET
    base_url: str | UnsetType = UNSET
    model: str | UnsetType = UNSET
    api_key: str | UnsetType | None = UNSET
    location: str | UnsetType | None = UNSET
    abroad_confirmed: bool | UnsetType = UNSET
    filing_number: str | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET
    provider: str | UnsetType = UNSET
    purposes: list[str] | UnsetType = UNSET
    can_use_tools: bool | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    price_in: int | UnsetType | None = UNSET
    price_cached: int | UnsetType | None = UNSET
    price_out: int | UnsetType | None = UNSET


async def choose_models(tx: Transaction, workspace_id: int) -> list[Endpoint]:
    """The enabled endpoints in their order. One abroad without consent is never returned."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from model_endpoints where workspace_id = $1 and is_enabled"
        " and (location <> 'abroad' or abroad_confirmed_at is not null) order by position, id",
        workspace_id,
    )
    return [endpoint_of(row) for row in rows]


async def find_enabled_endpoint(tx: Transaction, purpose: str = "answer") -> Endpoint | None:
    """The first enabled endpoint for `purpose`, or None. One abroad without consent is never returned."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from model_endpoints where is_enabled and $1 = any(purposes)"
        " and (location <> 'abroad' or abroad_confirmed_at is not null) order by position, id limit 1",
        purpose,
    )
    return endpoint_of(row) if row is not None else None


def endpoint_of(row: Any) -> Endpoint:
    return Endpoint(
        row["id"],
        row["base_url"],
        row["model"],
        row["api_key"],
        row["location"],
        row["provider"],
        row["name"],
        tuple(row["purposes"]),
        row["can_use_tools"],
        Price(row["currency"], row["price_in"], row["price_cached"], row["price_out"]),
    )


def make_model(
    endpoint: Endpoint, outgoing: Outgoing, secrets: Secrets, settings: Settings, *, gather_s: float = 0.05
) -> ChatModel:
    """Raises SealBroken when the key was sealed by another installation."""
    return make_chat_model(
        outgoing,
        base_url=endpoint.base_url,
        api_key=secrets.open(endpoint.api_key).decode() if endpoint.api_key else "",
        model=endpoint.model,
        kind=endpoint.provider,
        allow_private=settings.allow_private_urls,
        gather_s=gather_s,
    )


async def list_endpoints(tx: Transaction, workspace_id: int) -> list[Any]:
    return list(
        await tx.fetch(
            f"select {_COLUMNS} from model_endpoints where workspace_id = $1 order by position, id", workspace_id
        )
    )


async def get_endpoint(tx: Transaction, workspace_id: int, endpoint_id: int) -> Any:
    """The row. Raises 404."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from model_endpoints where workspace_id = $1 and id = $2 for update",
        workspace_id,
        endpoint_id,
    )
    if row is None:
        raise not_found()
    return row


async def create_endpoint(tx: Transaction, caller: Caller, secrets: Secrets, wish: EndpointWish) -> int:
    """The id. Raises 400; 409 when it is to be enabled abroad without consent."""
    if await tx.fetchval("select count(*) from model_endpoints") >= MOST_ENDPOINTS:
        raise bad_input({"name": f"at most {MOST_ENDPOINTS} / 最多 {MOST_ENDPOINTS} 个"})
    for field in ("name", "base_url", "model"):
        if getattr(wish, field) is UNSET:
            raise bad_input({field: "required / 请填写"})
    endpoint_id: int = await tx.fetchval(
        "insert into model_endpoints (workspace_id, name, base_url, model, location, position)"
        " select $1, '', '', '', 'abroad', coalesce(max(position), 0) + 1 from model_endpoints where workspace_id = $1"
        " returning id",
        caller.workspace_id,
    )
    await change_endpoint(tx, caller, secrets, endpoint_id, wish, action="model_endpoint.created")
    return endpoint_id


async def change_endpoint(
    tx: Transaction,
    caller: Caller,
    secrets: Secrets,
    endpoint_id: int,
    wish: EndpointWish,
    *,
    action: str = "model_endpoint.changed",
) -> None:
    """Changes what is given and keeps the line-up as it is now. Raises 400, 404, 409 `abroad_not_confirmed`."""
    row = await get_endpoint(tx, caller.workspace_id, endpoint_id)
    base_url = clean_base_url(wish.base_url) if wish.base_url is not UNSET else row["base_url"]
    is_same_host = same_origin(base_url, row["base_url"])
    place = chosen_place(judge_location(base_url), wish.location, row["location"] if is_same_host else None)
    was_confirmed = row["abroad_confirmed_at"] is not None and is_same_host
    is_confirmed = (
        wish.abroad_confirmed if wish.abroad_confirmed is not UNSET else was_confirmed
    ) and place == "abroad"
    is_enabled = wish.is_enabled if wish.is_enabled is not UNSET else row["is_enabled"] and is_same_host
    if is_enabled and place == "abroad" and not is_confirmed:
        raise abroad_not_confirmed()
    await tx.execute(
        "update model_endpoints set name = $2, base_url = $3, model = $4, api_key = $5, location = $6,"
        " abroad_confirmed_at = case when $7 then coalesce(case when $8 then abroad_confirmed_at end, now()) end,"
        " abroad_confirmed_by = case when $7 then coalesce(case when $8 then abroad_confirmed_by end, $9) end,"
        " filing_number = $10, is_enabled = $11, last_check = case when $12 then last_check end, provider = $13,"
        " purposes = $14, can_use_tools = $15, currency = $16, price_in = $17, price_cached = $18, price_out = $19,"
        " updated_at = now() where id = $1",
        endpoint_id,
        _line(wish.name, row["name"], 80, "name"),
        base_url,
        _line(wish.model, row["model"], 120, "model"),
        _sealed_key(wish.api_key, row["api_key"] if is_same_host else None, secrets),
        place,
        is_confirmed,
        was_confirmed,
        caller.agent_id,
        _line(wish.filing_number, row["filing_number"], 100, "filing_number", min_chars=0),
        is_enabled,
        is_same_host and wish.model is UNSET and wish.api_key is UNSET,
        *_more(wish, row),
    )
    await keep_lineup(tx, caller, action.removeprefix("model_endpoint."), endpoint_id)
    await _record(tx, caller, action, endpoint_id, base_url, place, is_enabled)
    if is_confirmed and not was_confirmed:
        await _record(tx, caller, "model_endpoint.abroad_confirmed", endpoint_id, base_url, place, is_enabled)


def _more(wish: EndpointWish, row: Any) -> list[Any]:
    """Provider, purposes, tools, currency and prices. Raises 400."""
    provider = row["provider"] if wish.provider is UNSET else wish.provider
    if provider and provider not in KINDS:
        raise bad_input({"provider": ", ".join(sorted(KINDS))})
    purposes = list(row["purposes"]) if wish.purposes is UNSET else list(dict.fromkeys(wish.purposes))
    if not set(purposes) <= set(PURPOSES):
        raise bad_input({"purposes": ", ".join(PURPOSES)})
    currency = row["currency"] if wish.currency is UNSET else wish.currency
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise bad_input({"currency": "CNY, USD, …"})
    prices = []
    for name in ("price_in", "price_cached", "price_out"):
        wished = getattr(wish, name)
        if wished is not UNSET and wished is not None and not 0 <= wished <= 10_000_000:
            raise bad_input({name: "0 – 10000000"})
        prices.append(row[name] if wished is UNSET else wished)
    can_use_tools = row["can_use_tools"] if wish.can_use_tools is UNSET else wish.can_use_tools
    return [provider, purposes, can_use_tools, currency, *prices]


async def _record(
    tx: Transaction, caller: Caller, action: str, endpoint_id: int, base_url: str, place: Place, is_enabled: bool
) -> None:
    data = {"host": URL(base_url).host or "", "location": place, "is_enabled": is_enabled}
    await record_audit(tx, caller, action, f"model_endpoint:{show_id(endpoint_id)}", data)


def _line(wished: str | UnsetType | None, before: str, longest: int, field: str, min_chars: int = 1) -> str:
    return before if wished is UNSET else clean_line(wished or "", longest, field=field, min_chars=min_chars)


def _sealed_key(wished: str | UnsetType | None, before: bytes | None, secrets: Secrets) -> bytes | None:
    """Null forgets the key; an empty field of a form leaves it."""
    if wished is None:
        return None
    if wished is UNSET or not wished.strip():
        return before
    return secrets.seal(clean_line(wished, 500, field="api_key"))


async def delete_endpoint(tx: Transaction, caller: Caller, endpoint_id: int) -> None:
    """Raises 404."""
    await get_endpoint(tx, caller.workspace_id, endpoint_id)
    await tx.execute("delete from model_endpoints where id = $1", endpoint_id)
    await keep_lineup(tx, caller, "deleted", endpoint_id)
    await record_audit(tx, caller, "model_endpoint.deleted", f"model_endpoint:{show_id(endpoint_id)}")


def clean_base_url(text: str) -> str:
    """An http(s) address without user, query or fragment. Raises 400."""
    line = clean_line(text, 500, field="base_url", min_chars=1)
    try:
        url = URL(line)
        is_good = url.scheme in ("http", "https") and bool(url.host) and url.user is None and url.password is None
    except ValueError:
        is_good = False
    if not is_good or "?" in line or "#" in line:
        raise bad_input({"base_url": "http(s)://…/v1"})
    return line.rstrip("/")


def same_origin(one: str, other: str) -> bool:
    """A key given for one host is never sent to another."""
    if not one or not other:
        return False
    return URL(one).origin() == URL(other).origin()


def chosen_place(judged: Location, wished: str | UnsetType | None, before: Place | None) -> Place:
    """What the host tells is final; where it tells nothing a person decides, and until then it counts as abroad."""
    if judged.is_sure:
        return judged.place
    if wished == "mainland" or wished == "abroad":
        return "mainland" if wished == "mainland" else "abroad"
    return before or judged.place


def abroad_not_confirmed() -> Problem:
    return Problem(
        409,
        "abroad_not_confirmed",
        "这个模型在境外：客户的话会离开中国大陆。请先勾选确认，再启用。",
        "This model is abroad: customers' words would leave mainland China. Confirm this before enabling it.",
    )
