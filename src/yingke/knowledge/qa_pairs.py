"""Questions with their answers, written by people or programs; each pair is one passage."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.kit.text import clean_line, clean_text
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Audience
from yingke.knowledge.fold import fold
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST_PAIRS = 1000
MOST_QUESTIONS = 20
ENCODED_QUESTIONS = 8
LONGEST_QUESTION = 500
LONGEST_ANSWER = 4000


@dataclass(frozen=True)
class NewPair:
    """One pair, checked. The first question is the one shown; `shop_ids` None means every shop."""

    questions: tuple[str, ...]
    answer: str
    external_id: str | None = None
    audience: Audience = "customer"
    shop_ids: tuple[int, ...] | None = None
    is_demo: bool = False

    @property
    def content_hash(self) -> bytes:
        content = "\x1f".join((*self.questions, "\x1e", self.answer))
        return hashlib.blake2b(content.encode(), digest_size=16).digest()


@dataclass(frozen=True)
class ReadyPair:
    pair: NewPair
    vector: NDArray[np.float32]


def check_pair(
    questions: Sequence[str], answer: str, external_id: str | None, place: str
) -> tuple[tuple[str, ...], str]:
    """(questions, answer) trimmed, each question once. Raises 400 naming the field at `place`."""
    if len(questions) > MOST_QUESTIONS:
        raise bad_input({f"{place}questions": f"at most {MOST_QUESTIONS} / 最多 {MOST_QUESTIONS} 个"})
    cleaned = [clean_line(text, LONGEST_QUESTION, field=f"{place}questions") for text in questions]
    asked = tuple(dict.fromkeys(text for text in cleaned if text))
    if not asked:
        raise bad_input({f"{place}questions": "required / 请填写"})
    if external_id is not None:
        clean_line(external_id, 200, field=f"{place}external_id", min_chars=1)
    return asked, clean_text(answer, LONGEST_ANSWER, field=f"{place}answer", min_chars=1).strip()


async def encode_pairs(encoder: Encoder, pairs: Sequence[NewPair]) -> list[ReadyPair]:
    """A pair's vector is the mean direction of its phrasings. Call it without an open transaction."""
    texts = [fold(question) for pair in pairs for question in pair.questions[:ENCODED_QUESTIONS]]
    vectors = await encoder.encode_many(texts)
    ready: list[ReadyPair] = []
    at = 0
    for pair in pairs:
        count = min(len(pair.questions), ENCODED_QUESTIONS)
        mean = vectors[at : at + count].mean(axis=0)
        ready.append(ReadyPair(pair, mean / max(float(np.linalg.norm(mean)), 1e-6)))
        at += count
    return ready


async def put_qa_pairs(tx: Transaction, caller: Caller, pairs: Sequence[ReadyPair]) -> list[int]:
    """The ids, in order. A pair whose `external_id` is known replaces that one; others are new."""
    ids = [await _put(tx, caller.workspace_id, ready) for ready in pairs]
    await record_audit(tx, caller, "qa_pairs.written", "", {"count": len(ids)})
    await raise_version(tx, caller.workspace_id)
    return ids


async def _put(tx: Transaction, workspace_id: int, ready: ReadyPair) -> int:
    pair = ready.pair
    pair_id: int = await tx.fetchval(
        "insert into qa_pairs (workspace_id, external_id, questions, answer, audience, shop_ids, is_demo)"
        " values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict (workspace_id, external_id) where external_id is not null do update set"
        " questions = excluded.questions, answer = excluded.answer, audience = excluded.audience,"
        " shop_ids = excluded.shop_ids, deleted_at = null, updated_at = now() returning id",
        workspace_id,
        pair.external_id,
        list(pair.questions),
        pair.answer,
        pair.audience,
        list(pair.shop_ids) if pair.shop_ids is not None else None,
        pair.is_demo,
    )
    await tx.execute("delete from passages where workspace_id = $1 and qa_pair_id = $2", workspace_id, pair_id)
    row = {"问题": pair.questions[0], "答案": pair.answer}
    if len(pair.questions) > 1:
        row["相似问法"] = "\n".join(pair.questions[1:])
    await tx.execute(
        "insert into passages (workspace_id, qa_pair_id, is_live, ordinal, kind, heading, text, search_text, row,"
        " content_hash, embedding) values ($1, $2, true, 0, 'qa', $3, $4, $5, $6, $7, $8)",
        workspace_id,
        pair_id,
        pair.questions[0],
        pair.answer,
        "\n".join(pair.questions),
        row,
        pair.content_hash,
        ready.vector,
    )
    return pair_id


async def add_pair(db: Database, encoder: Encoder, caller: Caller, pair: NewPair) -> int:
    """One pair: encode, then store."""
    ready = await encode_pairs(encoder, [pair])
    async with db.transaction(caller.workspace_id) as tx:
        return (await put_qa_pairs(tx, caller, ready))[0]


async def list_qa_pairs(tx: Transaction, workspace_id: int, before: int | None, limit: int) -> list[Any]:
    """Newest first, those with an id below `before`."""
    rows = await tx.fetch(
        "select id, external_id, questions, answer, audience, shop_ids, is_demo, created_at, updated_at from qa_pairs"
        " where workspace_id = $1 and id < $2 and deleted_at is null order by id desc limit $3",
        workspace_id,
        before or 2**63 - 1,
        limit,
    )
    return list(rows)


async def delete_qa_pair(tx: Transaction, caller: Caller, pair_id: int) -> None:
    """Nothing is answered from it any more. Raises 404."""
    found = await tx.fetchval(
        "update qa_pairs set deleted_at = now(), external_id = null where workspace_id = $1 and id = $2"
        " and deleted_at is null returning id",
        caller.workspace_id,
        pair_id,
    )
    if found is None:
        raise not_found()
    await tx.execute("delete from passages where workspace_id = $1 and qa_pair_id = $2", caller.workspace_id, pair_id)
    await record_audit(tx, caller, "qa_pair.deleted", f"qa_pair:{show_id(pair_id)}")
    await raise_version(tx, caller.workspace_id)
