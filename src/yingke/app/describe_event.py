"""What programs are told of an event: the message and the conversation as they are when the event is sent on."""

from collections.abc import Awaitable, Callable
from typing import Any

from yingke.app.house import House
from yingke.conversations.link_files import link_files
from yingke.conversations.queries import get_states
from yingke.conversations.shape_conversation import shape_conversation
from yingke.conversations.shape_message import COLUMNS, shape_for_agent
from yingke.kit.db import Transaction

LINK_SECONDS = 600


def describe_for(house: House) -> Callable[[Transaction, Any], Awaitable[dict[str, Any]]]:
    """A function that gives the `data` of a webhook's body for a row of the log."""

    async def describe(tx: Transaction, event: Any) -> dict[str, Any]:
        data: dict[str, Any] = dict(event["data"] or {})
        conversation_id = event["conversation_id"]
        if conversation_id is None:
            return data
        workspace_id = int(await tx.fetchval("select current_setting('app.workspace_id')"))
        link = link_files(house.files, house.secrets, workspace_id)
        states = await get_states(tx, workspace_id, [conversation_id])
        if states:
            data["conversation"] = shape_conversation(states[0], None, link)
        if event["seq"] is not None:
            row = await tx.fetchrow(
                f"select {COLUMNS} from messages m where m.conversation_id = $1 and m.seq = $2",
                conversation_id,
                event["seq"],
            )
            if row is not None:
                data["message"] = shape_for_agent(row, link)
        return data

    return describe
