"""HTTP: the summary, replies to choose from, and the assistants' tools, for the person who has the conversation."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from litestar import Request, get, post, put
from msgspec import Meta, Struct

from yingke.assistants.engine import Engine
from yingke.assistants.help.agent_tools import agent_belt
from yingke.assistants.help.suggest import suggest
from yingke.assistants.help.summarise import LONGEST_NOTE, write_note
from yingke.assistants.help.summary_view import SummaryView, view_summary
from yingke.assistants.help.tool_words import tool_words
from yingke.assistants.help.uses import Used, keep_sent, keep_use
from yingke.assistants.own_tools.own_tools import OwnTools
from yingke.assistants.tools.contract import Session
from yingke.commerce.contract import Shops
from yingke.conversations.list_routes import READ
from yingke.conversations.message_routes import WRITE, Key, see
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database
from yingke.kit.errors import not_found
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope

TAGS = ["help"]
ORDERS_WRITE = [require_scope("orders:write")]
Asking = Request[Any, Any, Any]
Kind = Literal["knowledge", "saved_reply", "order"]


class SummaryNote(Struct):
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)]


class SuggestionView(Struct):
    """`is_internal`: from what only the staff may read: to be put in other words before it is sent."""

    kind: Kind
    text: str
    source: str
    is_internal: bool


class SuggestionsView(Struct):
    """For the contact's message `through_seq`; at most three."""

    through_seq: int
    items: list[SuggestionView]


class UseWish(Struct):
    through_seq: Annotated[int, Meta(ge=0)]
    position: Annotated[int, Meta(ge=1, le=3)]
    kind: Kind
    source: Annotated[str, Meta(max_length=200)]
    is_internal: bool
    text: Annotated[str, Meta(max_length=4000)]


class UseView(Struct):
    id: str


class SentWish(Struct):
    message_id: str


class LikenessView(Struct):
    """0..1: how much of the suggestion is in what was sent."""

    likeness: float


class ToolView(Struct):
    """`parameters`: JSON schema. `changes`: it asks the shop to do something. `label`: how the merchant calls a tool of
    his own, empty for the others."""

    name: str
    label: str
    words: str
    parameters: dict[str, Any]
    changes: bool
    needs: Literal["products", "orders", "own"]


class ToolWish(Struct):
    arguments: dict[str, Any] = {}


class ToolAnswer(Struct):
    """`problem`: a code when it could not be done, and `text` says why. `data` as the tool gives it."""

    name: str
    text: str
    problem: str | None
    data: dict[str, Any]


@get("/v1/conversations/{conversation_id:str}/summary", guards=READ, tags=TAGS)
async def get_summary(conversation_id: str, request: Asking, db: Database, caller: Caller) -> SummaryView:
    """What a person has to know who takes over; the next steps are as of now."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        return await view_summary(tx, caller.workspace_id, number, asked_language(request.headers))


@put("/v1/conversations/{conversation_id:str}/summary/note", guards=WRITE, tags=TAGS)
async def put_summary_note(
    conversation_id: str, data: SummaryNote, request: Asking, db: Database, caller: Caller
) -> SummaryView:
    """What an agent adds for whoever comes next. 409 `not_handed_over` while the assistant has the conversation."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        await write_note(tx, caller.workspace_id, number, caller.agent_id, data.note)
        return await view_summary(tx, caller.workspace_id, number, asked_language(request.headers))


@get("/v1/conversations/{conversation_id:str}/suggestions", guards=READ, tags=TAGS)
async def get_suggestions(
    conversation_id: str, db: Database, engine: Engine, shops: Shops, rates: Rates, caller: Caller
) -> SuggestionsView:
    """Replies to choose from; worked out once for each message of the contact. Nothing is sent by itself."""
    rates.check(f"suggest:{caller.workspace_id}", rate=20, burst=200)
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
    through_seq, items = await suggest(db, engine, shops, caller, number)
    return SuggestionsView(through_seq, [SuggestionView(**one) for one in items])


@post("/v1/conversations/{conversation_id:str}/suggestion-uses", guards=WRITE, tags=TAGS)
async def post_suggestion_use(conversation_id: str, data: UseWish, db: Database, caller: Caller) -> UseView:
    """A suggestion was put into the composer."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        used = Used(data.through_seq, data.position, data.kind, data.source, data.is_internal, data.text)
        return UseView(show_id(await keep_use(tx, caller, number, used)))


@put("/v1/conversations/{conversation_id:str}/suggestion-uses/{use_id:str}/message", guards=WRITE, tags=TAGS)
async def put_suggestion_sent(
    conversation_id: str, use_id: str, data: SentWish, db: Database, caller: Caller
) -> LikenessView:
    """It left in this message, as it was or changed."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        return LikenessView(await keep_sent(tx, caller, number, read_id(use_id), read_id(data.message_id)))


@get("/v1/assistant-tools", guards=READ, tags=TAGS)
async def get_assistant_tools(
    request: Asking, db: Database, shops: Shops, own_tools: OwnTools, caller: Caller
) -> list[ToolView]:
    """What an agent can use as the assistants do; those that the shop has something for. What only keeps what a customer
    says of himself is the assistants' alone: agents write it into the contact."""
    language = asked_language(request.headers)
    async with db.transaction(caller.workspace_id) as tx:
        row = await tx.fetchrow(
            "select exists (select 1 from orders where workspace_id = $1) as orders,"
            " exists (select 1 from products where workspace_id = $1 and is_listed) as products",
            caller.workspace_id,
        )
    made = await own_tools.read(caller.workspace_id)
    belt = agent_belt(_session(db, shops, caller, 0, 0, 0, language, "UTC"), caller, "", made)
    place = 0 if language.startswith("zh") else 1
    labels = {one.name: one.ready.config.name for one in made}
    return [
        ToolView(one.name, labels.get(one.name, ""), one.says[place], one.parameters, one.changes, one.needs)
        for one in belt.tools()
        if row is not None and one.needs != "talk" and (one.needs == "own" or row[one.needs])
    ]


@post("/v1/conversations/{conversation_id:str}/tools/{name:str}", guards=ORDERS_WRITE, tags=TAGS, status_code=200)
async def post_tool(
    conversation_id: str,
    name: str,
    data: ToolWish,
    request: Asking,
    db: Database,
    shops: Shops,
    own_tools: OwnTools,
    rates: Rates,
    caller: Caller,
    idempotency_key: Key = None,
) -> ToolAnswer:
    """Runs one tool for the agent, for the customer of this conversation, within the agent's own limits."""
    rates.check(f"tools:{caller.workspace_id}", rate=20, burst=100)
    number, language = read_id(conversation_id), asked_language(request.headers)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        row = await tx.fetchrow(
            "select c.shop_id, c.last_seq, w.time_zone from conversations c join workspaces w on w.id = c.workspace_id"
            " where c.workspace_id = $1 and c.id = $2",
            caller.workspace_id,
            number,
        )
    assert row is not None
    session = _session(db, shops, caller, row["shop_id"], number, row["last_seq"], language, row["time_zone"])
    made = [one for one in await own_tools.read(caller.workspace_id) if one.ready.serves(row["shop_id"])]
    belt = agent_belt(session, caller, f"{caller.owner}:{idempotency_key or secrets.token_hex(12)}", made)
    if not belt.has(name):
        raise not_found()
    result = await belt.run(name, data.arguments)
    text = tool_words(name, result, is_chinese=language.startswith("zh"))
    return ToolAnswer(name, text, result.problem, result.data)


def _session(
    db: Database, shops: Shops, caller: Caller, shop_id: int, number: int, seq: int, language: str, zone: str
) -> Session:
    return Session(
        db=db,
        shops=shops,
        workspace_id=caller.workspace_id,
        shop_id=shop_id,
        conversation_id=number,
        through_seq=seq,
        language=language,
        now=datetime.now(UTC).astimezone(ZoneInfo(zone)),
    )


ROUTES = [
    get_summary,
    put_summary_note,
    get_suggestions,
    post_suggestion_use,
    put_suggestion_sent,
    get_assistant_tools,
    post_tool,
]
