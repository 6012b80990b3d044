"""What customers ask over HTTP: lists, one cluster, answering it, putting it aside, sorting it by hand."""

from datetime import date
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.params import Parameter

from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.knowledge.document_routes import READ, WRITE
from yingke.knowledge.documents import read_shops
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.library import Library
from yingke.knowledge.qa_pairs import NewPair, check_pair, encode_pairs
from yingke.knowledge.questions.answer_cluster import answer_cluster, retest_cluster, unique
from yingke.knowledge.questions.clusters import (
    View,
    count_asked,
    get_cluster,
    list_clusters,
    list_samples,
    list_wordings,
    read_place,
)
from yingke.knowledge.questions.move_questions import merge_clusters, move_question
from yingke.knowledge.questions.put_aside import put_aside
from yingke.knowledge.questions.shapes import (
    AnswerBody,
    ClusterDetail,
    ClusterPage,
    MoveBody,
    MovedTo,
    RetestView,
    show_asked,
    show_cluster,
    show_retest,
    show_suggestion,
)
from yingke.knowledge.questions.span import read_span
from yingke.knowledge.questions.suggest import suggest_answers
from yingke.workspaces.caller import Caller

TAGS = ["questions"]
WEEK = 7
WORDINGS = 8
ASKED = 50
Asking = Request[Any, Any, Any]
From = Annotated[date | None, Parameter(query="from")]


@get("/v1/knowledge/questions", guards=READ, tags=TAGS)
async def get_questions(
    db: Database,
    caller: Caller,
    view: View = "frequent",
    start: From = None,
    to: date | None = None,
    shop_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> ClusterPage:
    """`view`: frequent, gaps (nothing answers them now), badly_rated, worth (those to answer first), dismissed.

    Days of the workspace's time zone, both included; without them the last 30, for `worth` the last 7.
    """
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        span = await read_span(tx, caller, start, to, shop_id, WEEK if view == "worth" else 30)
        rows = await list_clusters(tx, caller.workspace_id, view, span, read_place(after), limit + 1)
        counts = await count_asked(tx, caller.workspace_id, span)
        samples = await list_samples(tx, caller.workspace_id, [row["id"] for row in rows[:limit]], span.shops)
    items = [show_cluster(row, counts["total"], samples.get(row["id"], [])) for row in rows[:limit]]
    more = f"{rows[limit - 1]['rank']}-{rows[limit - 1]['id']}" if len(rows) > limit else None
    return ClusterPage(items, more, counts["total"], counts["covered"], counts["unsorted"], counts["badly_rated"])


@get("/v1/knowledge/questions/{id:str}", guards=READ, tags=TAGS)
async def get_question(id: str, db: Database, caller: Caller) -> ClusterDetail:
    """One cluster with its newest questions, each in its conversation, and what agents answered to it."""
    cluster_id = read_id(id)
    async with db.transaction(caller.workspace_id) as tx:
        span = await read_span(tx, caller, None, None, None)
        cluster = await get_cluster(tx, caller.workspace_id, cluster_id)
        wordings = await list_wordings(tx, caller.workspace_id, cluster_id, WORDINGS)
        samples = await list_samples(tx, caller.workspace_id, [cluster_id], span.shops, ASKED)
        suggestions = await suggest_answers(tx, caller.workspace_id, cluster_id)
    return ClusterDetail(
        id,
        cluster["question"],
        cluster["coverage"],
        show_id(cluster["shop_id"]) if cluster["shop_id"] is not None else None,
        wordings,
        [show_asked(row) for row in samples.get(cluster_id, [])],
        [show_suggestion(one) for one in suggestions],
    )


@post("/v1/knowledge/questions/{id:str}/answer", guards=WRITE, tags=TAGS)
async def post_answer(
    id: str, data: AnswerBody, request: Asking, db: Database, encoder: Encoder, library: Library, caller: Caller
) -> Response[RetestView]:
    """Adds a pair that answers at once, then puts up to 20 questions of the cluster to it: what is answered now."""
    cluster_id = read_id(id)
    async with db.transaction(caller.workspace_id) as tx:
        cluster = await get_cluster(tx, caller.workspace_id, cluster_id)
        wordings = await list_wordings(tx, caller.workspace_id, cluster_id, WORDINGS)
        shops = await read_shops(tx, data.shop_ids)
    questions = data.questions or unique([cluster["question"], *wordings])[:WORDINGS]
    asked, answer = check_pair(questions, data.answer, None, "")
    own = tuple(shops) if shops is not None else None
    pair = NewPair(asked, answer, audience=data.audience, shop_ids=own, origin="gap")
    ready = (await encode_pairs(encoder, [pair]))[0]

    async def put(tx: Transaction) -> str:
        return show_id(await answer_cluster(tx, caller, cluster_id, ready))

    key = request.headers.get("idempotency-key")
    target = f"POST /v1/knowledge/questions/{id}/answer"
    result = await run_once(db, Sending(caller.workspace_id, caller.owner, key, target, data), str, put)
    retest = await retest_cluster(db, library, caller, cluster_id)
    return Response(show_retest(read_id(result.answer), retest), status_code=result.status)


@post("/v1/knowledge/questions/{id:str}/retest", guards=READ, tags=TAGS, status_code=200)
async def post_retest(id: str, db: Database, library: Library, caller: Caller) -> RetestView:
    """Up to 20 questions of the cluster against the knowledge of now."""
    return show_retest(None, await retest_cluster(db, library, caller, read_id(id)))


@post("/v1/knowledge/questions/{id:str}/dismissal", guards=WRITE, tags=TAGS, status_code=204)
async def post_dismissal(id: str, db: Database, caller: Caller) -> None:
    """Needs no answer: it leaves the lists."""
    async with db.transaction(caller.workspace_id) as tx:
        await put_aside(tx, caller, read_id(id), True)


@delete("/v1/knowledge/questions/{id:str}/dismissal", guards=WRITE, tags=TAGS)
async def delete_dismissal(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await put_aside(tx, caller, read_id(id), False)


@post("/v1/knowledge/questions/{id:str}/moves", guards=WRITE, tags=TAGS, status_code=200)
async def post_move(id: str, data: MoveBody, db: Database, encoder: Encoder, caller: Caller) -> MovedTo:
    """One question out of the cluster, or (without `asked_id`) the whole cluster into another."""
    to_id = read_id(data.to_id) if data.to_id is not None else None
    if data.asked_id is not None:
        return MovedTo(show_id(await move_question(db, encoder, caller, read_id(id), read_id(data.asked_id), to_id)))
    async with db.transaction(caller.workspace_id) as tx:
        await merge_clusters(tx, caller, read_id(id), to_id if to_id is not None else read_id(id))
    return MovedTo(data.to_id or id)


ROUTES = [
    get_questions,
    get_question,
    post_answer,
    post_retest,
    post_dismissal,
    delete_dismissal,
    post_move,
]
