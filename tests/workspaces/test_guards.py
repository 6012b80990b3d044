"""What a browser of a stranger, a program without the right, and a colleague of too low a role may not do."""

from typing import Any

import pytest
from litestar import get

from tests.workspaces.conftest import PASSWORD, Browser, Door, good, make_app
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.authenticate import Authenticate
from yingke.workspaces.permissions import SCOPES
from yingke.workspaces.require import require
from yingke.workspaces.routes import ROUTES


async def colleague(door: Door, owner: Browser, role: str) -> Browser:
    url = (await owner.post("/v1/invitations", {"role": role}))["url"]
    browser = door.browser("198.51.100.9")
    body = {"name": "韩梅梅", "work_name": "小韩", "email": f"{role}@example.com", "password": PASSWORD}
    path = f"/v1/invitations/{url.rpartition('/')[2]}/acceptance"
    await browser.enter(await browser.call("POST", path, json=body))
    return browser


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://kf.example.com.evil.example", "http://["])
async def test_a_write_from_a_foreign_page_is_refused(door: Door, origin: str) -> None:
    owner = await door.owner()
    answer = await owner.call("PATCH", "/v1/me", json={"name": "x"}, headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert (await owner.get("/v1/me"))["agent"]["name"] == "李雷"


async def test_a_write_from_our_own_page_passes(door: Door) -> None:
    owner = await door.owner()
    headers = {"Origin": "https://kf.example.com", "Sec-Fetch-Site": "same-origin"}
    good(await owner.call("PATCH", "/v1/me", json={"name": "李大雷"}, headers=headers))
    assert (await owner.get("/v1/me"))["agent"]["name"] == "李大雷"


async def test_signing_in_from_a_foreign_page_is_refused(door: Door) -> None:
    await door.owner("csrf@example.com")
    body = {"email": "csrf@example.com", "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await door.browser().call("POST", "/v1/auth/sign-in", json=body, headers=headers)
        assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "密"])
async def test_a_write_without_the_csrf_token_of_this_session_is_refused(door: Door, token: str) -> None:
    owner = await door.owner()
    other = await door.owner()
    for sent in (token, other.csrf_token):
        headers = [(b"x-csrf-token", sent.encode())]
        answer = await owner.http.request("PATCH", "/v1/me", json={"name": "x"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_token_needed")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_json_dressed_as_a_form_is_refused(door: Door, media_type: str) -> None:
    owner = await door.owner()
    for path in ("/v1/api-keys", "/v1/auth/sign-in"):
        answer = await owner.call("POST", path, content=b'{"name": "x"}', headers={"Content-Type": media_type})
        assert answer.status_code == 415


async def test_a_handler_that_declares_no_rule_is_closed(
    db: Database, secrets: Secrets, settings: Settings, outgoing: Outgoing
) -> None:
    @get("/forgotten")
    async def forgotten() -> str:
        return "secret"

    door = Door(make_app(db, secrets, settings, outgoing, [forgotten]), db, secrets)
    owner = await door.owner()
    assert (await owner.call("GET", "/forgotten")).status_code == 403


def test_a_rule_names_a_role_and_a_scope_that_exist() -> None:
    with pytest.raises(ValueError, match="no such"):
        require(role="boss")
    with pytest.raises(ValueError, match="no such"):
        require(role="admin", scope="everything")


def paths() -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []
    for route in ROUTES:
        for path in route.paths:
            filled = path.replace("{id:str}", "1").replace("{token:str}", "1")
            found += [(method, filled, next(iter(route.guards or ()))) for method in route.http_methods]
    return sorted(found, key=lambda one: one[:2])


TABLE: dict[str, set[str]] = {
    "anyone": {
        "POST /v1/auth/sign-up", "POST /v1/auth/sign-in", "GET /v1/invitations/1", "POST /v1/invitations/1/acceptance",
        "GET /avatars/1",
    },
    "agent": {
        "POST /v1/auth/sign-out", "GET /v1/me", "PATCH /v1/me", "POST /v1/me/password", "PUT /v1/me/presence",
        "GET /v1/sessions", "DELETE /v1/sessions/1", "GET /v1/agents", "GET /v1/shops", "GET /v1/shops/1",
        "GET /v1/workspace", "GET /v1/setup", "GET /v1/events",
    },
    "admin": {
        "PATCH /v1/agents/1", "GET /v1/invitations", "POST /v1/invitations", "DELETE /v1/invitations/1",
        "POST /v1/shops", "PATCH /v1/shops/1", "DELETE /v1/shops/1", "POST /v1/shops/1/site-secret",
        "GET /v1/api-keys", "POST /v1/api-keys", "DELETE /v1/api-keys/1", "PATCH /v1/workspace", "PATCH /v1/setup",
        "GET /v1/audit-log", "GET /v1/webhooks", "POST /v1/webhooks", "PATCH /v1/webhooks/1", "DELETE /v1/webhooks/1",
        "POST /v1/webhooks/1/test", "POST /v1/webhooks/1/secret-rotation", "GET /v1/webhooks/1/deliveries",
        "POST /v1/webhooks/1/replay", "GET /v1/webhook-deliveries/1", "POST /v1/webhook-deliveries/1/replay",
    },
}  # fmt: skip
"""Who is the least that may call what. A route that is missing here fails the test."""

SCOPED: dict[str, set[str]] = {
    "conversations:read": {"GET /v1/agents"},
    "shops:read": {"GET /v1/shops", "GET /v1/shops/1", "GET /v1/workspace"},
    "shops:write": {"POST /v1/shops", "PATCH /v1/shops/1", "DELETE /v1/shops/1"},
    "events:read": {"GET /v1/events"},
    "webhooks:write": {one for one in TABLE["admin"] if "/webhook" in one},
}


def test_the_table_names_every_route() -> None:
    assert {f"{method} {path}" for method, path, _ in paths()} == set().union(*TABLE.values())


@pytest.mark.parametrize("role", ["agent", "admin", "owner"])
async def test_each_role_may_do_exactly_what_the_table_says(door: Door, role: str) -> None:
    owner = await door.owner()
    person = owner if role == "owner" else await colleague(door, owner, role)
    allowed = TABLE["anyone"] | TABLE["agent"] | (TABLE["admin"] if role != "agent" else set())
    for method, path, _ in paths():
        if path == "/v1/auth/sign-out":
            continue
        answer = await person.call(method, path, json=[] if method != "GET" else None)
        is_denied = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert is_denied == (f"{method} {path}" not in allowed), (method, path, answer.text)


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_a_key_opens_exactly_its_scope(door: Door, scope: str) -> None:
    owner = await door.owner()
    key = (await owner.post("/v1/api-keys", {"name": "程序", "scopes": [scope]}))["key"]
    program = door.program(key)
    allowed = SCOPED.get(scope, set()) | TABLE["anyone"]
    for method, path, _ in paths():
        answer = await program.call(method, path, json=[] if method != "GET" else None)
        is_denied = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert is_denied == (f"{method} {path}" not in allowed), (method, path, answer.text)


async def test_nobody_is_let_in_without_a_session_or_a_key(door: Door) -> None:
    for method, path, rule in paths():
        if not rule.is_public:
            answer = await door.browser().call(method, path, json=[] if method != "GET" else None)
            assert answer.status_code == 401, (method, path)


@pytest.mark.parametrize("value", ["Bearer ", "Bearer yk_unknown", "Basic YTpi", "Bearer " + "x" * 5000, "yk_x"])
async def test_a_forged_key_opens_nothing(door: Door, value: str) -> None:
    owner = await door.owner()
    answer = await owner.call("GET", "/v1/me", headers={"Authorization": value})
    assert answer.status_code == 401


async def test_a_revoked_key_is_dead_at_once(door: Door) -> None:
    owner = await door.owner()
    made = await owner.post("/v1/api-keys", {"name": "程序", "scopes": ["shops:read"]})
    program = door.program(made["key"])
    await program.get("/v1/shops")
    assert (await owner.call("DELETE", f"/v1/api-keys/{made['id']}")).status_code == 204
    assert (await program.call("GET", "/v1/shops")).status_code == 401
    listed = (await owner.get("/v1/api-keys"))["items"]
    assert made["key"] not in str(listed)
    assert listed[0]["revoked_at"] is not None


async def test_a_key_revoked_in_another_process_dies_within_a_minute(
    db: Database, secrets: Secrets, settings: Settings, outgoing: Outgoing
) -> None:
    now = [0.0]
    door = Door(make_app(db, secrets, settings, outgoing, []), db, secrets)
    door.app.state.authenticate = Authenticate(db, settings, secrets, clock=lambda: now[0])
    owner = await door.owner()
    made = await owner.post("/v1/api-keys", {"name": "程序", "scopes": ["shops:read"]})
    program = door.program(made["key"])
    await program.get("/v1/shops")
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        await tx.execute("update api_keys set revoked_at = now()")
    now[0] = 59.0
    assert (await program.call("GET", "/v1/shops")).status_code == 401


async def test_plain_http_beyond_this_machine_needs_permission(
    db: Database, secrets: Secrets, outgoing: Outgoing
) -> None:
    body = {"workspace_name": "店", "name": "李雷", "email": "http@example.com", "password": PASSWORD}
    strict = Door(make_app(db, secrets, Settings(), outgoing, []), db, secrets)
    for host in ("http://127.0.0.1:8080", "http://localhost:8080"):
        answer = await strict.browser(host=host).call("POST", "/v1/auth/sign-up", json=body)
        assert any(line.startswith("__Host-yingke=") for line in answer.headers.get_list("set-cookie"))
    refused = await strict.browser(host="http://192.168.1.9:8080").call("POST", "/v1/auth/sign-up", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "https_needed")
    lenient = Door(make_app(db, secrets, Settings(allow_http=True), outgoing, []), db, secrets)
    browser = lenient.browser(host="http://192.168.1.9:8080")
    me = await browser.enter(await browser.call("POST", "/v1/auth/sign-up", json=body))
    assert me["insecure"] is True
    assert "yingke_session" in browser.http.cookies
    assert (await browser.get("/v1/me"))["insecure"] is True
