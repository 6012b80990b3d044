"""The way in for what visitors say, whether it came by socket or by request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yingke.assistants.answer import Desk
from yingke.contacts.visitor import Visitor
from yingke.conversations.open_conversation import Opening, open_conversation
from yingke.conversations.receive import ConversationClosed, Incoming, Received, Receiver
from yingke.kit.db import Database
from yingke.kit.errors import Problem, bad_input, not_found
from yingke.kit.live import Hub
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings
from yingke.kit.text import clean_text

TYPES = {"text", "image", "file"}
OnStored = Callable[[Received], None]


@dataclass(frozen=True, slots=True)
class Sending:
    """A visitor's message as it arrived. `conversation_id` None = his open one, or a new one."""

    client_message_id: str
    type: str
    text: str | None
    file_id: int | None
    conversation_id: int | None
    page: Mapping[str, Any] | None
    language: str


class VisitorDoor:
    """Checks, stores, starts the answer, tells whoever watches."""

    def __init__(
        self,
        db: Database,
        hub: Hub,
        receiver: Receiver,
        desk: Desk,
        rates: Rates,
        settings: Settings,
        owner: str,
    ) -> None:
        self._db = db
        self._hub = hub
        self._receiver = receiver
        self._desk = desk
        self._rates = rates
        self._settings = settings
        self._owner = owner

    async def accept(self, visitor: Visitor, sending: Sending, on_stored: OnStored | None = None) -> Received:
        """Returns after COMMIT; `on_stored` hears of it before anybody else. Raises 400/404/409/413/429/503; refused means not stored."""
        self._rates.check(
            f"visitor:{visitor.identity_id}", rate=self._settings.visitor_rate, burst=self._settings.visitor_burst
        )
        text, payload = await self._content(visitor, sending)
        for _ in range(3):
            conversation_id = sending.conversation_id
            message = Incoming(
                visitor.workspace_id,
                conversation_id or 0,
                visitor.identity_id,
                sending.client_message_id,
                sending.type,
                text,
                payload,
            )
            try:
                if conversation_id is None:
                    stored = await self._open(visitor, sending, message)
                else:
                    stored = await self._receiver.receive(message)
            except ConversationClosed:
                sending = replace(sending, conversation_id=None)
                continue
            if on_stored is not None:
                on_stored(stored)
            self._after(message, stored)
            return stored
        raise ConversationClosed

    async def _open(self, visitor: Visitor, sending: Sending, message: Incoming) -> Received:
        opening = Opening(
            visitor.workspace_id,
            visitor.shop_id,
            visitor.channel_account_id,
            visitor.identity_id,
            sending.language,
            dict(sending.page) if sending.page else None,
        )
        result = await open_conversation(self._db, self._hub, self._owner, opening, message)
        if isinstance(result, Received):
            return result
        return await self._receiver.receive(
            Incoming(
                message.workspace_id, result, message.identity_id, message.client_message_id, message.type, message.text,
                message.payload,
            )
        )  # fmt: skip

    async def _content(self, visitor: Visitor, sending: Sending) -> tuple[str | None, dict[str, Any] | None]:
        if sending.type not in TYPES:
            raise bad_input({"type": "text, image, file"})
        if not 0 < len(sending.client_message_id) <= 100 or "\0" in sending.client_message_id:
            raise bad_input({"client_message_id": "1–100 characters / 1 到 100 个字符"})
        if sending.type == "text":
            text = clean_text(sending.text or "", self._settings.max_message_chars)
            if not text.strip():
                raise bad_input({"text": "empty / 不能为空"})
            return text, None
        if sending.file_id is None:
            raise bad_input({"file_id": "missing / 缺少文件"})
        async with self._db.transaction(visitor.workspace_id) as tx:
            row = await tx.fetchrow(
                "update files set used_at = coalesce(used_at, now()) where id = $1 and owner_kind = 'identity'"
                " and owner_id = $2 returning id, name, media_type, size, width, height",
                sending.file_id,
                visitor.identity_id,
            )
        if row is None:
            raise not_found()
        if sending.type == "image" and not row["media_type"].startswith("image/"):
            raise Problem(415, "not_a_picture", "这个文件不是图片。", "This file is not a picture.")
        caption = clean_text(sending.text, self._settings.max_message_chars) if sending.text else None
        return caption, {"file": {**dict(row), "id": str(row["id"])}}

    def _after(self, message: Incoming, stored: Received) -> None:
        self._desk.received(message, stored)
        if not stored.is_new:
            return
        self._hub.deliver(
            stored.conversation_id,
            stored.seq,
            {
                "id": stored.message_id,
                "workspace_id": message.workspace_id,
                "conversation_id": stored.conversation_id,
                "seq": stored.seq,
                "author": "contact",
                "sender_id": message.identity_id,
                "kind": "direct",
                "type": message.type,
                "text": message.text,
                "payload": message.payload,
                "client_message_id": message.client_message_id,
                "generated_by": None,
                "citations": None,
                "degraded_level": None,
                "trace_id": None,
                "created_at": stored.created_at,
            },
        )
