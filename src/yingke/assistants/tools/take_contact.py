"""Keeps what a customer told of himself, and notes for the staff what he wants to hear about."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.told.judge_soon import judge_noted, judge_soon
from yingke.assistants.told.read_told import KINDS, REACHES, mask_detail
from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_list
from yingke.contacts.forget_details import forget_details, leave_alone
from yingke.contacts.keep_details import keep_details
from yingke.contacts.on_file import on_file
from yingke.conversations.follow_ups.follow_up import Item, open_follow_up
from yingke.conversations.follow_ups.recognise import Kind
from yingke.conversations.guarding.may_ask import policy_of
from yingke.kit.db import Transaction
from yingke.kit.redact import mask

MOST = 10
LONGEST_TITLE = 110
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
WISHES: dict[str, tuple[Kind, str]] = {
    "notify": ("reply", "通知客户"),
    "bulk": ("reply", "大单报价"),
    "call": ("call_back", "给客户回电"),
    "no_answer": ("reply", "答复客户"),
    "value": ("reply", "联系客户"),
}
"""Why somebody left how to reach him → what the staff has to do, and how its title begins."""
_TALK = (
    "select c.identity_id, a.channel, (select m.id from messages m where m.workspace_id = c.workspace_id"
    " and m.conversation_id = c.id and m.seq = $3) as message_id, (select p.may_ask from contact_policies p"
    " where p.workspace_id = c.workspace_id and p.channel = a.channel) as chosen from conversations c join channel_accounts a"
    " on a.workspace_id = c.workspace_id and a.id = c.channel_account_id where c.workspace_id = $1 and c.id = $2"
)


class TakeContact(Tool):
    name = "take_contact"
    needs = "talk"
    changes = True
    says = (
        "把客户自己说的联系方式记到客户资料（自称），需要时给同事记一条跟进；也可以按客户要求删除或不再联系。",
        "Keep contact details that the customer told (as his own word), note a follow-up for the staff where one is due; "
        "delete them or stop asking when he wishes.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "details": {
                "type": "array",
                "maxItems": MOST,
                "items": {
                    "type": "object",
                    "properties": {
                        "kind": {"type": "string", "enum": list(KINDS)},
                        "value": {"type": "string", "maxLength": 254},
                    },
                    "required": ["kind", "value"],
                },
            },
            "wish": {"type": "string", "enum": list(WISHES), "description": "what the staff should do about it"},
            "about": {"type": "string", "description": "the product or question it is about"},
            "take_back": {"type": "string", "enum": ["forget", "leave_alone"]},
        },
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Repeated for one turn it changes nothing. `new`: kinds kept now; `may_repeat`: the channel lets us say them back
        (masked, in `shown`); `is_noted`: the staff has the follow-up."""
        details = _details(arguments)
        wish, about = arguments.get("wish") or "", arguments.get("about") or ""
        async with session.db.transaction(session.workspace_id) as tx:
            row = await tx.fetchrow(_TALK, session.workspace_id, session.conversation_id, session.through_seq)
            if row is None:
                return ToolResult(problem="not_found")
            if (taken_back := arguments.get("take_back")) is not None:
                return await _take_back(tx, session, taken_back)
            new = await keep_details(
                tx, session.workspace_id, session.conversation_id, session.through_seq, details, str(wish)
            )
            known = await on_file(tx, session.workspace_id, row["identity_id"])
            is_noted = wish in WISHES and known.can_be_reached
            if is_noted and row["message_id"] is not None:
                await _note(tx, session, str(wish), str(about), row["message_id"])
            if known.can_be_reached and (new or is_noted):
                await judge_soon(tx, session.workspace_id, session.conversation_id, session.through_seq)
        policy = policy_of(row["chosen"], row["channel"])
        told = {kind: value for kind, value in (details or known.values.items()) if kind in (*REACHES, "name")}
        shown = [mask_detail(kind, value) for kind, value in details] or [
            mask_detail(kind, value) for kind, value in told.items() if kind in REACHES
        ]
        return ToolResult(
            {
                "new": [kind for kind, _ in new],
                "shown": shown if policy == "text" else [],
                "may_repeat": policy == "text",
                "is_noted": is_noted,
            }
        )


def _details(arguments: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in read_list(arguments, "details", MOST):
        if not isinstance(one, dict) or one.get("kind") not in KINDS or not isinstance(one.get("value"), str):
            raise WrongArguments("each detail needs a kind and a value")
        if one["value"].strip():
            found.append((one["kind"], one["value"].strip()))
    return found


async def _take_back(tx: Transaction, session: Session, what: str) -> ToolResult:
    await judge_noted(tx, session.workspace_id, session.conversation_id, session.through_seq)
    if what == "leave_alone":
        await leave_alone(tx, session.workspace_id, session.conversation_id)
        return ToolResult({"left_alone": True})
    return ToolResult({"forgotten": await forget_details(tx, session.workspace_id, session.conversation_id)})


async def _note(tx: Transaction, session: Session, wish: str, about: str, message_id: int) -> None:
    """One follow-up a message: a repeated turn finds it there."""
    exists = await tx.fetchval(
        "select true from follow_ups where workspace_id = $1 and message_id = $2", session.workspace_id, message_id
    )
    if exists:
        return
    kind, begins = WISHES[wish]
    about = mask(" ".join(_CONTROLS.sub(" ", about).split()))
    title = f"{begins}：{about}"[:LONGEST_TITLE] if about else begins
    item = Item(conversation_id=session.conversation_id, kind=kind, title=title, message_id=message_id)
    await open_follow_up(tx, session.workspace_id, item, None)
