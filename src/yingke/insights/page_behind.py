"""A page of the conversations behind a number."""

from collections.abc import Sequence

from yingke.conversations.queries import get_states
from yingke.conversations.shapes import ConversationView, Page
from yingke.conversations.view_conversations import view_conversations
from yingke.kit.db import Transaction
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller

NEWEST = 2**63 - 1


def before_of(after: str | None) -> int:
    """The id below which a page begins; without a cursor every id is below it. Raises 404."""
    return read_id(after) if after else NEWEST


async def page_behind(
    tx: Transaction, files: Files, secrets: Secrets, caller: Caller, found: Sequence[int], limit: int
) -> Page[ConversationView]:
    """`found`: ids in the order of the list, one more than `limit` where there are more."""
    ids = found[:limit]
    rows = {row["id"]: row for row in await get_states(tx, caller.workspace_id, ids)}
    views = await view_conversations(tx, files, secrets, caller, [rows[id] for id in ids])
    return Page(views, show_id(ids[-1]) if len(found) > limit else None)
