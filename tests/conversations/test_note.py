"""Notes stay among agents; reading marks are each agent's own."""

import json

from tests.conversations.stage import Stage
from yingke.conversations.history import list_messages, list_notes
from yingke.conversations.mark_read import mark_read
from yingke.conversations.note import note
from yingke.conversations.queries import get_states, read_marks
from yingke.conversations.shape_conversation import shape_conversation
from yingke.conversations.shape_message import shape_for_visitor
from yingke.conversations.transcript import FORMATS, transcript


def _link(_: int, name: str) -> str:
    return f"/files/{name}"


async def test_a_note_is_in_nothing_that_leaves_towards_a_visitor(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent("小王")
    secret = "客户脾气大-9981"
    await stage.do(lambda tx: note(tx, stage.workspace_id, conversation_id, agent_id, secret))
    page = await stage.do(lambda tx: list_messages(tx, stage.workspace_id, conversation_id))
    seen = json.dumps([shape_for_visitor(row, _link) for row in page.rows], default=str, ensure_ascii=False)
    async with stage.ground.db.system() as tx:
        live = await tx.fetch("select * from messages_after($1, $2, 100)", [conversation_id], [0])
    files = [
        (await stage.do(lambda tx, it=kind: transcript(tx, stage.workspace_id, conversation_id, it, "zh-CN")))[0]
        for kind in FORMATS
    ]
    assert secret not in seen + str([dict(row) for row in live]) + "".join(files)
    notes = await stage.do(lambda tx: list_notes(tx, stage.workspace_id, conversation_id))
    assert [(row["text"], row["work_name"], row["after_seq"]) for row in notes] == [(secret, "小王", 1)]
    assert "note_created" in await stage.events(conversation_id)


async def _unread(stage: Stage, conversation_id: int, agent_id: int) -> int:
    rows = await stage.do(lambda tx: get_states(tx, stage.workspace_id, [conversation_id]))
    read = await stage.do(lambda tx: read_marks(tx, stage.workspace_id, [agent_id], [conversation_id]))
    return int(shape_conversation(rows[0], read.get((agent_id, conversation_id), 0), _link)["unread"])


async def test_unread_counts_the_contacts_messages_behind_each_agents_own_mark(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation(texts=3)
    first, second = await stage.new_agent(), await stage.new_agent()
    assert await _unread(stage, conversation_id, first) == 3
    assert await stage.do(lambda tx: mark_read(tx, stage.workspace_id, conversation_id, first, 2))
    assert (await _unread(stage, conversation_id, first), await _unread(stage, conversation_id, second)) == (1, 3)
    assert not await stage.do(lambda tx: mark_read(tx, stage.workspace_id, conversation_id, first, 1)), (
        "never backwards"
    )
    await stage.speak(conversation_id, first)
    assert await _unread(stage, conversation_id, first) == 0, "whoever answers has read"
    await stage.ask(conversation_id, identity_id)
    assert (await _unread(stage, conversation_id, first), await _unread(stage, conversation_id, second)) == (1, 4)
    assert await stage.do(lambda tx: mark_read(tx, stage.workspace_id, conversation_id, second, 10_000))
    assert await _unread(stage, conversation_id, second) == 0
