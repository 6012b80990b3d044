"""Follows the conversations of a workspace: reads what is new, keeps the questions, sorts them, checks the knowledge."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from yingke.kit.db import Database, Transaction
from yingke.kit.events import Cursor, current_cursor
from yingke.kit.jobs import Job, RetryJob, enqueue
from yingke.knowledge.library import Library
from yingke.knowledge.pairs.propose_pair import propose_pair
from yingke.knowledge.questions.add_asked import PRIORITY, AskedQuestion, add_asked
from yingke.knowledge.questions.agent_answers import AgentAnswer, agent_answers
from yingke.knowledge.questions.coverage import check_coverage
from yingke.knowledge.questions.questions_of import IsRequest, questions_of
from yingke.knowledge.questions.read_talks import Talk, read_talks
from yingke.knowledge.questions.sort import sort_questions
from yingke.workspaces.events import fetch_events

KIND = "follow_questions"
EVENTS = 2000
TALKS = 40
WORK_SECONDS = 20.0
PAUSE_SECONDS = 0.05
_TELLING = frozenset(
    ("message_created", "conversation_closed", "conversation_queued", "feedback_created", "rating_created")
)


async def call_followers(db: Database) -> int:
    """One job for every workspace that has something new; returns how many. Runs every 20 seconds."""
    async with db.crossing() as tx:
        ids = [row[0] for row in await tx.fetch("select list_question_feeds()")]
    for workspace_id in ids:
        async with db.transaction(workspace_id) as tx:
            await enqueue(
                tx, workspace_id, kind=KIND, lane=f"questions:{workspace_id}", ref="follow", priority=PRIORITY
            )
    return len(ids)


async def follow_questions(db: Database, library: Library, is_request: IsRequest, job: Job) -> None:
    """The job. Each step puts down what it did in the transaction that moves its place on, so a kill repeats nothing
    and loses nothing. Works for 20 s at most, then lets others have their turn."""
    until = time.monotonic() + WORK_SECONDS
    steps: tuple[Callable[[], Awaitable[int]], ...] = (
        lambda: read_news(db, job.workspace_id, is_request),
        lambda: read_back(db, job.workspace_id, is_request),
        lambda: sort_questions(db, library.encoder, job.workspace_id),
        lambda: check_coverage(db, library, job.workspace_id),
    )
    for step in steps:
        while await step():
            await asyncio.sleep(PAUSE_SECONDS)
            if time.monotonic() > until:
                raise RetryJob(2, "more")


async def read_news(db: Database, workspace_id: int, is_request: IsRequest) -> int:
    """One batch of the log; returns how many events it held."""
    async with db.transaction(workspace_id) as tx:
        start = await _place(tx, workspace_id)
        events = await fetch_events(tx, workspace_id, start, EVENTS)
        touched = {row["conversation_id"]: False for row in events if row["type"] in _TELLING}
        for row in events:
            if row["type"] == "conversation_closed":
                touched[row["conversation_id"]] = True
        if not events:
            return 0
    ids = sorted(id for id in touched if id is not None)
    for at in range(0, len(ids), TALKS):
        await _keep(db, workspace_id, ids[at : at + TALKS], is_request, {id for id in ids if touched[id]})
    async with db.transaction(workspace_id) as tx:
        # What was kept above is kept once, however often it is read: only the place moves here.
        await tx.execute(
            "update question_feeds set cursor_tx = $2::text::xid8, cursor_id = $3 where workspace_id = $1",
            workspace_id,
            events[-1]["tx"],
            events[-1]["id"],
        )
    return len(events)


async def read_back(db: Database, workspace_id: int, is_request: IsRequest) -> int:
    """One batch of the conversations from before the log was followed, newest first; returns how many."""
    async with db.transaction(workspace_id) as tx:
        before = await tx.fetchval("select backfill_before from question_feeds where workspace_id = $1", workspace_id)
        if before is None:
            return 0
        rows = await tx.fetch(
            "select id from conversations where workspace_id = $1 and id < $2 order by id desc limit $3",
            workspace_id,
            before,
            TALKS,
        )
    ids = [row["id"] for row in rows]
    if ids:
        await _keep(db, workspace_id, ids, is_request, set(ids))
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update question_feeds set backfill_before = $2 where workspace_id = $1",
            workspace_id,
            min(ids) if len(ids) == TALKS else None,
        )
    return len(ids)


async def _place(tx: Transaction, workspace_id: int) -> Cursor:
    """How far the log was read; where nothing was read yet it begins now, and what is older is read back."""
    row = await tx.fetchrow(
        "select cursor_tx::text as cursor_tx, cursor_id from question_feeds where workspace_id = $1", workspace_id
    )
    if row is not None:
        return Cursor(int(row["cursor_tx"]), row["cursor_id"])
    now = await current_cursor(tx)
    newest = await tx.fetchval("select coalesce(max(id), 0) from conversations where workspace_id = $1", workspace_id)
    await tx.execute(
        "insert into question_feeds (workspace_id, cursor_tx, cursor_id, backfill_before)"
        " values ($1, $2::text::xid8, $3, $4) on conflict (workspace_id) do nothing",
        workspace_id,
        str(now.tx),
        now.id,
        newest + 1,
    )
    return now


async def _keep(db: Database, workspace_id: int, ids: Sequence[int], is_request: IsRequest, closed: set[int]) -> None:
    async with db.transaction(workspace_id) as tx:
        talks = await read_talks(tx, workspace_id, ids)
    asked, answers = await asyncio.to_thread(_read, talks, is_request, closed)
    async with db.transaction(workspace_id) as tx:
        await add_asked(tx, workspace_id, asked)
        many = await tx.fetchval("select count(*) > 1 from shops where workspace_id = $1", workspace_id)
        for one in answers:
            await propose_pair(
                tx,
                workspace_id,
                questions=[one.question],
                answer=one.answer,
                origin="agent",
                conversation_id=one.conversation_id,
                shop_ids=[one.shop_id] if many else None,
            )


def _read(
    talks: Sequence[Talk], is_request: IsRequest, closed: set[int]
) -> tuple[list[AskedQuestion], list[AgentAnswer]]:
    asked = [question for talk in talks for question in questions_of(talk, is_request)]
    answers = [
        answer for talk in talks if talk.is_closed and talk.id in closed for answer in agent_answers(talk, is_request)
    ]
    return asked, answers
