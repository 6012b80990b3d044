"""A person answers what customers ask, and sees at once which of their questions are answered now."""

from collections.abc import Sequence
from dataclasses import dataclass

from yingke.kit.db import Database, Transaction
from yingke.kit.ids import show_id
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import Library, read_version
from yingke.knowledge.qa_pairs import ReadyPair, put_qa_pairs
from yingke.knowledge.questions.clusters import get_cluster, list_wordings
from yingke.knowledge.questions.coverage import Tried, note_coverage, try_questions
from yingke.knowledge.questions.questions_of import asked_in
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

RETRIED = 20
_MOST_GAPS = 2000


@dataclass(frozen=True)
class Retest:
    """The questions of a cluster, each put to the knowledge as a customer would."""

    tried: list[Tried]

    @property
    def answered(self) -> int:
        return sum(one.is_answered for one in self.tried)


async def answer_cluster(tx: Transaction, caller: Caller, cluster_id: int, ready: ReadyPair) -> int:
    """The id of the live pair. Gaps that ask the same are closed with it. Raises 404."""
    cluster = await get_cluster(tx, caller.workspace_id, cluster_id)
    pair_id = (await put_qa_pairs(tx, caller, [ready]))[0]
    await tx.execute(
        "update question_clusters set answered_at = now(), answered_by = $3, answered_pair_id = $4, dismissed_at = null,"
        " dismissed_by = null, checked_version = null where workspace_id = $1 and id = $2",
        caller.workspace_id,
        cluster_id,
        caller.agent_id,
        pair_id,
    )
    await close_gaps(tx, caller.workspace_id, cluster_id)
    await record_audit(
        tx, caller, "question.answered", f"question:{show_id(cluster_id)}", {"pair_id": show_id(pair_id)}
    )
    await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{show_id(pair_id)}", cluster["question"])
    return pair_id


async def close_gaps(tx: Transaction, workspace_id: int, cluster_id: int) -> int:
    """Closes the open gaps that hold a question of the cluster; returns how many."""
    wordings = set(await list_wordings(tx, workspace_id, cluster_id, 1000))
    rows = await tx.fetch(
        "select id, question from gaps where workspace_id = $1 and resolved_at is null order by last_at desc limit $2",
        workspace_id,
        _MOST_GAPS,
    )
    ids = [row["id"] for row in rows if wordings & set(_pieces(row["question"]))]
    await tx.execute("update gaps set resolved_at = now() where workspace_id = $1 and id = any($2)", workspace_id, ids)
    return len(ids)


def _pieces(question: str) -> list[str]:
    """A gap joins the questions of one message with slashes."""
    return [text for piece in question.split(" / ") for text in asked_in(piece)]


async def retest_cluster(db: Database, library: Library, caller: Caller, cluster_id: int) -> Retest:
    """Up to twenty wordings of the cluster against the knowledge of now; what was found is noted. Raises 404."""
    async with db.transaction(caller.workspace_id) as tx:
        cluster = await get_cluster(tx, caller.workspace_id, cluster_id)
        wordings = await list_wordings(tx, caller.workspace_id, cluster_id, RETRIED)
        version = await read_version(tx, caller.workspace_id)
    questions = unique([cluster["question"], *wordings])[:RETRIED]
    tried = await try_questions(library, caller.workspace_id, version, questions, cluster["shop_id"])
    async with db.transaction(caller.workspace_id) as tx:
        await note_coverage(tx, caller.workspace_id, cluster_id, version, tried)
    return Retest(tried)


def unique(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(texts))
