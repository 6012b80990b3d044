"""Pure: the wish for a person is heard in any wording and in no other sentence."""

from pathlib import Path

import pytest

from yingke.assistants.wants_person import wants_person

ORDINARY = (Path(__file__).parent / "ordinary_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "人工",
        "人工客服",
        "找真人",
        "有人吗我要人工",
        "我要活人",
        "转 人 工",
        "請轉人工",
        "帮我转接人工客服",
        "人工服务",
        "能不能找个人来",
        "真人在吗",
        "客服在吗转一下客服",
        "我不想跟机器人说话",
        "别给我机器人了",
        "叫你们经理来",
        "找你们老板",
        "换个人来",
        "我要投诉,叫店长",
        "有没有人工客服",
        "人工呢",
        "还有活人吗",
        "我要找人工!!!",
        "不要自动回复,人工",
        "转客服",
        "让人来跟我说",
        "能转人吗",
        "要人工服务",
        "给我接人工",
        "人工客服怎么联系",
        "human",
        "agent",
        "real person please",
        "I want to talk to a human",
        "speak to an agent",
        "connect me with a representative",
        "Can I chat with someone",
        "transfer me to a live agent",
        "I need a human",
        "customer service please",
    ],
)
def test_the_wish_for_a_person_is_heard(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "人工费多少",
        "手工 or 人工智能",
        "安装人工费怎么算",
        "这是手工做的吗",
        "是人工智能吗",
        "人工草坪多少钱一平",
        "人工皮的吗",
        "纯手工制作吗",
        "人工缝制的吗",
        "不用转人工了",
        "先不转人工",
        "这个几个人用",
        "一个人能搭吗",
        "有人买过吗",
        "别人都说好",
        "家里人用",
        "送人合适吗",
        "两个人睡得下吗",
        "店长推荐的是哪款",
        "人体工学椅有吗",
        "这款机器人会扫地吗",
        "travel agent discount",
        "is the agent fee included",
        "real leather",
        "for one person",
        "how many persons fit in it",
        "I don't need a human",
    ],
)
def test_other_sentences_do_not_call_a_person(text: str) -> None:
    assert not wants_person(text)


def test_ordinary_questions_do_not_call_a_person() -> None:
    assert [sentence for sentence in ORDINARY if wants_person(sentence)] == []
