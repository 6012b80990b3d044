"""Asking without a conversation, and opening a trace."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, get, post
from msgspec import Meta, Struct, field

from yingke.assistants.ask import ask, intent_of, skill_of
from yingke.assistants.assist import routes as assist_routes
from yingke.assistants.engine import Engine, Said
from yingke.assistants.evaluate import routes as evaluate_routes
from yingke.assistants.guarding import danger_routes
from yingke.assistants.help import routes as help_routes
from yingke.assistants.own_tools import routes as own_tool_routes
from yingke.assistants.replay import Otherwise, ReplayView, replay
from yingke.assistants.shadow import routes as shadow_routes
from yingke.assistants.team_versions import routes as team_routes
from yingke.assistants.trace_view import TraceView, get_trace
from yingke.conversations.shapes import CitationView, MakerView
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database
from yingke.kit.errors import bad_input
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings
from yingke.kit.text import clean_text
from yingke.knowledge.entry import Audience
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

Asking = Request[Any, Any, Any]
MOST_SAID = 20


class Earlier(Struct):
    """`from`: contact, assistant or agent."""

    text: str
    author: Literal["contact", "assistant", "agent"] = field(name="from", default="contact")


class AskWish(Struct):
    question: str
    shop_id: str | None = None
    language: Annotated[str, Meta(max_length=20)] | None = None
    history: Annotated[list[Earlier], Meta(max_length=MOST_SAID)] = []
    at: datetime | None = None
    """Answers from what is valid at this moment: before a promotion begins, or after it has ended."""


class ReplayWish(Struct):
    """What is to be different; whatever is left out stays as it is for customers now."""

    knowledge: Literal["now"] = "now"
    at: datetime | None = None
    threshold: Annotated[float, Meta(ge=0.05, le=0.95)] | None = None
    engine: Literal["embedded", "chat"] | None = None
    audience: Audience = "customer"


class AskView(Struct):
    """`confidence` 0..1, null where nothing was searched; `mood` is upset or null; `citations` as in messages."""

    answer: str
    citations: list[CitationView]
    confidence: float | None
    skill: str
    intent: str | None
    mood: str | None
    handed_off: bool
    trace_id: str | None
    generated_by: MakerView | None
    degraded_level: int
    offers_person: bool


@post("/v1/ask", guards=[require(role="agent", scope="ask")], tags=["assistants"], status_code=200)
async def post_ask(
    data: AskWish, request: Asking, db: Database, engine: Engine, rates: Rates, settings: Settings, caller: Caller
) -> AskView:
    """Answers as the assistant would in a conversation. `handed_off`: in a conversation a person would take over."""
    rates.check(f"ask:{caller.workspace_id}", rate=50, burst=500)
    question = clean_text(data.question, settings.max_message_chars, field="question", min_chars=1)
    history = tuple(
        Said(said.author, clean_text(said.text, settings.max_message_chars, field="history")) for said in data.history
    )
    asked = await ask(
        db,
        engine,
        caller.workspace_id,
        (question,),
        shop_id=read_id(data.shop_id) if data.shop_id else None,
        language=data.language or asked_language(request.headers),
        history=history,
        at=_aware(data.at),
    )
    reply = asked.reply
    if reply is None:
        return AskView(asked.answer, [], None, "hand_off", "wants_person", None, True, None, None, 0, False)
    intent = intent_of(reply)
    return AskView(
        answer=asked.answer,
        citations=msgspec.convert(reply.citations, list[CitationView]),
        confidence=reply.trace["decision"]["confidence"] if reply.trace.get("found") else None,
        skill=skill_of(reply),
        intent=intent,
        mood="upset" if intent in ("complaint", "abuse") else None,
        handed_off=False,
        trace_id=show_id(asked.trace_id) if asked.trace_id is not None else None,
        generated_by=msgspec.convert(reply.generated_by, MakerView),
        degraded_level=reply.degraded_level,
        offers_person=reply.offers_person,
    )


@get("/v1/traces/{id:str}", guards=[require(role="agent", scope="conversations:read")], tags=["assistants"])
async def get_one_trace(id: str, db: Database, caller: Caller) -> TraceView:
    async with db.transaction(caller.workspace_id) as tx:
        return await get_trace(tx, caller.workspace_id, read_id(id))


@post(
    "/v1/traces/{id:str}/replay",
    guards=[require(role="agent", scope="conversations:read")],
    tags=["assistants"],
    status_code=200,
)
async def post_replay(
    id: str, data: ReplayWish, db: Database, engine: Engine, rates: Rates, caller: Caller
) -> ReplayView:
    """The same question answered anew; nothing is stored and nobody but the asker sees it."""
    rates.check(f"ask:{caller.workspace_id}", rate=50, burst=500)
    otherwise = Otherwise(_aware(data.at), data.threshold, data.engine, data.audience)
    return await replay(db, engine, caller.workspace_id, read_id(id), otherwise)


def _aware(at: datetime | None) -> datetime | None:
    """A moment without a zone is refused: a day's beginning depends on it."""
    if at is not None and at.tzinfo is None:
        raise bad_input({"at": "needs a time zone / 需要带时区"})
    return at


ROUTES = [
    post_ask,
    get_one_trace,
    post_replay,
    *evaluate_routes.ROUTES,
    *shadow_routes.ROUTES,
    *danger_routes.ROUTES,
    *help_routes.ROUTES,
    *assist_routes.ROUTES,
    *team_routes.ROUTES,
    *own_tool_routes.ROUTES,
]
