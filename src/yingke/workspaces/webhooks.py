"""Webhooks of a workspace: made, changed, re-keyed, removed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from yingke.kit.address_guard import judge_private_too, judge_public, parse_address
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.http import OutgoingRefused
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.webhook_signature import new_secret

MOST_WEBHOOKS = 8
"""A workspace's deliveries run at most eight at once, and each webhook needs a lane of its own."""
MOST_TYPES = 40
ROTATION_HOURS = 24


@dataclass(frozen=True)
class Webhook:
    """`types` empty = every event. `failures` counts attempts in a row that failed."""

    id: int
    url: str
    types: list[str]
    description: str
    is_enabled: bool
    failures: int
    created_at: datetime


_SELECT = "select id, url, types, description, is_enabled, failures, created_at from webhooks"


async def list_webhooks(tx: Transaction) -> list[Webhook]:
    return [Webhook(**dict(row)) for row in await tx.fetch(_SELECT + " order by id")]


async def get_webhook(tx: Transaction, webhook_id: int) -> Webhook:
    """Raises 404."""
    row = await tx.fetchrow(_SELECT + " where id = $1", webhook_id)
    if row is None:
        raise not_found()
    return Webhook(**dict(row))


async def create_webhook(
    tx: Transaction, secrets: Secrets, settings: Settings, caller: Caller, url: str, types: list[str], description: str
) -> tuple[int, str]:
    """(id, secret). It hears of everything that happens from now on. Raises 400, 422 for an address inside."""
    await tx.execute("select id from workspaces for update")
    if await tx.fetchval("select count(*) from webhooks") >= MOST_WEBHOOKS:
        raise bad_input({"url": f"最多 {MOST_WEBHOOKS} 个 / at most {MOST_WEBHOOKS} webhooks"})
    secret = new_secret()
    webhook_id = await tx.fetchval(
        "insert into webhooks (workspace_id, url, secret, types, description) values ($1, $2, $3, $4, $5) returning id",
        caller.workspace_id,
        check_url(url, settings),
        secrets.seal(secret),
        _types(types),
        clean_line(description, 200, field="description"),
    )
    await record_audit(tx, caller, "webhook.created", f"webhook:{show_id(webhook_id)}", {"url": _shown(url)})
    return webhook_id, secret


async def change_webhook(
    tx: Transaction,
    settings: Settings,
    caller: Caller,
    webhook_id: int,
    *,
    url: str | None = None,
    types: list[str] | None = None,
    description: str | None = None,
    disabled: bool | None = None,
) -> None:
    """Changes what is given. One that is switched on again hears of what happens from then on. Raises 404, 400."""
    before = await get_webhook(tx, webhook_id)
    if url is not None:
        await tx.execute(
            "update webhooks set url = $2, failures = 0 where id = $1", webhook_id, check_url(url, settings)
        )
    if types is not None:
        await tx.execute("update webhooks set types = $2 where id = $1", webhook_id, _types(types))
    if description is not None:
        line = clean_line(description, 200, field="description")
        await tx.execute("update webhooks set description = $2 where id = $1", webhook_id, line)
    if disabled is not None and disabled == before.is_enabled:
        await tx.execute(
            "update webhooks set is_enabled = $2, failures = 0,"
            " cursor_tx = case when $2 then pg_current_xact_id() else cursor_tx end,"
            " cursor_id = case when $2 then 0 else cursor_id end where id = $1",
            webhook_id,
            not disabled,
        )
    given = {"url": url and _shown(url), "types": types, "disabled": disabled}
    data = {name: value for name, value in given.items() if value is not None}
    await record_audit(tx, caller, "webhook.changed", f"webhook:{show_id(webhook_id)}", data)


async def delete_webhook(tx: Transaction, caller: Caller, webhook_id: int) -> None:
    """With its log. Raises 404."""
    if not await tx.fetchval("delete from webhooks where id = $1 returning true", webhook_id):
        raise not_found()
    await record_audit(tx, caller, "webhook.deleted", f"webhook:{show_id(webhook_id)}")


async def rotate_secret(tx: Transaction, secrets: Secrets, caller: Caller, webhook_id: int) -> str:
    """A new secret; for 24 hours the old one signs as well, so that the receiver can change over. Raises 404."""
    secret = new_secret()
    if not await tx.fetchval(
        "update webhooks set previous_secret = secret, previous_until = now() + make_interval(hours => $3), secret = $2"
        " where id = $1 returning true",
        webhook_id,
        secrets.seal(secret),
        ROTATION_HOURS,
    ):
        raise not_found()
    await record_audit(tx, caller, "webhook.secret_rotated", f"webhook:{show_id(webhook_id)}")
    return secret


def signing_secrets(secrets: Secrets, row: Any) -> list[str]:
    """The newest first; `row` has secret, previous_secret, and is_rotating."""
    sealed = [row["secret"]] + ([row["previous_secret"]] if row["is_rotating"] and row["previous_secret"] else [])
    return [secrets.open(one).decode() for one in sealed]


def check_url(url: str, settings: Settings) -> str:
    """Raises 400 for what is no http(s) address, 422 for an address inside; names are judged again when called."""
    text = clean_line(url, 1000, field="url", min_chars=1)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", 0
    if not host or port == 0 or urlsplit(text).scheme not in ("http", "https"):
        raise bad_input({"url": "请填写 http(s) 网址 / an http(s) address"})
    if "@" in parts.netloc:
        raise bad_input({"url": "网址里不能带用户名密码 / no user name or password in the address"})
    judge = judge_private_too if settings.allow_private_urls else judge_public
    is_inner_name = not settings.allow_private_urls and (host == "localhost" or host.endswith(".localhost"))
    reason = judge(host) if parse_address(host) is not None else "private" if is_inner_name else None
    if reason is not None:
        raise OutgoingRefused(reason)
    return text


def _types(types: list[str]) -> list[str]:
    if len(types) > MOST_TYPES:
        raise bad_input({"types": f"最多 {MOST_TYPES} 种 / at most {MOST_TYPES}"})
    names = [clean_line(name, 60, field="types", min_chars=1) for name in types]
    if any(not (name.isascii() and name.replace("_", "").isalnum()) for name in names):
        raise bad_input({"types": "事件名不对 / not the name of an event"})
    return sorted(set(names))


def _shown(url: str) -> str:
    """Scheme and host: the path of a hook is often its password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}"
