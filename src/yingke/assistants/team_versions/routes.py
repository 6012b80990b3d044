"""HTTP: how the assistants work, its versions, a trial beside the live one, templates, and one question tried on it."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from litestar import delete, get, post, put
from msgspec import Meta, Struct

from yingke.assistants.ask import answer_unseen
from yingke.assistants.engine import Engine
from yingke.assistants.skills.contract import Skill
from yingke.assistants.team_versions import versions
from yingke.assistants.team_versions.config import AS_BUILT, SKILLS, TOOLS, TeamConfig, Tone, check_config
from yingke.assistants.team_versions.differences import differences
from yingke.assistants.team_versions.figures import count_skills, figures_by_version
from yingke.assistants.team_versions.sentences import sentence_rows
from yingke.assistants.team_versions.templates import templates
from yingke.assistants.team_versions.version import TeamVersion
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import conflict
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

READ = [require(role="agent", scope="conversations:read")]
ADMIN = [require(role="admin")]
TAGS = ["assistants"]
DAYS = 7


class TeamChange(Struct):
    """One difference to the version before it, in words."""

    zh: str
    en: str


class TeamVersionView(Struct):
    """`percent`: the share of conversations that a candidate serves. `changes`: against the live version for the draft
    and the candidate, against the version before it for the others."""

    id: str
    number: int
    state: Literal["draft", "live", "candidate", "past"]
    config: TeamConfig
    percent: int
    note: str
    made_by: str | None
    made_by_name: str
    made_at: datetime
    began_at: datetime | None
    changes: list[TeamChange]


class TeamVersionsView(Struct):
    """`live` null: as built, and `built` says how that is."""

    live: TeamVersionView | None
    candidate: TeamVersionView | None
    draft: TeamVersionView | None
    items: list[TeamVersionView]
    built: TeamConfig
    next: str | None = None


class SkillView(Struct):
    """`served`: requests in the last seven days; `tools`: without one of them it cannot work."""

    name: str
    zh: str
    en: str
    tools: list[str]
    served: int


class ToolView(Struct):
    name: str
    zh: str
    en: str
    changes: bool


class SentenceView(Struct):
    """How a skill says it now, one of several wordings; `names` are placeholders that have to stay."""

    key: str
    skill: str
    zh: list[str]
    en: list[str]
    names: list[str]


class SkillsView(Struct):
    """`knowledge`: requests that the knowledge answered in the last seven days."""

    skills: list[SkillView]
    tools: list[ToolView]
    sentences: list[SentenceView]
    knowledge: int


class TemplateView(Struct):
    """`questions`: suggestions for the shop's chat window, language → texts."""

    key: str
    desk: str
    trade: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str
    config: TeamConfig
    questions: dict[str, list[str]]


class NoteBody(Struct):
    note: Annotated[str, Meta(max_length=200)] = ""


class RollOutBody(Struct):
    percent: Annotated[int, Meta(ge=1, le=99)]
    note: Annotated[str, Meta(max_length=200)] = ""


class RollOutEnd(Struct):
    """Which of the two serves everybody from now on."""

    keep: Literal["candidate", "live"]
    note: Annotated[str, Meta(max_length=200)] = ""


class FiguresView(Struct):
    number: int
    conversations: int
    handed_over: int
    rated: int
    good: int


class RollOutFigures(Struct):
    """Since the candidate began; empty without one."""

    since: datetime | None
    items: list[FiguresView]


class TryBody(Struct):
    """`config` is tried as it is; nothing is stored."""

    question: Annotated[str, Meta(min_length=1, max_length=1000)]
    config: TeamConfig
    shop_id: str | None = None
    language: Annotated[str, Meta(max_length=20)] = "zh-CN"


class TryView(Struct):
    """`skills` are those that answered; orders need a real conversation and are not looked at."""

    answer: str
    skills: list[str]
    handed_off: bool


@get("/v1/assistant-versions", guards=READ, tags=TAGS)
async def get_versions(db: Database, caller: Caller) -> TeamVersionsView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _all(tx, caller)


@get("/v1/assistant-skills", guards=READ, tags=TAGS)
async def get_skills(db: Database, caller: Caller, tone: Tone = "friendly") -> SkillsView:
    """What the team can do, how often it did, and its sentences in a tone."""
    async with db.transaction(caller.workspace_id) as tx:
        served = await count_skills(tx, caller.workspace_id, datetime.now(UTC) - timedelta(days=DAYS))
    return SkillsView(
        [SkillView(one.name, *one.says, list(one.tools), served.get(one.name, 0)) for one in _in_order()],
        [ToolView(one.name, *one.says, one.changes) for one in TOOLS],
        [SentenceView(**row) for row in sentence_rows(tone)],
        served.get("knowledge", 0),
    )


@get("/v1/assistant-templates", guards=READ, tags=TAGS)
async def get_templates() -> list[TemplateView]:
    return [
        TemplateView(
            one.key,
            one.desk,
            one.trade,
            *one.name,
            *one.text,
            one.config,
            {k: list(v) for k, v in one.questions.items()},
        )
        for one in templates()
    ]


@put("/v1/assistant-versions/draft", guards=ADMIN, tags=TAGS)
async def put_draft(data: TeamConfig, db: Database, caller: Caller) -> TeamVersionsView:
    async with db.transaction(caller.workspace_id) as tx:
        await versions.save_draft(tx, caller, data)
        return await _all(tx, caller)


@delete("/v1/assistant-versions/draft", guards=ADMIN, tags=TAGS)
async def delete_draft(db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await versions.discard_draft(tx, caller)


@post("/v1/assistant-versions/live", guards=ADMIN, tags=TAGS, status_code=200)
async def post_live(data: NoteBody, db: Database, caller: Caller) -> TeamVersionsView:
    """The draft serves every conversation, within ten seconds."""
    async with db.transaction(caller.workspace_id) as tx:
        await versions.go_live(tx, caller, data.note)
        return await _all(tx, caller)


@post("/v1/assistant-versions/roll-out", guards=ADMIN, tags=TAGS, status_code=200)
async def post_roll_out(data: RollOutBody, db: Database, caller: Caller) -> TeamVersionsView:
    """The draft serves a share of the conversations beside the live version; sent again, it changes the share."""
    async with db.transaction(caller.workspace_id) as tx:
        await versions.roll_out(tx, caller, data.percent, data.note)
        return await _all(tx, caller)


@post("/v1/assistant-versions/roll-out/end", guards=ADMIN, tags=TAGS, status_code=200)
async def post_roll_out_end(data: RollOutEnd, db: Database, caller: Caller) -> TeamVersionsView:
    async with db.transaction(caller.workspace_id) as tx:
        await versions.end_roll_out(tx, caller, keep_candidate=data.keep == "candidate", note=data.note)
        return await _all(tx, caller)


@get("/v1/assistant-versions/figures", guards=READ, tags=TAGS)
async def get_figures(db: Database, caller: Caller) -> RollOutFigures:
    async with db.transaction(caller.workspace_id) as tx:
        candidate = await versions.find_version(tx, caller.workspace_id, "candidate")
        if candidate is None or candidate.began_at is None:
            return RollOutFigures(None, [])
        counted = await figures_by_version(tx, caller.workspace_id, candidate.began_at)
    items = [FiguresView(one.number, one.conversations, one.handed_over, one.rated, one.good) for one in counted]
    return RollOutFigures(candidate.began_at, items)


@post("/v1/assistant-versions/{id:str}/restoration", guards=ADMIN, tags=TAGS, status_code=200)
async def post_restoration(id: str, db: Database, caller: Caller) -> TeamVersionsView:
    """An earlier version serves everybody again."""
    async with db.transaction(caller.workspace_id) as tx:
        await versions.roll_back(tx, caller, read_id(id))
        return await _all(tx, caller)


@post("/v1/assistant-versions/try", guards=ADMIN, tags=TAGS, status_code=200)
async def post_try(data: TryBody, db: Database, engine: Engine, rates: Rates, caller: Caller) -> TryView:
    """Answers one question as the team would with this config."""
    rates.check(f"ask:{caller.workspace_id}", rate=50, burst=500)
    question = data.question.strip()
    if not question:
        raise conflict("no_question", "请先写一个问题。", "Please write a question first.")
    team = TeamVersion(0, check_config(data.config))
    shop_id = read_id(data.shop_id) if data.shop_id else None
    reply = await answer_unseen(
        db, engine, caller.workspace_id, (question,), shop_id=shop_id, language=data.language, settings={"team": team}
    )
    skills = [who for _, who in reply.trace.get("skills", [])]
    is_handed = reply.hand_off is not None or "hand_off" in reply.trace
    return TryView(reply.text, list(dict.fromkeys(skills)), is_handed)


def _in_order() -> list[type[Skill]]:
    """Small talk is the least of them."""
    return sorted(SKILLS, key=lambda one: not one.tools)


async def _all(tx: Transaction, caller: Caller) -> TeamVersionsView:
    found = await versions.list_versions(tx, caller.workspace_id)
    ids = [one.made_by for one in found if one.made_by is not None]
    rows = await tx.fetch(
        "select id, work_name from agents where workspace_id = $1 and id = any($2)", caller.workspace_id, ids
    )
    names: dict[int, str] = {row["id"]: row["work_name"] for row in rows}
    live = next((one for one in found if one.state == "live"), None)
    shown: dict[int, TeamVersionView] = {}
    for place, one in enumerate(found):
        earlier: Any = live if one.state in ("draft", "candidate") else next(iter(_past(found[place + 1 :])), None)
        shown[one.id] = _view(one, earlier.config if earlier is not None else AS_BUILT, names)
    by_state = {one.state: shown[one.id] for one in found}
    return TeamVersionsView(
        by_state.get("live"),
        by_state.get("candidate"),
        by_state.get("draft"),
        [shown[one.id] for one in found if one.state != "draft"],
        AS_BUILT,
    )


def _past(found: list[versions.Version]) -> list[versions.Version]:
    """Those that served once, the newest first."""
    return [one for one in found if one.began_at is not None]


def _view(one: versions.Version, before: TeamConfig, names: dict[int, str]) -> TeamVersionView:
    return TeamVersionView(
        show_id(one.id),
        one.number,
        one.state,  # type: ignore[arg-type]
        one.config,
        one.percent,
        one.note,
        show_id(one.made_by) if one.made_by is not None else None,
        names.get(one.made_by or 0, ""),
        one.made_at,
        one.began_at,
        [TeamChange(zh, en) for zh, en in differences(before, one.config)],
    )


ROUTES = [
    get_versions, get_skills, get_templates, put_draft, delete_draft, post_live, post_roll_out, post_roll_out_end,
    get_figures, post_restoration, post_try,
]  # fmt: skip
