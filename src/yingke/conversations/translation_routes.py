"""HTTP: a talk as agents read it, and what they write in the customer's language before they send it."""

from typing import Annotated

from litestar import get, post, put
from msgspec import Meta, Struct

from yingke.conversations.list_routes import READ
from yingke.conversations.message_routes import TAGS, WRITE, see
from yingke.conversations.translation.talk_translations import list_translations, list_untranslated, talk_language
from yingke.conversations.translation.translate_talk import needs_translation, translate_later
from yingke.kit.db import Database
from yingke.kit.errors import Problem, conflict
from yingke.kit.ids import read_id
from yingke.kit.text import clean_text
from yingke.models.switchboard import Switchboard
from yingke.models.translate import translate
from yingke.workspaces.caller import Caller

LONGEST = 4000


class TranslatedMessage(Struct):
    seq: int
    text: str


class TranslationView(Struct):
    """`language`: the customer's. `is_available`: a model is set that can translate. `made_by` is always a model."""

    language: str
    is_on: bool
    is_available: bool
    items: list[TranslatedMessage]


class TranslationSwitch(Struct):
    is_on: bool


class Draft(Struct):
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class DraftView(Struct):
    """The draft in the customer's language; nothing is sent or stored."""

    language: str
    text: str


@get("/v1/conversations/{conversation_id:str}/translations", guards=READ, tags=TAGS)
async def get_translations(
    conversation_id: str, db: Database, caller: Caller, switchboard: Switchboard
) -> TranslationView:
    """What of the talk stands in the agents' language by now."""
    return await _view(db, caller, switchboard, read_id(conversation_id))


@post("/v1/conversations/{conversation_id:str}/translations", guards=WRITE, tags=TAGS, status_code=200)
async def post_translations(
    conversation_id: str, db: Database, caller: Caller, switchboard: Switchboard
) -> TranslationView:
    """Has what is missing translated by a job; `message_translated` tells when a message is done."""
    number = read_id(conversation_id)
    is_available = await _is_available(switchboard, caller)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        talk = await talk_language(tx, caller.workspace_id, number)
        if talk.is_on and is_available:
            rows = await list_untranslated(tx, caller.workspace_id, number)
            if any(needs_translation(row["text"]) for row in rows):
                await translate_later(tx, caller.workspace_id, number)
    return await _view(db, caller, switchboard, number)


@put("/v1/conversations/{conversation_id:str}/translation", guards=WRITE, tags=TAGS)
async def put_translation(
    conversation_id: str, db: Database, caller: Caller, switchboard: Switchboard, data: TranslationSwitch
) -> TranslationView:
    """Switches translation of one talk on or off, for everybody who reads it."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        await tx.execute(
            "update conversations set is_translated = $3 where workspace_id = $1 and id = $2",
            caller.workspace_id,
            number,
            data.is_on,
        )
        if data.is_on:
            await translate_later(tx, caller.workspace_id, number)
    return await _view(db, caller, switchboard, number)


@post("/v1/conversations/{conversation_id:str}/draft-translation", guards=WRITE, tags=TAGS, status_code=200)
async def post_draft(
    conversation_id: str, db: Database, caller: Caller, switchboard: Switchboard, data: Draft
) -> DraftView:
    """What an agent wrote, in the customer's language, to look at before it is sent. 409 `no_translation` without a
    model, 503 when none answers."""
    number = read_id(conversation_id)
    text = clean_text(data.text, LONGEST, field="text")
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, number)
        talk = await talk_language(tx, caller.workspace_id, number)
    if not await _is_available(switchboard, caller):
        raise conflict(
            "no_translation",
            "还没有可用的翻译模型。请管理员在「设置 → 模型」里接入并启用一个模型。",
            "No model can translate yet. An admin can add and enable one under Settings → Models.",
        )
    translated = await translate(switchboard, caller.workspace_id, text, talk.language)
    if translated is None:
        raise Problem(
            503,
            "translation_failed",
            "翻译模型暂时没有响应，可以稍后再试，或直接发送原文。",
            "The model did not answer. Try again later, or send the original.",
        )
    return DraftView(talk.language, translated)


async def _is_available(switchboard: Switchboard, caller: Caller) -> bool:
    return bool((await switchboard.line_of(caller.workspace_id)).of("translate"))


async def _view(db: Database, caller: Caller, switchboard: Switchboard, conversation_id: int) -> TranslationView:
    is_available = await _is_available(switchboard, caller)
    async with db.transaction(caller.workspace_id) as tx:
        await see(tx, caller, conversation_id)
        talk = await talk_language(tx, caller.workspace_id, conversation_id)
        rows = await list_translations(tx, caller.workspace_id, conversation_id) if talk.is_on else []
    items = [TranslatedMessage(row["seq"], row["text"]) for row in rows]
    return TranslationView(talk.language, talk.is_on, is_available, items)


ROUTES = [get_translations, post_translations, put_translation, post_draft]
