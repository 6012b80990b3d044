"""Past chats over HTTP: bring them in, say what the columns mean, see what they show."""

from datetime import date, datetime
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post, put
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta, Struct

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, conflict
from yingke.kit.files import Files
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.knowledge.document_routes import largest_file
from yingke.knowledge.gaps import read_place
from yingke.knowledge.past.figures import LiveTalk, Pace, PastBaseline, list_live, measure_live, measure_past
from yingke.knowledge.past.imports import (
    PastImportView,
    add_import,
    cancel_import,
    delete_import,
    get_import,
    list_imports,
    map_import,
    show_import,
)
from yingke.knowledge.past.look import PastLook
from yingke.knowledge.past.mapping import PastMapping, check_mapping
from yingke.knowledge.past.read_past import look_at_file
from yingke.knowledge.past.run_import import FILE_GONE
from yingke.knowledge.past.talks import Order, PastTalk, PastTalkLines, TalkFilter, list_talks, read_talk
from yingke.knowledge.past.topics import PastTopicView, add_golden_topics, list_topics, show_topic
from yingke.knowledge.receive_upload import receive_upload
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
READ = [require(role="admin", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["past"]


class PastTopicIds(Struct):
    topic_ids: Annotated[list[str], Meta(max_length=100)]


class PastGoldenAdded(Struct):
    added: int


class PastNowView(Struct):
    """The same numbers as `PastBaseline.pace`, over the workspace's own conversations that began in [start, end)."""

    start: datetime
    end: datetime
    pace: Pace


@post("/v1/knowledge/past/imports", guards=WRITE, tags=TAGS, status_code=202)
async def post_import(
    data: Form, request: Asking, db: Database, files: Files, rates: Rates, settings: Settings, caller: Caller
) -> PastImportView:
    """Multipart: `file` (xlsx, xls, ods, csv or JSON) and `shop_id` (optional). A file with the columns of an earlier
    one is read at once; else the import waits in state mapping. The file leaves the server when it is read."""
    rates.check(f"past:{caller.workspace_id}", rate=0.2, burst=20)
    upload = await receive_upload(files, caller.workspace_id, data, largest_file(settings))
    shop = str(data["shop_id"]) if data.get("shop_id") else None

    async def add(tx: Transaction) -> str:
        if shop is not None and not await tx.fetchval("select 1 from shops where id = $1", read_id(shop)):
            raise bad_input({"shop_id": "unknown shop / 没有这个店铺"})
        return show_id(await add_import(tx, caller, upload, read_id(shop) if shop is not None else None))

    body = [upload.name, upload.stored.sha256.hex(), shop]
    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/past/imports", body)
    result = await run_once(db, sending, str, add)
    return await _shown(db, request, caller, int(result.answer))


@get("/v1/knowledge/past/imports", guards=READ, tags=TAGS)
async def get_imports(
    request: Asking, db: Database, caller: Caller, limit: int = 50, after: str | None = None
) -> Page[PastImportView]:
    """Newest first."""
    limit = min(max(limit, 1), 200)
    before = read_id(after) if after else 2**63 - 1
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_imports(tx, caller.workspace_id, before, limit + 1)
    language = asked_language(request.headers)
    views = [show_import(row, language) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@get("/v1/knowledge/past/imports/{id:str}", guards=READ, tags=TAGS)
async def get_one_import(id: str, request: Asking, db: Database, caller: Caller) -> PastImportView:
    return await _shown(db, request, caller, read_id(id))


@post("/v1/knowledge/past/imports/{id:str}/preview", guards=WRITE, tags=TAGS, status_code=200)
async def post_preview(
    id: str, db: Database, files: Files, rates: Rates, caller: Caller, data: PastMapping | None = None
) -> PastLook:
    """The first rows as they will be read. Body optional: the meanings to try; without it the guess."""
    return await _look(db, files, rates, caller, read_id(id), data)


@put("/v1/knowledge/past/imports/{id:str}/mapping", guards=WRITE, tags=TAGS, status_code=202)
async def put_mapping(
    id: str, data: PastMapping, request: Asking, db: Database, files: Files, rates: Rates, caller: Caller
) -> PastImportView:
    """Confirms what the columns mean; reading begins. Remembered for the next file with these columns."""
    looked = await _look(db, files, rates, caller, read_id(id), None)
    columns = [column.name for column in looked.columns]
    check_mapping(data, columns)
    async with db.transaction(caller.workspace_id) as tx:
        await map_import(tx, caller, read_id(id), data, columns)
    return await _shown(db, request, caller, read_id(id))


@post("/v1/knowledge/past/imports/{id:str}/cancellation", guards=WRITE, tags=TAGS, status_code=202)
async def post_cancellation(id: str, request: Asking, db: Database, caller: Caller) -> PastImportView:
    """Stops it and takes away what was read so far."""
    async with db.transaction(caller.workspace_id) as tx:
        await cancel_import(tx, caller, read_id(id))
    return await _shown(db, request, caller, read_id(id))


@delete("/v1/knowledge/past/imports/{id:str}", guards=WRITE, tags=TAGS)
async def remove_import(id: str, db: Database, caller: Caller) -> None:
    """Its conversations and questions go; pairs and golden questions made of them stay."""
    async with db.transaction(caller.workspace_id) as tx:
        await delete_import(tx, caller, read_id(id))


@get("/v1/knowledge/past/baseline", guards=READ, tags=TAGS)
async def get_baseline(db: Database, caller: Caller, import_id: str | None = None) -> PastBaseline:
    """How it was: volume, peak hours, first reply, handling time, share of each agent. Without an import over all."""
    async with db.transaction(caller.workspace_id) as tx:
        return await measure_past(tx, caller.workspace_id, read_id(import_id) if import_id else None)


@get("/v1/knowledge/past/now", guards=READ, tags=TAGS)
async def get_now(db: Database, caller: Caller, start: datetime, end: datetime) -> PastNowView:
    """How it is: the baseline's numbers over the workspace's own conversations."""
    async with db.transaction(caller.workspace_id) as tx:
        return PastNowView(start, end, await measure_live(tx, caller.workspace_id, start, end))


@get("/v1/knowledge/past/now/conversations", guards=READ, tags=TAGS)
async def get_now_conversations(
    db: Database, caller: Caller, start: datetime, end: datetime, without_person: bool = False, limit: int = 100
) -> Page[LiveTalk]:
    """The newest conversations behind the numbers of now."""
    async with db.transaction(caller.workspace_id) as tx:
        found = await list_live(
            tx, caller.workspace_id, start, end, only_without_person=without_person, limit=min(max(limit, 1), 200)
        )
    return Page(found, None)


@get("/v1/knowledge/past/conversations", guards=READ, tags=TAGS)
async def get_conversations(
    db: Database,
    caller: Caller,
    import_id: str | None = None,
    topic_id: str | None = None,
    day: date | None = None,
    weekday: Annotated[int, Meta(ge=1, le=7)] | None = None,
    hour: Annotated[int, Meta(ge=0, le=23)] | None = None,
    agent: str | None = None,
    without_person: bool = False,
    order: Order = "newest",
    limit: int = 50,
    after: str | None = None,
) -> Page[PastTalk]:
    """The past conversations behind a number."""
    wanted = TalkFilter(
        read_id(import_id) if import_id else None,
        read_id(topic_id) if topic_id else None,
        day,
        weekday,
        hour,
        clean_line(agent, 80, field="agent") if agent else None,
        without_person,
    )
    async with db.transaction(caller.workspace_id) as tx:
        return Page(*await list_talks(tx, caller.workspace_id, wanted, order, after, min(max(limit, 1), 200)))


@get("/v1/knowledge/past/conversations/{id:str}", guards=READ, tags=TAGS)
async def get_conversation(id: str, db: Database, caller: Caller) -> PastTalkLines:
    async with db.transaction(caller.workspace_id) as tx:
        return await read_talk(tx, caller.workspace_id, read_id(id))


@get("/v1/knowledge/past/topics", guards=READ, tags=TAGS)
async def get_topics(
    db: Database, caller: Caller, import_id: str | None = None, limit: int = 50, after: str | None = None
) -> Page[PastTopicView]:
    """What was asked again and again, the most asked first."""
    limit = min(max(limit, 1), 200)
    wanted = read_id(import_id) if import_id else None
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_topics(tx, caller.workspace_id, wanted, read_place(after), limit + 1)
    views = [show_topic(row) for row in rows[:limit]]
    return Page(views, f"{views[-1].times}-{views[-1].id}" if len(rows) > limit else None)


@post("/v1/knowledge/past/golden-questions", guards=WRITE, tags=TAGS)
async def post_golden(data: PastTopicIds, request: Asking, db: Database, caller: Caller) -> Response[PastGoldenAdded]:
    """Golden questions of topics whose agents agreed on an answer."""
    wanted = [read_id(id) for id in data.topic_ids]

    async def add(tx: Transaction) -> PastGoldenAdded:
        return PastGoldenAdded(await add_golden_topics(tx, caller, wanted))

    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/past/golden-questions", data)
    result = await run_once(db, sending, PastGoldenAdded, add)
    return Response(result.answer, status_code=result.status)


async def _look(
    db: Database, files: Files, rates: Rates, caller: Caller, import_id: int, mapping: PastMapping | None
) -> PastLook:
    """Raises 404, 409 when the file is gone, 422 when it cannot be read."""
    rates.check(f"past_look:{caller.workspace_id}", rate=1, burst=30)
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_import(tx, caller.workspace_id, import_id)
        zone = await tx.fetchval("select time_zone from workspaces where id = $1", caller.workspace_id)
    if row["sha256"] is None:
        raise conflict(FILE_GONE["code"], FILE_GONE["zh"], FILE_GONE["en"])
    try:
        return await look_at_file(files.path_of(caller.workspace_id, row["sha256"]), row["name"], mapping, zone)
    except FileNotFoundError:
        raise conflict(FILE_GONE["code"], FILE_GONE["zh"], FILE_GONE["en"]) from None


async def _shown(db: Database, request: Asking, caller: Caller, import_id: int) -> PastImportView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_import(tx, caller.workspace_id, import_id)
    return show_import(row, asked_language(request.headers))


ROUTES = [
    post_import, get_imports, get_one_import, post_preview, put_mapping, post_cancellation, remove_import, get_baseline,
    get_now, get_now_conversations, get_conversations, get_conversation, get_topics, post_golden,
]  # fmt: skip
