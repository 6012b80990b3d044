"""Customers who read no Chinese hear the shop's terms in figures."""

import pytest

from tests.assistants.camp import new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


@pytest.mark.parametrize(
    ("language", "asked", "days", "more"),
    [
        ("en", "What is your return policy?", "within 7 days", "30 days"),
        ("de", "Kann ich den Stuhl zurückgeben?", "innerhalb von 7 Tagen", "30 Tagen"),
        ("ko", "반품 가능한가요?", "7일 이내", "30일"),
        ("ja", "返品は何日以内ですか", "7 日以内", "30 日"),
    ],
)
async def test_the_days_of_the_shops_own_policy_are_told(
    language: str, asked: str, days: str, more: str, ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    customer.language = language
    told = await customer.says(asked)
    assert days in told.text
    assert more in told.text
    assert told.trace["skills"][0][1] == "shop_terms"


async def test_the_shipping_fee_is_told_and_never_for_a_country_that_no_rule_names(
    ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    customer.language = "en"
    assert "Shipping:" in (await customer.says("How much is the shipping?")).text
    assert "Shipping:" not in (await customer.says("Is there free shipping to Japan?")).text


async def test_a_chinese_customer_is_answered_from_the_documents(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    told = await (await new_customer(ground, learning)).says("退货政策是什么")
    assert all(who != "shop_terms" for _, who in told.trace.get("skills", []))


async def test_who_wants_his_own_article_back_is_not_told_the_rule_alone(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    customer.language = "es"
    told = await customer.says("quiero devolver mi pedido")
    assert told.trace["skills"][0][1] == "after_sales"


async def test_two_questions_in_one_breath_are_both_answered(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    customer.language = "fr"
    told = await customer.says("combien coûte la lampe et quels sont les frais de livraison ?")
    assert "129" in told.text
    assert "Livraison :" in told.text
