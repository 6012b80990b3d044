"""Whether a customer may be asked how to reach him, and what is known already."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.told.read_told import mask_detail
from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.contacts.on_file import on_file
from yingke.conversations.guarding.may_ask import may_ask
from yingke.kit.db import Transaction
from yingke.routing.staffing import staffing

_CONVERSATION = (
    "select c.identity_id, c.handled_by, a.channel, exists (select 1 from left_messages l"
    " where l.workspace_id = c.workspace_id and l.conversation_id = c.id and (l.phone <> '' or l.email <> '')) as left_word"
    " from conversations c join channel_accounts a on a.workspace_id = c.workspace_id and a.id = c.channel_account_id"
    " where c.workspace_id = $1 and c.id = $2"
)


class KnownContact(Tool):
    name = "known_contact"
    needs = "talk"
    says = (
        "看一看客户留过哪些联系方式（打码）、这个渠道能不能问、现在有没有人工在。",
        "See which contact details are on file (masked), whether this channel allows to ask, and whether anybody is there.",
    )
    parameters: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`may_ask` text, card or never; `can_reach`: somebody could call or write to him, also by the form he filled in."""
        async with session.db.transaction(session.workspace_id) as tx:
            row = await tx.fetchrow(_CONVERSATION, session.workspace_id, session.conversation_id)
            if row is None:
                return ToolResult(problem="not_found")
            known = await on_file(tx, session.workspace_id, row["identity_id"])
            return ToolResult(
                {
                    "on_file": {kind: mask_detail(kind, value) for kind, value in known.values.items()},
                    "can_reach": known.can_be_reached or row["left_word"],
                    "is_signed_in": known.is_signed_in,
                    "wants_no_contact": known.wants_no_contact,
                    "may_ask": await may_ask(tx, session.workspace_id, row["channel"]),
                    "is_staffed": await _is_staffed(tx, session),
                }
            )


async def _is_staffed(tx: Transaction, session: Session) -> bool:
    now = await staffing(tx, session.workspace_id, session.shop_id)
    return not now.should_leave_message
