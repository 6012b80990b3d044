"""What the rules make of passages."""

from pathlib import Path

import pytest

from tests.knowledge.shop_files import write_shop
from yingke.knowledge.pairs.draft import Draft, Source
from yingke.knowledge.pairs.rules import rules
from yingke.knowledge.parse import parse
from yingke.knowledge.split import split
from yingke.knowledge.title import show_title


def source(
    text: str, heading: str = "", *, kind: str = "text", title: str = "", row: dict[str, str] | None = None
) -> Source:
    return Source(0, kind, heading, text, row, b"x" * 16, title)


def asked(drafts: list[Draft]) -> dict[str, str]:
    return {draft.questions[0]: draft.answer for draft in drafts}


@pytest.mark.parametrize(
    ("heading", "text", "question"),
    [
        ("退换货 › 运费", "质量问题由我们承担来回运费，其他原因由买家承担。", "运费怎么算？"),
        ("售后 › 退货运费", "质量问题由我们承担来回运费。", "退换货的运费谁承担？"),
        ("发货 › 发货时间", "16:00 前付款当天发。", "什么时候发货？"),
        ("三、发票", "确认收货后申请，3 个工作日内发到邮箱。", "怎么开发票？"),
        ("2.1 如何申请退货", "在订单页点申请。", "如何申请退货"),
        ("Returns", "Items can be returned within 30 days.", "What is your return policy?"),
        ("How do I track my parcel", "Open the order and tap Track.", "How do I track my parcel"),
        ("会员升级规则", "消费满 500 元升级银卡。", "会员有什么优惠？"),
        ("積分兌換流程", "在會員中心點兌換，3 天內到帳。", "會員有什麼優惠？"),
    ],
)
def test_a_heading_becomes_the_question_that_shoppers_ask(heading: str, text: str, question: str) -> None:
    drafts = rules(source(text, heading))
    assert asked(drafts).get(question) == text, asked(drafts)
    assert drafts[0].quote in text


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("我们的仓库在杭州。每天 16:00 前付款的订单当天发出。", "什么时候发货？", "每天 16:00 前付款的订单当天发出。"),
        ("满 99 元包邮。新疆、西藏每单加收 20 元。", "偏远地区运费要加多少？", "新疆、西藏每单加收 20 元。"),
        ("退款在验收后 48 小时内原路退回。", "退款多久到账？", "退款在验收后 48 小时内原路退回。"),
        (
            "Orders paid before 4 pm ship the same day.",
            "When will my order ship?",
            "Orders paid before 4 pm ship the same day.",
        ),
    ],
)
def test_a_sentence_with_a_figure_answers_its_question(text: str, question: str, answer: str) -> None:
    assert asked(rules(source(text, "说明"))).get(question) == answer


def test_what_leans_on_a_sentence_goes_along_with_it() -> None:
    text = "签收后 7 天内可以无理由退货。但贴身衣物拆封后不支持。客服在线。"
    assert asked(rules(source(text)))["可以退货吗？"] == "签收后 7 天内可以无理由退货。但贴身衣物拆封后不支持。"


def test_what_is_asked_of_a_thing_names_it() -> None:
    drafts = rules(source("外帐涂层 PU3000mm，可以在大雨中使用，防水等级高。", "商品 › 山岚两人帐"))
    assert "山岚两人帐防水吗？" in asked(drafts)


def test_prose_that_settles_nothing_gives_nothing() -> None:
    assert rules(source("感谢您一直以来的支持，我们会继续努力。", "前言")) == []
    assert rules(source("去年的活动已经结束了，期待再会。", "旧活动")) == []
    assert rules(source("東京の天気は晴れです。配送は 3 日です。", "配送")) == []


def test_a_row_gives_the_most_asked_of_its_cells() -> None:
    row = {
        "货号": "QX-L1",
        "名称": "露营灯",
        "价格(元)": "129",
        "材质": "-",
        "重量": "310 g",
        "备注": "锂电池",
        "库存": "88",
        "颜色": "沙色",
    }
    drafts = rules(source("；".join(row.values()), kind="row", row=row))
    assert asked(drafts) == {
        "露营灯多少钱？": "露营灯的价格是 129 元。",
        "露营灯有什么颜色？": "露营灯的颜色是 沙色。",
        "露营灯多重？": "露营灯的重量是 310 g。",
    }


def test_a_row_without_a_name_gives_nothing() -> None:
    assert rules(source("1；2", kind="row", row={"2023": "1", "2024": "2"})) == []


def test_a_written_question_keeps_its_phrasings_and_gains_ours() -> None:
    row = {"问题": "运费怎么算？", "答案": "满 99 包邮。", "相似问法": "邮费多少\n包邮吗"}
    (draft,) = rules(source("满 99 包邮。", "运费怎么算？", kind="qa", row=row))
    assert draft.questions == ("运费怎么算？", "邮费多少", "包邮吗", "多少钱包邮")


async def test_the_files_of_a_shop_give_good_pairs(tmp_path: Path) -> None:
    found: dict[str, str] = {}
    for path in write_shop(tmp_path):
        for one in split(await parse(path, path.name)):
            place = Source(
                one.ordinal, one.kind, one.heading, one.text, one.row, one.content_hash, show_title(path.name)
            )
            for draft in rules(place):
                assert draft.quote in one.text
                assert 1 <= len(draft.questions) <= 20
                found.setdefault(draft.questions[0], draft.answer)
    for question, part in {
        "什么时候发货？": "16:00",
        "两人三季帐多少钱？": "499",
        "S 码适合多高的人穿？": "160-165",
        "保修多久？": "1 年",
        "人工客服几点上班？": "9:00",
        "有赠品吗？": "地钉",
    }.items():
        assert part in found[question]
