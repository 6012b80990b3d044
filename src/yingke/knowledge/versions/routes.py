"""Versions of a document over HTTP: what there were, what changed, going back."""

import asyncio
from typing import Any, Literal

from litestar import Request, get, post
from msgspec import Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.files import Files
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.knowledge.versions.compare import Change, Comparison, compare, mark_words
from yingke.knowledge.versions.list_versions import (
    VersionView,
    find_version_before,
    get_version,
    list_touched_pairs,
    list_versions,
    read_said,
    show_version,
)
from yingke.knowledge.versions.roll_back import roll_back
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["knowledge"]
_MOST_PAIRS = 50
_HIGHEST = 2**31 - 1


class Piece(Struct):
    mark: Literal["same", "added", "removed"]
    text: str


class PassageChange(Struct):
    """`pieces` of the text in order, marked word by word."""

    kind: Literal["added", "removed", "changed"]
    heading: str
    heading_before: str | None
    pieces: list[Piece]


class TouchedPair(Struct):
    """A QA pair made from a passage that changed. `is_gone`: that passage is not in the newer version."""

    id: str
    question: str
    state: str
    is_gone: bool


class Diff(Struct):
    """From `against` to `version`: counts of passages, a page of changes in reading order, and the QA pairs touched."""

    version: int
    against: int
    added: int
    removed: int
    changed: int
    kept: int
    items: list[PassageChange]
    next: str | None
    pairs: list[TouchedPair]


@get("/v1/knowledge/documents/{id:str}/versions", guards=READ, tags=TAGS)
async def get_versions(
    id: str, db: Database, files: Files, caller: Caller, limit: int = 20, after: str | None = None
) -> Page[VersionView]:
    """Newest first."""
    limit = min(max(limit, 1), 100)
    before = read_version(after) if after else _HIGHEST
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_versions(tx, caller.workspace_id, read_id(id), before, limit + 1)
        if not rows:
            await get_version(tx, caller.workspace_id, read_id(id), before)
    return Page(
        [show_version(row, files) for row in rows[:limit]],
        str(rows[limit - 1]["version"]) if len(rows) > limit else None,
    )


@get("/v1/knowledge/documents/{id:str}/versions/{number:str}/diff", guards=READ, tags=TAGS)
async def get_diff(
    id: str,
    number: str,
    db: Database,
    caller: Caller,
    against: str | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Diff:
    """What version `number` says otherwise than `against` (left out: the one that answered before it)."""
    limit, start = min(max(limit, 1), 200), read_version(after) if after else 0
    document_id, version = read_id(id), read_version(number)
    async with db.transaction(caller.workspace_id) as tx:
        await get_version(tx, caller.workspace_id, document_id, version)
        if against is not None:
            other: int | None = read_version(against)
            await get_version(tx, caller.workspace_id, document_id, read_version(against))
        else:
            other = await find_version_before(tx, caller.workspace_id, document_id, version)
        before = [] if other is None else await read_said(tx, caller.workspace_id, document_id, other)
        after_ = await read_said(tx, caller.workspace_id, document_id, version)
    found = await asyncio.to_thread(compare, before, after_)
    pairs = await _touched(db, caller.workspace_id, document_id, found) if start == 0 else []
    shown = await asyncio.to_thread(lambda: [_show(one) for one in found.changes[start : start + limit]])
    kinds = [_kind(one) for one in found.changes]
    return Diff(
        version, other or 0, kinds.count("added"), kinds.count("removed"), kinds.count("changed"), found.kept, shown,
        str(start + limit) if len(found.changes) > start + limit else None, pairs,
    )  # fmt: skip


@post("/v1/knowledge/documents/{id:str}/versions/{number:str}/rollback", guards=WRITE, tags=TAGS, status_code=200)
async def post_rollback(
    id: str, number: str, request: Asking, db: Database, files: Files, caller: Caller
) -> VersionView:
    """The content of version `number` becomes a new version: live at once while its passages are kept, else learned
    again. The answer is that new version.
    """
    document_id, version = read_id(id), read_version(number)

    async def work(tx: Transaction) -> int:
        return await roll_back(tx, caller, document_id, version)

    key = request.headers.get("idempotency-key")
    target = "POST /v1/knowledge/documents/{id}/versions/{number}/rollback"
    sending = Sending(caller.workspace_id, caller.owner, key, target, [document_id, version])
    made = (await run_once(db, sending, int, work)).answer
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_version(tx, caller.workspace_id, document_id, made)
    return show_version(row, files)


async def _touched(db: Database, workspace_id: int, document_id: int, found: Comparison) -> list[TouchedPair]:
    gone = [one.before.id for one in found.changes if one.before is not None]
    fresh = [one.after.id for one in found.changes if one.after is not None]
    if not gone and not fresh:
        return []
    async with db.transaction(workspace_id) as tx:
        rows = await list_touched_pairs(tx, workspace_id, document_id, gone, fresh, _MOST_PAIRS)
    return [TouchedPair(show_id(row["id"]), row["question"] or "", row["state"], row["is_gone"]) for row in rows]


def _kind(change: Change) -> Literal["added", "removed", "changed"]:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"


def _show(change: Change) -> PassageChange:
    before, after = change.before, change.after
    if before is not None and after is not None:
        pieces = [Piece(mark, text) for mark, text in mark_words(before.text, after.text)]
        return PassageChange("changed", after.heading, before.heading, pieces)
    if after is not None:
        return PassageChange("added", after.heading, None, [Piece("added", after.text)])
    assert before is not None
    return PassageChange("removed", before.heading, before.heading, [Piece("removed", before.text)])


def read_version(text: str) -> int:
    """A version number or a place in a list; raises 400."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise bad_input({"version": "a number / 要填数字"})
    return int(text)


ROUTES = [get_versions, get_diff, post_rollback]
