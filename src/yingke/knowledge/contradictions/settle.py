"""What a person decides about a contradiction."""

from yingke.kit.db import Transaction
from yingke.kit.errors import conflict
from yingke.kit.ids import show_id
from yingke.knowledge.contradictions.list_contradictions import ContradictionState, Which, get_contradiction
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


async def settle(tx: Transaction, caller: Caller, contradiction_id: int, keep: Which) -> None:
    """From now on the document of that side is right where the two disagree. Raises 404, 409.

    Its rank becomes one above the other's: high over normal, or the other goes down where it is high already.
    """
    row = await get_contradiction(tx, caller.workspace_id, contradiction_id)
    other: Which = "right" if keep == "left" else "left"
    winner, loser = row[f"{keep}_document"], row[f"{other}_document"]
    if winner is not None and loser is None:
        raise conflict(
            "pair_counts_more",
            "问答对优先于文件。要以文件为准，请修改或删除这条问答对。",
            "A QA pair counts more than a file. Change or delete the pair if the file is right.",
        )
    if winner is not None and row[f"{keep}_rank"] <= row[f"{other}_rank"]:
        await _set_rank(tx, winner, min(1, row[f"{other}_rank"] + 1))
        await _set_rank(tx, loser, min(row[f"{other}_rank"], 0))
    await _decide(tx, caller, contradiction_id, "settled")
    data = {"about": row["about"], "keep": row[f"{keep}_name"] or "QA", "over": row[f"{other}_name"] or "QA"}
    await record_audit(tx, caller, "contradiction.settled", f"contradiction:{show_id(contradiction_id)}", data)
    if winner is not None:
        await knowledge_changed(tx, caller.workspace_id, "document", f"document:{show_id(winner)}", row[f"{keep}_name"])
    await raise_version(tx, caller.workspace_id)


async def ignore(tx: Transaction, caller: Caller, contradiction_id: int) -> None:
    """It is none, and stays none while both go on saying this. Raises 404."""
    row = await get_contradiction(tx, caller.workspace_id, contradiction_id)
    await _decide(tx, caller, contradiction_id, "ignored")
    await record_audit(
        tx, caller, "contradiction.ignored", f"contradiction:{show_id(contradiction_id)}", {"about": row["about"]}
    )


async def reopen(tx: Transaction, caller: Caller, contradiction_id: int) -> None:
    """Takes either decision back; ranks stay as they are. Raises 404."""
    await get_contradiction(tx, caller.workspace_id, contradiction_id)
    await _decide(tx, caller, contradiction_id, "open")


async def _decide(tx: Transaction, caller: Caller, contradiction_id: int, state: ContradictionState) -> None:
    await tx.execute(
        "update contradictions set state = $3, settled_by = $4, updated_at = now() where workspace_id = $1 and id = $2",
        caller.workspace_id,
        contradiction_id,
        state,
        caller.agent_id,
    )


async def _set_rank(tx: Transaction, document_id: int, rank: int) -> None:
    await tx.execute("update documents set rank = $2, updated_at = now() where id = $1", document_id, rank)
