"""The merchant's rules of hand-over, asked twice in a turn: before anybody speaks, and when there is an answer."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from yingke.assistants.engine import Question, Reply
from yingke.assistants.reception import BY_RULE
from yingke.assistants.turns import Turn
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.knowledge.languages import read_language
from yingke.routing.modes import Receptions
from yingke.routing.rules.compiled import RuleList
from yingke.routing.rules.facts import Facts
from yingke.routing.rules.live_rules import LiveRules
from yingke.routing.rules.rule import Failed, Feels, IsLevel, MessagesFrom, OnChannel, OrderWorth, Rule

STORED = (Failed, Feels, IsLevel, MessagesFrom, OnChannel, OrderWorth)
"""Conditions that ask for what the database keeps; without them a turn costs no query."""
_STORED = """
select c.contact_messages, c.understood, a.channel, case when k.claims_verified then k.level end as level,
  (select max(coalesce(o.paid_minor, o.total_minor)) from order_links l join orders o on o.workspace_id = l.workspace_id
     and o.id = l.order_id where l.workspace_id = c.workspace_id and l.conversation_id = c.id) as order_minor,
  (select count(*) from messages m where m.conversation_id = c.id and m.author = 'assistant'
     and m.payload->>'unanswered' = 'true' and m.seq > coalesce((select max(n.seq) from messages n
       where n.conversation_id = c.id and n.author = 'assistant' and n.payload->>'unanswered' is null), 0)) as failed
from conversations c join channel_accounts a on a.workspace_id = c.workspace_id and a.id = c.channel_account_id
join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
join contacts k on k.workspace_id = c.workspace_id and k.id = i.contact_id
where c.workspace_id = $1 and c.id = $2
"""


class RulesAtWork:
    """One per process."""

    def __init__(self, db: Database, receptions: Receptions) -> None:
        self._db = db
        self._receptions = receptions
        self._live = LiveRules(db)

    async def before(self, question: Question, turn: Turn) -> Rule | None:
        """The rule that hands over without a word of the assistant."""
        return await self._find(question, turn, None)

    async def after(self, question: Question, turn: Turn, reply: Reply) -> Rule | None:
        """The rule that holds now that intent, mood, sureness and what tools said are known."""
        return await self._find(question, turn, reply)

    async def group_of(self, workspace_id: int, reason: str) -> int | None:
        """Whose a conversation is when it is handed over for `reason`; None where no rule names a group."""
        if not reason.startswith(BY_RULE):
            return None
        rule_id = reason.removeprefix(BY_RULE).partition(":")[0]
        rules = (await self._live.of(workspace_id)).rules
        group = next((rule.group_id for rule in rules if rule.id == rule_id), None)
        return int(group) if group is not None else None

    async def _find(self, question: Question, turn: Turn, reply: Reply | None) -> Rule | None:
        rules = await self._live.of(turn.workspace_id)
        if not rules.rules:
            return None
        found = rules.find(await self._facts(rules, question, turn, reply))
        return None if found is None or found.act == "let_answer" else found

    async def _facts(self, rules: RuleList, question: Question, turn: Turn, reply: Reply | None) -> Facts:
        now = await self._receptions.of(turn.workspace_id, turn.shop_id)
        text = "\n".join(question.texts)
        facts = Facts(
            text=text,
            shop_id=turn.shop_id,
            now=datetime.now(UTC).astimezone(ZoneInfo(now.time_zone)),
            language=read_language(text, question.language),
            is_open=now.staffing.is_open,
            **_told(reply),
        )
        needs = any(isinstance(one, STORED) for rule in rules.rules if rule.is_on for one in rule.conditions)
        return await self._with_stored(facts, turn, reply) if needs else facts

    async def _with_stored(self, facts: Facts, turn: Turn, reply: Reply | None) -> Facts:
        try:
            async with self._db.transaction(turn.workspace_id) as tx:
                row = await tx.fetchrow(_STORED, turn.workspace_id, turn.conversation_id)
        except Problem:
            return facts
        if row is None:
            return facts
        moods = tuple(label for _, label in (row["understood"] or {}).get("moods") or ())
        is_unanswered = reply is not None and reply.gap is not None
        return replace(
            facts,
            channel=row["channel"],
            level=row["level"],
            messages=row["contact_messages"],
            moods=moods,
            order_minor=row["order_minor"],
            failed_turns=row["failed"] + 1 if is_unanswered else 0,
        )


def _told(reply: Reply | None) -> dict[str, Any]:
    if reply is None:
        return {}
    trace = reply.trace
    intent, mood = trace.get("intent") or [None], trace.get("mood") or [None]
    return {
        "intent": intent[0],
        "mood": mood[0],
        "has_answer": True,
        "confidence": (trace.get("decision") or {}).get("confidence"),
        "outcomes": tuple(call[1] for call in trace.get("tools") or ()),
    }
