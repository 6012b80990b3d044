"""Which models search, over HTTP. Keys go in and never come out."""

import base64
from typing import Any

from litestar import Request, get, post, put
from msgspec import UNSET, Struct, UnsetType
from yarl import URL

from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.http import Outgoing
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.kit.text import clean_line
from yingke.knowledge.knowledge_version import raise_version
from yingke.knowledge.outside.choice import EmbeddingChoice, Endpoint, SearchChoice, lock_choice, write_choice
from yingke.knowledge.outside.learn_space import count_passages
from yingke.knowledge.outside.outside import Checked, OutsideModels, check_part
from yingke.knowledge.outside.wish_learn import wish_learn
from yingke.models.endpoints import abroad_not_confirmed, chosen_place, clean_base_url, same_origin
from yingke.models.location import judge_location
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

Asking = Request[Any, Any, Any]
ADMIN = [require(role="admin")]
TAGS = ["knowledge"]
SMALLEST, LARGEST = 64, 4000


class SearchEndpointWish(Struct):
    """An empty or absent `api_key` keeps the stored one while the address stays on its host; null forgets it."""

    base_url: str
    model: str
    api_key: str | UnsetType | None = UNSET
    location: str | UnsetType | None = UNSET
    abroad_confirmed: bool = False
    dimensions: int | None = None
    """Asked of an embedding model; null takes what it gives."""


class SearchSettingsWish(Struct):
    """Null means: the embedded encoder, no reranker."""

    embedding: SearchEndpointWish | None
    reranker: SearchEndpointWish | None


class SearchEndpointShown(Struct):
    base_url: str
    model: str
    has_api_key: bool
    location: str
    location_sentence: str
    location_is_sure: bool
    abroad_confirmed: bool


class EmbeddingShown(SearchEndpointShown, kw_only=True):
    """`is_used`: questions are compared by it now. `tokens` is what learning has cost so far."""

    dimensions: int | None
    is_used: bool
    learned: int
    total: int
    tokens: int
    failed: str | None


class SearchSettingsShown(Struct):
    """`is_large`: above ten thousand passages only the reranker is asked; meaning is compared by the embedded encoder."""

    embedding: EmbeddingShown | None
    reranker: SearchEndpointShown | None
    is_large: bool


class PartCheck(Struct):
    """`part` is embedding or reranker."""

    part: str
    endpoint: SearchEndpointWish


class PartChecked(Struct):
    ok: bool
    reason: str | None
    dimensions: int | None
    milliseconds: int
    sentence: str


@get("/v1/knowledge/search-settings", guards=ADMIN, tags=TAGS)
async def get_search_settings(request: Asking, db: Database, caller: Caller) -> SearchSettingsShown:
    async with db.transaction(caller.workspace_id) as tx:
        return await _show(tx, caller.workspace_id, asked_language(request.headers))


@put("/v1/knowledge/search-settings", guards=ADMIN, tags=TAGS)
async def put_search_settings(
    data: SearchSettingsWish, request: Asking, db: Database, secrets: Secrets, caller: Caller
) -> SearchSettingsShown:
    """Another embedding model is learned in the background while the one before goes. 409 abroad without consent."""
    workspace_id = caller.workspace_id
    async with db.transaction(workspace_id) as tx:
        before = await lock_choice(tx, workspace_id)
        embedding = _embedding(data.embedding, before.embedding, secrets)
        reranker = _endpoint(data.reranker, before.reranker, secrets) if data.reranker else None
        for endpoint in (embedding, reranker):
            if endpoint is not None and not endpoint.is_allowed:
                raise abroad_not_confirmed()
        await write_choice(tx, workspace_id, SearchChoice(embedding=embedding, reranker=reranker))
        hosts = {
            name: URL(one.base_url).host or "" if one else ""
            for name, one in (("embedding", embedding), ("reranker", reranker))
        }
        await record_audit(tx, caller, "search_settings.changed", "", hosts)
        await wish_learn(tx, workspace_id)
        shown = await _show(tx, workspace_id, asked_language(request.headers))
        await raise_version(tx, workspace_id)
    return shown


@post("/v1/knowledge/search-settings/check", guards=ADMIN, tags=TAGS, status_code=200)
async def post_search_check(
    data: PartCheck,
    request: Asking,
    db: Database,
    outgoing: Outgoing,
    secrets: Secrets,
    settings: Settings,
    rates: Rates,
    caller: Caller,
) -> PartChecked:
    """Calls the endpoint once with fixed sentences; nothing of a customer or a shop leaves."""
    rates.check(f"search-check:{caller.workspace_id}", rate=0.2, burst=10)
    async with db.transaction(caller.workspace_id) as tx:
        before = await lock_choice(tx, caller.workspace_id)
    checked = await _check(data, before, OutsideModels(outgoing, secrets, settings), secrets, caller.workspace_id)
    sentence = checked.en if asked_language(request.headers) == "en" else checked.zh
    return PartChecked(checked.ok, checked.reason, checked.dimensions, checked.milliseconds, sentence)


async def _check(
    data: PartCheck, before: SearchChoice, models: OutsideModels, secrets: Secrets, workspace_id: int
) -> Checked:
    """Raises 400. One abroad is not called before somebody agreed to that."""
    if data.part not in ("embedding", "reranker"):
        raise bad_input({"part": "embedding, reranker"})
    embedding = _embedding(data.endpoint, before.embedding, secrets) if data.part == "embedding" else None
    endpoint = embedding or _endpoint(data.endpoint, before.reranker, secrets)
    if not endpoint.is_allowed:
        problem = abroad_not_confirmed()
        return Checked(False, problem.code, None, 0, problem.zh, problem.en)
    if embedding is not None:
        return await check_part(models.embedding(workspace_id, embedding))
    return await check_part(models.reranker(workspace_id, endpoint))


def _embedding(
    wish: SearchEndpointWish | None, before: EmbeddingChoice | None, secrets: Secrets
) -> EmbeddingChoice | None:
    """What was learned stays when the same model is chosen again."""
    if wish is None:
        return None
    if wish.dimensions is not None and not SMALLEST <= wish.dimensions <= LARGEST:
        raise bad_input({"embedding.dimensions": f"{SMALLEST}–{LARGEST}"})
    plain = _endpoint(wish, before, secrets)
    choice = EmbeddingChoice(
        base_url=plain.base_url,
        model=plain.model,
        api_key=plain.api_key,
        location=plain.location,
        abroad_confirmed=plain.abroad_confirmed,
        dimensions=wish.dimensions,
    )
    if before is not None and before.space == choice.space:
        choice.is_ready, choice.tokens = before.is_ready, before.tokens
    return choice


def _endpoint(wish: SearchEndpointWish, before: Endpoint | None, secrets: Secrets) -> Endpoint:
    base_url = clean_base_url(wish.base_url)
    is_same_host = before is not None and same_origin(base_url, before.base_url)
    kept = before.api_key if before is not None and is_same_host else ""
    return Endpoint(
        base_url=base_url,
        model=clean_line(wish.model, 120, field="model", min_chars=1),
        api_key=_key(wish.api_key, kept, secrets),
        location=chosen_place(
            judge_location(base_url), wish.location, before.location if before is not None and is_same_host else None
        ),
        abroad_confirmed=wish.abroad_confirmed,
    )


def _key(wished: str | UnsetType | None, kept: str, secrets: Secrets) -> str:
    if wished is None:
        return ""
    if wished is UNSET or not wished.strip():
        return kept
    return base64.b64encode(secrets.seal(clean_line(wished, 500, field="api_key"))).decode()


async def _show(tx: Transaction, workspace_id: int, language: str) -> SearchSettingsShown:
    choice = await lock_choice(tx, workspace_id)
    is_large = bool(await tx.fetchval("select is_ready from large_workspaces where workspace_id = $1", workspace_id))
    embedding = None
    if choice.embedding is not None:
        one = choice.embedding
        learned, total = await count_passages(tx, workspace_id, one.space)
        embedding = EmbeddingShown(
            **_endpoint_values(one, language),
            dimensions=one.dimensions,
            is_used=one.is_ready and learned == total and not is_large,
            learned=learned,
            total=total,
            tokens=one.tokens,
            failed=(one.failed or {}).get("en" if language == "en" else "zh"),
        )
    reranker = SearchEndpointShown(**_endpoint_values(choice.reranker, language)) if choice.reranker else None
    return SearchSettingsShown(embedding, reranker, is_large)


def _endpoint_values(endpoint: Endpoint, language: str) -> dict[str, Any]:
    location = judge_location(endpoint.base_url)
    return {
        "base_url": endpoint.base_url,
        "model": endpoint.model,
        "has_api_key": bool(endpoint.api_key),
        "location": endpoint.location,
        "location_sentence": location.en if language == "en" else location.zh,
        "location_is_sure": location.is_sure,
        "abroad_confirmed": endpoint.abroad_confirmed,
    }


ROUTES = [get_search_settings, put_search_settings, post_search_check]
