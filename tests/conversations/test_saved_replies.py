"""Saved replies: own and shared, found by pinyin initials."""

import pytest

from tests.conversations.stage import Stage
from yingke.conversations.initials import initials
from yingke.conversations.saved_replies import Words, change_reply, drop_reply, list_saved_replies, save_reply
from yingke.kit.errors import Problem
from yingke.workspaces.caller import Caller


@pytest.mark.parametrize(
    ("title", "wanted"),
    [("退换货", "thh"), ("什么时候发货", "smshfh"), ("优惠券怎么用", "yhqzmy"), ("7 天无理由", "7twly"), ("Hello 你好", "hellonh"),
     ("、！?", ""), ("啊", "a"), ("座", "z")],
)  # fmt: skip
def test_initials_are_those_that_a_person_would_type(title: str, wanted: str) -> None:
    assert initials(title) == wanted


def test_a_character_with_two_sounds_is_found_by_both() -> None:
    assert "yhk" in initials("银行卡").split()
    assert "cl" in initials("重量").split()
    assert len(initials("行" * 50).split()) <= 8


def _caller(stage: Stage, agent_id: int, role: str = "agent") -> Caller:
    return Caller(stage.workspace_id, agent_id, None, role)


async def test_own_replies_are_private_and_shared_ones_belong_to_the_admins(stage: Stage) -> None:
    first = _caller(stage, await stage.new_agent())
    second = _caller(stage, await stage.new_agent())
    owner = _caller(stage, stage.ground.agent_id, "owner")
    mine = await stage.do(lambda tx: save_reply(tx, first, Words("售后", "退换货", "七天内可退")))
    team = await stage.do(lambda tx: save_reply(tx, owner, Words("", "发货", "48 小时内", True)))

    async def seen(caller: Caller) -> list[int]:
        return [row["id"] for row in await stage.do(lambda tx: list_saved_replies(tx, caller))]

    assert await seen(first) == [team["id"], mine["id"]]
    assert await seen(second) == [team["id"]]
    for work, status in (
        (lambda tx: change_reply(tx, second, mine["id"], Words(text="x")), 404),
        (lambda tx: drop_reply(tx, second, team["id"]), 403),
        (lambda tx: save_reply(tx, second, Words("", "标题", "文", True)), 403),
        (lambda tx: change_reply(tx, first, mine["id"], Words(is_shared=True)), 403),
    ):
        with pytest.raises(Problem) as refusal:
            await stage.do(work)
        assert refusal.value.status == status
    changed = await stage.do(lambda tx: change_reply(tx, first, mine["id"], Words(title="运费")))
    assert (changed["title"], changed["initials"], changed["text"]) == ("运费", "yf", "七天内可退")
