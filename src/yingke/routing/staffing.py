"""Whether a shop is open now and whether anybody is there."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.routing.presence import is_anybody_there
from yingke.workspaces.hours import opening


@dataclass(frozen=True)
class Staffing:
    """`opens_at` (UTC) is set while the shop is closed and its hours say when it opens again."""

    is_open: bool
    opens_at: datetime | None
    agents_online: bool

    @property
    def should_leave_message(self) -> bool:
        """A person will not come soon: offer to leave word. The conversation stays in the queue for the morning."""
        return not self.is_open or not self.agents_online


async def staffing(tx: Transaction, workspace_id: int, shop_id: int) -> Staffing:
    """By the database's clock and the shop's hours (the workspace's time zone where the shop names none)."""
    row = await tx.fetchrow(
        "select s.hours, w.time_zone, now() as now from shops s join workspaces w on w.id = s.workspace_id"
        " where s.workspace_id = $1 and s.id = $2",
        workspace_id,
        shop_id,
    )
    if row is None:
        raise not_found()
    state = opening(row["hours"], row["time_zone"], row["now"])
    return Staffing(state.is_open, state.opens_at, await is_anybody_there(tx, workspace_id, shop_id))
