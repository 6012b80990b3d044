"""Colleagues and invitations over HTTP."""

from datetime import datetime
from typing import Annotated, Any, Literal

from litestar import Request, Response, delete, get, patch, post
from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.kit.client_address import rate_key
from yingke.kit.db import Database, Transaction
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.agents import get_agent, list_agents
from yingke.workspaces.auth_routes import Email, Line, Password, browser_of, signed_in
from yingke.workspaces.caller import Caller
from yingke.workspaces.change_agent import change_agent
from yingke.workspaces.creating import IdempotencyKey, create_once
from yingke.workspaces.invitations import (
    Invitation,
    Newcomer,
    accept_invitation,
    create_invitation,
    find_open_invitation,
    list_invitations,
    revoke_invitation,
)
from yingke.workspaces.passwords import Passwords
from yingke.workspaces.require import anyone, require
from yingke.workspaces.session_cookie import make_cookie
from yingke.workspaces.shapes import AgentView, Me, Page, Role
from yingke.workspaces.shops import public_url

AnyRequest = Request[Any, Any, Any]


class AgentChange(Struct):
    role: Role | None = None
    disabled: bool | None = None
    work_name: Annotated[str, Meta(max_length=200)] | None = None


class InvitationWish(Struct):
    role: Literal["admin", "agent"]
    email: Email | None = None


class InvitationView(Struct):
    """`url` is given once, when the invitation is made."""

    id: str
    role: Role
    email: str | None
    expires_at: datetime
    accepted_at: datetime | None
    created_at: datetime
    url: str | UnsetType = UNSET


class InvitationFace(Struct):
    workspace_name: str
    role: Role
    email: str | None


class Acceptance(Struct):
    name: Line
    email: Email
    password: Password
    work_name: Line = ""


@get("/v1/agents", guards=[require(role="agent", scope="conversations:read")], tags=["team"])
async def get_agents(db: Database, secrets: Secrets, caller: Caller) -> Page[AgentView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page(await list_agents(tx, secrets), None)


@patch("/v1/agents/{id:str}", guards=[require(role="admin")], tags=["team"])
async def patch_agent(id: str, data: AgentChange, db: Database, secrets: Secrets, caller: Caller) -> AgentView:
    """409 `last_owner` when nobody would own the workspace any more."""
    agent_id = read_id(id)
    async with db.transaction(caller.workspace_id) as tx:
        await change_agent(tx, caller, agent_id, role=data.role, disabled=data.disabled, work_name=data.work_name)
        return await get_agent(tx, secrets, agent_id)


@get("/v1/invitations", guards=[require(role="admin")], tags=["team"])
async def get_invitations(db: Database, caller: Caller) -> Page[InvitationView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page([_view(one) for one in await list_invitations(tx)], None)


@post("/v1/invitations", guards=[require(role="admin")], tags=["team"])
async def post_invitation(
    data: InvitationWish,
    request: AnyRequest,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,
) -> Response[InvitationView]:
    async def work(tx: Transaction) -> InvitationView:
        invitation, token = await create_invitation(tx, caller, data.role, data.email)
        return _view(invitation, f"{public_url(settings)}/app/invitations/{token}")

    return await create_once(db, caller, request, data, InvitationView, work, seal=secrets)


@delete("/v1/invitations/{id:str}", guards=[require(role="admin")], tags=["team"])
async def delete_invitation(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await revoke_invitation(tx, caller, read_id(id))


@get("/v1/invitations/{token:str}", guards=[anyone()], tags=["auth"])
async def get_invitation(
    token: str, request: AnyRequest, db: Database, settings: Settings, rates: Rates
) -> InvitationFace:
    address = rate_key(browser_of(request, settings).address)
    rates.check(f"invitation:{address}", rate=0.5, burst=30)
    found = await find_open_invitation(db, token)
    return InvitationFace(found.workspace_name, _role(found.role), found.email)


@post("/v1/invitations/{token:str}/acceptance", guards=[anyone()], status_code=200, tags=["auth"])
async def post_acceptance(
    token: str,
    data: Acceptance,
    request: AnyRequest,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    rates: Rates,
    passwords: Passwords,
) -> Response[Me]:
    """Joins the workspace and signs in. A link works once."""
    make_cookie(request, settings, "")
    browser = browser_of(request, settings)
    rates.check(f"invitation:{rate_key(browser.address)}", rate=0.5, burst=30)
    newcomer = Newcomer(data.name, data.work_name, data.email, data.password)
    workspace_id, session = await accept_invitation(db, passwords, token, newcomer, browser)
    return await signed_in(request, db, settings, secrets, workspace_id, session, status=200)


def _view(one: Invitation, url: str | UnsetType = UNSET) -> InvitationView:
    return InvitationView(
        show_id(one.id), _role(one.role), one.email, one.expires_at, one.accepted_at, one.created_at, url
    )


def _role(text: str) -> Role:
    return "owner" if text == "owner" else "admin" if text == "admin" else "agent"


ROUTES = [
    get_agents,
    patch_agent,
    get_invitations,
    post_invitation,
    delete_invitation,
    get_invitation,
    post_acceptance,
]
