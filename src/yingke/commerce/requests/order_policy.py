"""What the assistant and the agents of a workspace may have the shop do, and when somebody else has to say yes."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import get_args

from yingke.commerce.shapes import RequestKind
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input

KINDS: tuple[str, ...] = get_args(RequestKind)
MOST_DAYS = 3650
MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """Limits in minor units; days count from delivery, for `link_days` from the end of the conversation."""

    assistant_kinds: tuple[str, ...] = ("return", "exchange", "repair", "cancel", "address", "invoice")
    """Anything else is a person's from the start. Money back while the goods stay (a piece was missing) is not among
    them: a shop wants somebody to look at it, and adds `refund` here if it does not."""
    approval_kinds: tuple[str, ...] = ("refund",)
    assistant_limit_minor: int = 20_000
    """Above it an agent has to approve what the assistant asks for."""
    agent_limit_minor: int = 30_000
    """Above it an admin has to approve, whoever asks."""
    return_days: int = 7
    exchange_days: int = 30
    """Also how long something faulty may be returned."""
    repair_days: int = 365
    link_days: int = 3


_COLUMNS = ", ".join(OrderPolicy.__dataclass_fields__)


async def load_policy(tx: Transaction, workspace_id: int) -> OrderPolicy:
    """The defaults where nobody has set anything."""
    row = await tx.fetchrow(f"select {_COLUMNS} from order_policies where workspace_id = $1", workspace_id)
    if row is None:
        return OrderPolicy()
    values = dict(row)
    kinds = {name: tuple(values[name]) for name in ("assistant_kinds", "approval_kinds")}
    return OrderPolicy(**{**values, **kinds})


async def save_policy(tx: Transaction, workspace_id: int, policy: OrderPolicy) -> None:
    """Raises 400 for an unknown kind, and for days and limits out of bounds."""
    for name in ("assistant_kinds", "approval_kinds"):
        if unknown := set(getattr(policy, name)) - set(KINDS):
            raise bad_input({name: f"没有这种申请 / no such kind: {', '.join(sorted(unknown))}"})
    for name, value in asdict(policy).items():
        if name.endswith("_days"):
            _check(name, value, MOST_DAYS)
        elif name.endswith("_minor"):
            _check(name, value, MOST_MINOR)
    values = [list(value) if isinstance(value, Sequence) else value for value in asdict(policy).values()]
    places = ", ".join(f"${at}" for at in range(2, len(values) + 2))
    changes = ", ".join(f"{name} = excluded.{name}" for name in asdict(policy))
    await tx.execute(
        f"insert into order_policies (workspace_id, {_COLUMNS}) values ($1, {places})"
        f" on conflict (workspace_id) do update set {changes}, updated_at = now()",
        workspace_id,
        *values,
    )


def _check(name: str, value: int, most: int) -> None:
    if not 0 <= value <= most:
        raise bad_input({name: f"0 到 {most} / 0 to {most}"})
