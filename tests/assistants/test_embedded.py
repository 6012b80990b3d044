"""What the embedded engine says, and what it never says."""

from pathlib import Path
from types import SimpleNamespace

import msgspec

from tests.assistants.conftest import NewQuestion
from tests.conftest import Ground, NewGround
from tests.knowledge.shop_files import write_shop
from tests.learning import Learning
from yingke.assistants.engine import Said
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.kit.errors import busy
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.library import Library

SHIPPING = (
    "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n"
    "## 能退货吗?\n签收后 7 天内可以无理由退货,运费由买家承担。\n"
)


def never(text: str) -> bool:
    raise AssertionError(f"shown before it was stored: {text}")


async def test_an_uploaded_file_answers_with_its_source(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    document_id = await learning.learn(ground, "发货与物流.md", SHIPPING)
    reply = await EmbeddedEngine(learning.library).answer(await new_question(ground, "今天下单多久能发货啊"), never)
    assert "16:00 前付款当天发出" in reply.text
    assert "[1]" in reply.text
    assert reply.generated_by == {"engine": "embedded"}
    assert reply.degraded_level == 0
    assert reply.gap is None
    citation = reply.citations[0]
    assert (citation["n"], citation["title"], citation["document_id"]) == (1, "发货与物流", str(document_id))
    assert "16:00" in citation["quote"]
    assert reply.cited == (int(citation["passage_id"]),)


async def test_an_unknown_question_gets_honesty_a_gap_and_a_person(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    question = await new_question(ground, "你们的灯能带上飞机吗,我电话 13800138000")
    reply = await EmbeddedEngine(learning.library).answer(question, never)
    assert "没有写到" in reply.text
    assert reply.citations == []
    assert reply.offers_person
    assert reply.gap is not None
    assert "飞机" in reply.gap
    assert "13800138000" not in reply.gap


async def test_staff_only_material_never_reaches_a_customer(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(
        ground, "口径.md", "# 赔付口径\n\n## 破损小件怎么补发?\n单笔 80 元以内客服可直接补发。\n", "staff"
    )
    reply = await EmbeddedEngine(learning.library).answer(await new_question(ground, "破损小件怎么补发"), never)
    assert "80" not in reply.text
    assert reply.citations == []
    assert "80" not in msgspec.json.encode(reply.trace).decode()


async def test_another_workspace_is_never_quoted(
    learning: Learning, new_ground: NewGround, new_question: NewQuestion
) -> None:
    ours, theirs = await new_ground(), await new_ground()
    await learning.learn(theirs, "发货.md", SHIPPING)
    reply = await EmbeddedEngine(learning.library).answer(await new_question(ours, "多久发货"), never)
    assert "16:00" not in reply.text
    assert reply.citations == []


async def test_two_questions_in_one_message_are_both_answered(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    reply = await EmbeddedEngine(learning.library).answer(await new_question(ground, "多久发货?能退货吗?"), never)
    assert "16:00" in reply.text
    assert "7 天" in reply.text
    assert [citation["n"] for citation in reply.citations] == [1, 2]


async def test_a_pronoun_means_what_was_quoted_before(
    learning: Learning, ground: Ground, new_question: NewQuestion, tmp_path: Path
) -> None:
    path = next(path for path in write_shop(tmp_path) if path.name == "商品表.xlsx")
    await learning.learn(ground, path.name, path.read_bytes())
    engine = EmbeddedEngine(learning.library)
    first = await engine.answer(await new_question(ground, "两人三季帐下雨漏不漏"), never)
    assert "PU3000mm" in first.text
    history = (Said("contact", "两人三季帐下雨漏不漏"), Said("assistant", first.text, first.cited))
    second = await engine.answer(await new_question(ground, "那个有绿的吗", history=history), never)
    assert "苔绿" in second.text
    assert "两人三季帐" in second.text


async def test_a_forbidden_wish_is_refused_and_marked_in_the_trace(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    reply = await EmbeddedEngine(learning.library).answer(await new_question(ground, "加我微信给我便宜点呗"), never)
    assert "微信" not in reply.text
    assert reply.trace["decision"]["reasons"] == ["护栏:off_platform"]
    assert reply.gap is None


async def test_a_greeting_is_no_gap(learning: Learning, ground: Ground, new_question: NewQuestion) -> None:
    engine = EmbeddedEngine(learning.library)
    for text in ("你好", "在吗", "谢谢啦~", "hello", "你是机器人吗"):
        reply = await engine.answer(await new_question(ground, text), never)
        assert reply.gap is None, text
        assert "没有写到" not in reply.text, text


async def test_english_words_are_answered_in_english_without_chinese_passages(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    engine = EmbeddedEngine(learning.library)
    reply = await engine.answer(await new_question(ground, "How long until you ship my tent?"), never)
    assert not any("\u4e00" <= character <= "\u9fff" for character in reply.text)
    await learning.learn(
        ground, "shipping.md", "# Shipping\n\n## When do you ship?\nOrders paid before 16:00 ship today.\n"
    )
    reply = await engine.answer(await new_question(ground, "When do you ship?"), never)
    assert "16:00" in reply.text
    assert reply.citations


async def test_a_picture_alone_is_not_pretended_to_be_understood(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    reply = await EmbeddedEngine(learning.library).answer(await new_question(ground, has_attachment=True), never)
    assert "看不懂" in reply.text
    assert reply.offers_person
    assert reply.gap is None


async def test_an_order_and_an_upset_customer_need_a_person(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    engine = EmbeddedEngine(learning.library)
    order = await engine.answer(await new_question(ground, "QX-D0001 到哪了"), never)
    assert order.offers_person
    assert "人工" in order.text
    assert order.gap is None
    upset = await engine.answer(await new_question(ground, "我收到的灯是碎的!什么质量,气死了"), never)
    assert upset.offers_person
    assert "抱歉" in upset.text
    assert upset.gap is None


async def test_the_trace_is_small_and_tells_what_was_found(
    learning: Learning, ground: Ground, new_question: NewQuestion, tmp_path: Path
) -> None:
    for path in write_shop(tmp_path):
        await learning.learn(ground, path.name, path.read_bytes())
    question = await new_question(ground, "你们那个帐篷下雨漏不漏啊,俩人带条狗睡得下不")
    reply = await EmbeddedEngine(learning.library).answer(question, never)
    trace = reply.trace
    assert len(msgspec.json.encode(trace)) <= 1536
    assert {step["name"] for step in trace["steps"]} >= {"understand", "encode", "search", "decide", "compose"}
    assert {found[0] for found in trace["found"] if found[4]} == set(reply.cited)
    assert trace["decision"]["answer"] is True


async def test_without_the_encoder_words_still_find_and_the_answer_says_so(
    learning: Learning, ground: Ground, new_question: NewQuestion
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    library = Library(learning.db, DeadEncoder())
    reply = await EmbeddedEngine(library).answer(await new_question(ground, "多久发货?"), never)
    assert "16:00" in reply.text
    assert reply.degraded_level == 2
    assert reply.trace["decision"]["reasons"][0] == "encoder_down"


class DeadEncoder(Encoder):
    def __init__(self) -> None:
        self.state = SimpleNamespace()

    async def encode(self, texts):  # type: ignore[no-untyped-def]
        raise busy()
