"""The pictures of a follow-up: whose may be attached, and where the team sees them."""

from collections.abc import Sequence

from yingke.conversations.follow_ups.shapes import PictureView
from yingke.conversations.shape_message import LinkFile
from yingke.kit.db import Transaction
from yingke.kit.ids import show_id


async def pictures_of(tx: Transaction, workspace_id: int, file_ids: Sequence[int], link: LinkFile) -> list[PictureView]:
    """In the order they were attached in; what is gone is left out."""
    rows = await tx.fetch(
        "select id, name, media_type from files where workspace_id = $1 and id = any($2) order by array_position($2, id)",
        workspace_id,
        list(file_ids),
    )
    return [
        PictureView(show_id(row["id"]), row["name"], row["media_type"], link(row["id"], row["name"])) for row in rows
    ]
