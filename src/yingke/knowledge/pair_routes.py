"""Search, gaps and the sample file over HTTP."""

from datetime import datetime
from importlib.resources import files as package_files
from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.kit.text import clean_text
from yingke.knowledge.document_routes import READ, TAGS, WRITE, read_audience
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.gaps import list_gaps, read_place, resolve_gap
from yingke.knowledge.library import Library
from yingke.knowledge.search import search
from yingke.workspaces.caller import Caller
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]


class FoundPassage(Struct):
    """Scores 0..1; `rank` from 1."""

    passage_id: str
    document_id: str | None
    document: str
    heading: str
    text: str
    score: float
    lexical: float
    vector: float
    rank: int


class GapView(Struct):
    id: str
    shop_id: str
    question: str
    times: int
    last_at: datetime
    conversation_id: str | None


class Resolution(Struct):
    """Without an answer the gap is only put aside."""

    answer: str | None = None


@get("/v1/knowledge/search", guards=READ, tags=TAGS)
async def get_search(
    library: Library,
    rates: Rates,
    caller: Caller,
    q: str,
    shop_id: str | None = None,
    audience: str | None = None,
    limit: int = 10,
) -> Page[FoundPassage]:
    """What the assistant would find. `audience` staff (default) or customer: what a customer's answer may use."""
    rates.check(f"search:{caller.workspace_id}", rate=20, burst=100)
    asked = clean_text(q, 1000, field="q", min_chars=1)
    hits = await search(
        library,
        caller.workspace_id,
        asked,
        shop_id=read_id(shop_id) if shop_id else None,
        audience=read_audience(audience or "staff"),
        limit=min(max(limit, 1), 50),
    )
    return Page(
        [
            FoundPassage(
                show_id(hit.entry.id),
                show_id(hit.entry.document_id) if hit.entry.document_id is not None else None,
                hit.entry.document_title,
                hit.entry.heading,
                hit.entry.text,
                round(hit.score, 4),
                round(hit.word_score, 4),
                round(hit.vector_score, 4),
                hit.rank,
            )
            for hit in hits
        ],
        None,
    )


@get("/v1/knowledge/gaps", guards=READ, tags=TAGS)
async def get_gaps(db: Database, caller: Caller, limit: int = 100, after: str | None = None) -> Page[GapView]:
    """The most asked first."""
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_gaps(tx, caller.workspace_id, read_place(after), limit + 1)
    views = [
        GapView(
            show_id(row["id"]),
            show_id(row["shop_id"]),
            row["question"],
            row["times"],
            row["last_at"],
            show_id(row["conversation_id"]) if row["conversation_id"] is not None else None,
        )
        for row in rows[:limit]
    ]
    return Page(views, f"{views[-1].times}-{views[-1].id}" if len(rows) > limit else None)


@post("/v1/knowledge/gaps/{id:str}/resolution", guards=WRITE, tags=TAGS, status_code=204)
async def post_resolution(id: str, data: Resolution, db: Database, encoder: Encoder, caller: Caller) -> None:
    """With an answer the gap becomes a QA pair."""
    await resolve_gap(db, encoder, caller, read_id(id), data.answer)


@get("/v1/knowledge/sample", guards=READ, tags=TAGS)
async def get_sample(request: Asking) -> Response[bytes]:
    """A small document to try the product with; drop it where your own would go."""
    is_english = asked_language(request.headers) == "en"
    name = "sample_file.en.md" if is_english else "sample_file.zh.md"
    content = package_files("yingke.knowledge").joinpath(name).read_bytes()
    # RFC 6266: the plain name for old programs, the real one beside it.
    shown = "filename=sample.md; filename*=UTF-8''" + (
        "sample-faq.md" if is_english else "%E7%A4%BA%E4%BE%8B%E5%B8%B8%E8%A7%81%E9%97%AE%E9%A2%98.md"
    )
    return Response(
        content, media_type="text/markdown; charset=utf-8", headers={"Content-Disposition": f"attachment; {shown}"}
    )


ROUTES = [get_search, get_gaps, post_resolution, get_sample]
