"""HTTP: the rules of hand-over, their versions, one message tried on them, and a draft tried on the past."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, delete, get, post, put
from msgspec import Meta, Struct

from yingke.app.rule_sets import RULE_SETS
from yingke.assistants.intents.labels import INTENTS
from yingke.conversations.link_files import link_files
from yingke.conversations.queries import get_states
from yingke.conversations.shape_conversation import shape_conversation
from yingke.conversations.shapes import ConversationView
from yingke.kit.db import Database, Transaction
from yingke.kit.files import Files
from yingke.kit.ids import read_id, show_id
from yingke.kit.secrets import Secrets
from yingke.routing.rules import lists
from yingke.routing.rules.compiled import RuleList
from yingke.routing.rules.explain import explain
from yingke.routing.rules.facts import Facts
from yingke.routing.rules.overlap import find_hidden
from yingke.routing.rules.rule import Rule
from yingke.routing.rules.trial import Case, Trial, get_trial, start_trial
from yingke.workspaces.caller import Caller
from yingke.workspaces.creating import create_once
from yingke.workspaces.require import require

Asking = Request[Any, Any, Any]
READ = [require(role="agent", scope="conversations:read")]
ADMIN = [require(role="admin")]
TAGS = ["rules"]
Names = dict[str, tuple[str, str]]
Kind = Literal["newly", "no_longer", "same", "all"]


class RuleView(Struct):
    """`says` explains the rule; `hidden_by` is a rule above it that always comes first."""

    rule: Rule
    says_zh: str
    says_en: str
    hidden_by: str | None = None


class RuleListView(Struct):
    id: str
    number: int
    state: Literal["draft", "live", "past"]
    rules: list[RuleView]
    note: str
    made_by: str | None
    made_at: datetime
    live_at: datetime | None


class RulesView(Struct):
    """Both null: the assistant hands over by its own rules only (asked for, danger, anger, complaint)."""

    live: RuleListView | None
    draft: RuleListView | None


class RuleSetView(Struct):
    """A list to begin with."""

    key: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    rules: list[RuleView]


class RuleListsPage(Struct):
    items: list[RuleListView]
    next: str | None = None


class RuleDraftBody(Struct):
    """`rules` in their order; see the shapes of RuleView.rule."""

    rules: list[Any]


class RuleLiveBody(Struct):
    note: Annotated[str, Meta(max_length=200)] = ""


class RuleCheckBody(Struct):
    """One imagined message. What is left out is not known; `after_answer` also asks the rules that need an answer."""

    text: Annotated[str, Meta(min_length=1, max_length=2000)]
    rules: list[Any]
    shop_id: str | None = None
    intent: str | None = None
    mood: str | None = None
    level: str | None = None
    order_minor: int | None = None
    confidence: float | None = None
    failed_turns: int = 0
    messages: int = 1
    is_open: bool = True
    language: str = "zh"


class RuleCheckView(Struct):
    """The rule that holds, or none."""

    rule_id: str | None
    name: str | None


class RuleTrialBody(Struct):
    rules: list[Any]
    days: Annotated[int, Meta(ge=1, le=90)] = 7


class RuleTrialStarted(Struct):
    id: str


class RuleCount(Struct):
    rule_id: str
    name: str
    count: int


class RuleTrialView(Struct):
    """`handed` by the draft, `handed_now` by the list in force, of `looked_at` conversations."""

    id: str
    state: Literal["running", "done", "failed"]
    since: datetime
    looked_at: int
    handed: int
    handed_now: int
    newly: int
    no_longer: int
    by_rule: list[RuleCount]


class RuleTrialCase(Struct):
    """`seq` is the message at which the draft hands over, or at which the list in force did."""

    conversation: ConversationView
    seq: int
    rule_id: str | None
    rule_id_now: str | None


class RuleTrialPage(Struct):
    items: list[RuleTrialCase]
    next: str | None


@get("/v1/rules", guards=READ, tags=TAGS)
async def get_rules(db: Database, caller: Caller) -> RulesView:
    async with db.transaction(caller.workspace_id) as tx:
        names = await _names(tx, caller.workspace_id)
        live = await lists.find_list(tx, caller.workspace_id, "live")
        draft = await lists.find_list(tx, caller.workspace_id, "draft")
    return RulesView(_list(live, names) if live else None, _list(draft, names) if draft else None)


@get("/v1/rules/sets", guards=READ, tags=TAGS)
async def get_rule_sets(caller: Caller) -> list[RuleSetView]:
    """Lists to begin with, cautious to bold; nothing is stored."""
    names: Names = {f"intent:{label}": both for label, both in INTENTS.items()}
    return [RuleSetView(one.key, *one.name, *one.text, [_rule(rule, names) for rule in one.rules]) for one in RULE_SETS]


@put("/v1/rules/draft", guards=ADMIN, tags=TAGS)
async def put_draft(data: RuleDraftBody, db: Database, caller: Caller) -> RuleListView:
    """Nothing changes for customers before the draft is switched on."""
    rules = lists.check_rules(data.rules)
    async with db.transaction(caller.workspace_id) as tx:
        saved = await lists.save_draft(tx, caller, rules)
        return _list(saved, await _names(tx, caller.workspace_id))


@delete("/v1/rules/draft", guards=ADMIN, tags=TAGS)
async def delete_draft(db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await lists.drop_draft(tx, caller)


@post("/v1/rules/live", guards=ADMIN, tags=TAGS, status_code=200)
async def post_live(data: RuleLiveBody, db: Database, caller: Caller) -> RuleListView:
    """Switches the draft on, everywhere within five seconds. 409 `no_draft`."""
    async with db.transaction(caller.workspace_id) as tx:
        live = await lists.go_live(tx, caller, data.note)
        return _list(live, await _names(tx, caller.workspace_id))


@get("/v1/rules/versions", guards=READ, tags=TAGS)
async def get_versions(db: Database, caller: Caller) -> RuleListsPage:
    """The last fifty lists that were live, newest first."""
    async with db.transaction(caller.workspace_id) as tx:
        names = await _names(tx, caller.workspace_id)
        return RuleListsPage([_list(one, names) for one in await lists.list_lists(tx, caller.workspace_id)])


@post("/v1/rules/versions/{id:str}/restoration", guards=ADMIN, tags=TAGS, status_code=200)
async def post_restoration(id: str, db: Database, caller: Caller) -> RuleListView:
    """An earlier list is live again."""
    async with db.transaction(caller.workspace_id) as tx:
        live = await lists.roll_back(tx, caller, read_id(id))
        return _list(live, await _names(tx, caller.workspace_id))


@post("/v1/rules/check", guards=READ, tags=TAGS, status_code=200)
async def post_check(data: RuleCheckBody, caller: Caller) -> RuleCheckView:
    """Which of these rules would hold for one imagined message. Nothing is stored."""
    rules = RuleList(lists.check_rules(data.rules))
    before = Facts(
        text=data.text,
        shop_id=read_id(data.shop_id) if data.shop_id else 0,
        now=datetime.now(UTC),
        language=data.language,
        is_open=data.is_open,
        level=data.level,
        intent=data.intent,
        mood=data.mood,
        order_minor=data.order_minor,
        messages=data.messages,
        has_answer=True,
        confidence=data.confidence,
        failed_turns=data.failed_turns,
    )
    found = rules.find(before)
    return RuleCheckView(found.id if found else None, found.name if found else None)


@post("/v1/rules/trials", guards=ADMIN, tags=TAGS)
async def post_trial(data: RuleTrialBody, request: Asking, db: Database, caller: Caller) -> Response[RuleTrialStarted]:
    """Tries these rules on the conversations of the last days, beside the list in force; runs in the background."""
    rules = lists.check_rules(data.rules)

    async def work(tx: Transaction) -> RuleTrialStarted:
        since = datetime.now(UTC) - timedelta(days=data.days)
        return RuleTrialStarted(show_id(await start_trial(tx, caller, rules, since)))

    return await create_once(db, caller, request, msgspec.to_builtins(data), RuleTrialStarted, work)


@get("/v1/rules/trials/{id:str}", guards=READ, tags=TAGS)
async def get_one_trial(id: str, db: Database, caller: Caller) -> RuleTrialView:
    async with db.transaction(caller.workspace_id) as tx:
        return _trial(await get_trial(tx, caller.workspace_id, read_id(id)))


@get("/v1/rules/trials/{id:str}/conversations", guards=READ, tags=TAGS)
async def get_trial_conversations(
    id: str,
    db: Database,
    files: Files,
    secrets: Secrets,
    caller: Caller,
    kind: Kind = "all",
    rule_id: str | None = None,
    after: str | None = None,
    limit: Annotated[int, Meta(ge=1, le=200)] = 50,
) -> RuleTrialPage:
    """The cases behind a number of the trial, oldest first."""
    async with db.transaction(caller.workspace_id) as tx:
        trial = await get_trial(tx, caller.workspace_id, read_id(id))
        start = read_id(after) if after else 0
        wanted = [one for one in trial.cases if one.conversation_id > start and _is_kind(one, kind, rule_id)]
        shown = wanted[:limit]
        ids = [one.conversation_id for one in shown]
        rows = {row["id"]: row for row in await get_states(tx, caller.workspace_id, ids)}
    link = link_files(files, secrets, caller.workspace_id)
    items = [
        RuleTrialCase(
            msgspec.convert(shape_conversation(rows[one.conversation_id], None, link), ConversationView),
            one.seq,
            one.draft,
            one.live,
        )
        for one in shown
        if one.conversation_id in rows
    ]
    return RuleTrialPage(items, show_id(ids[-1]) if len(wanted) > limit else None)


def _is_kind(case: Case, kind: Kind, rule_id: str | None) -> bool:
    if rule_id is not None and case.draft != rule_id:
        return False
    if kind == "newly":
        return case.draft is not None and case.live is None
    if kind == "no_longer":
        return case.draft is None and case.live is not None
    return kind == "all" or (case.draft is not None and case.live is not None)


def _trial(trial: Trial) -> RuleTrialView:
    counted = {rule.id: sum(one.draft == rule.id for one in trial.cases) for rule in trial.rules}
    return RuleTrialView(
        show_id(trial.id),
        trial.state,  # type: ignore[arg-type]
        trial.since,
        trial.looked_at,
        sum(one.draft is not None for one in trial.cases),
        sum(one.live is not None for one in trial.cases),
        sum(_is_kind(one, "newly", None) for one in trial.cases),
        sum(_is_kind(one, "no_longer", None) for one in trial.cases),
        [RuleCount(rule.id, rule.name, counted[rule.id]) for rule in trial.rules],
    )


async def _names(tx: Transaction, workspace_id: int) -> Names:
    names: Names = {f"intent:{label}": both for label, both in INTENTS.items()}
    for row in await tx.fetch("select id, name from agent_groups where workspace_id = $1", workspace_id):
        names[f"group:{row['id']}"] = (row["name"], row["name"])
    for row in await tx.fetch("select id, name from shops where workspace_id = $1", workspace_id):
        names[f"shop:{row['id']}"] = (row["name"], row["name"])
    return names


def _list(listed: lists.Listed, names: Names) -> RuleListView:
    hidden = find_hidden(listed.rules)
    return RuleListView(
        show_id(listed.id),
        listed.number,
        listed.state,  # type: ignore[arg-type]
        [_rule(rule, names, hidden.get(rule.id)) for rule in listed.rules],
        listed.note,
        show_id(listed.made_by) if listed.made_by is not None else None,
        listed.made_at,
        listed.live_at,
    )


def _rule(rule: Rule, names: Names, hidden_by: str | None = None) -> RuleView:
    return RuleView(rule, *explain(rule, names), hidden_by)


ROUTES = [
    get_rules, get_rule_sets, put_draft, delete_draft, post_live, get_versions, post_restoration, post_check, post_trial,
    get_one_trial, get_trial_conversations,
]  # fmt: skip
