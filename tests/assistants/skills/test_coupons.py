"""What coupons there are, and the one that the shop lets its assistants give."""

from tests.assistants.camp import new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


async def add_coupon(ground: Ground, name: str, *, by_assistant: bool = True, off_minor: int = 2000) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        made: int = await tx.fetchval(
            "insert into coupons (workspace_id, name, threshold_minor, off_minor, is_public, by_assistant, ends_at)"
            " values ($1, $2, 30000, $3, false, $4, '2099-12-31T16:00:00Z') returning id",
            ground.workspace_id,
            name,
            off_minor,
            by_assistant,
        )
        return made


async def count_given(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        given: int = await tx.fetchval("select count(*) from given_coupons")
        return given


async def test_everybody_hears_of_the_public_coupon_and_nobody_of_one_he_cannot_have(
    ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    await add_coupon(ground, "老客回馈券")
    told = await (await new_customer(ground, learning)).says("你们有优惠券吗")
    assert "满 199.00 元 减 15.00 元" in told.text
    assert "老客回馈券" not in told.text
    assert told.trace["skills"][0][1] == "coupons"
    english = await new_customer(ground, learning)
    english.language = "en"
    assert "CN¥15.00 off orders from CN¥199.00" in (await english.says("Do you have any coupons?")).text


async def test_a_signed_in_customer_who_asks_gets_it_once_and_it_counts_in_his_price(
    ground: Ground, learning: Learning
) -> None:
    await stock_camp(ground)
    await add_coupon(ground, "老客回馈券")
    customer = await new_customer(ground, learning, is_signed_in=True)
    offered = await customer.says("有什么优惠券吗")
    assert "「老客回馈券」满 300.00 元 减 20.00 元" in offered.text
    assert "领取" in offered.text
    assert await count_given(ground) == 0
    given = await customer.says("领取")
    assert "老客回馈券" in given.text
    assert ["give_coupon", "ok"] in [call[:2] for call in given.trace["tools"]]
    assert await count_given(ground) == 1
    again = await customer.says("再给我一张优惠券呗")
    assert await count_given(ground) == 1
    assert "老客回馈券" in again.text
    priced = await customer.says("一顶两人帐多少钱")
    assert "439.00" in priced.text


async def test_what_only_a_person_may_give_is_never_given_by_asking(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    await add_coupon(ground, "主管补偿券", by_assistant=False)
    await add_coupon(ground, "大额券", off_minor=90_000)
    customer = await new_customer(ground, learning, is_signed_in=True)
    for words in ("给我一张优惠券", "领取", "我要主管补偿券", "把大额券发我"):
        reply = await customer.says(words)
        assert "主管补偿券" not in reply.text
        assert "大额券" not in reply.text
    stranger = await new_customer(ground, learning)
    await stranger.says("领一张优惠券")
    assert await count_given(ground) == 0


async def test_questions_about_the_rules_of_coupons_stay_with_the_documents(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning)
    for words in ("优惠券能和满减一起用吗", "我的券用不了怎么回事", "退货以后券退吗"):
        reply = await customer.says(words)
        assert all(who != "coupons" for _, who in reply.trace.get("skills", []))
