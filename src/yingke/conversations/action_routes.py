"""HTTP: taking over, handing back, closing, reopening, reading, typing."""

from typing import Annotated

from litestar import delete, post, put
from msgspec import Meta, Struct

from yingke.conversations.acting_agent import acting_agent, may_force
from yingke.conversations.announce import announce
from yingke.conversations.close import close
from yingke.conversations.hand_back import hand_back
from yingke.conversations.link_files import link_files
from yingke.conversations.list_routes import view_conversation
from yingke.conversations.locked import Change
from yingke.conversations.mark_read import mark_read
from yingke.conversations.message_routes import MAX_SEQ, TAGS, WRITE, see
from yingke.conversations.reopen import reopen
from yingke.conversations.shapes import ConversationView
from yingke.conversations.take_over import take_over
from yingke.kit.db import Database, Transaction, after_commit
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.watch_agent import watch_agent

AGENT = [require(role="agent")]


class ActionWish(Struct):
    """`force`: owners and admins may take a colleague's conversation. `agent_id`: in whose name a program acts."""

    force: bool = False
    agent_id: str | None = None


class ReadThrough(Struct):
    seq: Annotated[int, Meta(ge=0, le=MAX_SEQ)]


@post("/v1/conversations/{conversation_id:str}/take-over", guards=WRITE, tags=TAGS, status_code=200)
async def post_take_over(
    conversation_id: str,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    data: ActionWish | None = None,
) -> ConversationView:
    """From the answer on no assistant speaks here. 409 `taken` names the colleague who was first."""
    number, wish = read_id(conversation_id), data or ActionWish()
    agent_id = acting_agent(caller, wish.agent_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        change = await take_over(tx, caller.workspace_id, number, agent_id, force=may_force(caller, wish.force))
        if caller.agent_id is not None:
            await watch_agent(tx, caller.workspace_id, agent_id)
        return await _answer(tx, hub, files, secrets, caller, change)


@post("/v1/conversations/{conversation_id:str}/hand-back", guards=WRITE, tags=TAGS, status_code=200)
async def post_hand_back(
    conversation_id: str,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    data: ActionWish | None = None,
) -> ConversationView:
    """The assistant goes on, at once when the customer still waits for an answer."""
    number, force = read_id(conversation_id), may_force(caller, data is not None and data.force)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        change = await hand_back(tx, caller.workspace_id, number, _who(caller, data), force=force)
        return await _answer(tx, hub, files, secrets, caller, change)


@post("/v1/conversations/{conversation_id:str}/closure", guards=WRITE, tags=TAGS, status_code=200)
async def post_closure(
    conversation_id: str,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    data: ActionWish | None = None,
) -> ConversationView:
    number, force = read_id(conversation_id), may_force(caller, data is not None and data.force)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        change = await close(tx, caller.workspace_id, number, _who(caller, data), force=force)
        return await _answer(tx, hub, files, secrets, caller, change)


@delete("/v1/conversations/{conversation_id:str}/closure", guards=WRITE, tags=TAGS, status_code=200)
async def delete_closure(
    conversation_id: str,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    agent_id: str | None = None,
) -> ConversationView:
    """Opens it again, as it was."""
    number, agent = read_id(conversation_id), acting_agent(caller, agent_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        change = await reopen(tx, caller.workspace_id, number, agent)
        return await _answer(tx, hub, files, secrets, caller, change)


@put("/v1/conversations/{conversation_id:str}/read", guards=AGENT, tags=TAGS, status_code=204)
async def put_read(conversation_id: str, data: ReadThrough, db: Database, hub: Hub, caller: Caller) -> None:
    """Everything through `seq` is read by this agent; never moves backwards."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        if await mark_read(tx, caller.workspace_id, number, caller.agent_id or 0, data.seq):
            after_commit(lambda: hub.ring("events"))


@post("/v1/conversations/{conversation_id:str}/typing", guards=AGENT, tags=TAGS, status_code=204)
async def post_typing(conversation_id: str, db: Database, hub: Hub, caller: Caller) -> None:
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
    frame = {"type": "typing", "conversation_id": show_id(number), "from": "agent"}
    hub.signal(number, {**frame, "agent_id": show_id(caller.agent_id or 0)})


def _who(caller: Caller, wish: ActionWish | None) -> int | None:
    """The agent; for a program the one it names, or nobody."""
    if caller.agent_id is not None:
        return caller.agent_id
    return read_id(wish.agent_id) if wish is not None and wish.agent_id is not None else None


async def _answer(
    tx: Transaction, hub: Hub, files: Files, secrets: Secrets, caller: Caller, change: Change
) -> ConversationView:
    announce(hub, change, link_files(files, secrets, caller.workspace_id))
    return await view_conversation(tx, files, secrets, caller, change.conversation_id)


ROUTES = [post_take_over, post_hand_back, post_closure, delete_closure, put_read, post_typing]
