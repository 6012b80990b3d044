"""A person sends again what was given up, or everything of some hours; always under the same webhook-id."""

from datetime import datetime

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.feed_webhooks import open_lanes

_AGAIN = "state = 'pending', since = now(), next_at = now(), finished_at = null"


async def replay_delivery(tx: Transaction, caller: Caller, delivery_id: int) -> None:
    """Begins the three days anew. Raises 404, 409 while the webhook is switched off."""
    webhook_id = await tx.fetchval(
        f"update webhook_deliveries set {_AGAIN} where id = $1 and event_type <> 'ping' returning webhook_id",
        delivery_id,
    )
    if webhook_id is None:
        raise not_found()
    await _begin(tx, caller, webhook_id, f"webhook_delivery:{show_id(delivery_id)}", {})


async def replay_webhook(tx: Transaction, caller: Caller, webhook_id: int, start: datetime, end: datetime) -> int:
    """How many: all events of this webhook from `start` to before `end`, delivered ones too. Raises 404, 400, 409."""
    if start >= end:
        raise bad_input({"to": "须晚于 from / must be after from"})
    if not await tx.fetchval("select true from webhooks where id = $1", webhook_id):
        raise not_found()
    done = await tx.execute(
        f"update webhook_deliveries set {_AGAIN} where webhook_id = $1 and event_type <> 'ping'"
        " and created_at >= $2 and created_at < $3",
        webhook_id,
        start,
        end,
    )
    count = int(done.split()[-1])
    data = {"from": start.isoformat(), "to": end.isoformat(), "count": count}
    await _begin(tx, caller, webhook_id, f"webhook:{show_id(webhook_id)}", data)
    return count


async def _begin(tx: Transaction, caller: Caller, webhook_id: int, target: str, data: dict[str, object]) -> None:
    webhook = await tx.fetchrow("select is_enabled, failures from webhooks where id = $1", webhook_id)
    if not webhook["is_enabled"]:
        raise conflict(
            "webhook_disabled", "这个 Webhook 已停用，请先启用。", "This webhook is off. Switch it on first."
        )
    await open_lanes(tx, caller.workspace_id, webhook_id, webhook["failures"])
    await record_audit(tx, caller, "webhook.replayed", target, data)
