"""Gives a contact a coupon that is not for everybody: each once."""

from dataclasses import dataclass

from yingke.commerce.requests.announce import CREATED, announce, audit
from yingke.commerce.requests.claim_request import assistant_of, find_by_key
from yingke.commerce.requests.order_policy import OrderPolicy, load_policy
from yingke.commerce.requests.refusals import asked_already, person_needed
from yingke.commerce.requests.request_view import COLUMNS, RequestView, view_of
from yingke.kit.db import Transaction
from yingke.kit.errors import forbidden, not_found
from yingke.workspaces.caller import Caller
from yingke.workspaces.permissions import is_role_enough


@dataclass(frozen=True)
class Giving:
    """`caller` None is the assistant, who needs the conversation that the customer speaks in."""

    workspace_id: int
    key: str
    coupon_id: int
    contact_id: int
    conversation_id: int | None = None
    caller: Caller | None = None


async def give_coupon(tx: Transaction, giving: Giving) -> RequestView:
    """A request of kind coupon that is done at once. The same key gives the same; another key for the same contact 409.

    Raises 404 for a coupon that is over, RequestRefused where the assistants may not give it or an admin has to.
    """
    await tx.execute(
        "select pg_advisory_xact_lock(hashtextextended($1, 3))", f"{giving.workspace_id}:{giving.contact_id}"
    )
    if earlier := await find_by_key(tx, giving.workspace_id, giving.key):
        return earlier
    policy = await load_policy(tx, giving.workspace_id)
    coupon = await tx.fetchrow(
        "select id, name, off_minor, currency, by_assistant from coupons where workspace_id = $1 and id = $2 and is_enabled"
        " and (ends_at is null or ends_at > now()) and exists"
        " (select 1 from contacts where workspace_id = $1 and id = $3)",
        giving.workspace_id,
        giving.coupon_id,
        giving.contact_id,
    )
    if coupon is None:
        raise not_found()
    if giving.caller is None and not coupon["by_assistant"]:
        raise person_needed()
    _check_limit(coupon["off_minor"], policy, giving.caller)
    given = await tx.fetchval(
        "insert into given_coupons (workspace_id, coupon_id, contact_id) values ($1, $2, $3)"
        " on conflict do nothing returning true",
        giving.workspace_id,
        giving.coupon_id,
        giving.contact_id,
    )
    if not given:
        raise asked_already()
    row = await tx.fetchrow(
        "insert into order_requests (workspace_id, conversation_id, contact_id, kind, amount_minor, currency, details, state,"
        f" idempotency_key, asked_by, agent_id) values ($1, $2, $3, 'coupon', $4, $5, $6, 'done', $7, $8, $9) returning {COLUMNS}",
        giving.workspace_id,
        giving.conversation_id,
        giving.contact_id,
        coupon["off_minor"],
        coupon["currency"],
        {"coupon_id": str(coupon["id"]), "name": coupon["name"]},
        giving.key,
        "assistant" if giving.caller is None else "agent",
        giving.caller.agent_id if giving.caller else None,
    )
    request = view_of(row)
    await announce(tx, giving.workspace_id, request, CREATED)
    await audit(tx, giving.caller or assistant_of(giving.workspace_id), request, "created")
    return request


def _check_limit(off_minor: int, policy: OrderPolicy, caller: Caller | None) -> None:
    """The limits of money paid back hold for money given away; nobody is asked to approve, so a person of rank gives it."""
    if caller is None and off_minor > policy.assistant_limit_minor:
        raise person_needed()
    if caller is not None and off_minor > policy.agent_limit_minor and not is_role_enough(caller.role, "admin"):
        raise forbidden()
