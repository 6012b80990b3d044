"""HTTP: the merchant's own words, trying them, and what was stopped."""

import asyncpg
import msgspec
from litestar import Response, delete, get, post, put

from yingke.conversations.guard_routes import MANAGE, TAGS
from yingke.conversations.guarding.agent_words import check_agent
from yingke.conversations.guarding.check_saved import check_saved_later
from yingke.conversations.guarding.check_words import Checked, shape_found
from yingke.conversations.guarding.load_words import WordGuards, own_word
from yingke.conversations.guarding.own_words import (
    OwnWord,
    add_word,
    change_word,
    checked,
    drop_word,
    list_own_words,
    read_table,
    write_table,
)
from yingke.conversations.guarding.shapes import (
    CheckedView,
    FoundView,
    Imported,
    NewOwnWord,
    OwnWordView,
    PastExample,
    StopView,
    Trial,
    TrialView,
    Wording,
    WordTable,
)
from yingke.conversations.guarding.stops import list_stops
from yingke.conversations.guarding.try_words import try_words
from yingke.conversations.guarding.word import Word
from yingke.conversations.guarding.word_guard import WordGuard
from yingke.conversations.list_routes import READ, Limit
from yingke.conversations.message_routes import Key, see
from yingke.conversations.say import LONGEST
from yingke.conversations.shapes import Page
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_text
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


@get("/v1/guards/words", guards=READ, tags=TAGS)
async def get_words(db: Database, caller: Caller) -> Page[OwnWordView]:
    async with db.transaction(caller.workspace_id) as tx:
        return Page([_shape(row) for row in await list_own_words(tx, caller.workspace_id)], None)


@post("/v1/guards/words", guards=MANAGE, tags=TAGS)
async def post_word(
    data: NewOwnWord, db: Database, caller: Caller, idempotency_key: Key = None
) -> Response[OwnWordView]:
    """Words that are in the list already are replaced."""

    async def work(tx: Transaction) -> OwnWordView:
        row = await add_word(tx, caller.workspace_id, _read(data))
        await _changed(tx, caller, "guard_word.created", row)
        return _shape(row)

    sending = Sending(caller.workspace_id, caller.owner, idempotency_key, "guard words", msgspec.to_builtins(data))
    result = await run_once(db, sending, OwnWordView, work)
    return Response(result.answer, status_code=result.status)


@put("/v1/guards/words/{word_id:str}", guards=MANAGE, tags=TAGS)
async def put_word(word_id: str, data: NewOwnWord, db: Database, caller: Caller) -> OwnWordView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await change_word(tx, caller.workspace_id, read_id(word_id), _read(data))
        await _changed(tx, caller, "guard_word.changed", row)
    return _shape(row)


@delete("/v1/guards/words/{word_id:str}", guards=MANAGE, tags=TAGS)
async def delete_word(word_id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await _changed(tx, caller, "guard_word.deleted", await drop_word(tx, caller.workspace_id, read_id(word_id)))


@get("/v1/guards/words/export", guards=READ, tags=TAGS)
async def get_word_table(db: Database, caller: Caller) -> Response[bytes]:
    async with db.transaction(caller.workspace_id) as tx:
        table = write_table(await list_own_words(tx, caller.workspace_id))
    headers = {"Content-Disposition": 'attachment; filename="words.csv"', "Cache-Control": "no-store"}
    return Response(table.encode(), media_type="text/csv; charset=utf-8", headers=headers)


@post("/v1/guards/words/import", guards=MANAGE, tags=TAGS, status_code=200)
async def post_word_table(data: WordTable, db: Database, caller: Caller) -> Imported:
    """All of the table or nothing; words that are there already are replaced, so sending it twice changes nothing."""
    words = read_table(clean_text(data.table, 500_000, field="table"))
    async with db.transaction(caller.workspace_id) as tx:
        for word in words:
            await add_word(tx, caller.workspace_id, word)
        await check_saved_later(tx, caller.workspace_id)
        await record_audit(tx, caller, "guard_words.imported", "", {"words": len(words)})
    return Imported(len(words))


@post("/v1/guards/check", guards=READ, tags=TAGS, status_code=200)
async def post_check(data: Wording, db: Database, word_guards: WordGuards, caller: Caller) -> CheckedView:
    """What an agent would be told. Nothing is sent or kept."""
    text = clean_text(data.text, LONGEST)
    heard = await word_guards.hear(text)
    async with db.transaction(caller.workspace_id) as tx:
        channel, shop_id = data.channel, read_id(data.shop_id) if data.shop_id else 0
        if data.conversation_id is not None:
            number = read_id(data.conversation_id)
            await see(tx, caller, number)
            channel, shop_id = await _place(tx, caller.workspace_id, number)
        guarding = await word_guards.now(tx, caller.workspace_id)
    return _view(check_agent(guarding, text, channel=channel, shop_id=shop_id, heard=heard))


async def _place(tx: Transaction, workspace_id: int, conversation_id: int) -> tuple[str, int]:
    row = await tx.fetchrow(
        "select a.channel, c.shop_id from conversations c join channel_accounts a on a.workspace_id = c.workspace_id"
        " and a.id = c.channel_account_id where c.workspace_id = $1 and c.id = $2",
        workspace_id,
        conversation_id,
    )
    return (row["channel"], row["shop_id"]) if row is not None else ("website", 0)


@post("/v1/guards/trial", guards=MANAGE, tags=TAGS, status_code=200)
async def post_trial(data: Trial, db: Database, word_guards: WordGuards, caller: Caller) -> TrialView:
    """A word before it is saved: on a sentence, and on the last thousand sentences that were said."""
    text = clean_text(data.text, LONGEST)
    async with db.transaction(caller.workspace_id) as tx:
        words = _draft(data) or list((await word_guards.now(tx, caller.workspace_id)).words.words)
        tried = await try_words(tx, caller.workspace_id, words)
    verdict = WordGuard.of(words).check(text)
    found = [FoundView(**one) for one in map(shape_found, verdict.found)]
    view = CheckedView(verdict.level, found, verdict.text if verdict.is_mended else None)
    examples = [PastExample(show_id(one["conversation_id"]), one["text"], one["said"]) for one in tried.examples]
    return TrialView(view, tried.looked, tried.stopped, examples)


def _draft(data: Trial) -> list[Word]:
    if data.word is None:
        return []
    word = checked(_read(data.word))
    made = own_word({**word.__dict__, "id": 0, "shop_ids": []})
    return [made] if made is not None else []


@get("/v1/guards/stops", guards=READ, tags=TAGS)
async def get_stops(db: Database, caller: Caller, after: str | None = None, limit: Limit = 50) -> Page[StopView]:
    """Newest first: what was blocked, rewritten, or said in spite of a warning."""
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        rows = await list_stops(tx, caller.workspace_id, read_id(after) if after else None, limit + 1, shops)
    more = show_id(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page([_stop(row) for row in rows[:limit]], more)


def _stop(row: asyncpg.Record) -> StopView:
    conversation = row["conversation_id"]
    return StopView(
        show_id(row["id"]),
        None if conversation is None else show_id(conversation),
        row["speaker"],
        row["work_name"],
        row["outcome"],
        row["text"],
        msgspec.convert(row["found"], list[FoundView]),
        row["created_at"],
    )


def _read(data: NewOwnWord) -> OwnWord:
    shops = [read_id(one) for one in data.shop_ids]
    return OwnWord(data.words, data.level, data.proposal, data.unless, data.reason, shops, data.is_on)


async def _changed(tx: Transaction, caller: Caller, action: str, row: asyncpg.Record) -> None:
    await check_saved_later(tx, caller.workspace_id)
    await record_audit(tx, caller, action, f"guard_word:{row['id']}", {"words": row["words"], "level": row["level"]})


def _view(found: Checked) -> CheckedView:
    return CheckedView(found.level, [FoundView(**one) for one in found.found], found.text)


def _shape(row: asyncpg.Record) -> OwnWordView:
    return OwnWordView(
        show_id(row["id"]),
        row["words"],
        row["level"],
        row["proposal"],
        row["unless"],
        row["reason"],
        [show_id(one) for one in row["shop_ids"]],
        row["is_on"],
        row["updated_at"],
    )


ROUTES = [
    get_words,
    post_word,
    put_word,
    delete_word,
    get_word_table,
    post_word_table,
    post_check,
    post_trial,
    get_stops,
]
