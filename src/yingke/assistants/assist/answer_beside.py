"""What an agent could say at a desk of another platform; a person copies and sends it, nothing is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.assistants.ask import answer_unseen
from yingke.assistants.engine import Engine, Reply
from yingke.assistants.help.saved_matches import saved_matches
from yingke.kit.db import Database
from yingke.knowledge.entry import Audience
from yingke.workspaces.caller import Caller

_MARK = re.compile(r"\s?\[\d{1,2}\]")
_STAFF = """
select exists (select 1 from passages p
  left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id
  left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id
  where p.workspace_id = $1 and p.id = any($2) and coalesce(q.audience, d.audience) = 'staff')
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """`kind`: knowledge or saved_reply. `is_internal`: rests on what only the staff may read."""

    kind: str
    text: str
    sources: tuple[str, ...]
    is_internal: bool


async def answer_beside(
    db: Database, engine: Engine, caller: Caller, text: str, *, shop_id: int, language: str
) -> list[Proposal]:
    """What customers may hear first, then what the staff knows beyond it, then saved replies that fit."""
    found: list[Proposal] = []
    audiences: Sequence[Audience] = ("customer", "staff")
    for audience in audiences:
        reply = await answer_unseen(
            db,
            engine,
            caller.workspace_id,
            (text,),
            shop_id=shop_id,
            language=language,
            settings={"audience": audience},
        )
        if _is_an_answer(reply):
            found.append(await _of_knowledge(db, caller.workspace_id, reply))
    async with db.transaction(caller.workspace_id) as tx:
        saved = await saved_matches(tx, caller, [text])
    found += [Proposal("saved_reply", one["text"], (one["source"],), False) for one in saved]
    return list({one.text: one for one in reversed(found)}.values())[::-1]


def _is_an_answer(reply: Reply) -> bool:
    """Quoted knowledge, or what a tool found out; never "I do not know" or a sentence that only hands over."""
    calls: list[Any] = reply.trace.get("tools") or []
    worked = any(call[1] == "ok" for call in calls)
    return bool(reply.text) and reply.hand_off is None and (bool(reply.citations) or worked) and not reply.gap


async def _of_knowledge(db: Database, workspace_id: int, reply: Reply) -> Proposal:
    cited = [int(one["passage_id"]) for one in reply.citations if one.get("passage_id")]
    async with db.transaction(workspace_id) as tx:
        is_internal = bool(await tx.fetchval(_STAFF, workspace_id, cited))
    titles = tuple(dict.fromkeys(str(one["title"]) for one in reply.citations))
    return Proposal("knowledge", _MARK.sub("", reply.text).strip(), titles, is_internal)
