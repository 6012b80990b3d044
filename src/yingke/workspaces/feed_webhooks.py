"""Turns events into deliveries: each webhook has its own place in the log and moves on in the same transaction."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.events import Cursor
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.kit.live import Hub
from yingke.workspaces.events import fetch_events

BATCH = 200
LANES = 4
LANES_OF_WORKSPACE = 8
POLL_SECONDS = 1.0
PAUSE_SECONDS, IDLE_SECONDS = 0.05, 0.25
"""Between two rounds: after one that found something, and after one that found nothing."""
KIND = "webhook"

Describe = Callable[[Transaction, Any], Awaitable[dict[str, Any]]]
"""Gives the `data` of a body. The event has tx, id, type, conversation_id, seq, data, created_at."""


async def keep_feeding(db: Database, hub: Hub, describe: Describe) -> None:
    """Feeds whenever the log has grown, and every second in any case, until cancelled."""
    grown = asyncio.Event()
    stop = hub.listen("events", grown.set)
    try:
        while True:
            grown.clear()
            made = 0
            with contextlib.suppress(Problem):
                made = await feed_webhooks(db, describe)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await grown.wait()
            await asyncio.sleep(PAUSE_SECONDS if made else IDLE_SECONDS)
    finally:
        stop()


async def feed_webhooks(db: Database, describe: Describe) -> int:
    """One round over all workspaces; returns how many deliveries were made. Safe in several processes at once.

    A webhook whose row somebody holds for long is left for the next round.
    """
    async with db.crossing() as tx:
        feeds = await tx.fetch("select * from list_webhook_feeds()")
    made = 0
    for feed in feeds:
        is_full = True
        with contextlib.suppress(Problem):
            while is_full:
                count, is_full = await _feed(db, feed["workspace_id"], feed["webhook_id"], describe)
                made += count
    return made


async def _feed(db: Database, workspace_id: int, webhook_id: int, describe: Describe) -> tuple[int, bool]:
    """(deliveries made, whether more events wait)."""
    async with db.transaction(workspace_id) as tx:
        webhook = await tx.fetchrow(
            "select types, cursor_tx::text as cursor_tx, cursor_id, failures from webhooks"
            " where id = $1 and is_enabled for no key update",
            webhook_id,
        )
        if webhook is None:
            return 0, False
        events = await fetch_events(tx, workspace_id, Cursor(int(webhook["cursor_tx"]), webhook["cursor_id"]), BATCH)
        wanted = [event for event in events if not webhook["types"] or event["type"] in webhook["types"]]
        rows = [await _delivery(tx, workspace_id, webhook_id, event, describe) for event in wanted]
        await tx.executemany(
            "insert into webhook_deliveries (workspace_id, webhook_id, event_id, event_type, body, next_at)"
            " values ($1, $2, $3, $4, $5, now()) on conflict (webhook_id, event_id) do nothing",
            rows,
        )
        if events:
            await tx.execute(
                "update webhooks set cursor_tx = $2::text::xid8, cursor_id = $3 where id = $1",
                webhook_id,
                events[-1]["tx"],
                events[-1]["id"],
            )
        await open_lanes(tx, workspace_id, webhook_id, webhook["failures"])
    return len(rows), len(events) == BATCH


async def open_lanes(tx: Transaction, workspace_id: int, webhook_id: int, failures: int) -> None:
    """As many jobs side by side as the webhook may use; one while it fails. Those that run already stay the only ones."""
    due = await tx.fetchval(
        "select count(*) from (select 1 from webhook_deliveries where webhook_id = $1 and state = 'pending'"
        " and next_at <= now() and (leased_until is null or leased_until < now()) limit $2) waiting",
        webhook_id,
        LANES,
    )
    webhooks = await tx.fetchval("select count(*) from webhooks where is_enabled")
    share = 1 if failures else max(1, min(LANES, LANES_OF_WORKSPACE // max(1, webhooks)))
    for n in range(min(due, share)):
        name = f"{webhook_id}:{n}"
        await enqueue(
            tx, workspace_id, kind=KIND, lane=f"webhook:{name}", ref=name, data={"webhook_id": show_id(webhook_id)}
        )


async def _delivery(
    tx: Transaction, workspace_id: int, webhook_id: int, event: Any, describe: Describe
) -> tuple[int, int, str, str, str]:
    data = await describe(tx, event)
    body = write_body(event["type"], event["created_at"], workspace_id, data)
    return workspace_id, webhook_id, f"evt_{event['id']}", event["type"], body


def write_body(type: str, created_at: datetime, workspace_id: int, data: dict[str, Any]) -> str:
    """{type, created_at, workspace_id, data}; built once, so that every try sends the same bytes."""
    body = {"type": type, "created_at": created_at, "workspace_id": show_id(workspace_id), "data": data}
    return msgspec.json.encode(body).decode()


async def plain_data(tx: Transaction, event: Any) -> dict[str, Any]:
    """What an event says by itself: its own data with conversation and seq."""
    data: dict[str, Any] = dict(event["data"] or {})
    if event["conversation_id"] is not None:
        data["conversation_id"] = show_id(event["conversation_id"])
    if event["seq"] is not None:
        data["seq"] = event["seq"]
    return data
