"""Pausing, going on, giving up, for one document or many at once, and how many stand where."""

from collections.abc import Awaitable, Callable
from typing import Literal

from litestar import get, post
from msgspec import Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, bad_input
from yingke.kit.ids import read_id, show_id
from yingke.knowledge.change_document import delete_document, release_document, restore_document, retry_document
from yingke.knowledge.document_routes import READ, TAGS, WRITE, Asking, changed_document
from yingke.knowledge.documents import DocumentView, State, count_documents
from yingke.knowledge.steer_document import cancel_document, pause_document, resume_document
from yingke.workspaces.caller import Caller

Action = Literal["pause", "resume", "retry", "cancel", "release_customer", "release_staff", "delete", "restore"]
Verb = Callable[[Transaction, Caller, int], Awaitable[None]]
MOST_AT_ONCE = 500
_STATES: dict[Action, tuple[State, ...]] = {
    "pause": ("queued", "parsing", "indexing"),
    "resume": ("paused",),
    "retry": ("failed",),
    "cancel": ("queued", "parsing", "indexing", "checking", "paused"),
}


class Bulk(Struct):
    """`ids` left out: every document to which the action applies (pause, resume, retry and cancel only)."""

    action: Action
    ids: list[str] | None = None


class BulkDone(Struct):
    """Which documents changed. `has_more`: there are others; ask once more."""

    ids: list[str]
    has_more: bool


@post("/v1/knowledge/documents/{id:str}/pause", guards=WRITE, tags=TAGS, status_code=200)
async def post_pause(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await changed_document(db, request, caller, id, lambda tx: pause_document(tx, caller, read_id(id)))


@post("/v1/knowledge/documents/{id:str}/resumption", guards=WRITE, tags=TAGS, status_code=200)
async def post_resumption(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    return await changed_document(db, request, caller, id, lambda tx: resume_document(tx, caller, read_id(id)))


@post("/v1/knowledge/documents/{id:str}/cancellation", guards=WRITE, tags=TAGS, status_code=200)
async def post_cancellation(id: str, request: Asking, db: Database, caller: Caller) -> DocumentView:
    """A first version goes with its document (`restoration` brings both back); a later one leaves the one before live."""
    return await changed_document(db, request, caller, id, lambda tx: cancel_document(tx, caller, read_id(id)))


@get("/v1/knowledge/document-counts", guards=READ, tags=TAGS)
async def get_document_counts(db: Database, caller: Caller) -> dict[str, int]:
    """State → number of documents."""
    async with db.transaction(caller.workspace_id) as tx:
        counts = await count_documents(tx, caller.workspace_id)
    return {state: number for state, number in counts.items()}


@post("/v1/knowledge/documents/bulk", guards=WRITE, tags=TAGS, status_code=200)
async def post_bulk(data: Bulk, db: Database, caller: Caller) -> BulkDone:
    """One act on many documents. Those it does not apply to are left as they are, without an error."""
    if data.ids is None and data.action not in _STATES:
        raise bad_input({"ids": "needed for this action / 这个操作要指明文件"})
    if data.ids is not None and len(data.ids) > MOST_AT_ONCE:
        raise bad_input({"ids": f"at most {MOST_AT_ONCE} / 最多 {MOST_AT_ONCE} 个"})
    done: list[str] = []
    async with db.transaction(caller.workspace_id) as tx:
        if data.ids is None:
            wanted = await _all_in(tx, caller.workspace_id, _STATES[data.action])
        else:
            wanted = sorted({read_id(id) for id in data.ids})
        for document_id in wanted[:MOST_AT_ONCE]:
            try:
                await _verb(data.action)(tx, caller, document_id)
            except Problem as problem:
                # The verbs refuse before they change anything.
                if problem.status not in (404, 409):
                    raise
            else:
                done.append(show_id(document_id))
    return BulkDone(done, data.ids is None and len(wanted) > MOST_AT_ONCE)


async def _all_in(tx: Transaction, workspace_id: int, states: tuple[State, ...]) -> list[int]:
    rows = await tx.fetch(
        "select id from documents where workspace_id = $1 and deleted_at is null and state = any($2) order by id limit $3",
        workspace_id,
        list(states),
        MOST_AT_ONCE + 1,
    )
    return [row["id"] for row in rows]


def _verb(action: Action) -> Verb:
    verbs: dict[Action, Verb] = {
        "pause": pause_document,
        "resume": resume_document,
        "retry": retry_document,
        "cancel": cancel_document,
        "release_customer": lambda tx, caller, id: release_document(tx, caller, id, "customer"),
        "release_staff": lambda tx, caller, id: release_document(tx, caller, id, "staff"),
        "delete": delete_document,
        "restore": restore_document,
    }
    return verbs[action]


ROUTES = [post_pause, post_resumption, post_cancellation, get_document_counts, post_bulk]
