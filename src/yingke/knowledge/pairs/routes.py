"""QA pairs over HTTP: list, add, change, delete, where they come from, in and out as tables."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

from litestar import Response, delete, get, patch, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from msgspec import UNSET

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, bad_input, not_found
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.kit.rates import Rates
from yingke.knowledge.documents import read_shops
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.pairs.change_pair import PairChange, change_pair
from yingke.knowledge.pairs.count_pairs import count_pairs
from yingke.knowledge.pairs.languages import check_answers
from yingke.knowledge.pairs.list_pairs import PairView, find_pairs, list_pairs, show_pair
from yingke.knowledge.pairs.read_source import SourceView, read_source
from yingke.knowledge.pairs.shapes import (
    READ,
    TAGS,
    WRITE,
    Asking,
    Format,
    PairBodies,
    PairBody,
    PairCounts,
    PairName,
    read_filter,
)
from yingke.knowledge.pairs.tables import lines_of, write_csv, write_xlsx
from yingke.knowledge.pairs.take_in import TakenInView, take_in
from yingke.knowledge.qa_pairs import (
    MOST_PAIRS,
    NewPair,
    check_pair,
    delete_qa_pair,
    encode_pairs,
    put_qa_pairs,
    restore_qa_pair,
)
from yingke.workspaces.caller import Caller
from yingke.workspaces.shapes import Page

MOST_EXPORTED = 20_000
LARGEST_TABLE = 20_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
InState = Annotated[str | None, Parameter(query="state")]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/v1/knowledge/qa-pairs", guards=READ, tags=TAGS)
async def get_pairs(
    db: Database,
    caller: Caller,
    limit: int = 50,
    after: str | None = None,
    in_state: InState = None,
    origin: str | None = None,
    document_id: str | None = None,
    q: str | None = None,
    missing: str | None = None,
) -> Page[PairView]:
    """Newest first. `state` proposed, live (default), rejected, retired or any; `missing` a language tag that the pair
    has no answer in."""
    limit = min(max(limit, 1), 200)
    wanted = read_filter(in_state or "live", origin, document_id, q, missing)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_pairs(tx, caller.workspace_id, wanted, read_id(after) if after else None, limit + 1)
    views = [show_pair(row) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@get("/v1/knowledge/qa-pairs/counts", guards=READ, tags=TAGS)
async def get_counts(db: Database, caller: Caller) -> PairCounts:
    async with db.transaction(caller.workspace_id) as tx:
        return await count_pairs(tx, caller.workspace_id)


@get("/v1/knowledge/qa-pairs/export", guards=READ, tags=TAGS)
async def get_export(
    request: Asking, db: Database, caller: Caller, rates: Rates, format: Format = "csv", in_state: InState = None
) -> Response[bytes]:
    """All phrasings and languages; a cell that looks like a formula begins with an apostrophe."""
    rates.check(f"export:{caller.workspace_id}", rate=0.5, burst=10)
    wanted = read_filter(in_state or "live", None, None, None)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_pairs(tx, caller.workspace_id, wanted, None, MOST_EXPORTED)
    lines = lines_of(rows, asked_language(request.headers))
    content = write_xlsx(lines) if format == "xlsx" else write_csv(lines)
    return Response(
        content,
        media_type=XLSX if format == "xlsx" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="qa-pairs.{format}"'},
    )


@post("/v1/knowledge/qa-pairs/import", guards=WRITE, tags=TAGS, status_code=200)
async def post_import(
    data: Form, request: Asking, db: Database, encoder: Encoder, rates: Rates, caller: Caller
) -> TakenInView:
    """Multipart `file`: csv or xlsx with the columns question and answer, optionally similar questions, answer(en) …,
    external_id, audience. Rows known by their id are changed, others added; both are live at once."""
    rates.check(f"import:{caller.workspace_id}", rate=0.2, burst=10)
    upload = data.get("file")
    if not isinstance(upload, UploadFile):
        raise bad_input({"file": "missing / 缺少文件"})
    with tempfile.TemporaryDirectory(prefix="yk-pairs-") as folder:
        path = Path(folder) / "table"
        await _keep(upload, path)
        name = upload.filename or "table.csv"
        return await take_in(db, encoder, caller, path, name, asked_language(request.headers))


async def _keep(upload: UploadFile, path: Path) -> None:
    """Raises 413."""
    size = 0
    try:
        with path.open("wb") as file:
            while piece := await upload.read(256 * 1024):
                size += len(piece)
                if size > LARGEST_TABLE:
                    raise Problem(413, "file_too_big", "表格不能超过 20 MB。", "The table is larger than 20 MB.")
                file.write(piece)
    finally:
        await upload.close()


@post("/v1/knowledge/qa-pairs", guards=WRITE, tags=TAGS)
async def post_pairs(
    data: PairBodies, request: Asking, db: Database, encoder: Encoder, caller: Caller
) -> Response[Page[PairName]]:
    """At most 1,000 at once, live at once. A pair with a known `external_id` replaces that one."""
    if not 0 < len(data.items) <= MOST_PAIRS:
        raise bad_input({"items": f"1–{MOST_PAIRS}"})
    pairs = await _checked(db, caller, data.items)
    ready = await encode_pairs(encoder, pairs)

    async def put(tx: Transaction) -> list[str]:
        ids = await put_qa_pairs(tx, caller, ready)
        await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{ids[0]}", pairs[0].questions[0])
        return [show_id(pair_id) for pair_id in ids]

    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/knowledge/qa-pairs", data)
    result = await run_once(db, sending, list[str], put)
    names = [
        PairName(pair_id, pair.external_id, list(pair.questions), pair.answer)
        for pair_id, pair in zip(result.answer, pairs, strict=True)
    ]
    return Response(Page(names, None), status_code=result.status)


async def _checked(db: Database, caller: Caller, bodies: list[PairBody]) -> list[NewPair]:
    """Raises 400 naming the item."""
    known = [body.external_id for body in bodies if body.external_id is not None]
    if len(set(known)) != len(known):
        raise bad_input({"external_id": "twice in one request / 同一请求里重复"})
    async with db.transaction(caller.workspace_id) as tx:
        shops = {
            names: await read_shops(tx, list(names))
            for names in {tuple(sorted(body.shop_ids or ())) for body in bodies}
        }
    pairs = []
    for at, body in enumerate(bodies):
        questions, answer = check_pair(body.questions, body.answer, body.external_id, f"items.{at}.")
        own = shops[tuple(sorted(body.shop_ids or ()))]
        answers = {tag: text for tag, text in check_answers(body.answers or {}).items() if text}
        shop_ids = tuple(own) if own is not None else None
        pairs.append(NewPair(questions, answer, body.external_id, body.audience, shop_ids, answers=answers))
    return pairs


@get("/v1/knowledge/qa-pairs/{id:str}", guards=READ, tags=TAGS)
async def get_one_pair(id: str, db: Database, caller: Caller) -> PairView:
    return await show_one(db, caller, id)


@get("/v1/knowledge/qa-pairs/{id:str}/source", guards=READ, tags=TAGS)
async def get_source(id: str, db: Database, caller: Caller) -> SourceView:
    """404 for a pair that was not made from a document."""
    async with db.transaction(caller.workspace_id) as tx:
        return await read_source(tx, caller.workspace_id, read_id(id))


@patch("/v1/knowledge/qa-pairs/{id:str}", guards=WRITE, tags=TAGS)
async def patch_pair(id: str, data: PairChange, db: Database, encoder: Encoder, caller: Caller) -> PairView:
    """What is given changes. What a person wrote here is not overwritten by what is made from documents."""
    shop_ids = data.shop_ids
    if shop_ids is UNSET:
        await change_pair(db, encoder, caller, read_id(id), data, UNSET)
    else:
        async with db.transaction(caller.workspace_id) as tx:
            checked = await read_shops(tx, shop_ids)
        await change_pair(db, encoder, caller, read_id(id), data, checked)
    return await show_one(db, caller, id)


@delete("/v1/knowledge/qa-pairs/{id:str}", guards=WRITE, tags=TAGS)
async def remove_pair(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_qa_pair(tx, caller, read_id(id))
        await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{read_id(id)}", "")


@post("/v1/knowledge/qa-pairs/{id:str}/restoration", guards=WRITE, tags=TAGS, status_code=200)
async def post_pair_restoration(id: str, db: Database, caller: Caller) -> PairView:
    """Takes a deletion back."""
    async with db.transaction(caller.workspace_id) as tx:
        await restore_qa_pair(tx, caller, read_id(id))
    return await show_one(db, caller, id)


async def show_one(db: Database, caller: Caller, id: str) -> PairView:
    """Raises 404."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await find_pairs(tx, caller.workspace_id, [read_id(id)])
    if not rows:
        raise not_found()
    return show_pair(rows[read_id(id)])


ROUTES = [
    get_pairs, get_counts, get_export, post_import, post_pairs, get_one_pair, get_source, patch_pair, remove_pair,
    post_pair_restoration,
]  # fmt: skip
