"""HTTP: lists, counts and single conversations."""

from typing import Annotated, Literal

from litestar import get
from litestar.params import Parameter

from yingke.conversations.queries import Filter, count_conversations, get_conversation, list_conversations
from yingke.conversations.shapes import ConversationView, CountsView, Mood, Page
from yingke.conversations.view_conversations import view_conversations
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.kit.ids import read_id
from yingke.kit.secrets import Secrets
from yingke.kit.text import clean_text
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope

READ = [require_scope("conversations:read")]
TAGS = ["conversations"]
View = Literal["mine", "waiting", "all"]
Limit = Annotated[int, Parameter(ge=1, le=200)]


@get("/v1/conversations", guards=READ, tags=TAGS)
async def get_conversations(
    db: Database,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    view: View = "all",
    status: Literal["open", "closed"] | None = None,
    shop_id: str | None = None,
    q: str | None = None,
    after: str | None = None,
    limit: Limit = 50,
    mood: Mood | None = None,
    intent: str | None = None,
) -> Page[ConversationView]:
    """`mine` and `waiting`: whoever waits longest first; `all`: the newest message first. `mood` and `intent`: as last
    understood of the contact."""
    if view == "mine" and caller.agent_id is None:
        raise bad_input({"view": "a program has no conversations of its own / 程序没有自己的会话"})
    query = clean_text(q or "", 100, field="q").strip()
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        wanted = Filter(
            view, status, read_id(shop_id) if shop_id else None, query, shops, limit, after, mood, _intent(intent)
        )
        page = await list_conversations(tx, caller.workspace_id, caller.agent_id, wanted)
        return Page(await view_conversations(tx, files, secrets, caller, page.rows), page.next)


@get("/v1/conversations/counts", guards=READ, tags=TAGS)
async def get_counts(db: Database, caller: Caller) -> CountsView:
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        counts = await count_conversations(tx, caller.workspace_id, caller.agent_id, shops)
    return CountsView(**counts)


@get("/v1/conversations/{conversation_id:str}", guards=READ, tags=TAGS)
async def get_one(
    conversation_id: str, db: Database, files: Files, secrets: Secrets, caller: Caller
) -> ConversationView:
    async with db.transaction(caller.workspace_id) as tx:
        return await view_conversation(tx, files, secrets, caller, read_id(conversation_id))


async def view_conversation(
    tx: Transaction, files: Files, secrets: Secrets, caller: Caller, conversation_id: int
) -> ConversationView:
    """The conversation as this caller sees it. Raises 404."""
    shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
    row = await get_conversation(tx, caller.workspace_id, conversation_id, shops)
    return (await view_conversations(tx, files, secrets, caller, [row]))[0]


def _intent(wish: str | None) -> str | None:
    return clean_text(wish, 40, field="intent") if wish else None


ROUTES = [get_conversations, get_counts, get_one]
