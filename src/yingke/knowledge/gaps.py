"""Questions of customers that nothing answered, and how they are closed."""

import re
from typing import Any

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.golden.changed import knowledge_changed
from yingke.knowledge.qa_pairs import LONGEST_QUESTION, NewPair, check_pair, encode_pairs, put_qa_pairs
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

_CURSOR = re.compile(r"([0-9]{1,10})-([0-9]{1,19})")


def read_place(after: str | None) -> tuple[int, int]:
    """The cursor of `list_gaps`; raises 400."""
    if after is None:
        return 2**31 - 1, 2**63 - 1
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"})
    return min(int(found[1]), 2**31 - 1), min(int(found[2]), 2**63 - 1)


async def list_gaps(tx: Transaction, workspace_id: int, place: tuple[int, int], limit: int) -> list[Any]:
    """Open gaps, the most asked first, behind `place`."""
    rows = await tx.fetch(
        "select id, shop_id, question, times, last_at, conversation_id from gaps"
        " where workspace_id = $1 and resolved_at is null and (times, id) < ($2, $3)"
        " order by times desc, id desc limit $4",
        workspace_id,
        *place,
        limit,
    )
    return list(rows)


async def resolve_gap(db: Database, encoder: Encoder, caller: Caller, gap_id: int, answer: str | None) -> None:
    """Closes a gap; with an `answer` the assistant gives it from the next question on. Raises 400, 404."""
    async with db.transaction(caller.workspace_id) as tx:
        row = await tx.fetchrow("select question, shop_id from gaps where id = $1 and resolved_at is null", gap_id)
        shops = await tx.fetchval("select count(*) from shops where archived_at is null")
    if row is None:
        raise not_found()
    ready = []
    if answer is not None:
        question = " ".join(row["question"].split())[:LONGEST_QUESTION]
        questions, text = check_pair([question], answer, None, "")
        shop_ids = (row["shop_id"],) if shops > 1 else None
        ready = await encode_pairs(encoder, [NewPair(questions, text, shop_ids=shop_ids, origin="gap")])
    async with db.transaction(caller.workspace_id) as tx:
        found = await tx.fetchval(
            "update gaps set resolved_at = now() where id = $1 and resolved_at is null returning id", gap_id
        )
        if found is None:
            raise not_found()
        await record_audit(tx, caller, "gap.resolved", f"gap:{show_id(gap_id)}", {"answered": bool(ready)})
        if ready:
            ids = await put_qa_pairs(tx, caller, ready)
            await knowledge_changed(tx, caller.workspace_id, "pair", f"qa_pair:{show_id(ids[0])}", row["question"])
