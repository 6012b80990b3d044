"""How many pairs stand where, and what is being made."""

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.knowledge.pairs.list_pairs import Filter, count_matching
from yingke.knowledge.pairs.merge import list_duplicates
from yingke.knowledge.pairs.shapes import STATES, PairCounts, RunView
from yingke.knowledge.title import show_title
from yingke.models.endpoints import find_enabled_endpoint


async def count_pairs(tx: Transaction, workspace_id: int) -> PairCounts:
    """By state, groups that ask the same, and documents whose pairs are being made now."""
    counts = {state: await count_matching(tx, workspace_id, Filter(state)) for state in STATES}  # type: ignore[arg-type]
    runs = await tx.fetch(
        "select r.document_id, r.done, r.total, r.made, d.name from pair_runs r"
        " join documents d on d.workspace_id = r.workspace_id and d.id = r.document_id and d.deleted_at is null"
        " where r.workspace_id = $1 and not r.is_finished and r.updated_at > now() - interval '10 minutes'"
        " order by r.updated_at desc limit 20",
        workspace_id,
    )
    return PairCounts(
        **counts,
        duplicates=len(await list_duplicates(tx, workspace_id)),
        running=[
            RunView(show_id(run["document_id"]), show_title(run["name"]), run["done"], run["total"], run["made"])
            for run in runs
        ],
        has_model=await find_enabled_endpoint(tx) is not None,
    )
