"""Signing up, in and out over HTTP."""

from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.datastructures import Cookie
from msgspec import Meta, Struct

from yingke.kit.client_address import client_address, rate_key
from yingke.kit.db import Database
from yingke.kit.ids import read_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_text
from yingke.workspaces.audit import record_audit
from yingke.workspaces.authenticate import Authenticate
from yingke.workspaces.caller import Caller
from yingke.workspaces.create import Founding
from yingke.workspaces.email import clean_email
from yingke.workspaces.guess_limits import DEVICE_COOKIE, DEVICE_DAYS, Attempt, device_mark
from yingke.workspaces.me import get_me
from yingke.workspaces.passwords import Passwords
from yingke.workspaces.require import anyone, require
from yingke.workspaces.session_cookie import end_cookie, is_insecure, make_cookie
from yingke.workspaces.sessions import Browser, end_session
from yingke.workspaces.shapes import Language, Me
from yingke.workspaces.sign_in import sign_in
from yingke.workspaces.sign_up import sign_up

AnyRequest = Request[Any, Any, Any]
Email = Annotated[str, Meta(max_length=254)]
Password = Annotated[str, Meta(max_length=1000)]
Line = Annotated[str, Meta(max_length=200)]


class SignUp(Struct):
    workspace_name: Line
    name: Line
    email: Email
    password: Password
    language: Language = "zh-CN"


class SignIn(Struct):
    email: Email
    password: Password
    workspace_id: str | None = None


@post("/v1/auth/sign-up", guards=[anyone()], tags=["auth"])
async def post_sign_up(
    data: SignUp,
    request: AnyRequest,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    rates: Rates,
    passwords: Passwords,
) -> Response[Me]:
    """Opens a workspace with its owner and first shop, and signs the owner in."""
    make_cookie(request, settings, "")
    browser = browser_of(request, settings)
    rates.check(f"sign-up:{rate_key(browser.address)}", rate=1 / 60, burst=settings.sign_ups)
    founding = Founding(data.workspace_name, data.name, data.email, data.language)
    workspace_id, session = await sign_up(db, secrets, passwords, founding, data.password, browser)
    return await signed_in(request, db, settings, secrets, workspace_id, session, status=201)


@post("/v1/auth/sign-in", guards=[anyone()], status_code=200, tags=["auth"])
async def post_sign_in(
    data: SignIn,
    request: AnyRequest,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    rates: Rates,
    passwords: Passwords,
) -> Response[Me]:
    """409 `choose_workspace` lists the workspaces when the password opens several; 429 after many wrong tries."""
    make_cookie(request, settings, "")
    browser = browser_of(request, settings)
    attempt = Attempt(clean_email(data.email), browser.address, request.cookies.get(DEVICE_COOKIE, "")[:200])
    password = clean_text(data.password, 1000, field="password")
    wanted = None if data.workspace_id is None else read_id(data.workspace_id)
    workspace_id, session = await sign_in(db, secrets, passwords, rates, attempt, password, wanted, browser)
    return await signed_in(request, db, settings, secrets, workspace_id, session, status=200)


@post("/v1/auth/sign-out", guards=[require(role="agent")], status_code=204, tags=["auth"])
async def post_sign_out(request: AnyRequest, db: Database, settings: Settings, caller: Caller) -> Response[None]:
    """Ends this session, here and in every process."""
    if caller.agent_id is not None and caller.session_id is not None:
        async with db.transaction(caller.workspace_id) as tx:
            await end_session(tx, caller.workspace_id, caller.agent_id, caller.session_id)
            await record_audit(tx, caller, "session.ended", f"agent:{caller.agent_id}")
    return Response(None, status_code=204, cookies=[end_cookie(request, settings)])


def browser_of(request: AnyRequest, settings: Settings) -> Browser:
    return Browser(request.headers.get("user-agent", ""), client_address(request, settings))


async def signed_in(
    request: AnyRequest,
    db: Database,
    settings: Settings,
    secrets: Secrets,
    workspace_id: int,
    session: str,
    status: int,
) -> Response[Me]:
    """Me, with the cookie of the new session and the mark that spares this browser the guessing limits."""
    authenticate: Authenticate = request.app.state.authenticate
    caller = await authenticate.caller_by_session(session)
    insecure = is_insecure(request, settings)
    async with db.transaction(workspace_id) as tx:
        me = await get_me(tx, secrets, caller, insecure=insecure)
    device = Cookie(
        key=DEVICE_COOKIE,
        value=device_mark(secrets, me.agent.email),
        path="/",
        max_age=DEVICE_DAYS * 86400,
        secure=not insecure,
        httponly=True,
        samesite="lax",
    )
    return Response(me, status_code=status, cookies=[make_cookie(request, settings, session), device])


ROUTES = [post_sign_up, post_sign_in, post_sign_out]
