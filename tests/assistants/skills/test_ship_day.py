"""Today or later, by the shop's words and the clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.assistants.camp import new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning
from yingke.assistants.guarding.promises import Sources, back_promises
from yingke.assistants.skills.pieces.ship_day import ship_day

WORDS = "每天 16:00 前付款的现货订单当天发货；16:00 之后付款的，48 小时内发货。"
ZONE = ZoneInfo("Asia/Shanghai")


def test_before_the_cut_off_it_ships_today() -> None:
    told = ship_day("今天下单几号能发", WORDS, datetime(2026, 3, 2, 14, 5, tzinfo=ZONE))
    assert told == ("ships_today", {"now": "14:05", "cutoff": "16:00"})


def test_after_it_the_last_day_is_counted() -> None:
    told = ship_day("今天下单几号能发", WORDS, datetime(2026, 3, 2, 16, 0, tzinfo=ZONE))
    assert told is not None
    assert told[0] == "ships_later"
    assert told[1]["day"] == "3月4日"


def test_nothing_is_added_to_other_words_or_other_questions() -> None:
    now = datetime(2026, 3, 2, 14, 5, tzinfo=ZONE)
    assert ship_day("今天下单几号能发", "付款后尽快发货。", now) is None
    assert ship_day("支持开发票吗", WORDS, now) is None
    assert ship_day("几号发", "25:99 前付款当天发货", now) is None


@pytest.mark.parametrize(("hour", "told"), [(10, "今天 16:00 前付款就今天发"), (17, "现在付款最晚")])
async def test_the_guard_of_promises_lets_the_counted_day_pass(
    ground: Ground, learning: Learning, hour: int, told: str
) -> None:
    await stock_camp(ground)
    await learning.learn(ground, "发货.md", f"# 发货\n\n## 今天下单几号能发货\n\n{WORDS}\n")
    customer = await new_customer(ground, learning)
    customer.at = datetime.now(ZONE).replace(hour=hour, minute=30)
    reply = await customer.says("苔绿的两人帐有货吗 今天下单几号能发")
    assert told in reply.text
    quotes = [str(one["quote"]) for one in reply.citations]
    assert back_promises(reply.text, Sources(quotes, reply.facts, True), "zh-CN").dropped == ()
