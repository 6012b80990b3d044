"""Asks a retired pair's questions of the document as it reads now."""

from typing import Any

from yingke.kit.db import Database
from yingke.kit.errors import Problem, conflict
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.pairs.draft import LONGEST_SHOWN_ANSWER, Source
from yingke.knowledge.pairs.propose_pair import propose_pair
from yingke.knowledge.pairs.review import get_pair
from yingke.knowledge.pairs.rules import rules
from yingke.knowledge.qa_pairs import mean_directions
from yingke.knowledge.title import show_title
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

LEAST_ALIKE = 0.3
"""Cosine of the question and the passage; below it the document speaks of something else."""


async def repropose(db: Database, encoder: Encoder, caller: Caller, pair_id: int) -> int:
    """The id of the new proposal: the same questions, answered from the passage nearest to them. Raises 404, 409."""
    async with db.transaction(caller.workspace_id) as tx:
        pair = await get_pair(tx, caller.workspace_id, pair_id)
    if pair["state"] != "retired" or pair["document_id"] is None:
        raise conflict("pair_not_retired", "这条问答没有失效，不用重新生成。", "This pair is not retired.")
    vector = (await mean_directions(encoder, [pair["questions"]]))[0]
    async with db.transaction(caller.workspace_id) as tx:
        pair = await get_pair(tx, caller.workspace_id, pair_id)
        row = await tx.fetchrow(
            "select p.ordinal, p.kind, p.heading, p.text, p.row, p.content_hash, d.name,"
            " 1 - (p.embedding <=> $3::halfvec) as alike from passages p join documents d"
            " on d.workspace_id = p.workspace_id and d.id = p.document_id and d.deleted_at is null"
            " where p.workspace_id = $1 and p.document_id = $2 and p.is_live"
            " order by (p.heading = $4) desc, (p.embedding <=> $3::halfvec) + 0 limit 1",
            caller.workspace_id,
            pair["document_id"],
            vector,
            pair["source_heading"],
        )
        if row is None or row["alike"] < LEAST_ALIKE:
            raise _says_nothing()
        source = _source(row)
        answer, quote = _answer(source, pair["questions"], pair["maker"])
        made = await propose_pair(
            tx,
            caller.workspace_id,
            questions=pair["questions"],
            answer=answer,
            origin="document",
            maker=pair["maker"],
            document_id=pair["document_id"],
            source_hash=source.content_hash,
            source_heading=source.heading,
            source_quote=quote,
        )
        if made is None:
            raise conflict(
                "pair_exists",
                "新版文件里的这条问答已经在列表里了。",
                "The pair from the new version is in the list already.",
            )
        await record_audit(tx, caller, "qa_pair.reproposed", f"qa_pair:{show_id(pair_id)}")
    return made


def _answer(source: Source, questions: list[str], maker: str) -> tuple[str, str]:
    """(answer, quote): what the same rule says now, else the passage as it stands."""
    drafts = rules(source)
    same = [draft for draft in drafts if set(draft.questions) & set(questions)]
    same += [draft for draft in drafts if draft.maker == maker]
    if same:
        return same[0].answer, same[0].quote
    text = source.text.strip()[:LONGEST_SHOWN_ANSWER]
    return text, text


def _source(row: Any) -> Source:
    return Source(
        row["ordinal"], row["kind"], row["heading"], row["text"], row["row"], row["content_hash"],
        show_title(row["name"]),
    )  # fmt: skip


def _says_nothing() -> Problem:
    return conflict(
        "document_silent",
        "新版文件里没有找到这个问题的答案。仍然有效的话，可以直接恢复上线，或自己写一条答案。",
        "The new version does not answer this. If it still holds, put it live again or write the answer yourself.",
    )
