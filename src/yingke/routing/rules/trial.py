"""A list of rules tried on the conversations of the past days, beside the list in force: what would have been different."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from yingke.kit.db import Database, JsonList, Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job, enqueue
from yingke.routing.rules.compiled import RuleList
from yingke.routing.rules.facts import Facts
from yingke.routing.rules.lists import live_rules, read_rules
from yingke.routing.rules.rule import Rule
from yingke.workspaces.caller import Caller
from yingke.workspaces.hours import opening

KIND = "rule_trial"
PAGE = 200
MOST = 5000
KEPT = 2000
"""Conversations that a trial looks at, and cases that it keeps to open."""

_CONVERSATIONS = """
select c.id, c.shop_id, a.channel, c.language, c.understood, case when k.claims_verified then k.level end as level, s.hours, w.time_zone
from conversations c join shops s on s.workspace_id = c.workspace_id and s.id = c.shop_id
join workspaces w on w.id = c.workspace_id
join channel_accounts a on a.workspace_id = c.workspace_id and a.id = c.channel_account_id
join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
join contacts k on k.workspace_id = c.workspace_id and k.id = i.contact_id
where c.workspace_id = $1 and c.created_at >= $2 and c.id > $3 and c.contact_messages > 0 order by c.id limit $4
"""
_MESSAGES = """
select conversation_id, seq, text, created_at from messages
where conversation_id = any($1) and author = 'contact' and text is not null order by conversation_id, seq
"""
_TRACES = """
select conversation_id, through_seq, data from traces
where workspace_id = $1 and conversation_id = any($2) and through_seq is not null order by conversation_id, through_seq
"""
_ORDERS = """
select l.conversation_id, max(coalesce(o.paid_minor, o.total_minor)) as order_minor from order_links l
join orders o on o.workspace_id = l.workspace_id and o.id = l.order_id
where l.workspace_id = $1 and l.conversation_id = any($2) group by 1
"""


@dataclass
class Case:
    """`draft` and `live` are ids of rules, None where none held; `seq` is the message at which the draft acts."""

    conversation_id: int
    seq: int
    draft: str | None
    live: str | None


@dataclass
class _Talk:
    """One conversation with its turns: (seq, facts before and after the answer)."""

    row: Any
    turns: list[tuple[int, Facts, Facts]] = field(default_factory=list)


async def start_trial(tx: Transaction, caller: Caller, rules: list[Rule], since: datetime) -> int:
    """Runs as a job; the id of the trial."""
    trial_id = await tx.fetchval(
        "insert into rule_trials (workspace_id, rules, since, started_by) values ($1, $2, $3, $4) returning id",
        caller.workspace_id,
        JsonList(msgspec.to_builtins(rules)),
        since,
        caller.agent_id,
    )
    await enqueue(
        tx,
        caller.workspace_id,
        kind=KIND,
        lane=f"{KIND}:{caller.workspace_id}",
        ref=show_id(trial_id),
        data={"trial_id": trial_id},
        priority=10,
    )
    return int(trial_id)


async def run_trial(db: Database, job: Job) -> None:
    """The handler. After a kill it goes on behind the last page that was kept."""
    workspace_id, trial_id = job.workspace_id, int(job.data["trial_id"])
    while await _page(db, workspace_id, trial_id):
        pass


async def _page(db: Database, workspace_id: int, trial_id: int) -> bool:
    """Two hundred conversations in one transaction; False when there are none left."""
    async with db.transaction(workspace_id) as tx:
        trial = await tx.fetchrow(
            "select rules, since, after_id, looked_at, cases from rule_trials where id = $1 and state = 'running' for update",
            trial_id,
        )
        if trial is None:
            return False
        talks = await _talks(tx, workspace_id, trial["since"], trial["after_id"])
        draft, live = RuleList(read_rules(trial["rules"])), RuleList(await live_rules(tx, workspace_id))
        cases = [case for talk in talks if (case := _try(talk, draft, live)) is not None]
        kept = [[str(one.conversation_id), one.seq, one.draft, one.live] for one in cases]
        looked = trial["looked_at"] + len(talks)
        is_over = len(talks) < PAGE or looked >= MOST
        await tx.execute(
            "update rule_trials set looked_at = $2, after_id = $3, cases = $4, state = $5,"
            " finished_at = case when $5 = 'done' then now() end where id = $1",
            trial_id,
            looked,
            talks[-1].row["id"] if talks else trial["after_id"],
            JsonList([*trial["cases"], *kept][:KEPT]),
            "done" if is_over else "running",
        )
    return not is_over


async def _talks(tx: Transaction, workspace_id: int, since: datetime, after: int) -> list[_Talk]:
    rows = await tx.fetch(_CONVERSATIONS, workspace_id, since, after, PAGE)
    ids = [row["id"] for row in rows]
    said: dict[int, list[Any]] = defaultdict(list)
    for message in await tx.fetch(_MESSAGES, ids):
        said[message["conversation_id"]].append(message)
    traced: dict[int, list[Any]] = defaultdict(list)
    for trace in await tx.fetch(_TRACES, workspace_id, ids):
        traced[trace["conversation_id"]].append(trace)
    orders = {row["conversation_id"]: row["order_minor"] for row in await tx.fetch(_ORDERS, workspace_id, ids)}
    return [_talk(row, said[row["id"]], traced[row["id"]], orders.get(row["id"])) for row in rows]


def _talk(row: Any, messages: list[Any], traces: list[Any], order_minor: int | None) -> _Talk:
    """Each answer covers the messages up to its seq; what nobody answered is looked at by its words alone."""
    talk = _Talk(row)
    zone = ZoneInfo((row["hours"] or {}).get("time_zone") or row["time_zone"])
    moods: list[str] = []
    failed = written = 0
    left = list(messages)
    for trace in [*traces, None]:
        turn = [one for one in left if trace is None or one["seq"] <= trace["through_seq"]]
        left = left[len(turn) :]
        if not turn:
            continue
        written += len(turn)
        at = turn[-1]["created_at"]
        before = Facts(
            text="\n".join(one["text"] for one in turn),
            shop_id=row["shop_id"],
            now=at.astimezone(zone),
            channel=row["channel"],
            language=row["language"].split("-")[0],
            is_open=opening(row["hours"], row["time_zone"], at).is_open,
            level=row["level"],
            moods=tuple(moods),
            order_minor=order_minor,
            messages=written,
        )
        after = _after(before, trace["data"], failed) if trace is not None else _unseen(before, row["understood"] or {})
        talk.turns.append((turn[-1]["seq"], before, after))
        failed = after.failed_turns
        moods += [after.mood] if after.mood else []
    return talk


def _unseen(before: Facts, understood: dict[str, Any]) -> Facts:
    """A turn whose answer left no trace (a person's, or none): what was understood of the talk, and nothing of an answer."""
    earlier = tuple(mood for _, mood in understood.get("moods", [])[:-1])
    return replace(
        before,
        intent=understood.get("intent"),
        mood=understood.get("mood"),
        moods=before.moods or earlier,
        has_answer=True,
    )


def _after(before: Facts, data: dict[str, Any], failed: int) -> Facts:
    decision = data.get("decision") or {}
    intent, mood = data.get("intent") or [None], data.get("mood") or [None]
    is_none = decision.get("answer") is False and not data.get("tools")
    return replace(
        before,
        intent=intent[0] if isinstance(intent, list) else intent,
        mood=mood[0] if isinstance(mood, list) else mood,
        has_answer=True,
        confidence=decision.get("confidence"),
        failed_turns=failed + 1 if is_none else 0,
        outcomes=tuple(call[1] for call in data.get("tools") or ()),
        language=data.get("language") or before.language,
    )


def _try(talk: _Talk, draft: RuleList, live: RuleList) -> Case | None:
    """The first turn at which the draft hands over, else that at which the list in force does; None for neither."""
    by_draft, by_live = _first(talk, draft), _first(talk, live)
    found = by_draft or by_live
    if found is None:
        return None
    return Case(talk.row["id"], found[0], by_draft[1] if by_draft else None, by_live[1] if by_live else None)


def _first(talk: _Talk, rules: RuleList) -> tuple[int, str] | None:
    for seq, before, after in talk.turns:
        for facts in (before, after):
            rule = rules.find(facts)
            if rule is not None and rule.act != "let_answer":
                return seq, rule.id
    return None


@dataclass(frozen=True)
class Trial:
    id: int
    state: str
    since: datetime
    looked_at: int
    rules: list[Rule]
    cases: list[Case]
    started_at: datetime
    finished_at: datetime | None


async def get_trial(tx: Transaction, workspace_id: int, trial_id: int) -> Trial:
    """Raises 404."""
    row = await tx.fetchrow(
        "select id, state, since, looked_at, rules, cases, started_at, finished_at from rule_trials"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        trial_id,
    )
    if row is None:
        raise not_found()
    cases = [Case(int(one[0]), one[1], one[2], one[3]) for one in row["cases"]]
    return Trial(**{**dict(row), "rules": read_rules(row["rules"]), "cases": cases})
