"""Short, sloppy questions over the files of the demo shop: what the files say is found, what they do not is admitted."""

from datetime import UTC, datetime

import pytest

from tests.knowledge.test_consult import Shop
from yingke.app.demo.calendar import Calendar
from yingke.app.demo.files import demo_files
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.parse import parse


@pytest.fixture(scope="module")
async def camp(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    folder = tmp_path_factory.mktemp("camp")
    learned = Shop(encoder, [])
    for file in demo_files(Calendar(datetime.now(UTC))):
        if file.shop == 1 or file.audience == "staff":
            continue
        (folder / file.name).write_bytes(file.data)
        await learned.learn(await parse(folder / file.name, file.name), file.name)
    return learned


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("你们几点上班", "9:00 到 22:00"), ("几点下班", "9:00 到 22:00"), ("你们家几点上班呀", "9:00 到 22:00"), ("周末有人吗", "9:00 到 22:00"),
        ("能开票不", "电子普通发票"), ("邮费咋算", "满 99 元包邮"), ("你家运费多少", "满 99 元包邮"), ("坏了咋办", "保修 1 年"), ("能退不", "签收后 7 天内"),
        ("多久到", "1 到 2 天到"), ("发啥快递", "小件走快递"), ("你们发货快吗", "当天发货"), ("有优惠券没", "满 199 减 15"), ("店里能用券吗", "满 199 减 15"),
        ("会员打几折", "银卡 98 折"), ("老家在新疆运费多少", "加收 20 元"), ("孩子不喜欢能退吗", "无理由退货"),
    ],
)  # fmt: skip
async def test_a_short_question_in_other_words_is_answered(camp: Shop, question: str, wanted: str) -> None:
    answer = (await camp.ask(question)).composed
    assert wanted in answer.text
    assert "没有写到" not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "天幕多少钱",
        "你们的天幕多少钱",
        "手机壳多少钱",
        "袜子有货吗",
        "你们招人吗",
        "你们老板是谁",
        "你们地址在哪",
        "你们有实体店吗",
    ],
)
async def test_a_short_question_about_what_is_not_there_is_not_answered(camp: Shop, question: str) -> None:
    answer = (await camp.ask(question)).composed
    assert "资料里没有写到" in answer.text
    assert answer.citations == ()


async def test_only_the_cells_that_answer_are_quoted(camp: Shop) -> None:
    assert (await camp.ask("这个睡袋零下能用吗")).composed.text.splitlines() == [
        "棉睡袋 10℃（QX-S10）主要参数：舒适温标 10℃ [1]",
        "羽绒睡袋 0℃（QX-S0）主要参数：舒适温标 0℃ [2]",
    ]


async def test_a_price_reads_as_a_sentence_does(camp: Shop) -> None:
    assert (await camp.ask("露营灯多少钱")).composed.text == "露营灯（QX-L1）价格：129 元 [1]"


async def test_a_sentence_cut_at_a_semicolon_ends_with_a_full_stop(camp: Shop) -> None:
    assert (await camp.ask("店里包邮吗")).composed.text == "每单满 99 元包邮。 [1]"
