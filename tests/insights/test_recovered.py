"""Whoever was upset and ended well is counted once, with whom it was: the AI or a person."""

from typing import Any

from tests.conversations.stage import Stage
from tests.insights.test_today import _behind, _counts
from yingke.routing.hand_off import hand_off


async def _felt(stage: Stage, *moods: str, person: bool = False) -> int:
    conversation_id, _ = await stage.waiting_conversation()
    if person:
        await stage.do(
            lambda tx: hand_off(tx, stage.workspace_id, conversation_id, generation=1, reason="angry", through_seq=1)
        )
    understood: dict[str, Any] = {"mood": moods[-1], "moods": [[n, mood] for n, mood in enumerate(moods, 1)]}
    await stage.do(
        lambda tx: tx.execute("update conversations set understood = $2 where id = $1", conversation_id, understood)
    )
    return conversation_id


async def test_recovered_is_upset_first_and_well_in_the_end(stage: Stage) -> None:
    soothed = await _felt(stage, "anxious", "calm")
    rescued = await _felt(stage, "calm", "angry", "disappointed", "satisfied", person=True)
    await _felt(stage, "calm", "satisfied")
    await _felt(stage, "calm", "disappointed")
    await stage.waiting_conversation()
    counts = await _counts(stage)
    assert (counts["recovered_by_assistant"], counts["recovered_by_person"]) == (1, 1)
    assert await _behind(stage, "recovered_by_assistant") == {soothed}
    assert await _behind(stage, "recovered_by_person") == {rescued}
