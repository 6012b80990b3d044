"""A few words after an answer from a document are asked of that document; a new question is not dragged into it."""

import pytest

from tests.assistants.conftest import NewQuestion
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.engine import Reply, Said
from yingke.assistants.engines.embedded import EmbeddedEngine

FILES = {
    "发货.md": "# 发货与物流\n\n## 快递几天能到\n小件走快递，江浙沪 1 到 2 天到，其他省份 2 到 4 天到，新疆、西藏 5 到 8 天到。\n\n"
    "## 运费怎么算\n每单满 99 元包邮，不满收 8 元。\n",
    "售后.md": "# 售后\n\n## 七天无理由退货\n签收后 7 天内，商品完好可以无理由退货，寄回运费由买家承担。\n\n"
    "## 退款多久到账\n收到退货后 48 小时内退款，原路退回。\n",
    "会员.md": "问：怎么成为会员？\n答：累计消费满 500 元升银卡，满 2000 元升金卡，次日生效。\n\n"
    "问：可以开发票吗？\n答：签收后在订单页申请电子发票，1 个工作日内发到邮箱，公司抬头请填写税号。\n",
}


class Talk:
    """Says one thing after the other to the knowledge alone."""

    def __init__(self, learning: Learning, ground: Ground, new_question: NewQuestion) -> None:
        self._engine, self._ground, self._new_question = EmbeddedEngine(learning.library), ground, new_question
        self._history: list[Said] = []

    async def says(self, text: str) -> Reply:
        question = await self._new_question(self._ground, text, history=tuple(self._history))
        reply = await self._engine.answer(question, lambda _: True)
        self._history += [Said("contact", text), Said("assistant", reply.text, reply.cited)]
        return reply


@pytest.fixture
async def talk(learning: Learning, ground: Ground, new_question: NewQuestion) -> Talk:
    for name, text in FILES.items():
        await learning.learn(ground, name, text)
    return Talk(learning, ground, new_question)


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("能开发票吗", "要等多久", "1 个工作日"),
        ("能开发票吗", "公司的话要填什么", "税号"),
        ("怎么成为会员", "金的呢", "2000"),
        ("不喜欢可以退吗", "运费呢", "买家承担"),
        ("寄杭州几天到", "那和田", "5 到 8 天"),
    ],
)
async def test_what_is_left_out_is_what_the_last_answer_was_about(talk: Talk, first: str, then: str, told: str) -> None:
    assert (await talk.says(first)).citations
    assert told in (await talk.says(then)).text


@pytest.mark.parametrize("then", ["明天天气怎么样", "老板多大年纪", "能带上飞机吗", "你喜欢露营吗", "股票会涨吗"])
async def test_a_question_about_something_else_is_not_answered_from_it(talk: Talk, then: str) -> None:
    assert (await talk.says("能开发票吗")).citations
    assert not (await talk.says(then)).citations


async def test_a_full_question_is_answered_from_its_own_document(talk: Talk) -> None:
    assert (await talk.says("能开发票吗")).citations
    assert "99" in (await talk.says("运费怎么算的")).text
    assert "48 小时" in (await talk.says("退款一般多久到账")).text
