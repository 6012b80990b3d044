"""Draft, share, live and back: what may follow what, what is noted, what two versions did."""

import pytest

from tests.conftest import Ground
from yingke.assistants.team_versions import versions
from yingke.assistants.team_versions.config import TeamConfig
from yingke.assistants.team_versions.figures import count_skills, figures_by_version
from yingke.kit.errors import Problem
from yingke.workspaces.caller import Caller


def caller_of(ground: Ground) -> Caller:
    return Caller(ground.workspace_id, ground.agent_id, None, "owner")


async def test_a_draft_is_tried_on_a_share_and_then_one_of_the_two_stays(ground: Ground) -> None:
    caller = caller_of(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        with pytest.raises(Problem, match="no_draft"):
            await versions.roll_out(tx, caller, 20)
        await versions.save_draft(tx, caller, TeamConfig(tone="formal"))
        first = await versions.go_live(tx, caller, "第一版")
        await versions.save_draft(tx, caller, TeamConfig(tone="lively"))
        candidate = await versions.roll_out(tx, caller, 20, "试试活泼")
        assert (candidate.state, candidate.percent, candidate.number) == ("candidate", 20, 2)
        assert (await versions.roll_out(tx, caller, 60)).percent == 60
        await versions.save_draft(tx, caller, TeamConfig(comforts=False))
        with pytest.raises(Problem, match="roll_out_running"):
            await versions.roll_out(tx, caller, 10)
        kept = await versions.end_roll_out(tx, caller, keep_candidate=False)
        assert kept == first
        await versions.roll_out(tx, caller, 10)
        assert (await versions.end_roll_out(tx, caller, keep_candidate=True)).config == TeamConfig(comforts=False)  # type: ignore[union-attr]
        states = {one.number: one.state for one in await versions.list_versions(tx, ground.workspace_id)}
        assert states == {1: "past", 2: "past", 3: "live"}
        back = await versions.roll_back(tx, caller, first.id)
        assert (back.number, back.state, back.config.tone, back.note) == (4, "live", "formal", "← 1")
        told = await tx.fetchval(
            "select count(*) from events where workspace_id = $1 and type = 'assistants_changed'", ground.workspace_id
        )
        noted = await tx.fetchval(
            "select count(*) from audit_log where workspace_id = $1 and action = 'assistants.changed'",
            ground.workspace_id,
        )
        assert told == noted == 7


async def test_a_draft_replaces_the_draft_and_is_discarded_without_a_trace(ground: Ground) -> None:
    caller = caller_of(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await versions.save_draft(tx, caller, TeamConfig(tone="formal"))
        again = await versions.save_draft(tx, caller, TeamConfig(tone="lively"))
        assert (again.number, again.config.tone) == (1, "lively")
        await versions.discard_draft(tx, caller)
        assert await versions.list_versions(tx, ground.workspace_id) == []


async def test_figures_count_conversations_by_version_and_requests_by_skill(ground: Ground) -> None:
    talks = [(await ground.new_conversation())[0] for _ in range(3)]
    async with ground.db.transaction(ground.workspace_id) as tx:
        since = await tx.fetchval("select now() - interval '1 hour'")
        for talk, team in zip(talks, (1, 2, 2), strict=True):
            data = {"team": team, "skills": [["多少钱", "pre_sales"], ["谢谢", "small_talk"]]}
            for seq in (1, 3):
                await tx.execute(
                    "insert into traces (workspace_id, conversation_id, through_seq, data) values ($1, $2, $3, $4)",
                    ground.workspace_id, talk, seq, data,
                )  # fmt: skip
        await tx.execute("update conversations set hand_off_reason = 'asked' where id = $1", talks[1])
        await tx.execute(
            "insert into ratings (workspace_id, conversation_id, score) values ($1, $2, 'good')",
            ground.workspace_id,
            talks[2],
        )
        counted = await figures_by_version(tx, ground.workspace_id, since)
        assert await count_skills(tx, ground.workspace_id, since) == {"pre_sales": 6, "small_talk": 6}
    shown = [(one.number, one.conversations, one.handed_over, one.rated, one.good) for one in counted]
    assert shown == [(1, 1, 0, 0, 0), (2, 2, 1, 1, 1)]
