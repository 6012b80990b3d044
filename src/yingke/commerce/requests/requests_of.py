"""What was asked of the shop for certain orders, and what a customer may still take back."""

from collections.abc import Sequence

from yingke.commerce.requests.decide import WITHDRAWABLE
from yingke.commerce.requests.request_view import COLUMNS, RequestView, view_of
from yingke.kit.db import Transaction

MOST = 10


async def requests_of(
    tx: Transaction, workspace_id: int, conversation_id: int, order_ids: Sequence[int]
) -> list[RequestView]:
    """The newest first: of these orders, and whatever was asked for in this conversation about them. Says nothing about
    who may see them."""
    if not order_ids:
        return []
    rows = await tx.fetch(
        f"select {COLUMNS} from order_requests where workspace_id = $1 and order_id = any($2)"
        " order by (conversation_id = $3) desc nulls last, id desc limit $4",
        workspace_id,
        list(order_ids),
        conversation_id,
        MOST,
    )
    return sorted(map(view_of, rows), key=lambda one: -one.id)


def may_withdraw(request: RequestView, conversation_id: int) -> bool:
    """Made here, and nobody has done anything about it; see `withdraw_in_conversation`."""
    is_here = request.conversation_id == conversation_id
    return is_here and request.state in WITHDRAWABLE and not request.external_id
