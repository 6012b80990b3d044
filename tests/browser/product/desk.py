"""What tests of the workbench do again and again: colleagues, waiting customers, the list, the composer."""

import asyncio
import itertools
import time
from typing import Any

from playwright.async_api import Locator, Page

from tests.journeys.people import Agent, Visitor

_numbers = itertools.count(1)


async def invite(owner: Agent, work_name: str, role: str = "agent") -> Agent:
    """A colleague who accepted an invitation; the caller closes him."""
    made = await owner.post("/v1/invitations", {"role": role})
    token = made["url"].rstrip("/").rsplit("/", 1)[1]
    colleague = Agent(owner.product)
    colleague.me = await colleague.post(
        f"/v1/invitations/{token}/acceptance",
        {
            "name": work_name, "work_name": work_name, "password": "correct horse battery",
            "email": f"colleague{next(_numbers)}-{time.time_ns()}@example.com",
        },
    )  # fmt: skip
    return colleague


async def customer(owner: Agent, words: str) -> tuple[Visitor, str]:
    """A visitor who asked for a person, and his conversation."""
    visitor = await Visitor(owner.product, owner.site_key).open()
    ack = await visitor.send(words)
    conversation = str(ack["conversation_id"])
    headers = {"Authorization": f"Bearer {visitor.token}"}
    body = {"conversation_id": conversation}
    async with visitor.http.post("/v1/widget/hand-off", json=body, headers=headers) as answer:
        assert answer.status < 300, await answer.text()
    return visitor, conversation


async def said_by_agents(visitor: Visitor, conversation: str) -> list[str]:
    return [one["text"] for one in await visitor.read(conversation) if one["from"] == "agent"]


def rows_of(page: Page) -> Locator:
    """The conversations of the list, in order."""
    return page.get_by_role("listbox", name="会话列表").get_by_role("option")


async def ids_of(page: Page) -> list[str]:
    ids: list[str] = await rows_of(page).evaluate_all("rows => rows.map((row) => row.dataset.id)")
    return ids


def composer_of(page: Page) -> Locator:
    return page.locator("form.composer textarea")


async def until_open(page: Page, conversation: str, words: str) -> None:
    """This conversation, known by the customer's words, is on screen and its composer has the cursor."""
    await page.wait_for_url(f"**/conversations?c={conversation}", wait_until="commit")
    await page.get_by_role("log").get_by_text(words).first.wait_for()
    await page.locator("form.composer :focus").wait_for()


async def until_answered(visitor: Visitor) -> None:
    await visitor.until(lambda frame: frame["type"] == "message" and frame["message"]["from"] == "agent")


async def first_shown(*wanted: Locator) -> int:
    """Which of these, on several pages, is visible first."""
    waits = [asyncio.create_task(one.wait_for()) for one in wanted]
    done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()
    return next(n for n, task in enumerate(waits) if task in done)


async def compose(page: Page, wire: Any, pinyin: str) -> None:
    """An input method shows `pinyin` underlined and the agent presses Enter on it."""
    await wire.send(
        "Input.imeSetComposition", {"text": pinyin, "selectionStart": len(pinyin), "selectionEnd": len(pinyin)}
    )
    for kind in ("rawKeyDown", "keyUp"):
        await wire.send(
            "Input.dispatchKeyEvent", {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        )
