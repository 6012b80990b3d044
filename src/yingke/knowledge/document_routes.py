"""Documents over HTTP: upload, follow, change, take back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, get_args

from litestar import Request, delete, get, patch, post, put
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings
from yingke.knowledge.add_document import add_document
from yingke.knowledge.change_document import (
    change_document,
    delete_document,
    release_document,
    restore_document,
    retry_document,
)
from yingke.knowledge.documents import (
    DocumentView,
    Filter,
    PassageView,
    Rank,
    State,
    get_document,
    list_documents,
    list_passages,
    place_of,
    read_place,
    read_shops,
    show_document,
    show_passage,
)
from yingke.knowledge.entry import Audience
from yingke.knowledge.parse import MAX_FILE_BYTES
from yingke.knowledge.receive_upload import receive_upload
from yingke.knowledge.replace_file import SameName, find_same_name, replace_file, same_name
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["knowledge"]


class DocumentChange(Struct):
    name: str | UnsetType = UNSET
    audience: Audience | UnsetType = UNSET
    shop_ids: list[str] | UnsetType | None = UNSET
    valid_from: datetime | UnsetType | None = UNSET
    valid_to: datetime | UnsetType | None = UNSET
    rank: Rank | UnsetType = UNSET
    dates_found: Annotated[UnsetType | None, Meta(description="null turns the suggestion down")] = UNSET


class Release(Struct):
    """`audience` left out: the one the document has."""

    audience: Audience | None = None


@post("/v1/knowledge/documents", guards=WRITE, tags=TAGS, status_code=202)
async def post_document(
    data: Form, request: Asking, db: Database, files: Files, rates: Rates, settings: Settings, caller: Caller
) -> DocumentView:
    """Multipart: `file`, `audience` (customer or staff), `shop_ids` (comma-separated; left out = every shop), and
    `if_same_name`: new (the default: one more document), replace (a new version of the newest document of that name,
    which keeps its audience and shops; content that is live already makes none) or ask (409 `same_name` when there is
    one). A zip becomes one document a member.
    """
    rates.check(f"documents:{caller.workspace_id}", rate=5, burst=200)
    audience = read_audience(data.get("audience"))
    shops = read_list(data.get("shop_ids"))
    if_same_name = read_same_name(data.get("if_same_name"))
    upload = await receive_upload(files, caller.workspace_id, data, largest_file(settings))

    async def add(tx: Transaction) -> str:
        shop_ids = await read_shops(tx, shops)
        same = await find_same_name(tx, caller.workspace_id, upload.name) if if_same_name != "new" else None
        if same is not None and if_same_name == "ask":
            raise same_name(upload.name)
        if same is not None:
            await replace_file(tx, caller, same, upload)
            return show_id(same)
        return show_id(await add_document(tx, caller, upload, audience=audience, shop_ids=shop_ids))

    body = [upload.name, upload.stored.sha256.hex(), audience, shops, if_same_name]
    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/documents", body)
    result = await run_once(db, sending, str, add)
    return await shown_document(db, request, caller, int(result.answer))


@get("/v1/knowledge/documents", guards=READ, tags=TAGS)
async def get_documents(
    request: Asking,
    db: Database,
    caller: Caller,
    limit: int = 50,
    after: str | None = None,
    states: Annotated[list[str] | None, Parameter(query="state")] = None,
    audience: Audience | None = None,
    shop_id: str | None = None,
    text: str | None = None,
    name: str | None = None,
) -> Page[DocumentView]:
    """Newest first. `state` may be given several times, or once with commas; `text` is part of the name or of the zip's, `name` all of it;
    `shop_id` also finds what is for every shop.
    """
    limit = min(max(limit, 1), 200)
    wanted = Filter(read_states(states), audience, read_id(shop_id) if shop_id else None, text, name)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_documents(tx, caller.workspace_id, read_place(after), limit + 1, wanted)
    language = asked_language(request.headers)
    return Page(
        [show_document(row, language) for row in rows[:limit]],
        place_of(rows[limit - 1]) if len(rows) > limit else None,
    )


@get("/v1/knowledge/documents/{id:str}", guards=READ, tags=TAGS)
async def get_one_document(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await shown_document(db, request, caller, read_id(id))


@get("/v1/knowledge/documents/{id:str}/passages", guards=READ, tags=TAGS)
async def get_passages(
    id: str, db: Database, caller: Caller, limit: int = 50, after: str | None = None
) -> Page[PassageView]:
    limit = min(max(limit, 1), 200)
    place = min(read_id(after), 2**31 - 1) if after else -1
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_document(tx, caller.workspace_id, read_id(id))
        rows = await list_passages(tx, caller.workspace_id, row["id"], place, limit + 1)
    return Page(
        [show_passage(row) for row in rows[:limit]], str(rows[limit - 1]["ordinal"]) if len(rows) > limit else None
    )


@patch("/v1/knowledge/documents/{id:str}", guards=WRITE, tags=TAGS)
async def patch_document(id: str, data: DocumentChange, request: Asking, db: Database, caller: Caller) -> DocumentView:
    async def change(tx: Transaction) -> None:
        await change_document(
            tx,
            caller,
            read_id(id),
            name=data.name,
            audience=data.audience,
            shop_ids=UNSET if data.shop_ids is UNSET else await read_shops(tx, data.shop_ids),
            valid_from=data.valid_from,
            valid_to=data.valid_to,
            rank=data.rank,
            dates_found=data.dates_found,
        )

    return await changed_document(db, request, caller, id, change)


@post("/v1/knowledge/documents/{id:str}/retry", guards=WRITE, tags=TAGS, status_code=202)
async def post_retry(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await changed_document(db, request, caller, id, lambda tx: retry_document(tx, caller, read_id(id)))


@post("/v1/knowledge/documents/{id:str}/release", guards=WRITE, tags=TAGS, status_code=202)
async def post_release(
    id: str, request: Asking, db: Database, caller: Caller, data: Release | None = None
) -> DocumentView:
    """Body optional: `{audience}`, customer or staff."""
    wish = data or Release()
    return await changed_document(
        db, request, caller, id, lambda tx: release_document(tx, caller, read_id(id), wish.audience)
    )


@put("/v1/knowledge/documents/{id:str}/file", guards=WRITE, tags=TAGS, status_code=202)
async def put_file(
    id: str, data: Form, request: Asking, db: Database, files: Files, rates: Rates, settings: Settings, caller: Caller
) -> DocumentView:
    """Multipart `file`: a new version of the document."""
    rates.check(f"documents:{caller.workspace_id}", rate=5, burst=200)
    async with db.transaction(caller.workspace_id) as tx:
        await get_document(tx, caller.workspace_id, read_id(id))
    upload = await receive_upload(files, caller.workspace_id, data, largest_file(settings))

    async def replace(tx: Transaction) -> None:
        await replace_file(tx, caller, read_id(id), upload)

    return await changed_document(db, request, caller, id, replace)


@delete("/v1/knowledge/documents/{id:str}", guards=WRITE, tags=TAGS)
async def remove_document(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_document(tx, caller, read_id(id))


@post("/v1/knowledge/documents/{id:str}/restoration", guards=WRITE, tags=TAGS, status_code=200)
async def post_restoration(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await changed_document(db, request, caller, id, lambda tx: restore_document(tx, caller, read_id(id)))


async def changed_document(
    db: Database, request: Asking, caller: Caller, id: str, change: Callable[[Transaction], Awaitable[None]]
) -> DocumentView:
    """The document after `change`, also where that took it off the list."""
    async with db.transaction(caller.workspace_id) as tx:
        await change(tx)
    return await shown_document(db, request, caller, read_id(id), is_deleted_too=True)


async def shown_document(
    db: Database, request: Asking, caller: Caller, document_id: int, *, is_deleted_too: bool = False
) -> DocumentView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_document(tx, caller.workspace_id, document_id, is_deleted_too=is_deleted_too)
    return show_document(row, asked_language(request.headers))


def largest_file(settings: Settings) -> int:
    """In bytes; the parser's own limit or the installation's, whichever is less."""
    return min(settings.max_file_mb * 1_000_000, MAX_FILE_BYTES)


def read_audience(value: Any) -> Audience:
    """Raises 400."""
    if value in (None, "", "customer"):
        return "customer"
    if value != "staff":
        raise bad_input({"audience": "customer, staff"})
    return "staff"


def read_same_name(value: Any) -> SameName:
    """Raises 400."""
    if value in (None, "", "new"):
        return "new"
    if value not in ("replace", "ask"):
        raise bad_input({"if_same_name": "new, replace, ask"})
    return "replace" if value == "replace" else "ask"


def read_states(value: list[str] | None) -> tuple[State, ...] | None:
    """Raises 400."""
    wanted = read_list(value)
    known: tuple[State, ...] = get_args(State)
    if any(state not in known for state in wanted):
        raise bad_input({"state": ", ".join(known)})
    return tuple(state for state in known if state in wanted) or None


def read_list(value: Any) -> list[str]:
    """A form field given once with commas, or several times."""
    parts = value if isinstance(value, list) else [value]
    return [item.strip() for part in parts if isinstance(part, str) for item in part.split(",") if item.strip()]


ROUTES = [
    post_document, get_documents, get_one_document, get_passages, patch_document, post_retry, post_release, put_file,
    remove_document, post_restoration,
]  # fmt: skip
