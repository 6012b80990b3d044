"""A visitor and an agent who speak to a running product over HTTP alone."""

import asyncio
import uuid
from typing import Any

import aiohttp

PATIENCE = 40.0


class Visitor:
    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session, self.address = session, address
        self.headers: dict[str, str] = {}
        self.conversation_id = ""

    async def enter(
        self, site_key: str, token: str | None = None, *, identity_token: str | None = None, language: str | None = None
    ) -> dict[str, Any]:
        given = {"visitor_token": token, "identity_token": identity_token, "language": language}
        body = {"site_key": site_key} | {name: value for name, value in given.items() if value}
        async with self.session.post(f"{self.address}/v1/widget/sessions", json=body) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
        self.headers = {"Authorization": f"Bearer {found['visitor_token']}"}
        self.conversation_id = found["conversation_id"] or ""
        return found

    async def ask(self, text: str) -> dict[str, Any]:
        """Sends `text`; the first message that comes back."""
        return await self.until_answered(await self.say(text))

    async def say(self, text: str) -> int:
        """Sends `text`; its place in the conversation."""
        headers = self.headers | {"Idempotency-Key": uuid.uuid4().hex}
        body = {"type": "text", "text": text}
        async with self.session.post(f"{self.address}/v1/widget/messages", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            sent = await answer.json()
        self.conversation_id = sent["conversation_id"]
        seq: int = sent["seq"]
        return seq

    async def until_answered(self, after_seq: int) -> dict[str, Any]:
        """The first message of somebody else behind that place."""
        for _ in range(int(PATIENCE / 0.05)):
            later = [one for one in await self.messages(after_seq) if one["from"] != "contact"]
            if later:
                return later[0]
            await asyncio.sleep(0.05)
        raise AssertionError(f"nobody answered message {after_seq}")

    async def messages(self, after_seq: int = 0) -> list[dict[str, Any]]:
        query = {"conversation_id": self.conversation_id, "after_seq": str(after_seq)}
        url = f"{self.address}/v1/widget/messages"
        async with self.session.get(url, params=query, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            items: list[dict[str, Any]] = (await answer.json())["items"]
        return items


class Desk:
    """Somebody signed in to the workbench; the cookie is kept by hand because loopback has no https here."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session, self.address = session, address
        self.headers: dict[str, str] = {}

    async def sign_in(self, path: str = "/v1/auth/sign-in", **body: str) -> dict[str, Any]:
        async with self.session.post(self.address + path, json=body) as answer:
            assert answer.status in (200, 201), await answer.text()
            me: dict[str, Any] = await answer.json()
            cookie = answer.cookies["__Host-yingke"].value
        self.headers = {"Cookie": f"__Host-yingke={cookie}", "X-CSRF-Token": me["csrf_token"]}
        return me

    async def get(self, path: str) -> Any:
        async with self.session.get(self.address + path, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        headers = self.headers | {"Idempotency-Key": uuid.uuid4().hex}
        async with self.session.post(self.address + path, json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def upload(self, name: str, data: bytes) -> str:
        """The id of the new document, once it can be found."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", data, filename=name)
        url = f"{self.address}/v1/knowledge/documents"
        async with self.session.post(url, data=form, headers=self.headers) as answer:
            assert answer.status == 202, await answer.text()
            document_id: str = (await answer.json())["id"]
        await self.until_ready({document_id})
        return document_id

    async def until_ready(self, document_ids: set[str] | None = None) -> list[dict[str, Any]]:
        for _ in range(int(PATIENCE / 0.1)):
            items: list[dict[str, Any]] = (await self.get("/v1/knowledge/documents"))["items"]
            wanted = [one for one in items if document_ids is None or one["id"] in document_ids]
            assert not [one for one in wanted if one["state"] in ("failed", "held")], wanted
            if wanted and all(one["state"] == "ready" for one in wanted):
                return items
            await asyncio.sleep(0.1)
        raise AssertionError("the documents are not learned")
