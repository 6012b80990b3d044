"""Up to three replies for the agent to choose from: what the staff's knowledge says, the customer's order, saved replies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.assistants.ask import answer_unseen
from yingke.assistants.engine import Engine, Reply, Said
from yingke.assistants.help.collect import collect
from yingke.assistants.help.order_words import order_words
from yingke.assistants.help.saved_matches import saved_matches
from yingke.assistants.wants_person import wants_person
from yingke.commerce.contract import Shops
from yingke.kit.db import Database, Transaction
from yingke.workspaces.caller import Caller

MOST = 3
HISTORY = 12
LONGEST_TURN = 3
EARLIER = 2
NEARLY = 0.4
LONGEST = 600
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_MARK = re.compile(r"\s?\[\d{1,2}\]")
_SAID = """
select seq, author, text, citations from messages
where workspace_id = $1 and conversation_id = $2 and author <> 'system' and type = 'text' and recalled_at is null
  and text is not null order by seq desc limit $3
"""
_STAFF = """
select exists (select 1 from passages p
  left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id
  left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id
  where p.workspace_id = $1 and p.id = any($2) and coalesce(q.audience, d.audience) = 'staff')
"""

_STAFF_PASSAGE = """
select p.text, coalesce(d.name, q.questions[1]) as name from passages p
left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id
left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id
where p.workspace_id = $1 and p.id = any($2) and coalesce(q.audience, d.audience) = 'staff'
order by array_position($2, p.id) limit 1
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The customer's words that nobody has answered, and what was said before them."""

    through_seq: int
    texts: tuple[str, ...]
    before: tuple[str, ...]
    """What he asked earlier, the newest first: an outburst is no question, the one before it may be."""
    history: tuple[Said, ...]
    shop_id: int
    language: str


async def suggest(
    db: Database, engine: Engine, shops: Shops, caller: Caller, conversation_id: int
) -> tuple[int, list[dict[str, Any]]]:
    """(the contact's last seq, items {kind, text, source, is_internal}); worked out once for that message, then remembered.

    Saved replies are looked up each time, since every agent has his own. Nothing is said to the customer.
    """
    workspace_id = caller.workspace_id
    async with db.transaction(workspace_id) as tx:
        asked = await _asked(tx, workspace_id, conversation_id)
        known = await tx.fetchval(
            "select items from suggestions where workspace_id = $1 and conversation_id = $2 and through_seq = $3",
            workspace_id,
            conversation_id,
            asked.through_seq,
        )
        saved = await saved_matches(tx, caller, asked.texts)
    if not asked.texts:
        return asked.through_seq, []
    if known is None:
        known = await _work_out(db, engine, shops, workspace_id, conversation_id, asked)
        await _remember(db, workspace_id, conversation_id, asked.through_seq, known)
    texts = {one["text"] for one in known}
    return asked.through_seq, [*known, *(one for one in saved if one["text"] not in texts)][:MOST]


async def prepare(db: Database, engine: Engine, shops: Shops, workspace_id: int, conversation_id: int) -> None:
    """Works out what is still to be said to the contact's last words, before anybody looks."""
    async with db.transaction(workspace_id) as tx:
        asked = await _asked(tx, workspace_id, conversation_id)
        is_known = await tx.fetchval(
            "select true from suggestions where workspace_id = $1 and conversation_id = $2 and through_seq = $3",
            workspace_id,
            conversation_id,
            asked.through_seq,
        )
    if asked.texts and not is_known:
        items = await _work_out(db, engine, shops, workspace_id, conversation_id, asked)
        await _remember(db, workspace_id, conversation_id, asked.through_seq, items)


async def _asked(tx: Transaction, workspace_id: int, conversation_id: int) -> _Asked:
    """The contact's last words together; wanting a person is no question, then what was asked before it counts."""
    talk = await tx.fetchrow(
        "select last_contact_seq, shop_id, language from conversations where workspace_id = $1 and id = $2",
        workspace_id,
        conversation_id,
    )
    rows = list(await tx.fetch(_SAID, workspace_id, conversation_id, HISTORY + LONGEST_TURN))
    turn: list[Any] = []
    rest = rows
    for place, row in enumerate(rows):
        if row["author"] != "contact" and turn:
            rest = rows[place:]
            break
        if row["author"] == "contact" and not wants_person(row["text"]) and len(turn) < LONGEST_TURN:
            turn.append(row)
            rest = rows[place + 1 :]
    history = tuple(
        Said(
            one["author"],
            one["text"],
            tuple(int(c["passage_id"]) for c in one["citations"] or () if c.get("passage_id")),
        )
        for one in reversed(rest[:HISTORY])
    )
    texts = tuple(row["text"] for row in reversed(turn))
    before = tuple(row["text"] for row in rest if row["author"] == "contact" and not wants_person(row["text"]))
    return _Asked(talk["last_contact_seq"], texts, before[:EARLIER], history, talk["shop_id"], talk["language"])


async def _work_out(
    db: Database, engine: Engine, shops: Shops, workspace_id: int, conversation_id: int, asked: _Asked
) -> list[dict[str, Any]]:
    """What only the staff may read stands first: it is what an agent knows and the assistant could not say."""
    found: list[dict[str, Any]] = []
    for audience in ("staff", "customer"):
        reply, looked = await _answer(db, engine, workspace_id, asked, audience)
        if reply is not None:
            found.append(await _of_knowledge(db, workspace_id, reply))
        if audience == "staff" and not any(one["is_internal"] for one in found):
            found += await _of_staff(db, workspace_id, looked)
    async with db.transaction(workspace_id) as tx:
        now = await collect(tx, workspace_id, conversation_id)
    if now is not None and now.facts["orders"]:
        found += await order_words(db, shops, workspace_id, now.facts, asked.language)
    kept: dict[str, dict[str, Any]] = {}
    for one in found:
        kept.setdefault(one["text"], one)
    return sorted(kept.values(), key=lambda one: not one["is_internal"])[:MOST]


async def _answer(
    db: Database, engine: Engine, workspace_id: int, asked: _Asked, audience: str
) -> tuple[Reply | None, Reply | None]:
    """To the last words; where they ask nothing that is known, each message alone and then what was asked before.

    The second is the one to the last words, whether it is an answer or not: what it looked at may help.
    """
    looked: Reply | None = None
    alone = [(text,) for text in reversed(asked.texts)] if len(asked.texts) > 1 else []
    for texts in (asked.texts, *alone, *((text,) for text in asked.before)):
        reply = await answer_unseen(
            db,
            engine,
            workspace_id,
            texts,
            shop_id=asked.shop_id,
            language=asked.language,
            history=asked.history if texts == asked.texts else (),
            settings={"audience": audience},
        )
        if _is_an_answer(reply):
            return reply, looked or reply
        looked = looked or reply
    return None, looked


def _is_an_answer(reply: Reply) -> bool:
    """Quoted knowledge, or what a tool found out; never "I do not know" or a sentence that only hands over."""
    worked = any(call[1] == "ok" for call in reply.trace.get("tools") or [])
    return bool(reply.text) and reply.hand_off is None and (bool(reply.citations) or worked) and not reply.gap


async def _of_knowledge(db: Database, workspace_id: int, reply: Reply) -> dict[str, Any]:
    cited = [int(one["passage_id"]) for one in reply.citations if one.get("passage_id")]
    async with db.transaction(workspace_id) as tx:
        is_internal = bool(await tx.fetchval(_STAFF, workspace_id, cited))
    titles: Sequence[str] = list(dict.fromkeys(one["title"] for one in reply.citations))
    source = "、".join(titles[:2])
    return {
        "kind": "knowledge",
        "text": _MARK.sub("", reply.text).strip(),
        "source": source,
        "is_internal": is_internal,
    }


async def _of_staff(db: Database, workspace_id: int, looked: Reply | None) -> list[dict[str, Any]]:
    """The best of what only the staff may read among what was looked at, where it is nearly as good as the best of all."""
    seen = [] if looked is None else looked.trace.get("found") or []
    best = max((one[3] for one in seen), default=0.0)
    near = [one[0] for one in seen if one[3] >= NEARLY * best]
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow(_STAFF_PASSAGE, workspace_id, near)
    if row is None:
        return []
    return [
        {
            "kind": "knowledge",
            "text": row["text"][:LONGEST],
            "source": _ENDING.sub("", row["name"]),
            "is_internal": True,
        }
    ]


async def _remember(
    db: Database, workspace_id: int, conversation_id: int, through_seq: int, items: list[dict[str, Any]]
) -> None:
    """An older message never replaces what was worked out for a newer one."""
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "insert into suggestions (workspace_id, conversation_id, through_seq, items) values ($1, $2, $3, $4)"
            " on conflict (workspace_id, conversation_id) do update set through_seq = excluded.through_seq,"
            " items = excluded.items, created_at = now() where suggestions.through_seq <= excluded.through_seq",
            workspace_id,
            conversation_id,
            through_seq,
            items,
        )
