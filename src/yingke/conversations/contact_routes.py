"""HTTP: a contact with his conversations. It stands here because contacts know nothing of conversations."""

from datetime import datetime

import msgspec
from litestar import get, patch
from msgspec import UNSET, Struct, UnsetType

from yingke.contacts.change_contact import ContactChange, change_contact
from yingke.contacts.queries import get_contact, shape_source
from yingke.conversations.queries import list_of_identities
from yingke.conversations.shapes import ConversationView
from yingke.conversations.view_conversations import view_conversations
from yingke.conversations.visible_shops import visible_shops
from yingke.kit.db import Database, Transaction, after_commit
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope

TAGS = ["contacts"]
READ = [require_scope("contacts:read")]
WRITE = [require_scope("contacts:write")]


class VisitView(Struct):
    url: str
    title: str
    created_at: datetime


class ConsentView(Struct):
    purpose: str
    version: str
    created_at: datetime


class SourceView(Struct):
    """Where he came from first; `utm` without the prefix of its names; `time_zone` as his browser names it."""

    url: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    referrer: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    utm: dict[str, str] | UnsetType = UNSET


class ContactView(Struct):
    """`self_reported`: what the contact wrote about himself, verified by nobody (自称)."""

    id: str
    name: str | None
    number: int
    email: str | None
    phone: str | None
    level: str | None
    is_verified: bool
    tags: list[str]
    notes: str
    self_reported: dict[str, str]
    source: SourceView
    language: str | None
    visits: list[VisitView]
    conversations: list[ConversationView]
    consents: list[ConsentView]


class ContactPatch(Struct):
    """What is left out stays; null or an empty text takes the value away."""

    name: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    tags: list[str] | UnsetType = UNSET
    notes: str | UnsetType = UNSET


@get("/v1/contacts/{contact_id:str}", guards=READ, tags=TAGS)
async def get_one(contact_id: str, db: Database, files: Files, secrets: Secrets, caller: Caller) -> ContactView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _view(tx, files, secrets, caller, read_id(contact_id))


@patch("/v1/contacts/{contact_id:str}", guards=WRITE, tags=TAGS)
async def patch_one(
    contact_id: str, data: ContactPatch, db: Database, hub: Hub, files: Files, secrets: Secrets, caller: Caller
) -> ContactView:
    number = read_id(contact_id)
    change = ContactChange(
        _wish(data.name),
        _wish(data.email),
        _wish(data.phone),
        None if data.tags is UNSET else data.tags,
        None if data.notes is UNSET else data.notes,
    )
    async with db.transaction(caller.workspace_id) as tx:
        shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
        await get_contact(tx, caller.workspace_id, number, shops)
        await change_contact(tx, caller.workspace_id, number, change)
        after_commit(lambda: hub.ring("events"))
        return await _view(tx, files, secrets, caller, number)


def _wish(value: str | UnsetType | None) -> str | None:
    """None = leave it, "" = take it away."""
    return None if value is UNSET else value or ""


async def _view(tx: Transaction, files: Files, secrets: Secrets, caller: Caller, contact_id: int) -> ContactView:
    shops = await visible_shops(tx, caller.workspace_id, caller.agent_id, caller.role)
    contact = await get_contact(tx, caller.workspace_id, contact_id, shops)
    may_read = caller.api_key_id is None or "conversations:read" in caller.scopes
    ids = contact.identity_ids if may_read else []
    rows = await list_of_identities(tx, caller.workspace_id, ids, shops)
    row, newest = contact.row, contact.identities[0] if contact.identities else None
    first = contact.identities[-1]["source"] if contact.identities else {}
    return ContactView(
        id=show_id(row["id"]),
        name=row["name"],
        number=row["number"],
        email=row["email"],
        phone=row["phone"],
        level=row["level"],
        is_verified=row["claims_verified"],
        tags=row["tags"],
        notes=row["notes"],
        self_reported=contact.self_reported,
        source=msgspec.convert(shape_source(first), SourceView),
        language=newest["language"] if newest is not None else None,
        visits=[VisitView(**dict(visit)) for visit in contact.visits],
        conversations=await view_conversations(tx, files, secrets, caller, rows),
        consents=[ConsentView(**dict(consent)) for consent in contact.consents],
    )


ROUTES = [get_one, patch_one]
