"""A trial looks at past talks also where no assistant answered, so that nothing was traced."""

from datetime import timedelta
from typing import Any

from tests.conversations.stage import Stage
from tests.routing.desk import Desk
from yingke.kit.jobs import Job
from yingke.routing.rules.rule import Feels, Intends, Rule, Says, Unsure
from yingke.routing.rules.trial import get_trial, run_trial, start_trial

FAR = Rule("far1", "偏远地区", [Says(["新疆"])], act="answer_then_hand_over")
SAD = Rule("sad1", "退款且失望", [Intends(["refund"]), Feels(["disappointed"], got_worse=True)])
VAGUE = Rule("vague", "把握不大", [Unsure(0.6)])


async def _try(stage: Stage, *rules: Rule) -> dict[int, str | None]:
    desk = Desk(stage)
    since = await stage.do(lambda tx: tx.fetchval("select now()")) - timedelta(days=1)
    trial_id = await stage.do(lambda tx: start_trial(tx, desk.admin, list(rules), since))
    row: Any = await stage.do(lambda tx: tx.fetchrow("select * from jobs where kind = 'rule_trial'"))
    await run_trial(
        stage.ground.db, Job(row["id"], stage.workspace_id, row["lane"], row["kind"], row["ref"], row["data"], 1)
    )
    trial = await stage.do(lambda tx: get_trial(tx, stage.workspace_id, trial_id))
    assert trial.state == "done"
    return {case.conversation_id: case.draft for case in trial.cases}


async def test_words_count_also_where_nobody_or_a_person_answered(stage: Stage) -> None:
    asked, identity = await stage.ground.new_conversation()
    await stage.ask(asked, identity, "新疆包邮吗")
    other, stranger = await stage.ground.new_conversation()
    await stage.ask(other, stranger, "你们可以批发吗")
    assert await _try(stage, FAR, VAGUE) == {asked: "far1"}


async def test_what_was_understood_of_a_talk_with_a_person_counts(stage: Stage) -> None:
    talk, identity = await stage.ground.new_conversation()
    await stage.ask(talk, identity, "等了一周还没退")
    understood = {"intent": "refund", "mood": "disappointed", "moods": [[1, "calm"], [2, "disappointed"]]}
    await stage.do(lambda tx: tx.execute("update conversations set understood = $2 where id = $1", talk, understood))
    assert await _try(stage, SAD) == {talk: "sad1"}
