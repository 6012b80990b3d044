"""Files of platforms and ERPs over HTTP: bring them in, say what the columns mean, take them back."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

from litestar import Request, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from yingke.commerce.imports.drop_folder import DONE, PROBLEM, DropFolder
from yingke.commerce.imports.imports import (
    NewImport,
    ShopImportView,
    add_import,
    cancel_import,
    delete_import,
    get_import,
    list_imports,
    map_import,
    show_import,
    undo_import,
)
from yingke.commerce.imports.look import ImportLook
from yingke.commerce.imports.mapping import ImportMapping, Kind, check_mapping
from yingke.commerce.imports.read_file import look_at_file
from yingke.commerce.imports.run_import import FILE_GONE
from yingke.commerce.imports.tables import TableReader
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, bad_input, conflict
from yingke.kit.files import Files, Stored
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]
READ = [require(role="admin", scope="commerce:read")]
WRITE = [require(role="admin", scope="commerce:write")]
TAGS = ["commerce"]
_PIECE = 256 * 1024


class DropFileView(Struct):
    """A file that lies in the folder. `is_taken`: its import has begun; before that it is watched until it holds still."""

    name: str
    size: int
    is_taken: bool


class DropFolderView(Struct):
    """`path`: where files go, null where the operator has not set YINGKE_DROP_DIR. `exists`: the folder is made."""

    path: str | None
    exists: bool
    waiting: list[DropFileView]
    done: int
    problems: int


@post("/v1/commerce/imports", guards=WRITE, tags=TAGS, status_code=202)
async def post_import(
    data: Form, request: Asking, db: Database, files: Files, rates: Rates, settings: Settings, caller: Caller
) -> ShopImportView:
    """Multipart: `file` (xlsx, xls, ods, csv or JSON) and `shop_id` (optional). A file with the columns of an earlier
    one is read at once; else the import waits in state mapping. The file leaves the server when it is read."""
    rates.check(f"shop_import:{caller.workspace_id}", rate=0.2, burst=20)
    shop = str(data["shop_id"]) if data.get("shop_id") else None
    name, stored = await _receive(files, caller.workspace_id, data, settings.max_file_mb * 1_000_000)

    async def add(tx: Transaction) -> str:
        if shop is not None and not await tx.fetchval("select 1 from shops where id = $1", read_id(shop)):
            raise bad_input({"shop_id": "unknown shop / 没有这个店铺"})
        new = NewImport(name, stored, "upload", read_id(shop) if shop is not None else None)
        return show_id(await add_import(tx, caller.workspace_id, new, caller))

    key = request.headers.get("idempotency-key")
    sending = Sending(
        caller.workspace_id, caller.owner, key, "POST /v1/commerce/imports", [name, stored.sha256.hex(), shop]
    )
    result = await run_once(db, sending, str, add)
    return await _shown(db, request, caller, int(result.answer))


@get("/v1/commerce/imports", guards=READ, tags=TAGS)
async def get_imports(
    request: Asking, db: Database, caller: Caller, limit: int = 50, after: str | None = None
) -> Page[ShopImportView]:
    """Newest first."""
    limit = min(max(limit, 1), 200)
    before = read_id(after) if after else 2**63 - 1
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_imports(tx, caller.workspace_id, before, limit + 1)
    language = asked_language(request.headers)
    views = [show_import(row, language) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@get("/v1/commerce/imports/{id:str}", guards=READ, tags=TAGS)
async def get_one_import(id: str, request: Asking, db: Database, caller: Caller) -> ShopImportView:
    return await _shown(db, request, caller, read_id(id))


@post("/v1/commerce/imports/{id:str}/preview", guards=WRITE, tags=TAGS, status_code=200)
async def post_preview(
    id: str,
    db: Database,
    files: Files,
    tables: TableReader,
    rates: Rates,
    caller: Caller,
    kind: Kind | None = None,
    data: ImportMapping | None = None,
) -> ImportLook:
    """The first rows as they will be read. Body optional: the meanings to try; without it the guess, of `kind` if given."""
    return await _look(db, files, tables, rates, caller, read_id(id), data, kind)


@put("/v1/commerce/imports/{id:str}/mapping", guards=WRITE, tags=TAGS, status_code=202)
async def put_mapping(
    id: str,
    data: ImportMapping,
    request: Asking,
    db: Database,
    files: Files,
    tables: TableReader,
    rates: Rates,
    caller: Caller,
) -> ShopImportView:
    """Confirms what the columns mean; reading begins. Remembered for the next file with these columns."""
    looked = await _look(db, files, tables, rates, caller, read_id(id), None, data.kind)
    columns = [column.name for column in looked.columns]
    check_mapping(data, columns)
    async with db.transaction(caller.workspace_id) as tx:
        await map_import(tx, caller, read_id(id), data, columns)
    return await _shown(db, request, caller, read_id(id))


@post("/v1/commerce/imports/{id:str}/cancellation", guards=WRITE, tags=TAGS, status_code=202)
async def post_cancellation(id: str, request: Asking, db: Database, caller: Caller) -> ShopImportView:
    """Stops it and takes back what was stored so far."""
    async with db.transaction(caller.workspace_id) as tx:
        await cancel_import(tx, caller, read_id(id))
    return await _shown(db, request, caller, read_id(id))


@post("/v1/commerce/imports/{id:str}/undo", guards=WRITE, tags=TAGS, status_code=202)
async def post_undo(id: str, request: Asking, db: Database, caller: Caller) -> ShopImportView:
    """What it added goes, what it overwrote is as it was before; what was changed since stays."""
    async with db.transaction(caller.workspace_id) as tx:
        await undo_import(tx, caller, read_id(id))
    return await _shown(db, request, caller, read_id(id))


@delete("/v1/commerce/imports/{id:str}", guards=WRITE, tags=TAGS)
async def remove_import(id: str, db: Database, caller: Caller) -> None:
    """Takes it off the list; what it brought stays and can no longer be undone."""
    async with db.transaction(caller.workspace_id) as tx:
        await delete_import(tx, caller, read_id(id))


@get("/v1/commerce/drop-folder", guards=READ, tags=TAGS)
async def get_drop_folder(db: Database, settings: Settings, caller: Caller) -> DropFolderView:
    """Where a daily file may be put, and what lies there."""
    return await _show_folder(db, settings, caller)


@post("/v1/commerce/drop-folder", guards=WRITE, tags=TAGS, status_code=200)
async def post_drop_folder(db: Database, settings: Settings, caller: Caller) -> DropFolderView:
    """Makes the folder of this workspace. 409 when the operator has set none, 503 when it cannot be made."""
    if not settings.drop_dir:
        raise conflict(
            "no_drop_folder",
            "服务器还没有设置每日文件夹，请管理员设置 YINGKE_DROP_DIR。",
            "No drop folder is set. Ask the operator to set YINGKE_DROP_DIR.",
        )
    try:
        await asyncio.to_thread(DropFolder(Path(settings.drop_dir), caller.workspace_id).make)
    except OSError:
        raise Problem(
            503,
            "drop_folder_away",
            "文件夹建不了，请管理员检查 YINGKE_DROP_DIR 的读写权限。",
            "The folder cannot be made. Ask the operator to check who may write to YINGKE_DROP_DIR.",
        ) from None
    return await _show_folder(db, settings, caller)


async def _show_folder(db: Database, settings: Settings, caller: Caller) -> DropFolderView:
    if not settings.drop_dir:
        return DropFolderView(None, False, [], 0, 0)
    folder = DropFolder(Path(settings.drop_dir), caller.workspace_id)
    path = str(Path(settings.drop_dir) / str(caller.workspace_id))
    try:
        lying = await asyncio.to_thread(folder.list_files)
    except OSError:
        return DropFolderView(path, False, [], 0, 0)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch(
            "select name from drop_files where workspace_id = $1 and import_id is not null", caller.workspace_id
        )
    taken = {row["name"] for row in rows}
    done, problems = await asyncio.to_thread(lambda: (folder.count(DONE), folder.count(PROBLEM)))
    return DropFolderView(
        path, True, [DropFileView(one.name, one.size, one.name in taken) for one in lying], done, problems
    )


async def _receive(files: Files, workspace_id: int, form: dict[str, Any], max_bytes: int) -> tuple[str, Stored]:
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise bad_input({"file": "missing / 缺少文件"})

    async def pieces() -> Any:
        while piece := await upload.read(_PIECE):
            yield piece

    try:
        name = _clean_name(upload.filename or "")
        return name, await files.save(workspace_id, pieces(), max_bytes)
    finally:
        await upload.close()


def _clean_name(name: str) -> str:
    """The last part of a path, printable, at most 200 characters with its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(mark for mark in last.encode("utf-8", "replace").decode() if mark.isprintable()).strip(". ")
    return plain if len(plain) <= 200 else plain[:190] + plain[-10:]


async def _look(
    db: Database,
    files: Files,
    tables: TableReader,
    rates: Rates,
    caller: Caller,
    import_id: int,
    mapping: ImportMapping | None,
    kind: Kind | None,
) -> ImportLook:
    """Raises 404, 409 when the file is gone, 422 when it cannot be read."""
    rates.check(f"shop_look:{caller.workspace_id}", rate=1, burst=40)
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_import(tx, caller.workspace_id, import_id)
        zone = await tx.fetchval("select time_zone from workspaces where id = $1", caller.workspace_id)
    if row["sha256"] is None:
        raise conflict(FILE_GONE["code"], FILE_GONE["zh"], FILE_GONE["en"])
    try:
        path = files.path_of(caller.workspace_id, row["sha256"])
        return await look_at_file(tables, path, row["name"], mapping, kind, zone)
    except FileNotFoundError:
        raise conflict(FILE_GONE["code"], FILE_GONE["zh"], FILE_GONE["en"]) from None


async def _shown(db: Database, request: Asking, caller: Caller, import_id: int) -> ShopImportView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_import(tx, caller.workspace_id, import_id)
    return show_import(row, asked_language(request.headers))


ROUTES = [
    post_import, get_imports, get_one_import, post_preview, put_mapping, post_cancellation, post_undo, remove_import, get_drop_folder,
    post_drop_folder,
]  # fmt: skip
