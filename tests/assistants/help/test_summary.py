"""What a person is told who takes over: made once, from what is stored, and never a copy of what was said."""

from tests.assistants.help.conftest import Talk
from yingke.assistants.help.collect import trend
from yingke.assistants.help.summarise import ensure_summary, summarise_later, write_note
from yingke.assistants.help.summary_view import SummaryView, view_summary
from yingke.conversations.take_over import take_over
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.models.switchboard import Switchboard

ANGRY = "卓子坏了,你们这质量太差了,必须给个说法"


async def _view(talk: Talk) -> SummaryView:
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        return await view_summary(tx, talk.ground.workspace_id, talk.id, "zh-CN")


async def _hand_over(talk: Talk) -> None:
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        await take_over(tx, talk.ground.workspace_id, talk.id, talk.ground.agent_id)
        talk.seq = await tx.fetchval("select last_seq from conversations where id = $1", talk.id)


async def test_the_summary_says_what_is_wanted_what_is_known_and_why(talk: Talk) -> None:
    await talk.says("contact", "我想问下蛋卷桌的保修")
    await talk.says("assistant", "这个资料里没有写", payload={"unanswered": True})
    asked = await talk.says("contact", ANGRY)
    order_id = await talk.link("QX-D0001")
    await talk.is_now(
        hand_off_reason="angry",
        understood={"intent": "aftersales_quality_repair", "mood": "angry", "moods": [[1, "calm"], [asked, "angry"]]},
    )
    await _hand_over(talk)
    told = await _view(talk)
    assert (told.reason, told.intent, told.mood, told.trend) == ("angry", "aftersales_quality_repair", "angry", "worse")
    assert [one.text for one in told.questions] == ["我想问下蛋卷桌的保修", ANGRY]
    assert [(one.id, one.number, one.how) for one in told.orders] == [(order_id, "QX-D0001", "linked")]
    assert [one.seq for one in told.unanswered] == [1]
    assert [one.seq for one in told.open] == [asked]
    assert told.is_kept
    assert [step.code for step in told.next_steps] == ["calm_first"]


async def test_who_is_discontent_with_the_whole_talk_is_soothed_first_though_his_last_words_are_calm(
    talk: Talk,
) -> None:
    await talk.says("contact", "好的")
    await talk.is_now(
        hand_off_reason="asked", understood={"intent": "contact_human", "mood": "calm", "discontent": 0.8}
    )
    await _hand_over(talk)
    assert [step.code for step in (await _view(talk)).next_steps] == ["calm_first"]


async def test_a_summary_is_made_once_for_a_hand_over_and_holds_no_words_of_the_customer(talk: Talk) -> None:
    await talk.says("contact", ANGRY)
    await _hand_over(talk)
    await _view(talk)
    await talk.says("contact", "还在吗,我等了很久")
    await _view(talk)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        rows = await tx.fetch("select facts::text as facts, words from summaries where conversation_id = $1", talk.id)
    assert len(rows) == 1
    assert ANGRY not in rows[0]["facts"]
    assert rows[0]["words"] == ""


async def test_what_a_customer_recalled_is_gone_from_the_summary(talk: Talk) -> None:
    seq = await talk.says("contact", "我的电话打错了,请忽略这一条")
    await _hand_over(talk)
    assert [one.seq for one in (await _view(talk)).questions] == [seq]
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        await tx.execute(
            "update messages set recalled_at = now() where conversation_id = $1 and seq = $2", talk.id, seq
        )
    assert (await _view(talk)).questions == []


async def test_taking_over_enqueues_the_summary_and_the_job_may_run_twice(
    talk: Talk, room_outgoing: Outgoing, room_secrets: Secrets
) -> None:
    await talk.says("contact", "帐篷怎么还没发货")
    await _hand_over(talk)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        row = await tx.fetchrow(
            "select * from jobs where kind = 'summarise' and workspace_id = $1", talk.ground.workspace_id
        )
    assert row is not None
    assert row["ref"] == f"{talk.id}:2"
    switchboard = Switchboard(talk.ground.db, room_outgoing, room_secrets, Settings(allow_private_urls=True))
    job = Job(row["id"], talk.ground.workspace_id, row["lane"], row["kind"], row["ref"], row["data"], 1)
    await summarise_later(talk.ground.db, switchboard, job)
    await summarise_later(talk.ground.db, switchboard, job)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from summaries where conversation_id = $1", talk.id) == 1


async def test_nothing_is_kept_while_the_assistant_has_the_conversation(talk: Talk) -> None:
    await talk.says("contact", "帐篷怎么还没发货")
    assert not (await _view(talk)).is_kept
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from summaries where conversation_id = $1", talk.id) == 0


async def test_a_second_hand_over_gets_a_summary_of_its_own(talk: Talk) -> None:
    await talk.says("contact", "帐篷怎么还没发货")
    await _hand_over(talk)
    async with talk.ground.db.transaction(talk.ground.workspace_id) as tx:
        await write_note(tx, talk.ground.workspace_id, talk.id, talk.ground.agent_id, "已催仓库")
    assert (await _view(talk)).note == "已催仓库"
    await talk.says("system", None, payload={"code": "handed_back"})
    await talk.is_now(handled_by="assistant", agent_id=None)
    later = await talk.says("contact", "我又想退货了")
    await _hand_over(talk)
    told = await _view(talk)
    assert told.note == ""
    assert later in [one.seq for one in told.questions]


async def test_next_is_what_is_missing(talk: Talk) -> None:
    await talk.says("contact", "我要退货")
    await talk.is_now(understood={"intent": "return_exchange", "mood": "calm", "moods": []})
    await _hand_over(talk)
    assert [step.code for step in (await _view(talk)).next_steps] == ["ask_which_order"]
    await talk.says("contact", "订单号 QX-D0001")
    steps = (await _view(talk)).next_steps
    assert [(step.code, step.text) for step in steps] == [("verify_tail", "QX-D0001")]
    await talk.link("QX-D0001")
    await talk.says("agent", "我明天下午给您回电话", sender_id=talk.ground.agent_id)
    [promised] = (await _view(talk)).next_steps
    assert (promised.code, promised.kind) == ("make_follow_up", "call_back")
    assert promised.due_at is not None
    await talk.is_now(hand_off_reason="danger:injury")
    assert [step.code for step in (await _view(talk)).next_steps] == ["no_liability", "make_follow_up"]


async def test_another_workspace_sees_no_summary(talk: Talk) -> None:
    await talk.says("contact", "帐篷怎么还没发货")
    async with talk.ground.db.transaction(talk.ground.workspace_id + 1) as tx:
        assert await ensure_summary(tx, talk.ground.workspace_id + 1, talk.id) is None


def test_a_mood_gets_worse_or_better_only_against_what_was_before() -> None:
    assert trend(["calm"]) is None
    assert trend(["calm", "anxious", "angry"]) == "worse"
    assert trend(["angry", "angry", "calm"]) == "better"
    assert trend(["calm", "calm"]) == "same"
