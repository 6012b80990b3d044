"""What an agent sees and changes of their own."""

from typing import Annotated, Any

from litestar import Request, delete, get, patch, post, put
from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.kit.db import Database
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.change_me import change_me
from yingke.workspaces.change_password import change_password
from yingke.workspaces.me import get_me
from yingke.workspaces.passwords import Passwords
from yingke.workspaces.presence import choose_presence
from yingke.workspaces.require import require
from yingke.workspaces.session_cookie import is_insecure
from yingke.workspaces.sessions import end_session, list_sessions
from yingke.workspaces.shapes import AgentSettings, Me, Page, Presence, SessionView

AnyRequest = Request[Any, Any, Any]
MYSELF = [require(role="agent")]


class MeChange(Struct):
    name: str | UnsetType = UNSET
    work_name: str | UnsetType = UNSET
    avatar_file_id: str | UnsetType | None = UNSET
    settings: AgentSettings | UnsetType = UNSET


class PasswordChange(Struct):
    current: Annotated[str, Meta(max_length=1000)]
    new: Annotated[str, Meta(max_length=1000)]


class PresenceChange(Struct):
    state: Presence


@get("/v1/me", guards=MYSELF, tags=["me"])
async def get_my_self(request: AnyRequest, db: Database, settings: Settings, secrets: Secrets, caller: Caller) -> Me:
    async with db.transaction(caller.workspace_id) as tx:
        return await get_me(tx, secrets, caller, insecure=is_insecure(request, settings))


@patch("/v1/me", guards=MYSELF, tags=["me"])
async def patch_me(
    data: MeChange, request: AnyRequest, db: Database, settings: Settings, secrets: Secrets, caller: Caller
) -> Me:
    async with db.transaction(caller.workspace_id) as tx:
        await change_me(
            tx, caller, name=data.name, work_name=data.work_name, avatar=data.avatar_file_id, settings=data.settings
        )
        return await get_me(tx, secrets, caller, insecure=is_insecure(request, settings))


@post("/v1/me/password", guards=MYSELF, status_code=204, tags=["me"])
async def post_password(
    data: PasswordChange, db: Database, secrets: Secrets, rates: Rates, passwords: Passwords, caller: Caller
) -> None:
    """Ends all other sessions of this agent."""
    await change_password(db, secrets, rates, passwords, caller, data.current, data.new)


@put("/v1/me/presence", guards=MYSELF, status_code=204, tags=["me"])
async def put_presence(data: PresenceChange, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await choose_presence(tx, caller, data.state)


@get("/v1/sessions", guards=MYSELF, tags=["me"])
async def get_sessions(db: Database, caller: Caller) -> Page[SessionView]:
    async with db.transaction(caller.workspace_id) as tx:
        sessions = await list_sessions(tx, caller.agent_id or 0)
    return Page(
        [
            SessionView(
                show_id(one.id), one.user_agent, one.address, one.created_at, one.seen_at, one.id == caller.session_id
            )
            for one in sessions
        ],
        None,
    )


@delete("/v1/sessions/{id:str}", guards=MYSELF, tags=["me"])
async def delete_session(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await end_session(tx, caller.workspace_id, caller.agent_id or 0, read_id(id))
        await record_audit(tx, caller, "session.revoked", f"session:{id}")


ROUTES = [get_my_self, patch_me, post_password, put_presence, get_sessions, delete_session]
