"""Guessing passwords is slow, and nobody can be locked out by it."""

import time

import pytest

from tests.workspaces.conftest import PASSWORD, Browser, Door, good, make_app
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings


@pytest.fixture
def door(db: Database, secrets: Secrets, settings: Settings, outgoing: Outgoing) -> Door:
    """The time that tries take, on a busy machine too, gives none of them back."""
    rates = Rates(clock=lambda: 1000.0)
    return Door(make_app(db, secrets, settings, outgoing, [], rates=rates), db, secrets)


async def try_password(browser: Browser, email: str, password: str = "wrong password") -> int:
    answer = await browser.call("POST", "/v1/auth/sign-in", json={"email": email, "password": password})
    return answer.status_code


async def test_guessing_is_slowed_down_with_a_time_to_come_back(door: Door) -> None:
    await door.owner("target@example.com")
    guesser = door.browser("198.51.100.1")
    answers = [await try_password(guesser, "target@example.com") for _ in range(12)]
    assert answers[:6] == [401] * 6
    assert set(answers[6:]) == {429}
    assert await try_password(guesser, "target@example.com", PASSWORD) == 429


async def test_the_owner_signs_in_while_a_stranger_guesses(door: Door) -> None:
    await door.owner("besieged@example.com")
    for n in range(60):
        await try_password(door.browser(f"198.51.{n}.1"), "besieged@example.com")
    assert await try_password(door.browser("203.0.113.200"), "besieged@example.com", PASSWORD) == 429
    known = door.browser("203.0.113.201")
    mark = door.secrets.sign("device", "besieged@example.com")
    known.http.cookies.set("yingke_device", mark)
    assert await try_password(known, "besieged@example.com", PASSWORD) == 200
    forged = door.browser("203.0.113.202")
    forged.http.cookies.set("yingke_device", door.secrets.sign("device", "other@example.com"))
    assert await try_password(forged, "besieged@example.com", PASSWORD) == 429


async def test_a_neighbour_in_the_same_ipv6_network_shares_the_limit(door: Door) -> None:
    await door.owner("v6@example.com")
    for n in range(6):
        assert await try_password(door.browser(f"2001:db9:0:1::{n + 1}"), "v6@example.com") == 401
    assert await try_password(door.browser("2001:db9:0:1:ffff::9"), "v6@example.com") == 429
    assert await try_password(door.browser("2001:db9:0:2::1"), "v6@example.com") == 401


async def test_forwarded_addresses_of_strangers_do_not_count(door: Door) -> None:
    await door.owner("spoof@example.com")
    guesser = door.browser("198.51.100.77")
    answers = []
    for n in range(10):
        guesser.http.headers["X-Forwarded-For"] = f"10.0.0.{n}"
        answers.append(await try_password(guesser, "spoof@example.com"))
    assert 429 in answers


async def test_an_unknown_person_takes_as_long_as_a_wrong_password(door: Door) -> None:
    await door.owner("slow@example.com")
    times: dict[str, list[float]] = {"slow@example.com": [], "unknown@example.com": []}
    for n in range(5):
        for email, taken in times.items():
            begun = time.perf_counter()
            assert await try_password(door.browser(f"192.0.{n}.1"), email) == 401
            taken.append(time.perf_counter() - begun)
    known, unknown = (min(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


async def test_the_time_to_come_back_is_told(door: Door) -> None:
    await door.owner("later@example.com")
    browser = door.browser("198.51.100.3")
    for _ in range(6):
        await try_password(browser, "later@example.com")
    body = {"email": "later@example.com", "password": PASSWORD}
    answer = await browser.call("POST", "/v1/auth/sign-in", json=body)
    assert answer.json()["code"] == "too_many_attempts"
    assert 0 < answer.json()["retry_after"] <= 20


async def test_bots_cannot_open_workspaces_in_bulk(door: Door) -> None:
    bot = door.browser("198.51.100.50")
    answers = []
    for n in range(12):
        body = {"workspace_name": "店", "name": "机器", "email": f"bot{n}@example.com", "password": PASSWORD}
        answers.append((await bot.call("POST", "/v1/auth/sign-up", json=body)).status_code)
    assert answers[:10] == [201] * 10
    assert answers[10:] == [429, 429]


async def test_a_new_password_ends_every_other_session(door: Door) -> None:
    owner = await door.owner("change@example.com")
    elsewhere = door.browser()
    body = {"email": "change@example.com", "password": PASSWORD}
    await elsewhere.enter(await elsewhere.call("POST", "/v1/auth/sign-in", json=body))
    wrong = await owner.call("POST", "/v1/me/password", json={"current": "no", "new": "another password"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    weak = await owner.call("POST", "/v1/me/password", json={"current": PASSWORD, "new": "short"})
    assert (weak.status_code, list(weak.json()["fields"])) == (400, ["new"])
    good(await owner.call("POST", "/v1/me/password", json={"current": PASSWORD, "new": "another password"}))
    await owner.get("/v1/me")
    assert (await elsewhere.call("GET", "/v1/me")).status_code == 401
    assert await try_password(door.browser("192.0.9.9"), "change@example.com", PASSWORD) == 401
    assert await try_password(door.browser("192.0.9.9"), "change@example.com", "another password") == 200
