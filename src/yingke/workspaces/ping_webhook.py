"""The test button: one event `ping`, sent at once, once, and written to the log like any other."""

import secrets as random
from datetime import UTC, datetime

from yingke.kit.db import Database
from yingke.kit.errors import not_found
from yingke.kit.http import Outgoing
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.caller import Caller
from yingke.workspaces.deliver_webhooks import Claim, Outcome, send
from yingke.workspaces.feed_webhooks import write_body
from yingke.workspaces.webhooks import signing_secrets


async def ping_webhook(
    db: Database,
    outgoing: Outgoing,
    secrets: Secrets,
    settings: Settings,
    rates: Rates,
    caller: Caller,
    webhook_id: int,
) -> int:
    """The id of the delivery, which is over when this returns. Raises 404, 429. Says nothing about failures:
    the log does. Works for a webhook that is switched off, too.
    """
    rates.check(f"ping:{caller.workspace_id}", rate=0.5, burst=10)
    event_id = f"evt_ping_{random.token_hex(12)}"
    body = write_body("ping", datetime.now(UTC), caller.workspace_id, {"message": "Yingke 迎客"})
    async with db.transaction(caller.workspace_id) as tx:
        row = await tx.fetchrow(
            "select url, secret, previous_secret, coalesce(previous_until > now(), false) as is_rotating"
            " from webhooks where id = $1",
            webhook_id,
        )
        if row is None:
            raise not_found()
        delivery_id = await tx.fetchval(
            "insert into webhook_deliveries (workspace_id, webhook_id, event_id, event_type, body, attempts)"
            " values ($1, $2, $3, 'ping', $4, 1) returning id",
            caller.workspace_id,
            webhook_id,
            event_id,
            body,
        )
    keys = signing_secrets(secrets, row)
    claim = Claim(caller.workspace_id, webhook_id, delivery_id, row["url"], event_id, body.encode(), keys)
    outcome = await send(outgoing, settings, claim)
    await _keep(db, claim, outcome)
    return int(delivery_id)


async def _keep(db: Database, claim: Claim, outcome: Outcome) -> None:
    async with db.transaction(claim.workspace_id) as tx:
        await tx.execute(
            "insert into webhook_attempts (workspace_id, delivery_id, status, error, milliseconds, answer)"
            " select $1, id, $3, $4, $5, $6 from webhook_deliveries where id = $2",
            claim.workspace_id,
            claim.delivery_id,
            outcome.status,
            outcome.error,
            outcome.milliseconds,
            outcome.answer,
        )
        await tx.execute(
            "update webhook_deliveries set state = $2, last_status = $3, finished_at = now() where id = $1",
            claim.delivery_id,
            "delivered" if outcome.is_good else "dead",
            outcome.status,
        )
