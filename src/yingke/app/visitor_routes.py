"""HTTP for visitors: sessions, messages, files, ratings. Who is calling is told by the visitor token alone."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from yingke.app.house import House
from yingke.app.panel_shapes import (
    Acknowledged,
    ConversationItem,
    ConversationItems,
    MessageItems,
    PersonAsked,
    SessionAnswer,
    UploadView,
    WordLeft,
)
from yingke.app.visitor_session import SessionWish, begin_session
from yingke.app.visitor_socket import follow_everywhere, read_page, read_sending
from yingke.contacts.record_visit import record_consent, record_visit
from yingke.contacts.visitor import Visitor, find_visitor, visitor_unknown
from yingke.conversations.announce import announce
from yingke.conversations.give_feedback import give_feedback
from yingke.conversations.leave_message import Word, leave_message
from yingke.conversations.link_files import link_files
from yingke.conversations.rate import rate
from yingke.conversations.shape_message import COLUMNS, shape_for_visitor
from yingke.conversations.shapes import VisitorMessageView
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_line, clean_text

DOOR = {"door": "visitor"}
Asking = Request[Any, Any, Any]


async def provide_visitor(request: Asking, house: House) -> Visitor:
    """The dependency `visitor`. Raises 401 for a missing, unknown or expired token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    visitor = await find_visitor(house.db, token.strip()) if scheme.lower() == "bearer" else None
    if visitor is None:
        raise visitor_unknown()
    return visitor


@post("/v1/widget/sessions", opt=DOOR, status_code=200)
async def open_session(data: SessionWish, house: House, request: Asking) -> SessionAnswer:
    return await begin_session(house, data, request)


class Consent(msgspec.Struct):
    purpose: str
    version: str
    language: str = "zh-CN"


@post("/v1/widget/consents", opt=DOOR, status_code=204)
async def post_consent(data: Consent, house: House, visitor: Visitor) -> None:
    if data.purpose not in ("chat_notice", "leave_message"):
        raise bad_input({"purpose": "chat_notice, leave_message"})
    version = clean_line(data.version, 40, field="version", min_chars=1)
    async with house.db.transaction(visitor.workspace_id) as tx:
        await record_consent(tx, visitor, data.purpose, version, clean_line(data.language, 20, field="language"))


@post("/v1/widget/messages", opt=DOOR)
async def post_message(request: Asking, house: House, visitor: Visitor) -> Response[Acknowledged]:
    """201 for a new message, 200 for one sent before with the same Idempotency-Key."""
    body = await request.json()
    if not isinstance(body, dict):
        raise bad_input({"body": "an object / 应为对象"})
    key = request.headers.get("idempotency-key") or body.get("client_message_id")
    if not isinstance(key, str) or not key:
        raise bad_input({"Idempotency-Key": "missing / 缺少"})
    sending = read_sending({**body, "client_message_id": key}, str(body.get("language") or "zh-CN")[:20])
    with house.load.share(visitor.workspace_id):
        stored = await house.door.accept(visitor, sending)
    answer = Acknowledged(
        show_id(stored.message_id), show_id(stored.conversation_id), stored.seq, stored.created_at, key
    )
    return Response(answer, status_code=201 if stored.is_new else 200)


@get("/v1/widget/conversations", opt=DOOR)
async def get_conversations(house: House, visitor: Visitor) -> ConversationItems:
    async with house.db.transaction(visitor.workspace_id) as tx:
        rows = await tx.fetch(
            "select c.id, c.status, c.handled_by, c.last_seq, c.last_message_at, c.last_preview, r.score"
            " from conversations c left join ratings r on r.workspace_id = c.workspace_id and r.conversation_id = c.id"
            " where c.workspace_id = $1 and c.identity_id = $2 order by c.id desc limit 50",
            visitor.workspace_id,
            visitor.identity_id,
        )
    return ConversationItems([ConversationItem(show_id(row["id"]), *tuple(row)[1:]) for row in rows], None)


@get("/v1/widget/messages", opt=DOOR)
async def get_messages(
    house: House,
    visitor: Visitor,
    conversation_id: str,
    after_seq: int | None = None,
    before_seq: int | None = None,
    limit: int = 100,
) -> MessageItems:
    """Ascending by seq; the newest `limit` when neither cursor is given."""
    limit = min(max(limit, 1), 200)
    own = await _own_conversation(house, visitor, conversation_id)
    is_forward = after_seq is not None
    async with house.db.transaction(visitor.workspace_id) as tx:
        rows = await tx.fetch(
            f"select {COLUMNS}, f.verdict as feedback from messages m left join message_feedback f on f.message_id = m.id"
            f" where m.conversation_id = $1 and m.seq > $2 and m.seq < $3 order by m.seq {'' if is_forward else 'desc'} limit $4",
            own,
            min(max(after_seq or 0, 0), 2**31 - 1),
            min(max(before_seq if before_seq is not None else 2**31 - 1, 0), 2**31 - 1),
            limit + 1,
        )
    page = sorted(rows[:limit], key=lambda row: row["seq"])
    link = _link(house, visitor)
    items = [shape_for_visitor(row, link) for row in page]
    return MessageItems(msgspec.convert(items, list[VisitorMessageView]), len(rows) > limit)


class PersonWish(msgspec.Struct):
    conversation_id: str | None = None


@post("/v1/widget/hand-off", opt=DOOR, status_code=200)
async def ask_for_person(data: PersonWish, house: House, visitor: Visitor) -> PersonAsked:
    """转人工. Opens a conversation when the visitor has not said anything yet."""
    if data.conversation_id is not None:
        own = await _own_conversation(house, visitor, data.conversation_id)
        return await house.visitor_asks_for_person(visitor, own)
    return await house.visitor_asks_for_person(visitor, await _begun_conversation(house, visitor))


class Rating(msgspec.Struct):
    conversation_id: str
    score: str
    reasons: list[str] = []
    comment: str = ""


@post("/v1/widget/ratings", opt=DOOR, status_code=204)
async def post_rating(data: Rating, house: House, visitor: Visitor) -> None:
    own = await _own_conversation(house, visitor, data.conversation_id)
    async with house.db.transaction(visitor.workspace_id) as tx:
        await rate(tx, visitor.workspace_id, visitor.identity_id, own, data.score, data.reasons, data.comment)


class Feedback(msgspec.Struct):
    message_id: str
    verdict: str
    comment: str = ""


@post("/v1/widget/feedback", opt=DOOR, status_code=204)
async def post_feedback(data: Feedback, house: House, visitor: Visitor) -> None:
    async with house.db.transaction(visitor.workspace_id) as tx:
        await give_feedback(
            tx, visitor.workspace_id, visitor.identity_id, read_id(data.message_id), data.verdict, data.comment
        )


class LeftMessage(msgspec.Struct):
    text: str
    name: str = ""
    phone: str = ""
    email: str = ""


@post("/v1/widget/left-messages", opt=DOOR, status_code=201)
async def post_left_message(data: LeftMessage, house: House, visitor: Visitor) -> WordLeft:
    conversation_id = await _begun_conversation(house, visitor)
    async with house.db.transaction(visitor.workspace_id) as tx:
        left, change = await leave_message(
            tx,
            visitor.workspace_id,
            visitor.identity_id,
            conversation_id,
            Word(data.text, data.name, data.phone, data.email),
        )
        announce(house.hub, change, _link(house, visitor))
    return WordLeft(show_id(left), show_id(conversation_id))


class Visit(msgspec.Struct):
    url: str
    title: str = ""
    referrer: str = ""


@post("/v1/widget/visits", opt=DOOR, status_code=204)
async def post_visit(data: Visit, house: House, visitor: Visitor) -> None:
    page = read_page({"url": data.url, "title": data.title, "referrer": data.referrer})
    if not page.get("url", "").startswith(("http://", "https://")):
        raise bad_input({"url": "http(s)://…"})
    async with house.db.transaction(visitor.workspace_id) as tx:
        await record_visit(tx, visitor, page["url"], page.get("title", ""), page.get("referrer", ""))


@post("/v1/widget/files", opt=DOOR, status_code=201)
async def post_file(
    data: Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)],
    house: House,
    visitor: Visitor,
) -> UploadView:
    house.rates.check(f"files:{visitor.identity_id}", rate=0.5, burst=20)
    return await store_upload(house, visitor.workspace_id, data.get("file"), "identity", visitor.identity_id)


async def store_upload(
    house: House, workspace_id: int, upload: UploadFile | None, owner_kind: str, owner_id: int
) -> UploadView:
    """Keeps an upload of a visitor or an agent. Raises 400, 413, 422, 507."""
    if not isinstance(upload, UploadFile):
        raise bad_input({"file": "missing / 缺少文件"})
    name = clean_text(upload.filename or "file", 200, field="file").replace("/", "_").replace("\\", "_")
    stored = await house.files.save(workspace_id, _chunks(upload), house.settings.max_file_mb * 1_000_000)
    async with house.db.transaction(workspace_id) as tx:
        file_id = await tx.fetchval(
            "insert into files (workspace_id, sha256, name, media_type, size, width, height, owner_kind, owner_id)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
            workspace_id,
            stored.sha256,
            name,
            stored.media_type,
            stored.size,
            stored.width,
            stored.height,
            owner_kind,
            owner_id,
        )
    url = house.files.link(workspace_id, file_id, name)
    answer = UploadView(show_id(file_id), name, stored.media_type, stored.size, url)
    if stored.width is not None and stored.height is not None:
        answer.width, answer.height = stored.width, stored.height
    return answer


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(256 * 1024):
        yield chunk


async def _begun_conversation(house: House, visitor: Visitor) -> int:
    """The open conversation, or a new empty one, that the visitor's windows hear from now on."""
    conversation_id = await house.hand_over.conversation_of(visitor)
    follow_everywhere(house, visitor.identity_id, conversation_id)
    return conversation_id


async def _own_conversation(house: House, visitor: Visitor, text: str) -> int:
    conversation_id = read_id(text)
    async with house.db.transaction(visitor.workspace_id) as tx:
        found = await tx.fetchval(
            "select id from conversations where id = $1 and identity_id = $2", conversation_id, visitor.identity_id
        )
    if found is None:
        raise not_found()
    return conversation_id


def _link(house: House, visitor: Visitor) -> Any:
    return link_files(house.files, house.secrets, visitor.workspace_id)


ROUTES = [
    open_session, post_consent, post_message, get_conversations, get_messages, ask_for_person, post_rating,
    post_feedback, post_left_message, post_visit, post_file,
]  # fmt: skip
