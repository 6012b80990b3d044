"""The assistant without a conversation: for tests, evaluation and trying out the knowledge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.assistants.engine import Engine, Otherwise, Question, Reply, Said
from yingke.assistants.wants_person import wants_person
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.library import read_version
from yingke.knowledge.not_knowing import in_speech

HANDING_OVER = {
    "zh": "好的，正在为您转人工客服。",
    "en": "All right, I am handing you over to a person.",
}


@dataclass(frozen=True)
class Asked:
    """`reply` None: the customer wants a person, so no engine speaks."""

    reply: Reply | None
    answer: str
    trace_id: int | None


async def ask(
    db: Database,
    engine: Engine,
    workspace_id: int,
    texts: tuple[str, ...],
    *,
    shop_id: int | None,
    language: str,
    history: tuple[Said, ...] = (),
    at: datetime | None = None,
) -> Asked:
    """Answers as in a conversation, at the moment `at`, and keeps the trace. Raises 404 for a foreign shop."""
    if any(wants_person(text) for text in texts):
        async with db.transaction(workspace_id) as tx:
            await _shop(tx, shop_id)
        return Asked(None, in_speech("handing_over", language, HANDING_OVER["zh"], HANDING_OVER["en"]), None)
    reply = await _answer(db, engine, workspace_id, texts, shop_id, language, history, Otherwise(at=at))
    asked = {
        "text": "\n".join(texts),
        "shop_id": shop_id,
        "language": language,
        "history": [[said.author, said.text[:300]] for said in history[-8:]],
    }
    async with db.transaction(workspace_id) as tx:
        trace_id = await tx.fetchval(
            "insert into traces (workspace_id, data) values ($1, $2) returning id",
            workspace_id,
            {**reply.trace, "said": reply.text, "cited": reply.citations, "asked": asked},
        )
    return Asked(reply, reply.text, trace_id)


async def answer_unseen(
    db: Database,
    engine: Engine,
    workspace_id: int,
    texts: Sequence[str],
    *,
    shop_id: int | None = None,
    language: str = "zh-CN",
    history: Sequence[Said] = (),
    at: datetime | None = None,
    index: KnowledgeIndex | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Reply:
    """The answer that a customer would get, and nothing stored: no trace, no gap, no event.

    `index` stands in for the live knowledge. `settings` may hold `engine` ("embedded", "chat"), `audience`
    ("customer", "staff") and `answering`, the settings of the decision such as {"threshold": 0.6}, and `team`, another version of the team. The wish for a
    person comes back as a reply with `trace["hand_off"]` "wants_person". Raises 404 for a foreign shop.
    """
    wanted = dict(settings or {})
    otherwise = Otherwise(
        at,
        index,
        wanted.get("engine"),
        wanted.get("audience", "customer"),
        wanted.get("answering"),
        wanted.get("team"),
    )
    if any(wants_person(text) for text in texts):
        said = in_speech("handing_over", language, HANDING_OVER["zh"], HANDING_OVER["en"])
        decision = {"answer": False, "confidence": 0.0, "reasons": ["wants_person"]}
        trace = {
            "question": "\n".join(texts)[:200],
            "engine": "notice",
            "decision": decision,
            "hand_off": "wants_person",
        }
        return Reply(said, {"engine": "notice"}, trace=trace, offers_person=True)
    return await _answer(db, engine, workspace_id, tuple(texts), shop_id, language, tuple(history), otherwise)


async def _answer(
    db: Database,
    engine: Engine,
    workspace_id: int,
    texts: tuple[str, ...],
    shop_id: int | None,
    language: str,
    history: tuple[Said, ...],
    otherwise: Otherwise,
) -> Reply:
    async with db.transaction(workspace_id) as tx:
        shop = await _shop(tx, shop_id)
        version = await read_version(tx, workspace_id)
    question = Question(
        workspace_id=workspace_id,
        shop_id=shop,
        knowledge_version=version,
        conversation_id=0,
        texts=texts,
        history=history,
        language=language,
        otherwise=otherwise,
    )
    return await engine.answer(question, lambda _: True)


async def _shop(tx: Transaction, shop_id: int | None) -> int:
    """The asked shop, or the oldest one."""
    if shop_id is not None:
        found = await tx.fetchval("select id from shops where id = $1", shop_id)
        if found is None:
            raise not_found()
        return int(found)
    first = await tx.fetchval("select min(id) from shops where archived_at is null")
    if first is None:
        raise bad_input({"shop_id": "no shop yet / 还没有店铺"})
    return int(first)


def intent_of(reply: Reply) -> str | None:
    """What the customer wanted, as far as the rules tell."""
    need: Any = reply.trace.get("need")
    reasons = reply.trace.get("decision", {}).get("reasons") or [""]
    if need is not None:
        return str(need)
    label = str(reasons[0])
    if label.startswith("护栏:"):
        return label.removeprefix("护栏:")
    return label if "=" not in label and label in SMALL_TALK else None


SMALL_TALK = frozenset(("small_talk", "who_are_you"))


def skill_of(reply: Reply) -> str:
    """Which part of the assistant answered."""
    intent = intent_of(reply)
    if reply.trace.get("need") == "order":
        return "order"
    if intent in SMALL_TALK:
        return "small_talk"
    if intent is not None and intent != "complaint":
        return "guard"
    return "knowledge"
