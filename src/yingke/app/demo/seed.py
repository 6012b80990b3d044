"""Fills the demo shop in: once per installation, in one transaction after its files lie on disk."""

import secrets as random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yingke.app.demo.calendar import TIME_ZONE, Calendar
from yingke.app.demo.files import DemoFile, demo_files
from yingke.app.demo.fill_shelves import fill_shelves
from yingke.app.demo.insert_rows import insert_rows, take_ids
from yingke.app.demo.installed import Installed, keep_installed
from yingke.app.demo.shop_words import SAVED_REPLIES, SHOPS, WORKSPACE, ShopWords, shop_hours
from yingke.app.demo.store_week import Shop, Staff, store_week
from yingke.app.demo.week import compose_week
from yingke.conversations.initials import initials
from yingke.conversations.locked import load_face
from yingke.kit.db import Database, Transaction
from yingke.kit.files import Files, Stored
from yingke.kit.secrets import Secrets
from yingke.knowledge.add_document import Upload, add_document
from yingke.knowledge.change_document import change_document
from yingke.workspaces.caller import Caller
from yingke.workspaces.create_shop import create_shop
from yingke.workspaces.passwords import Passwords

MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class Login:
    """`password` is shown this once."""

    name: str
    email: str
    role: str
    password: str


PEOPLE = (
    ("老板", "owner@qingxi.example", "owner"),
    ("售前客服", "presale@qingxi.example", "agent"),
    ("售后主管", "aftersale@qingxi.example", "admin"),
)


async def seed(db: Database, files: Files, secrets: Secrets, passwords: Passwords) -> list[Login]:
    """The logins of the new shop. The assistant answers from its files as soon as the jobs have learned them."""
    calendar = Calendar(datetime.now(UTC))
    logins = [Login(name, email, role, random.token_urlsafe(9)) for name, email, role in PEOPLE]
    hashes = [await passwords.hash(login.password) for login in logins]
    async with db.system() as tx:
        # A workspace that nobody can enter yet; left over by a crash it is empty and harms nothing.
        workspace_id = await tx.fetchval("select create_workspace($1, 'zh-CN', $2, true)", WORKSPACE, TIME_ZONE)
    stored = [(file, await files.save(workspace_id, _whole(file.data), MOST_BYTES)) for file in demo_files(calendar)]
    async with db.transaction(workspace_id) as tx:
        agent_ids = [await _add_agent(tx, workspace_id, one, hash) for one, hash in zip(logins, hashes, strict=True)]
        shops = [await _add_shop(tx, secrets, workspace_id, words, calendar) for words in SHOPS]
        caller = Caller(workspace_id, agent_ids[0], None, "owner")
        document_ids = {file.name: await _learn(tx, caller, shops, file, kept, calendar) for file, kept in stored}
        staff = agent_ids[1:]
        faces = [await load_face(tx, workspace_id, agent_id) for agent_id in staff]
        talks = compose_week(calendar)
        await store_week(tx, workspace_id, shops, Staff(faces, staff, agent_ids), document_ids, talks, calendar.now)
        await fill_shelves(tx, workspace_id, shops[0].shop_id, calendar)
        reply_ids = await take_ids(tx, "saved_replies", len(SAVED_REPLIES))
        replies = [_reply(workspace_id, *one) for one in zip(reply_ids, SAVED_REPLIES, strict=True)]
        await insert_rows(tx, "saved_replies", replies)
        shop_ids = [shop.shop_id for shop in shops]
        await keep_installed(tx, Installed(workspace_id, agent_ids[0], staff, shop_ids, reply_ids))
    return logins


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _add_agent(tx: Transaction, workspace_id: int, login: Login, password_hash: str) -> int:
    agent_id: int = await tx.fetchval(
        "insert into agents (workspace_id, email, password_hash, name, work_name, role)"
        " values ($1, $2, $3, $4, $4, $5) returning id",
        workspace_id,
        login.email,
        password_hash,
        login.name,
        login.role,
    )
    return agent_id


async def _add_shop(tx: Transaction, secrets: Secrets, workspace_id: int, words: ShopWords, calendar: Calendar) -> Shop:
    made = await create_shop(tx, secrets, workspace_id, words.name)
    await tx.execute(
        "update shops set languages = $2, greeting = $3, suggested_questions = $4, hours = $5,"
        " look = look || $6, assistant = assistant || $7 where id = $1",
        made.shop_id,
        words.languages,
        words.greeting,
        words.questions,
        shop_hours(calendar),
        {"color": words.color},
        {"name": words.assistant},
    )
    return Shop(made.shop_id, made.channel_account_id)


async def _learn(
    tx: Transaction, caller: Caller, shops: list[Shop], file: DemoFile, stored: Stored, calendar: Calendar
) -> int:
    shop_ids = [shops[file.shop].shop_id] if file.shop is not None else None
    document_id = await add_document(
        tx, caller, Upload(file.name, stored), audience=file.audience, shop_ids=shop_ids, is_demo=True
    )
    if file.has_end:
        await change_document(tx, caller, document_id, valid_from=calendar.sale_begins, valid_to=calendar.sale_ends)
    return document_id


def _reply(workspace_id: int, reply_id: int, words: tuple[str, str, str]) -> dict[str, Any]:
    folder, title, text = words
    row = {"id": reply_id, "workspace_id": workspace_id, "folder": folder, "title": title, "text": text}
    return row | {"initials": initials(title)}
