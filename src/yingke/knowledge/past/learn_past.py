"""What an import teaches: the questions asked again and again, and the answers on which agents agree."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingke.kit.db import Database, Transaction
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.pairs.propose_pair import propose_pair
from yingke.knowledge.past.alike import compare, is_same
from yingke.knowledge.questions.add_asked import AskedQuestion, Outcome, add_asked
from yingke.knowledge.questions.agent_answers import agent_answers
from yingke.knowledge.questions.place import Cluster, Sorter
from yingke.knowledge.questions.questions_of import asked_in
from yingke.knowledge.questions.read_talks import Talk, TalkMessage

MOST_CONVERSATIONS = 4000
"""The newest ones; the numbers of the report count all of them."""
MOST_QUESTIONS = 6000
MOST_TOPICS = 200
MOST_PROPOSED = 100
MOST_ANSWERS = 20
AGREED = 0.6
_PAGE = 100
_LONGEST_QUESTION = 80
_KEPT_CONVERSATIONS = 500

IsRequest = Callable[[str], bool]


@dataclass(slots=True)
class Heard:
    """One question of a conversation, with the agent's answer when there was one worth keeping."""

    conversation_id: int
    text: str
    answer: str


@dataclass(slots=True)
class Topic:
    question: str
    phrasings: list[str]
    conversations: list[int]
    answers: list[str]
    answer: str = ""
    agreement: float | None = None


@dataclass(slots=True)
class _Gathered:
    texts: Counter[str] = field(default_factory=Counter)
    conversations: dict[int, None] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)


async def learn_past(db: Database, encoder: Encoder, workspace_id: int, import_id: int, is_request: IsRequest) -> int:
    """How many pairs were proposed. Idempotent: what an earlier try wrote is found again, not doubled.

    `is_request` tells wishes for a person from questions. Raises the 503 Problem when encoder or database are away.
    """
    heard = await _hear(db, workspace_id, import_id, is_request)
    known = list(dict.fromkeys(one.text for one in heard if len(one.text) <= _LONGEST_QUESTION))[:MOST_QUESTIONS]
    vectors = await encoder.encode_many([fold(text) for text in known])
    topics = await asyncio.to_thread(_gather, heard, known, vectors)
    for topic in topics:
        await _agree(encoder, topic)
    async with db.transaction(workspace_id) as tx:
        return await _store(tx, workspace_id, import_id, topics)


async def _hear(db: Database, workspace_id: int, import_id: int, is_request: IsRequest) -> list[Heard]:
    """Newest first. The questions are also put with those of the live conversations."""
    async with db.transaction(workspace_id) as tx:
        ids = await tx.fetch(
            "select id from past_conversations where workspace_id = $1 and import_id = $2"
            " order by started_at desc nulls last, id desc limit $3",
            workspace_id,
            import_id,
            MOST_CONVERSATIONS,
        )
        shop_id = await tx.fetchval("select shop_id from past_imports where id = $1", import_id)
    heard: list[Heard] = []
    for start in range(0, len(ids), _PAGE):
        page = [row["id"] for row in ids[start : start + _PAGE]]
        async with db.transaction(workspace_id) as tx:
            talks = await _read_talks(tx, workspace_id, page)
        said, asked = await asyncio.to_thread(_listen, talks, shop_id, is_request)
        heard += said
        async with db.transaction(workspace_id) as tx:
            if not await tx.fetchval(
                "update past_imports set progress = $2 where id = $1 and state = 'learning' returning true",
                import_id,
                0.8 * (start + len(page)) / len(ids),
            ):
                return []
            await add_asked(tx, workspace_id, asked)
    return heard


async def _read_talks(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> list[Talk]:
    rows = await tx.fetch(
        "select m.past_conversation_id as id, m.seq, m.sender, m.text, coalesce(m.sent_at, c.started_at, i.created_at) as at"
        " from past_messages m join past_conversations c on c.workspace_id = m.workspace_id and c.id = m.past_conversation_id"
        " join past_imports i on i.workspace_id = c.workspace_id and i.id = c.import_id"
        " where m.workspace_id = $1 and m.past_conversation_id = any($2) order by 1, 2",
        workspace_id,
        list(ids),
    )
    talks: defaultdict[int, list[TalkMessage]] = defaultdict(list)
    for row in rows:
        talks[row["id"]].append(TalkMessage(row["seq"], row["sender"], row["text"], row["at"]))
    return [Talk(id, 0, True, None, tuple(talks[id])) for id in ids if id in talks]


def _listen(
    talks: Sequence[Talk], shop_id: int | None, is_request: IsRequest
) -> tuple[list[Heard], list[AskedQuestion]]:
    heard: list[Heard] = []
    asked: list[AskedQuestion] = []
    for talk in talks:
        answers = {one.question: one.answer for one in agent_answers(talk, is_request) if "〔" not in one.answer}
        for at, message in enumerate(talk.messages):
            if message.author != "contact" or is_request(message.text):
                continue
            outcome = _outcome(talk.messages[at + 1 :])
            for text in asked_in(message.text):
                if "〔单号〕" in text or "〔地址〕" in text:
                    continue
                heard.append(Heard(talk.id, text, answers.get(text, "")))
                asked.append(_asked(talk.id, message.seq, text, message.created_at, outcome, shop_id))
    return heard, asked


def _asked(
    conversation_id: int, seq: int, text: str, at: datetime, outcome: Outcome, shop_id: int | None
) -> AskedQuestion:
    return AskedQuestion(
        text=text, asked_at=at, outcome=outcome, past_conversation_id=conversation_id, seq=seq, shop_id=shop_id
    )


def _outcome(after: Sequence[TalkMessage]) -> Outcome:
    spoken = next((message.author for message in after if message.author in ("agent", "assistant")), None)
    return "by_agent" if spoken == "agent" else "answered" if spoken else "unanswered"


def _gather(heard: Sequence[Heard], known: Sequence[str], vectors: Any) -> list[Topic]:
    """Questions that mean the same; those that only one conversation asked are no topic."""
    sorter = Sorter([])
    placed = {text: sorter.place(text, vector) for text, vector in zip(known, vectors, strict=True)}
    sorter.join_alike()
    groups: defaultdict[int, _Gathered] = defaultdict(_Gathered)
    for one in heard:
        cluster: Cluster | None = placed.get(one.text)
        if cluster is None:
            continue
        group = groups[id(cluster.final)]
        group.texts[one.text] += 1
        group.conversations[one.conversation_id] = None
        if one.answer:
            group.answers.append(one.answer)
    topics = []
    for group in groups.values():
        if len(group.conversations) < 2:
            continue
        texts = [text for text, _ in group.texts.most_common(9)]
        topics.append(Topic(texts[0], texts[1:], list(group.conversations), group.answers[:MOST_ANSWERS]))
    topics.sort(key=lambda topic: -len(topic.conversations))
    return topics[:MOST_TOPICS]


async def _agree(encoder: Encoder, topic: Topic) -> None:
    """Finds the answer that most of the answers agree with; one answer alone agrees with nobody."""
    distinct = list(dict.fromkeys(topic.answers))
    times = Counter(topic.answers)
    if len(topic.answers) < 2:
        return
    pairs = [(one, other) for at, one in enumerate(distinct) for other in distinct[at + 1 :]]
    close = {frozenset(pair): found for pair, found in zip(pairs, await compare(encoder, pairs), strict=True)}

    def supporters(one: str) -> int:
        return sum(times[other] for other in distinct if other == one or is_same(*close[frozenset((one, other))]))

    def nearness(one: str) -> float:
        return sum(close[frozenset((one, other))][0] * times[other] for other in distinct if other != one)

    best = max(distinct, key=lambda one: (supporters(one), times[one], nearness(one)))
    topic.agreement = supporters(best) / len(topic.answers)
    if topic.agreement >= AGREED:
        topic.answer = best


async def _store(tx: Transaction, workspace_id: int, import_id: int, topics: Sequence[Topic]) -> int:
    """Refused when the import was taken away meanwhile."""
    row = await tx.fetchrow(
        "select shop_id from past_imports where id = $1 and state = 'learning' for update", import_id
    )
    if row is None:
        return 0
    await tx.execute("delete from past_topics where workspace_id = $1 and import_id = $2", workspace_id, import_id)
    proposed = 0
    for topic in topics:
        pair_id = None
        if topic.answer and proposed < MOST_PROPOSED:
            pair_id = await propose_pair(
                tx,
                workspace_id,
                questions=[topic.question, *topic.phrasings[:5]],
                answer=topic.answer,
                origin="past",
                maker="agents_agree",
                source_quote=topic.answer,
                shop_ids=[row["shop_id"]] if row["shop_id"] is not None else None,
            )
            proposed += pair_id is not None
        await tx.execute(
            "insert into past_topics (workspace_id, import_id, question, phrasings, times, answer, agreement,"
            " conversation_ids, pair_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            workspace_id,
            import_id,
            topic.question,
            topic.phrasings,
            len(topic.conversations),
            topic.answer,
            topic.agreement,
            topic.conversations[:_KEPT_CONVERSATIONS],
            pair_id,
        )
    return proposed
