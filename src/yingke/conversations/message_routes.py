"""HTTP: what was said, what agents say and note, and the transcript."""

from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.params import Parameter
from msgspec import Meta, Struct

from yingke.conversations.acting_agent import acting_agent, may_force
from yingke.conversations.announce import announce
from yingke.conversations.card_source import CardSource
from yingke.conversations.guarding.agent_words import WordsStopped
from yingke.conversations.guarding.load_words import WordGuards
from yingke.conversations.guarding.stops import record_stop
from yingke.conversations.history import get_message, list_messages, list_notes
from yingke.conversations.link_files import link_files
from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.note import LONGEST as LONGEST_NOTE
from yingke.conversations.note import note
from yingke.conversations.say import LONGEST, Saying, say
from yingke.conversations.shape_message import shape_for_agent
from yingke.conversations.shapes import FaceView, MessagesView, MessageView, NoteView, Page
from yingke.conversations.transcript import transcript
from yingke.conversations.visible_shops import check_visible, visible_shops
from yingke.kit.db import Database, Transaction, after_commit
from yingke.kit.errors import Problem, bad_input
from yingke.kit.files import Files
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.kit.text import clean_text
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope
from yingke.workspaces.watch_agent import watch_agent

WRITE = [require_scope("conversations:write")]
TAGS = ["conversations"]
MAX_SEQ = 2**31 - 1
Seq = Annotated[int | None, Parameter(ge=0, le=MAX_SEQ)]
Key = Annotated[str | None, Parameter(header="Idempotency-Key")]


class CardWish(Struct):
    """Price and stock are filled in when it is sent."""

    product_id: str
    kind: Literal["product"] = "product"


class NewMessage(Struct):
    """`agent_id`: in whose name a program speaks; ignored when an agent does. `confirmed`: warned of these words, and
    they are meant so."""

    type: Literal["text", "image", "file"] = "text"
    text: str | None = None
    file_id: str | None = None
    agent_id: str | None = None
    force: bool = False
    confirmed: bool = False
    cards: Annotated[list[CardWish], Meta(max_length=3)] = []
    """With type text, whose words may then be missing."""


class NewNote(Struct):
    text: str
    agent_id: str | None = None


async def see(tx: Transaction, caller: Caller, conversation_id: int) -> None:
    """Raises 404 for a conversation that the caller may not see."""
    shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
    await check_visible(tx, caller.workspace_id, conversation_id, shops)


@get("/v1/conversations/{conversation_id:str}/messages", guards=READ, tags=TAGS)
async def get_messages(
    conversation_id: str,
    db: Database,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    before_seq: Seq = None,
    after_seq: Seq = None,
    limit: Limit = 50,
) -> MessagesView:
    """Ascending by seq: the newest `limit`, or those before or after a seq."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        page = await list_messages(
            tx, caller.workspace_id, number, before_seq=before_seq, after_seq=after_seq, limit=limit
        )
    link = link_files(files, secrets, caller.workspace_id)
    items = [shape_for_agent(row, link) for row in page.rows]
    return MessagesView(msgspec.convert(items, list[MessageView]), page.has_more)


@post("/v1/conversations/{conversation_id:str}/messages", guards=WRITE, tags=TAGS)
async def post_message(
    conversation_id: str,
    data: NewMessage,
    db: Database,
    hub: Hub,
    files: Files,
    secrets: Secrets,
    word_guards: WordGuards,
    card_source: CardSource,
    caller: Caller,
    idempotency_key: Key = None,
) -> Response[MessageView]:
    """Takes over when the assistant or the queue has the conversation; 409 `taken` when a colleague has it.

    The `Idempotency-Key` is the message's `client_message_id`: 201 for a new message, 200 for one sent before. 422
    `words_blocked` or, until it is sent with `confirmed`, `words_need_a_look`; `words` then says which and what instead.
    """
    number, agent_id = read_id(conversation_id), acting_agent(caller, data.agent_id)
    saying = _read_saying(data, idempotency_key)
    link = link_files(files, secrets, caller.workspace_id)
    force = may_force(caller, data.force)
    if data.cards:
        saying = replace(saying, cards=await _read_cards(db, card_source, caller, number, data.cards))
    heard = await word_guards.hear(saying.text or "", *(str(card["title"]) for card in saying.cards))
    try:
        async with db.transaction(caller.workspace_id) as tx:
            await see(tx, caller, number)
            guarding = await word_guards.now(tx, caller.workspace_id)
            said = await say(
                tx, caller.workspace_id, number, agent_id, saying, force=force, guarding=guarding, heard=heard
            )
            announce(hub, said.change, link)
            if caller.agent_id is not None and said.change is not None:
                await watch_agent(tx, caller.workspace_id, agent_id)
            if said.is_new:
                after_commit(lambda: hub.hint(number))
            row = await get_message(tx, caller.workspace_id, number, said.seq)
    except WordsStopped as stop:
        if stop.checked.level == "block":
            await _keep_stop(db, caller, number, agent_id, stop)
        raise
    message = msgspec.convert(shape_for_agent(row, link), MessageView)
    return Response(message, status_code=201 if said.is_new else 200)


async def _read_cards(
    db: Database, card_source: CardSource, caller: Caller, conversation_id: int, wishes: list[CardWish]
) -> tuple[dict[str, Any], ...]:
    """Before the message's own transaction: what the cards say is heard as well, and nothing is encoded in one."""
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, conversation_id)
        ids = [read_id(card.product_id) for card in wishes]
        return tuple(await card_source.product_cards(tx, caller.workspace_id, conversation_id, ids))


async def _keep_stop(db: Database, caller: Caller, conversation_id: int, agent_id: int, stop: WordsStopped) -> None:
    """In a transaction of its own: the one that was refused keeps nothing."""
    async with db.transaction(caller.workspace_id) as tx:
        await record_stop(
            tx,
            caller.workspace_id,
            "agent",
            "blocked",
            stop.text,
            list(stop.checked.found),
            conversation_id=conversation_id,
            agent_id=agent_id,
        )


def _read_saying(data: NewMessage, key: str | None) -> Saying:
    if not key or len(key) > 200 or not key.isprintable():
        raise Problem(
            400,
            "idempotency_key_needed",
            "请带上 Idempotency-Key（1–200 个可打印字符），重发时用同一个。",
            "Send an Idempotency-Key (1–200 printable characters); use the same one when you try again.",
        )
    if data.type == "text":
        if data.file_id is not None:
            raise bad_input({"file_id": "not with type text / 文本消息不带文件"})
        text = clean_text(data.text or "", LONGEST, min_chars=0 if data.cards else 1) or None
        return Saying(key, "text", text, is_confirmed=data.confirmed)
    if data.cards:
        raise bad_input({"cards": "only with type text / 只能和文本消息一起发"})
    if data.file_id is None:
        raise bad_input({"file_id": "required / 请先上传文件"})
    caption = clean_text(data.text, LONGEST) if data.text else None
    return Saying(key, data.type, caption, read_id(data.file_id), data.confirmed)


@get("/v1/conversations/{conversation_id:str}/notes", guards=READ, tags=TAGS)
async def get_notes(conversation_id: str, db: Database, caller: Caller) -> Page[NoteView]:
    """All notes of the conversation, oldest first. Customers never see them."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        return Page(await _notes(tx, caller, number), None)


async def _notes(tx: Transaction, caller: Caller, conversation_id: int) -> list[NoteView]:
    rows = await list_notes(tx, caller.workspace_id, conversation_id)
    return [
        NoteView(
            show_id(row["id"]),
            FaceView(show_id(row["agent_id"]), row["work_name"], None),
            row["after_seq"],
            row["text"],
            row["created_at"],
        )
        for row in rows
    ]


@post("/v1/conversations/{conversation_id:str}/notes", guards=WRITE, tags=TAGS)
async def post_note(
    conversation_id: str, data: NewNote, db: Database, hub: Hub, caller: Caller, idempotency_key: Key = None
) -> Response[NoteView]:
    number, agent_id = read_id(conversation_id), acting_agent(caller, data.agent_id)
    text = clean_text(data.text, LONGEST_NOTE, min_chars=1)

    async def work(tx: Transaction) -> NoteView:
        await see(tx, caller, number)
        note_id = show_id(await note(tx, caller.workspace_id, number, agent_id, text))
        after_commit(lambda: hub.ring("events"))
        return next(one for one in await _notes(tx, caller, number) if one.id == note_id)

    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, f"notes {number}", msgspec.to_builtins(data))
    result = await run_once(db, sending, NoteView, work)
    return Response(result.answer, status_code=result.status)


@get("/v1/conversations/{conversation_id:str}/transcript", guards=READ, tags=TAGS)
async def get_transcript(
    conversation_id: str,
    db: Database,
    caller: Caller,
    request: Request[Any, Any, Any],
    format: Literal["txt", "json", "csv"] = "txt",
) -> Response[bytes]:
    """The whole conversation as a file; what an AI wrote stays marked. Written into the audit log."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        language = request.headers.get("accept-language", "zh-CN")
        content, media_type = await transcript(tx, caller.workspace_id, number, format, language)
        await record_audit(tx, caller, "transcript.exported", f"conversation:{number}", {"format": format})
    name = f"conversation-{number}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content.encode(), media_type=f"{media_type}; charset=utf-8", headers=headers)


ROUTES = [get_messages, post_message, get_notes, post_note, get_transcript]
