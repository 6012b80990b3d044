"""An order or a complaint reaches the queue even when the process dies right after its first words."""

from tests.conftest import Ground
from yingke.app.hand_over import HandOver
from yingke.conversations.receive import Incoming, Receiver
from yingke.conversations.reply import Answer, Replier
from yingke.kit.jobs import Job
from yingke.kit.live import Hub


async def _answered(ground: Ground, need: str | None) -> tuple[int, list[Job]]:
    """A conversation whose answer is stored, and the jobs that were stored with it."""
    conversation, identity = await ground.new_conversation()
    await Receiver(ground.db, "dying").receive(
        Incoming(ground.workspace_id, conversation, identity, "m1", "text", "QX-D0001 到哪了", None)
    )
    payload = {"hand_off": need} if need else None
    replied = await Replier(ground.db).reply(
        Answer(
            ground.workspace_id,
            conversation,
            1,
            1,
            "我请同事来查。",
            payload,
            {"engine": "embedded"},
            None,
            0,
            None,
            True,
        )
    )
    assert replied.outcome == "stored"
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch("select * from jobs where kind = 'hand_off' and ref = $1", str(conversation))
    return conversation, [
        Job(row["id"], row["workspace_id"], row["lane"], row["kind"], row["ref"], row["data"], 1) for row in rows
    ]


async def _state(ground: Ground, conversation: int) -> tuple[str, str | None, int]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        row = await tx.fetchrow(
            "select handled_by, hand_off_reason, last_seq from conversations where id = $1", conversation
        )
    return row["handled_by"], row["hand_off_reason"], row["last_seq"]


async def test_the_job_stored_with_the_answer_queues_what_a_dead_process_could_not(ground: Ground) -> None:
    conversation, jobs = await _answered(ground, "order")
    assert len(jobs) == 1
    assert (await _state(ground, conversation))[0] == "assistant"
    hand_over = HandOver(ground.db, Hub())
    await hand_over.finish(jobs[0])
    assert await _state(ground, conversation) == ("queue", "order", 3)
    await hand_over.finish(jobs[0])
    assert await _state(ground, conversation) == ("queue", "order", 3), "it was handed over twice"


async def test_an_answer_that_settles_everything_leaves_no_such_job(ground: Ground) -> None:
    conversation, jobs = await _answered(ground, None)
    assert jobs == []
    assert (await _state(ground, conversation))[0] == "assistant"
