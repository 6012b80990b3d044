"""A request as it goes over HTTP."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.commerce.shapes import RequestKind
from yingke.kit.ids import show_id

RequestState = Literal["waiting_approval", "calling", "open", "done", "refused", "failed", "uncertain", "withdrawn"]


class ItemShape(Struct):
    """`line` of the order, and how many pieces of it."""

    line: int
    quantity: int


class RequestShape(Struct):
    """`approver` is who has to say yes while it waits; `uncertain`: the shop's answer never came, a person looks."""

    id: str
    kind: RequestKind
    state: RequestState
    order_id: str | None
    order_number: str | None
    items: list[ItemShape]
    amount_minor: int | None
    currency: str
    reason: str
    details: dict[str, Any]
    asked_by: Literal["assistant", "agent"]
    agent_id: str | None
    conversation_id: str | None
    contact_id: str | None
    approver: Literal["agent", "admin"] | None
    decided_by: str | None
    decided_at: datetime | None
    external_id: str | None
    outcome: str
    created_at: datetime
    updated_at: datetime


def shape_request(row: Any) -> RequestShape:
    """`row` has the columns of a request and `order_number`."""
    values = {name: row[name] for name in RequestShape.__struct_fields__}
    for name in ("id", "order_id", "agent_id", "conversation_id", "contact_id", "decided_by"):
        values[name] = None if values[name] is None else show_id(values[name])
    values["items"] = [ItemShape(one["line"], one["quantity"]) for one in values["items"]]
    return RequestShape(**values)
