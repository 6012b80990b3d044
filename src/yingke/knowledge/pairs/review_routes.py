"""Decisions about QA pairs over HTTP: approve, reject, merge, propose anew, translate."""

from litestar import Response, delete, get, post

from yingke.kit.db import Database
from yingke.kit.errors import bad_input
from yingke.kit.http import Outgoing
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.pairs.list_pairs import PairView, count_matching, find_pairs, list_ids, show_pair
from yingke.knowledge.pairs.merge import list_duplicates, merge, split_again, tell_apart
from yingke.knowledge.pairs.model_door import ModelDoor
from yingke.knowledge.pairs.repropose import repropose
from yingke.knowledge.pairs.review import MOST_AT_ONCE, review, review_one
from yingke.knowledge.pairs.routes import show_one
from yingke.knowledge.pairs.shapes import (
    READ,
    TAGS,
    WRITE,
    Apart,
    Group,
    Languages,
    MergeBody,
    Review,
    Reviewed,
    read_filter,
)
from yingke.knowledge.pairs.translate import translate
from yingke.models.breaker import Breakers
from yingke.models.switchboard import Switchboard
from yingke.workspaces.caller import Caller
from yingke.workspaces.shapes import Page

MOST_GROUPS = 100


@post("/v1/knowledge/qa-pairs/{id:str}/approval", guards=WRITE, tags=TAGS, status_code=200)
async def post_approval(id: str, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    """Live from the next question on. A retired pair comes back and no longer follows its document."""
    await review_one(db, encoder, caller, read_id(id), "approve")
    return await show_one(db, caller, id)


@delete("/v1/knowledge/qa-pairs/{id:str}/approval", guards=WRITE, tags=TAGS, status_code=200)
async def remove_approval(id: str, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    """Back to be looked at; nothing is answered from it any more."""
    await review_one(db, encoder, caller, read_id(id), "reopen")
    return await show_one(db, caller, id)


@post("/v1/knowledge/qa-pairs/{id:str}/rejection", guards=WRITE, tags=TAGS, status_code=200)
async def post_rejection(id: str, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    """Not proposed again."""
    await review_one(db, encoder, caller, read_id(id), "reject")
    return await show_one(db, caller, id)


@delete("/v1/knowledge/qa-pairs/{id:str}/rejection", guards=WRITE, tags=TAGS, status_code=200)
async def remove_rejection(id: str, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    await review_one(db, encoder, caller, read_id(id), "reopen")
    return await show_one(db, caller, id)


@post("/v1/knowledge/qa-pairs/review", guards=WRITE, tags=TAGS, status_code=200)
async def post_review(data: Review, db: Database, encoder: Encoder, caller: Caller) -> Reviewed:
    """`decision` approve, reject or reopen. Ask again while `left` is above 0."""
    if (data.ids is None) == (data.filter is None):
        raise bad_input({"ids": "either ids or filter / ids 和 filter 二选一"})
    if data.filter is None:
        ids = [read_id(id) for id in data.ids or ()]
        changed = await review(db, encoder, caller, ids, data.decision)
        return Reviewed([show_id(pair_id) for pair_id in changed], 0)
    wish = data.filter
    wanted = read_filter(wish.state, wish.origin, wish.document_id, wish.q)
    async with db.transaction(caller.workspace_id) as tx:
        ids = await list_ids(tx, caller.workspace_id, wanted, MOST_AT_ONCE)
    changed = await review(db, encoder, caller, ids, data.decision)
    async with db.transaction(caller.workspace_id) as tx:
        left = await count_matching(tx, caller.workspace_id, wanted) if changed else 0
    return Reviewed([show_id(pair_id) for pair_id in changed], left)


@get("/v1/knowledge/qa-pairs/duplicates", guards=READ, tags=TAGS)
async def get_duplicates(db: Database, caller: Caller) -> Page[Group]:
    """Groups of proposed and live pairs that ask the same, the newest group first; the first 100."""
    async with db.transaction(caller.workspace_id) as tx:
        groups = (await list_duplicates(tx, caller.workspace_id))[:MOST_GROUPS]
        rows = await find_pairs(tx, caller.workspace_id, [pair_id for group in groups for pair_id in group])
    shown = [[show_pair(rows[pair_id]) for pair_id in group if pair_id in rows] for group in groups]
    return Page([Group(items) for items in shown if len(items) > 1], None)


@post("/v1/knowledge/qa-pairs/merges", guards=WRITE, tags=TAGS, status_code=200)
async def post_merge(data: MergeBody, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    """The others are found no more; `DELETE …/merges/{keep_id}` takes it back."""
    others = [read_id(id) for id in data.other_ids]
    await merge(db, encoder, caller, read_id(data.keep_id), others, data.questions, data.answer)
    return await show_one(db, caller, data.keep_id)


@delete("/v1/knowledge/qa-pairs/merges/{id:str}", guards=WRITE, tags=TAGS, status_code=200)
async def remove_merge(id: str, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    """Every pair is again what and where it was before the merge."""
    await split_again(db, encoder, caller, read_id(id))
    return await show_one(db, caller, id)


@post("/v1/knowledge/qa-pairs/distinct", guards=WRITE, tags=TAGS, status_code=204)
async def post_distinct(data: Apart, db: Database, caller: Caller) -> None:
    """These do not ask the same, and are not shown together again; `are_distinct` false takes that back."""
    async with db.transaction(caller.workspace_id) as tx:
        await tell_apart(tx, caller, [read_id(id) for id in data.ids], are_distinct=data.are_distinct)


@post("/v1/knowledge/qa-pairs/{id:str}/reproposal", guards=WRITE, tags=TAGS)
async def post_reproposal(id: str, db: Database, encoder: Encoder, caller: Caller) -> Response[PairView]:
    """For a retired pair: the same questions, answered from the document as it reads now, to be looked at."""
    made = await repropose(db, encoder, caller, read_id(id))
    return Response(await show_one(db, caller, show_id(made)), status_code=201)


@post("/v1/knowledge/qa-pairs/{id:str}/translations", guards=WRITE, tags=TAGS, status_code=200)
async def post_translations(
    id: str,
    data: Languages,
    db: Database,
    outgoing: Outgoing,
    secrets: Secrets,
    settings: Settings,
    switchboard: Switchboard,
    rates: Rates,
    caller: Caller,
) -> PairView:
    """By the configured chat endpoint, without personal values; marked as machine-translated until edited."""
    rates.check(f"translate:{caller.workspace_id}", rate=1, burst=30)
    door = ModelDoor(outgoing, secrets, settings, Breakers(), switchboard)
    await translate(db, door, caller, read_id(id), data.languages)
    return await show_one(db, caller, id)


ROUTES = [
    post_approval, remove_approval, post_rejection, remove_rejection, post_review, get_duplicates, post_merge,
    remove_merge, post_distinct, post_reproposal, post_translations,
]  # fmt: skip
