"""Golden questions over HTTP: keep, import, export, grow, and the gate."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Meta, Struct, field

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.redact import mask
from yingke.knowledge.document_routes import READ, WRITE
from yingke.knowledge.golden.add_golden import Expects, GoldenOrigin, NewGolden, add_golden
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.golden.check_golden import check_golden, check_links
from yingke.knowledge.golden.csv_file import export, read_csv, template
from yingke.knowledge.golden.gate import Gate, read_gate, set_gate
from yingke.knowledge.golden.grow import from_clusters, from_document, from_pairs
from yingke.knowledge.golden.questions import (
    change_golden,
    count_golden,
    delete_golden,
    get_golden,
    list_golden,
    restore_golden,
)
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

TAGS = ["golden questions"]
MOST_BYTES = 5_000_000
MOST_KEPT = 5000
Asking = Request[Any, Any, Any]
Ids = Annotated[list[str], Meta(max_length=200)]


class SaidBefore(Struct):
    text: str
    author: Literal["contact", "assistant", "agent"] = field(name="from", default="contact")


class GoldenBody(Struct):
    """`must_say`: every piece stands in a right answer, a piece may name alternatives with |."""

    question: str
    expects: Expects = "answer"
    must_say: list[str] = []
    must_not_say: list[str] = []
    history: list[SaidBefore] = []
    shop_id: str | None = None
    language: str = "zh-CN"
    document_id: str | None = None
    qa_pair_id: str | None = None
    intent: str | None = None
    note: str = ""


class GoldenView(Struct):
    """`is_passed`, `reason`, `detail` and `answer` are of the last finished run; null and empty before the first."""

    id: str
    question: str
    expects: Expects
    must_say: list[str]
    must_not_say: list[str]
    history: list[SaidBefore]
    shop_id: str | None
    language: str
    document_id: str | None
    document: str | None
    qa_pair_id: str | None
    pair: str | None
    intent: str | None
    note: str
    origin: GoldenOrigin
    created_at: datetime
    updated_at: datetime
    is_passed: bool | None
    reason: str
    detail: str
    answer: str


class GoldenPage(Struct):
    items: list[GoldenView]
    next: str | None
    total: int


class GoldenKept(Struct):
    """`ids` of the new ones; `known`: so many are kept already."""

    ids: list[str]
    known: int


class RowFaultView(Struct):
    """`row` as a spreadsheet counts; 1 is the header."""

    row: int
    field: str
    zh: str
    en: str


class GoldenImported(Struct):
    added: int
    known: int
    faults: list[RowFaultView]


class GrowthBody(Struct):
    """Any of the three; ids of clusters of questions, of pairs, of one document."""

    question_ids: Ids = []
    qa_pair_ids: Ids = []
    document_id: str | None = None


class GoldenGateBody(Struct):
    is_on: bool
    most_worse: Annotated[int, Meta(ge=0, le=1000)] = 0


@get("/v1/knowledge/golden", guards=READ, tags=TAGS)
async def get_goldens(
    db: Database, caller: Caller, q: str = "", after: str | None = None, limit: int = 50
) -> GoldenPage:
    """Newest first."""
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_golden(
            tx, caller.workspace_id, before=read_id(after) if after else None, limit=limit + 1, search=q.strip()[:200]
        )
        total = await count_golden(tx, caller.workspace_id)
    views = [show_golden(row) for row in rows[:limit]]
    return GoldenPage(views, views[-1].id if len(rows) > limit else None, total)


@post("/v1/knowledge/golden", guards=WRITE, tags=TAGS)
async def post_golden(data: GoldenBody, request: Asking, db: Database, caller: Caller) -> Response[GoldenKept]:
    """The same question of the same shop after the same history is kept once."""
    golden = read_golden(data)

    async def put_down(tx: Transaction) -> GoldenKept:
        await check_links(tx, caller.workspace_id, golden)
        return await _keep(tx, caller, [golden])

    key = request.headers.get("idempotency-key")
    result = await run_once(
        db, Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/golden", data), GoldenKept, put_down
    )
    return Response(result.answer, status_code=result.status)


@put("/v1/knowledge/golden/{id:str}", guards=WRITE, tags=TAGS, status_code=204)
async def put_golden(id: str, data: GoldenBody, db: Database, caller: Caller) -> None:
    golden = read_golden(data)
    async with db.transaction(caller.workspace_id) as tx:
        await get_golden(tx, caller.workspace_id, read_id(id))
        await check_links(tx, caller.workspace_id, golden)
        await change_golden(tx, caller.workspace_id, read_id(id), golden)


@delete("/v1/knowledge/golden/{id:str}", guards=WRITE, tags=TAGS)
async def remove_golden(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_golden(tx, caller.workspace_id, read_id(id))
        await record_audit(tx, caller, "golden.deleted", f"golden:{id}")


@post("/v1/knowledge/golden/{id:str}/restoration", guards=WRITE, tags=TAGS, status_code=204)
async def post_restoration(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await restore_golden(tx, caller.workspace_id, read_id(id))


@post("/v1/knowledge/golden/import", guards=WRITE, tags=TAGS, status_code=200)
async def post_import(
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)], db: Database, caller: Caller
) -> GoldenImported:
    """A csv file in the field `file`. Good rows are taken, the others come back with what is wrong."""
    upload = data.get("file")
    if not isinstance(upload, UploadFile):
        raise bad_input({"file": "required / 请选择文件"})
    content = await upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise bad_input({"file": "at most 5 MB / 不能超过 5 MB"})
    async with db.transaction(caller.workspace_id) as tx:
        shops = {row["name"]: row["id"] for row in await tx.fetch("select id, name from shops order by id desc")}
    questions, faults = read_csv(content, shops)
    async with db.transaction(caller.workspace_id) as tx:
        kept = await _keep(tx, caller, questions)
    return GoldenImported(
        len(kept.ids), kept.known, [RowFaultView(one.row, one.field, one.zh, one.en) for one in faults[:100]]
    )


@get("/v1/knowledge/golden/export", guards=READ, tags=TAGS)
async def get_export(db: Database, caller: Caller) -> Response[bytes]:
    """All of them, as a file that can be imported again."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_golden(tx, caller.workspace_id, limit=MOST_KEPT)
        shops = {row["id"]: row["name"] for row in await tx.fetch("select id, name from shops")}
    return _file(export(rows, shops), "golden.csv")


@get("/v1/knowledge/golden/template", guards=READ, tags=TAGS)
async def get_template() -> Response[bytes]:
    """A file to fill in, with three examples."""
    return _file(template(), "golden-template.csv")


@post("/v1/knowledge/golden/growth", guards=WRITE, tags=TAGS, status_code=200)
async def post_growth(data: GrowthBody, db: Database, caller: Caller) -> GoldenKept:
    """Makes golden questions out of what customers asked, of pairs, or of the pairs of a document."""
    async with db.transaction(caller.workspace_id) as tx:
        own = caller.workspace_id
        grown = await from_clusters(tx, own, [read_id(id) for id in data.question_ids])
        grown += await from_pairs(tx, own, [read_id(id) for id in data.qa_pair_ids])
        if data.document_id is not None:
            grown += await from_document(tx, own, read_id(data.document_id))
        return await _keep(tx, caller, grown)


@get("/v1/knowledge/golden-gate", guards=READ, tags=TAGS)
async def get_gate(db: Database, caller: Caller) -> GoldenGateBody:
    async with db.transaction(caller.workspace_id) as tx:
        gate = await read_gate(tx, caller.workspace_id)
    return GoldenGateBody(gate.is_on, gate.most_worse)


@put("/v1/knowledge/golden-gate", guards=WRITE, tags=TAGS)
async def put_gate(data: GoldenGateBody, db: Database, caller: Caller) -> GoldenGateBody:
    """While it is on, a new version of a document waits until the golden questions have been asked against it."""
    async with db.transaction(caller.workspace_id) as tx:
        await set_gate(tx, caller, Gate(data.is_on, data.most_worse))
    return data


async def _keep(tx: Transaction, caller: Caller, questions: Sequence[NewGolden]) -> GoldenKept:
    if await count_golden(tx, caller.workspace_id) + len(questions) > MOST_KEPT:
        raise bad_input({"items": f"at most {MOST_KEPT} golden questions / 黄金问题最多 {MOST_KEPT} 个"})
    ids = await add_golden(tx, caller.workspace_id, questions, added_by=caller.agent_id)
    new = [show_id(id) for id in ids if id is not None]
    if new:
        await record_audit(tx, caller, "golden.added", "", {"count": len(new)})
        await knowledge_changed(tx, caller.workspace_id, "person", "golden", questions[0].question)
    return GoldenKept(new, len(ids) - len(new))


def read_golden(body: GoldenBody) -> NewGolden:
    return check_golden(
        mask(body.question),
        body.expects,
        must_say=body.must_say,
        must_not_say=body.must_not_say,
        history=[{"from": said.author, "text": mask(said.text)} for said in body.history],
        shop_id=_optional(body.shop_id),
        language=body.language,
        document_id=_optional(body.document_id),
        qa_pair_id=_optional(body.qa_pair_id),
        intent=body.intent,
        note=body.note,
    )


def show_golden(row: Any) -> GoldenView:
    return GoldenView(
        id=show_id(row["id"]),
        question=row["question"],
        expects=row["expects"],
        must_say=row["must_say"],
        must_not_say=row["must_not_say"],
        history=[SaidBefore(said["text"], said["from"]) for said in row["history"]],
        shop_id=_shown(row["shop_id"]),
        language=row["language"],
        document_id=_shown(row["document_id"]),
        document=row["document"],
        qa_pair_id=_shown(row["qa_pair_id"]),
        pair=row["pair"],
        intent=row["intent"],
        note=row["note"],
        origin=row["origin"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        is_passed=row["is_passed"],
        reason=row["reason"] or "",
        detail=row["detail"] or "",
        answer=row["answer"] or "",
    )


def _optional(id: str | None) -> int | None:
    return read_id(id) if id else None


def _shown(id: int | None) -> str | None:
    return None if id is None else show_id(id)


def _file(content: bytes, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


ROUTES = [
    get_goldens,
    post_golden,
    put_golden,
    remove_golden,
    post_restoration,
    post_import,
    get_export,
    get_template,
    post_growth,
    get_gate,
    put_gate,
]
