"""Signing up, in and out, over HTTP."""

from tests.workspaces.conftest import PASSWORD, Door, good


async def test_signing_up_opens_a_workspace_with_a_shop_and_a_session(door: Door) -> None:
    owner = await door.owner("a.b@example.com")
    me = await owner.get("/v1/me")
    assert me == owner.me
    assert me["agent"]["role"] == "owner"
    assert me["agent"]["email"] == "a.b@example.com"
    assert me["workspace"]["settings"] == {"amber_seconds": 100, "red_seconds": 180}
    assert [shop["name"] for shop in me["shops"]] == ["青松小店"]
    assert me["insecure"] is False


async def test_the_session_cookie_is_host_bound_secure_and_out_of_reach_of_scripts(door: Door) -> None:
    browser = door.browser()
    body = {"workspace_name": "店", "name": "李雷", "email": "c@example.com", "password": PASSWORD}
    answer = await browser.call("POST", "/v1/auth/sign-up", json=body)
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-yingke="))
    marks = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= marks
    assert not any(mark.startswith("domain") for mark in marks)
    assert answer.status_code == 201


async def test_signing_out_ends_the_session_everywhere_at_once(door: Door) -> None:
    owner = await door.owner()
    cookie = owner.http.cookies["__Host-yingke"]
    assert (await owner.call("POST", "/v1/auth/sign-out")).status_code == 204
    thief = door.browser()
    answer = await thief.call("GET", "/v1/me", headers={"Cookie": f"__Host-yingke={cookie}"})
    assert answer.status_code == 401


async def test_signing_in_gives_a_new_session_and_never_takes_one_over(door: Door) -> None:
    owner = await door.owner("fix@example.com")
    planted = door.browser()
    planted.http.cookies.set("__Host-yingke", "planted-by-a-stranger")
    body = {"email": "FIX@example.com", "password": PASSWORD}
    await planted.enter(await planted.call("POST", "/v1/auth/sign-in", json=body))
    sessions = (await owner.get("/v1/sessions"))["items"]
    assert len(sessions) == 2
    assert sum(session["is_current"] for session in sessions) == 1
    answer = await door.browser().call("GET", "/v1/me", headers={"Cookie": "__Host-yingke=planted-by-a-stranger"})
    assert answer.status_code == 401


async def test_one_password_in_two_workspaces_asks_which(door: Door) -> None:
    first = await door.owner("two@example.com", "一号店")
    await door.owner("two@example.com", "二号店")
    browser = door.browser()
    answer = await browser.call("POST", "/v1/auth/sign-in", json={"email": "two@example.com", "password": PASSWORD})
    assert answer.status_code == 409
    assert answer.json()["code"] == "choose_workspace"
    assert [one["name"] for one in answer.json()["workspaces"]] == ["一号店", "二号店"]
    wanted = first.me["workspace"]["id"]
    body = {"email": "two@example.com", "password": PASSWORD, "workspace_id": wanted}
    me = good(await browser.call("POST", "/v1/auth/sign-in", json=body))
    assert me["workspace"]["id"] == wanted


async def test_an_unknown_person_and_a_wrong_password_get_the_same_answer(door: Door) -> None:
    await door.owner("known@example.com")
    answers = []
    for email in ("known@example.com", "nobody@example.com"):
        body = {"email": email, "password": "not the password"}
        answers.append(await door.browser().call("POST", "/v1/auth/sign-in", json=body))
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
