"""Sends what waits for one webhook: claim, call, record. At least once, always under the same webhook-id."""

import time
from dataclasses import dataclass
from functools import partial

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing, OutgoingFailed, OutgoingRefused, OutgoingTimeout
from yingke.kit.ids import read_id, show_id
from yingke.kit.jobs import Job, RetryJob
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.webhook_schedule import GIVE_UP, LEASE, PROBE, TIMEOUT, retry_delay
from yingke.workspaces.webhook_signature import sign_webhook
from yingke.workspaces.webhooks import signing_secrets

GONE = 410
TURN_SECONDS = 20.0
ANSWER_CHARS = 500


@dataclass(frozen=True)
class Claim:
    """One attempt that belongs to us until its lease is over."""

    workspace_id: int
    webhook_id: int
    delivery_id: int
    url: str
    event_id: str
    body: bytes
    secrets: list[str]


@dataclass(frozen=True)
class Outcome:
    """`status` None = no answer came; `error` says why in one word."""

    status: int | None
    error: str
    milliseconds: int
    answer: str

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


async def deliver_webhooks(db: Database, outgoing: Outgoing, secrets: Secrets, settings: Settings, job: Job) -> None:
    """The job `webhook`: one lane of one webhook. Gives its place back after a while, so that others get theirs."""
    webhook_id = read_id(str(job.data["webhook_id"]))
    until = time.monotonic() + TURN_SECONDS
    while time.monotonic() < until:
        async with db.transaction(job.workspace_id) as tx:
            claim = await _claim(tx, secrets, webhook_id)
        if claim is None:
            return
        outcome = await send(outgoing, settings, claim)
        async with db.transaction(job.workspace_id) as tx:
            await record_attempt(tx, claim, outcome, settings.webhook_clock)
    raise RetryJob(0.0, "more to send")


async def send(outgoing: Outgoing, settings: Settings, claim: Claim) -> Outcome:
    """One POST. Redirects are not followed; of the answer only the beginning is read. Raises nothing."""
    timestamp = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": claim.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign_webhook(claim.secrets, claim.event_id, timestamp, claim.body),
    }
    begun = time.monotonic()
    done = partial(_outcome, begun)
    status: int | None = None
    try:
        async with outgoing.stream(
            "POST",
            claim.url,
            headers=headers,
            body=claim.body,
            timeout_s=TIMEOUT,
            max_bytes=64_000,
            allow_private=settings.allow_private_urls,
        ) as flow:
            status = flow.status
            answer = b""
            while len(answer) < ANSWER_CHARS and (chunk := await flow.read()):
                answer += chunk
            error = "" if 200 <= status < 300 else "redirect" if 300 <= status < 400 else "refused"
            return done(status, error, answer)
    except OutgoingTimeout:
        return done(status, "timeout")
    except (OutgoingRefused, OutgoingFailed) as problem:
        return done(status, problem.reason)
    except Problem as problem:
        return done(status, problem.code)


async def record_attempt(tx: Transaction, claim: Claim, outcome: Outcome, clock: float) -> None:
    """Writes the log and decides what comes next. `clock` divides every delay."""
    # The lanes of one webhook record one after the other: each touches rows of the others.
    await tx.execute("select id from webhooks where id = $1 for no key update", claim.webhook_id)
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
    if outcome.is_good:
        await _delivered(tx, claim, outcome)
    else:
        await _failed(tx, claim, outcome, clock)
    if outcome.status == GONE:
        await _switch_off(tx, claim)


async def _claim(tx: Transaction, secrets: Secrets, webhook_id: int) -> Claim | None:
    row = await tx.fetchrow(
        "update webhook_deliveries d set attempts = d.attempts + 1, leased_until = now() + make_interval(secs => $2)"
        " from webhooks w where w.id = d.webhook_id and w.is_enabled and d.id = (select id from webhook_deliveries"
        "  where webhook_id = $1 and state = 'pending' and next_at <= now() and (leased_until is null or leased_until < now())"
        "  order by next_at, id limit 1 for update skip locked)"
        " returning d.workspace_id, d.id, d.event_id, d.body, w.url, w.secret, w.previous_secret,"
        " coalesce(w.previous_until > now(), false) as is_rotating",
        webhook_id,
        LEASE,
    )
    if row is None:
        return None
    return Claim(
        workspace_id=row["workspace_id"],
        webhook_id=webhook_id,
        delivery_id=row["id"],
        url=row["url"],
        event_id=row["event_id"],
        body=row["body"].encode(),
        secrets=signing_secrets(secrets, row),
    )


async def _delivered(tx: Transaction, claim: Claim, outcome: Outcome) -> None:
    """After a failure, everything that waits for a later try goes out now: the receiver is back."""
    await tx.execute(
        "update webhook_deliveries set state = 'delivered', finished_at = now(), next_at = null, leased_until = null,"
        " last_status = $2"
        " where id = $1",
        claim.delivery_id,
        outcome.status,
    )
    was_failing = await tx.fetchval(
        "update webhooks set failures = 0 where id = $1 and failures > 0 returning true", claim.webhook_id
    )
    if was_failing:
        await tx.execute(
            "update webhook_deliveries set next_at = now() where webhook_id = $1 and state = 'pending' and next_at > now()",
            claim.webhook_id,
        )


async def _failed(tx: Transaction, claim: Claim, outcome: Outcome, clock: float) -> None:
    attempts = await tx.fetchval(
        "select count(*) from webhook_attempts a join webhook_deliveries d on d.id = a.delivery_id"
        " where d.id = $1 and a.created_at >= d.since",
        claim.delivery_id,
    )
    delay = retry_delay(max(1, attempts)) / clock
    await tx.execute(
        "update webhook_deliveries set last_status = $2, leased_until = null,"
        " state = case when now() + make_interval(secs => $3) > since + make_interval(secs => $4) then 'dead' else state end,"
        " finished_at = case when now() + make_interval(secs => $3) > since + make_interval(secs => $4) then now() end,"
        " next_at = case when now() + make_interval(secs => $3) <= since + make_interval(secs => $4)"
        "  then now() + make_interval(secs => $3) end where id = $1 and state = 'pending'",
        claim.delivery_id,
        outcome.status,
        delay,
        GIVE_UP / clock,
    )
    await tx.execute("update webhooks set failures = failures + 1 where id = $1", claim.webhook_id)
    await tx.execute(
        "update webhook_deliveries set next_at = least(next_at, now() + make_interval(secs => $2)) where id ="
        " (select id from webhook_deliveries where webhook_id = $1 and state = 'pending' order by id limit 1)",
        claim.webhook_id,
        PROBE / clock,
    )


async def _switch_off(tx: Transaction, claim: Claim) -> None:
    """410 Gone: the receiver wants no more. What waits stays, and goes on when somebody switches it on again."""
    await tx.execute("update webhooks set is_enabled = false where id = $1", claim.webhook_id)
    nobody = Caller(claim.workspace_id, None, None, "system")
    await record_audit(tx, nobody, "webhook.switched_off", f"webhook:{show_id(claim.webhook_id)}", {"status": GONE})


def _outcome(begun: float, status: int | None, error: str, answer: bytes = b"") -> Outcome:
    text = answer[: ANSWER_CHARS * 4].decode("utf-8", "replace").replace("\0", "")[:ANSWER_CHARS]
    return Outcome(status, error, round((time.monotonic() - begun) * 1000), text)
