"""The demo over HTTP: what its page shows, the document to drop in, signing in on this machine, clearing it."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request, Response, get, post
from msgspec import Struct

from yingke.app.demo.clear import clear_demo
from yingke.app.demo.installed import Installed, find_installed
from yingke.app.demo.questions import QUESTIONS, STEPS
from yingke.app.house import House
from yingke.kit.db import Database
from yingke.kit.errors import Problem, not_found
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.audit import record_audit
from yingke.workspaces.auth_routes import browser_of, signed_in
from yingke.workspaces.authenticate import Authenticate
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import anyone, require
from yingke.workspaces.session_cookie import is_loopback, make_cookie
from yingke.workspaces.sessions import begin_session
from yingke.workspaces.shapes import Me, ShopName
from yingke.workspaces.shop_shapes import Words

Asking = Request[Any, Any, Any]
NOTE = Path(__file__).parent / "demo/battery_note.pdf"
NOTE_NAME = "%E7%94%B5%E6%B1%A0%E4%B8%8E%E6%B0%94%E7%BD%90%E8%BF%90%E8%BE%93%E8%AF%B4%E6%98%8E.pdf"
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host")


class QuestionView(Struct):
    n: int
    text: str
    look_for: Words


class StepView(Struct, rename={"zh": "zh-CN"}):
    """`at`: minutes and seconds since the demo began."""

    at: str
    zh: str
    en: str


class DemoView(Struct):
    """`may_sign_in`: `POST /v1/demo/sign-in` will work for this caller."""

    shops: list[ShopName]
    questions: list[QuestionView]
    steps: list[StepView]
    document_url: str
    may_sign_in: bool


def is_at_home(request: Asking, settings: Settings) -> bool:
    """True for a browser on this very machine, by address and by the name it typed, and through no proxy.

    The name counts too: a foreign site that lets its own name point here arrives with that name.
    """
    if settings.demo_open:
        return True
    if any(name in request.headers for name in _FORWARDED):
        return False
    peer = request.client.host if request.client else ""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return is_loopback(peer) and is_loopback(host)


async def find_demo(db: Database) -> Installed:
    """Raises 404 when no demo was seeded here, or when it was cleared."""
    async with db.system() as tx:
        installed = await find_installed(tx)
    if installed is None or installed.state != "seeded":
        raise not_found()
    return installed


async def check_may_look(request: Asking, settings: Settings, installed: Installed) -> bool:
    """Whether the caller is at home. Raises 401 for anybody else who is not signed in to the demo."""
    if is_at_home(request, settings):
        return True
    authenticate: Authenticate = request.app.state.authenticate
    caller = await authenticate.caller(request)
    if caller.workspace_id != installed.workspace_id:
        raise not_found()
    return False


@get("/v1/demo", guards=[anyone()], tags=["demo"])
async def get_demo(request: Asking, db: Database, settings: Settings) -> DemoView:
    """What `/demo` shows. Open on this machine, and to whoever is signed in to the demo."""
    installed = await find_demo(db)
    may_sign_in = await check_may_look(request, settings, installed)
    async with db.transaction(installed.workspace_id) as tx:
        shops = await tx.fetch("select id, name, site_key from shops where archived_at is null order by id")
    return DemoView(
        [ShopName(show_id(row["id"]), row["name"], row["site_key"]) for row in shops],
        [QuestionView(one.n, one.text, msgspec.convert(one.look_for, Words)) for one in QUESTIONS],
        msgspec.convert(STEPS, list[StepView]),
        "/v1/demo/battery-note.pdf",
        may_sign_in,
    )


@get(["/v1/demo/battery-note.pdf", "/v1/demo/document"], guards=[anyone()], tags=["demo"])
async def get_document(request: Asking, db: Database, settings: Settings) -> Response[bytes]:
    """The file that the shop does not know yet: dropped in, it answers the fifth question."""
    await check_may_look(request, settings, await find_demo(db))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{NOTE_NAME}"}
    return Response(NOTE.read_bytes(), media_type="application/pdf", headers=headers)


@post("/v1/demo/sign-in", guards=[anyone()], status_code=200, tags=["demo"])
async def post_demo_sign_in(request: Asking, db: Database, settings: Settings, secrets: Secrets) -> Response[Me]:
    """Signs the browser of this machine in as the demo's owner, without the password. 403 from anywhere else."""
    installed = await find_demo(db)
    if not is_at_home(request, settings):
        raise Problem(
            403,
            "demo_sign_in_refused",
            "这里不能直接进入演示，请用启动时显示的账号登录。",
            "Sign in with the account that was shown at the start.",
        )
    make_cookie(request, settings, "")
    browser = browser_of(request, settings)
    async with db.transaction(installed.workspace_id) as tx:
        session = await begin_session(tx, installed.workspace_id, installed.owner_id, browser)
        caller = Caller(installed.workspace_id, installed.owner_id, None, "owner", address=browser.address)
        await record_audit(tx, caller, "session.begun", f"agent:{installed.owner_id}", {"by": "demo"})
    return await signed_in(request, db, settings, secrets, installed.workspace_id, session, status=200)


@post("/v1/demo/clearance", guards=[require(role="owner")], status_code=204, tags=["demo"])
async def post_clearance(db: Database, house: House, caller: Caller) -> None:
    """清空演示,换成我的店. 404 for any other workspace than the demo. Cannot be undone."""
    installed = await find_demo(db)
    if caller.workspace_id != installed.workspace_id:
        raise not_found()
    note_hash = hashlib.sha256(NOTE.read_bytes()).digest()
    async with db.transaction(caller.workspace_id) as tx:
        await clear_demo(tx, caller, installed, note_hash)
    # Whoever is still connected comes back and is told that the shop begins anew.
    for end in list(house.sockets):
        end.close_soon(4009, "cleared")


ROUTES = [get_demo, get_document, post_demo_sign_in, post_clearance]
