"""HTTP: the queue as it is, taking the next one, transferring, an agent's state, the end of a shift."""

from datetime import datetime
from typing import Annotated

from litestar import get, post, put
from msgspec import Meta, Struct

from yingke.conversations.acting_agent import acting_agent, may_force
from yingke.conversations.announce import announce
from yingke.conversations.link_files import link_files
from yingke.conversations.list_routes import view_conversation
from yingke.conversations.message_routes import WRITE, see
from yingke.conversations.shapes import ConversationView
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.kit.text import clean_text
from yingke.routing.end_shift import end_shift
from yingke.routing.queue_board import read_board
from yingke.routing.take_next import take_next
from yingke.routing.transfer import Target, transfer
from yingke.workspaces.caller import Caller
from yingke.workspaces.presence import choose_presence
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Presence

READ = [require(role="agent", scope="conversations:read")]
AGENT = [require(role="agent")]
TAGS = ["routing"]
Note = Annotated[str, Meta(max_length=2000)]


class LineView(Struct):
    """`group_id` null: what belongs to no group. `oldest`: when the first was queued; `urgent` have priority."""

    group_id: str | None
    name: str | None
    waiting: int
    urgent: int
    oldest: datetime | None
    agent_ids: list[str]


class HandView(Struct):
    """An agent who is connected. `has` of `most` conversations; in `unanswered` of them the customer waits for a reply,
    the longest since `longest_since`."""

    agent_id: str
    work_name: str
    state: Presence
    has: int
    most: int
    unanswered: int
    longest_since: datetime | None


class BoardView(Struct):
    lines: list[LineView]
    agents: list[HandView]
    pushes: bool


class TransferWish(Struct):
    """One of `agent_id` and `group_id`. `by_agent_id`: in whose name a program acts. `force`: owners and admins."""

    agent_id: str | None = None
    group_id: str | None = None
    note: Note = ""
    force: bool = False
    by_agent_id: str | None = None


class StateChange(Struct):
    state: Presence


class ShiftEnd(Struct):
    """The note goes with every conversation that is handed over."""

    note: Note = ""


class ShiftEnded(Struct):
    handed_over: int


class NextView(Struct):
    """Null when nobody waits for this agent."""

    conversation: ConversationView | None


@get("/v1/queue", guards=READ, tags=TAGS)
async def get_queue(db: Database, caller: Caller) -> BoardView:
    """The queues and the people of this moment, of the shops that the caller serves."""
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        board = await read_board(tx, caller.workspace_id, shops)
    lines = [
        LineView(
            show_id(line.group_id) if line.group_id is not None else None,
            line.name,
            line.waiting,
            line.urgent,
            line.oldest,
            [show_id(agent_id) for agent_id in line.members],
        )
        for line in board.lines
    ]
    hands = [
        HandView(
            show_id(one.agent_id),
            one.work_name,
            one.state,  # type: ignore[arg-type]
            one.has,
            one.most,
            one.unanswered,
            one.longest_since,
        )
        for one in board.hands
    ]
    return BoardView(lines, hands, board.rules.pushes)


@post("/v1/queue/next", guards=AGENT, tags=TAGS, status_code=200)
async def post_next(db: Database, hub: Hub, files: Files, secrets: Secrets, caller: Caller) -> NextView:
    """Takes whoever is due next. 409 `at_cap` when the agent has as many as he may."""
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        change = await take_next(tx, caller.workspace_id, caller.agent_id or 0, shops)
        if change is None:
            return NextView(None)
        announce(hub, change, link_files(files, secrets, caller.workspace_id))
        return NextView(await view_conversation(tx, files, secrets, caller, change.conversation_id))


@post("/v1/conversations/{conversation_id:str}/transfer", guards=WRITE, tags=TAGS, status_code=200)
async def post_transfer(
    conversation_id: str,
    data: TransferWish,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    caller: Caller,
) -> ConversationView:
    """To a colleague at once, to a group by its queue, with a note that only the staff sees."""
    number, by = read_id(conversation_id), acting_agent(caller, data.by_agent_id)
    target = Target(
        read_id(data.agent_id) if data.agent_id is not None else None,
        read_id(data.group_id) if data.group_id is not None and data.agent_id is None else None,
    )
    note = clean_text(data.note, 2000, field="note").strip()
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        force = may_force(caller, data.force)
        change = await transfer(tx, caller.workspace_id, number, by, target, note, force=force)
        announce(hub, change, link_files(files, secrets, caller.workspace_id))
        return await view_conversation(tx, files, secrets, caller, number)


@put("/v1/agents/me/state", guards=AGENT, status_code=204, tags=TAGS)
async def put_state(data: StateChange, db: Database, caller: Caller) -> None:
    """Only who is online is given conversations; busy agents keep what they have and see the queue."""
    async with db.transaction(caller.workspace_id) as tx:
        await choose_presence(tx, caller, data.state)


@post("/v1/agents/me/end-of-shift", guards=AGENT, status_code=200, tags=TAGS)
async def post_end_of_shift(
    db: Database, hub: Hub, files: Files, secrets: Secrets, caller: Caller, data: ShiftEnd | None = None
) -> ShiftEnded:
    """Offline, and every open conversation back into the queue with the note."""
    note = clean_text(data.note if data is not None else "", 2000, field="note").strip()
    async with db.transaction(caller.workspace_id) as tx:
        changes = await end_shift(tx, caller, note)
        for change in changes:
            announce(hub, change, link_files(files, secrets, caller.workspace_id))
    return ShiftEnded(len(changes))


ROUTES = [get_queue, post_next, post_transfer, put_state, post_end_of_shift]
