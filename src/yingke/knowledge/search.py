"""Finds passages for people and programs: the same search that answers customers."""

from datetime import UTC, datetime

from yingke.knowledge.entry import Audience, Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import query_for
from yingke.knowledge.large.find import find
from yingke.knowledge.library import Library


async def search(
    library: Library,
    workspace_id: int,
    text: str,
    *,
    shop_id: int | None = None,
    audience: Audience = "staff",
    limit: int = 10,
) -> list[Hit]:
    """The best passages that `audience` may see now, best first.

    Without a shop customers find only what holds for every shop, staff find everything.
    """
    index = await library.current(workspace_id)
    vectors = await library.encoder.encode([fold(text)])
    scope = Scope(datetime.now(UTC), shop_id, audience)
    return (await find(index, [query_for(text, vectors[0])], scope=scope, limit=limit))[0]
