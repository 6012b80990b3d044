"""Documents over HTTP: upload, follow, change, take back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

from litestar import Request, delete, get, patch, post, put
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import UNSET, Struct, UnsetType

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
    replace_file,
    restore_document,
    retry_document,
)
from yingke.knowledge.documents import (
    DocumentView,
    PassageView,
    get_document,
    list_documents,
    list_passages,
    read_shops,
    show_document,
    show_passage,
)
from yingke.knowledge.entry import Audience
from yingke.knowledge.parse import MAX_FILE_BYTES
from yingke.knowledge.receive_upload import receive_upload
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


class Release(Struct):
    """`audience` left out: the one the document has."""

    audience: Audience | None = None


@post("/v1/knowledge/documents", guards=WRITE, tags=TAGS, status_code=202)
async def post_document(
    data: Form, request: Asking, db: Database, files: Files, rates: Rates, settings: Settings, caller: Caller
) -> DocumentView:
    """Multipart: `file`, `audience` (customer or staff), `shop_ids` (comma-separated; left out = every shop)."""
    rates.check(f"documents:{caller.workspace_id}", rate=5, burst=200)
    audience = read_audience(data.get("audience"))
    shops = read_list(data.get("shop_ids"))
    upload = await receive_upload(files, caller.workspace_id, data, largest_file(settings))

    async def add(tx: Transaction) -> str:
        shop_ids = await read_shops(tx, shops)
        return show_id(await add_document(tx, caller, upload, audience=audience, shop_ids=shop_ids))

    body = [upload.name, upload.stored.sha256.hex(), audience, shops]
    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/documents", body)
    result = await run_once(db, sending, str, add)
    return await _shown(db, request, caller, int(result.answer))


@get("/v1/knowledge/documents", guards=READ, tags=TAGS)
async def get_documents(
    request: Asking, db: Database, caller: Caller, limit: int = 50, after: str | None = None
) -> Page[DocumentView]:
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_documents(tx, caller.workspace_id, read_id(after) if after else None, limit + 1)
    language = asked_language(request.headers)
    return Page(
        [show_document(row, language) for row in rows[:limit]],
        show_id(rows[limit - 1]["id"]) if len(rows) > limit else None,
    )


@get("/v1/knowledge/documents/{id:str}", guards=READ, tags=TAGS)
async def get_one_document(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await _shown(db, request, caller, read_id(id))


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
        )

    return await _changed(db, request, caller, id, change)


@post("/v1/knowledge/documents/{id:str}/retry", guards=WRITE, tags=TAGS, status_code=202)
async def post_retry(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await _changed(db, request, caller, id, lambda tx: retry_document(tx, caller, read_id(id)))


@post("/v1/knowledge/documents/{id:str}/release", guards=WRITE, tags=TAGS, status_code=202)
async def post_release(
    id: str, request: Asking, db: Database, caller: Caller, data: Release | None = None
) -> DocumentView:
    """Body optional: `{audience}`, customer or staff."""
    wish = data or Release()
    return await _changed(db, request, caller, id, lambda tx: release_document(tx, caller, read_id(id), wish.audience))


@put("/v1/knowledge/documents/{id:str}/file", guards=WRITE, tags=TAGS, status_code=202)
async def put_file(
    id: str, data: Form, request: Asking, db: Database, files: Files, rates: Rates, settings: Settings, caller: Caller
) -> DocumentView:
    """Multipart `file`: a new version of the document."""
    rates.check(f"documents:{caller.workspace_id}", rate=5, burst=200)
    async with db.transaction(caller.workspace_id) as tx:
        await get_document(tx, caller.workspace_id, read_id(id))
    upload = await receive_upload(files, caller.workspace_id, data, largest_file(settings))
    return await _changed(db, request, caller, id, lambda tx: replace_file(tx, caller, read_id(id), upload))


@delete("/v1/knowledge/documents/{id:str}", guards=WRITE, tags=TAGS)
async def remove_document(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_document(tx, caller, read_id(id))


@post("/v1/knowledge/documents/{id:str}/restoration", guards=WRITE, tags=TAGS, status_code=200)
async def post_restoration(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await _changed(db, request, caller, id, lambda tx: restore_document(tx, caller, read_id(id)))


async def _changed(
    db: Database, request: Asking, caller: Caller, id: str, change: Callable[[Transaction], Awaitable[None]]
) -> DocumentView:
    async with db.transaction(caller.workspace_id) as tx:
        await change(tx)
    return await _shown(db, request, caller, read_id(id))


async def _shown(db: Database, request: Asking, caller: Caller, document_id: int) -> DocumentView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_document(tx, caller.workspace_id, document_id)
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


def read_list(value: Any) -> list[str]:
    """A form field given once with commas, or several times."""
    parts = value if isinstance(value, list) else [value]
    return [item.strip() for part in parts if isinstance(part, str) for item in part.split(",") if item.strip()]


ROUTES = [
    post_document, get_documents, get_one_document, get_passages, patch_document, post_retry, post_release, put_file,
    remove_document, post_restoration,
]  # fmt: skip
