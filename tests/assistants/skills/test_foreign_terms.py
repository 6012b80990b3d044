"""Customers who read no Chinese hear the shop's terms in figures."""

import pytest

from tests.assistants.camp import new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


@pytest.mark.parametrize(
    ("language", "asked"),
    [("en", "What is your return policy?"), ("de", "Kann ich den Stuhl zurückgeben?"), ("ko", "반품 가능한가요?")],
)
async def test_the_days_of_the_shops_own_policy_are_told(
    language: str, asked: str, ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    customer.language = language
    told = await customer.says(asked)
    assert "within 7 days" in told.text
    assert "30 days" in told.text
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
