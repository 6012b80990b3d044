"""The workspace itself, its wizard, its logs, and pictures of its agents."""

from typing import Annotated

from litestar import Response, get, patch
from litestar.params import Parameter

from yingke.kit.db import Database
from yingke.kit.errors import not_found
from yingke.kit.files import Files
from yingke.kit.secrets import Secrets
from yingke.workspaces.audit_log import list_audit_log
from yingke.workspaces.avatar import read_avatar_token, read_picture
from yingke.workspaces.caller import Caller
from yingke.workspaces.change_workspace import SetupChange, WorkspaceChange, change_setup, change_workspace
from yingke.workspaces.events import list_events
from yingke.workspaces.me import get_workspace
from yingke.workspaces.require import anyone, require, require_scope
from yingke.workspaces.shapes import AuditView, EventView, Page, SetupView, WorkspaceView

Limit = Annotated[int, Parameter(ge=1, le=200)]


@get("/v1/workspace", guards=[require(role="agent", scope="shops:read")], tags=["workspace"])
async def get_own_workspace(db: Database, caller: Caller) -> WorkspaceView:
    async with db.transaction(caller.workspace_id) as tx:
        return await get_workspace(tx)


@patch("/v1/workspace", guards=[require(role="admin")], tags=["workspace"])
async def patch_workspace(data: WorkspaceChange, db: Database, caller: Caller) -> WorkspaceView:
    async with db.transaction(caller.workspace_id) as tx:
        await change_workspace(tx, caller, data)
        return await get_workspace(tx)


@get("/v1/setup", guards=[require(role="agent")], tags=["workspace"])
async def get_setup(db: Database, caller: Caller) -> SetupView:
    async with db.transaction(caller.workspace_id) as tx:
        return (await get_workspace(tx)).setup


@patch("/v1/setup", guards=[require(role="admin")], tags=["workspace"])
async def patch_setup(data: SetupChange, db: Database, caller: Caller) -> SetupView:
    async with db.transaction(caller.workspace_id) as tx:
        await change_setup(tx, data)
        return (await get_workspace(tx)).setup


@get("/v1/audit-log", guards=[require(role="admin")], tags=["workspace"])
async def get_audit_log(db: Database, caller: Caller, after: str | None = None, limit: Limit = 50) -> Page[AuditView]:
    async with db.transaction(caller.workspace_id) as tx:
        return await list_audit_log(tx, after, limit)


@get("/v1/events", guards=[require_scope("events:read")], tags=["programs"])
async def get_events(db: Database, caller: Caller, after: str | None = None, limit: Limit = 100) -> Page[EventView]:
    """Ask again with `after` = `next`, for ever; an empty page means that nothing has happened since."""
    async with db.transaction(caller.workspace_id) as tx:
        return await list_events(tx, caller.workspace_id, after, limit)


@get("/avatars/{token:str}", guards=[anyone()], include_in_schema=False)
async def get_avatar(token: str, db: Database, files: Files, secrets: Secrets) -> Response[bytes]:
    place = read_avatar_token(secrets, token)
    if place is None:
        raise not_found()
    picture = await read_picture(db, files, *place)
    headers = {
        "Cache-Control": "public, max-age=86400, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(picture.data, media_type=picture.media_type, headers=headers)


ROUTES = [
    get_own_workspace,
    patch_workspace,
    get_setup,
    patch_setup,
    get_audit_log,
    get_events,
    get_avatar,
]
