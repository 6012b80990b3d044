"""Questions with their answers, written by people or programs; each pair is one passage."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.kit.text import clean_line, clean_text
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Audience
from yingke.knowledge.fold import fold
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

Origin = Literal["person", "import", "document", "agent", "gap", "past"]
DUPLICATES = "pair_duplicates"
MOST_PAIRS = 1000
MOST_COMPARED = 50
"""A larger heap of pairs written at once is not compared with the documents one by one."""
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
    origin: Origin = "person"
    answers: dict[str, str] = field(default_factory=dict)
    """Further answers by language tag."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None


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
    vectors = await mean_directions(encoder, [pair.questions for pair in pairs])
    return [ReadyPair(pair, vector) for pair, vector in zip(pairs, vectors, strict=True)]


async def mean_directions(encoder: Encoder, phrasings: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
    """One unit vector for each list of phrasings, of which the first eight count. Never inside a transaction."""
    counted = [texts[:ENCODED_QUESTIONS] for texts in phrasings]
    vectors = await encoder.encode_many([fold(text) for texts in counted for text in texts])
    means: list[NDArray[np.float32]] = []
    at = 0
    for texts in counted:
        mean = vectors[at : at + len(texts)].mean(axis=0)
        means.append(mean / max(float(np.linalg.norm(mean)), 1e-6))
        at += len(texts)
    return means


async def put_qa_pairs(tx: Transaction, caller: Caller, pairs: Sequence[ReadyPair]) -> list[int]:
    """The ids, in order. A pair whose `external_id` is known replaces that one; others are new."""
    compares = len(pairs) <= MOST_COMPARED
    ids = [await _put(tx, caller.workspace_id, ready, compares) for ready in pairs]
    await record_audit(tx, caller, "qa_pairs.written", "", {"count": len(ids)})
    await look_for_duplicates(tx, caller.workspace_id)
    await raise_version(tx, caller.workspace_id)
    return ids


async def _put(tx: Transaction, workspace_id: int, ready: ReadyPair, compares: bool) -> int:
    pair = ready.pair
    pair_id: int = await tx.fetchval(
        "insert into qa_pairs (workspace_id, external_id, questions, answer, audience, shop_ids, is_demo, origin,"
        " answers, valid_from, valid_to, fingerprint, vector)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        " on conflict (workspace_id, external_id) where external_id is not null do update set"
        " questions = excluded.questions, answer = excluded.answer, audience = excluded.audience,"
        " shop_ids = excluded.shop_ids, answers = excluded.answers, machine_languages = '{}',"
        " valid_from = excluded.valid_from, valid_to = excluded.valid_to, fingerprint = excluded.fingerprint,"
        " vector = excluded.vector, compared_at = null, state = 'live', retired_for = null, merged_into = null, duplicate_of = null,"
        " deleted_at = null, updated_at = now()"
        " returning id",
        workspace_id,
        pair.external_id,
        list(pair.questions),
        pair.answer,
        pair.audience,
        list(pair.shop_ids) if pair.shop_ids is not None else None,
        pair.is_demo,
        pair.origin,
        pair.answers,
        pair.valid_from,
        pair.valid_to,
        fingerprint_of(pair.questions[0], pair.answer),
        ready.vector,
    )
    await store_passage(tx, workspace_id, pair_id, pair.questions, pair.answer, ready.vector, compares=compares)
    return pair_id


async def store_passage(
    tx: Transaction,
    workspace_id: int,
    pair_id: int,
    questions: Sequence[str],
    answer: str,
    vector: NDArray[np.float32] | NDArray[np.float16],
    *,
    compares: bool = True,
) -> None:
    """What is found of a live pair, in place of what was. The caller raises the version.

    `compares` asks for a job that looks for documents which say something else.
    """
    await tx.execute("delete from passages where workspace_id = $1 and qa_pair_id = $2", workspace_id, pair_id)
    row = {"问题": questions[0], "答案": answer}
    if len(questions) > 1:
        row["相似问法"] = "\n".join(questions[1:])
    content = "\x1f".join((*questions, "\x1e", answer))
    await tx.execute(
        "insert into passages (workspace_id, qa_pair_id, is_live, ordinal, kind, heading, text, search_text, row,"
        " content_hash, embedding) values ($1, $2, true, 0, 'qa', $3, $4, $5, $6, $7, $8)",
        workspace_id,
        pair_id,
        questions[0],
        answer,
        "\n".join(questions),
        row,
        hashlib.blake2b(content.encode(), digest_size=16).digest(),
        vector,
    )
    if compares:
        await enqueue(
            tx,
            workspace_id,
            kind="find_contradictions",
            lane=f"contradict:{workspace_id}",
            ref=f"pair:{pair_id}",
            data={"qa_pair_id": pair_id},
            priority=-20,
        )


def fingerprint_of(question: str, answer: str) -> bytes:
    """The same for texts that differ only in case, spacing, width or script."""
    return hashlib.blake2b(f"{fold(question)}\x1f{fold(answer)}".encode(), digest_size=16).digest()


async def look_for_duplicates(tx: Transaction, workspace_id: int) -> None:
    """Asks for one job for all pairs that are written within the same ten seconds."""
    bucket = int(await tx.fetchval("select floor(extract(epoch from now()) / 10)::bigint + 1"))
    await enqueue(
        tx,
        workspace_id,
        kind=DUPLICATES,
        lane=f"pairs:{workspace_id}",
        ref=str(bucket),
        run_at=await tx.fetchval("select to_timestamp($1::float8 * 10)", float(bucket)),
        priority=-10,
    )


async def add_pair(db: Database, encoder: Encoder, caller: Caller, pair: NewPair) -> int:
    """One pair: encode, then store."""
    ready = await encode_pairs(encoder, [pair])
    async with db.transaction(caller.workspace_id) as tx:
        return (await put_qa_pairs(tx, caller, ready))[0]


async def delete_qa_pair(tx: Transaction, caller: Caller, pair_id: int) -> None:
    """Nothing is answered from it any more; `restore_qa_pair` takes it back. Raises 404."""
    found = await tx.fetchval(
        "update qa_pairs set deleted_at = now(), external_id = null where workspace_id = $1 and id = $2"
        " and deleted_at is null returning id",
        caller.workspace_id,
        pair_id,
    )
    if found is None:
        raise not_found()
    await _set_found(tx, caller.workspace_id, pair_id, False)
    await record_audit(tx, caller, "qa_pair.deleted", f"qa_pair:{show_id(pair_id)}")
    await raise_version(tx, caller.workspace_id)


async def restore_qa_pair(tx: Transaction, caller: Caller, pair_id: int) -> None:
    """Takes a deletion back. Raises 404 when it is not deleted."""
    state = await tx.fetchval(
        "update qa_pairs set deleted_at = null, updated_at = now() where workspace_id = $1 and id = $2"
        " and deleted_at is not null returning state",
        caller.workspace_id,
        pair_id,
    )
    if state is None:
        raise not_found()
    await _set_found(tx, caller.workspace_id, pair_id, state == "live")
    await record_audit(tx, caller, "qa_pair.restored", f"qa_pair:{show_id(pair_id)}")
    await raise_version(tx, caller.workspace_id)


async def _set_found(tx: Transaction, workspace_id: int, pair_id: int, is_live: bool) -> None:
    await tx.execute(
        "update passages set is_live = $3 where workspace_id = $1 and qa_pair_id = $2", workspace_id, pair_id, is_live
    )
