"""Before the purchase: sums that short messages change, sizes out of the table, offers out of the rules, no promise."""

import pytest

from tests.assistants.camp import Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning
from yingke.app.demo.rules import SIZES
from yingke.assistants.countries import missing_destination
from yingke.assistants.skills.pieces.body import Body, read_body
from yingke.assistants.skills.pieces.choose_size import choose_size
from yingke.assistants.tools.pieces.size_rows import read_size_row
from yingke.commerce.finding.measures import read_measure
from yingke.commerce.order_numbers import find_order_numbers

TABLE = [
    row.shown()
    for cells in SIZES[1:]
    if (row := read_size_row(dict(zip(SIZES[0], cells, strict=True)), " ".join(cells)))
]


@pytest.fixture
async def customer(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("身高 175 穿外套选什么码", Body(175.0, None)),
        ("我175高 140斤", Body(175.0, 70.0)),
        ("一米六五，55公斤", Body(165.0, 55.0)),
        ("188 90kg", Body(188.0, 90.0)),
        ("175 140", Body(175.0, 70.0)),
        ("1米7 120", Body(170.0, 60.0)),
        ("体重一百四十斤", Body(None, 70.0)),
        ("I am 5'10\" and 165 lbs", Body(177.8, 74.8)),
        ("两人帐 499", Body(None, None)),
    ],
)
def test_height_and_weight_are_read_as_people_tell_them(text: str, body: Body) -> None:
    assert read_body(text) == body


@pytest.mark.parametrize(
    ("body", "fit", "sizes"),
    [
        (Body(175, None), "one", ["L"]),
        (Body(175, 70), "one", ["L"]),
        (Body(173, None), "two", ["M", "L"]),
        (Body(178, 60), "apart", ["L", "M"]),
        (Body(195, None), "outside", ["XXL"]),
    ],
)
def test_a_size_is_a_row_of_the_table_or_it_is_said_that_none_fits(body: Body, fit: str, sizes: list[str]) -> None:
    chosen = choose_size(TABLE, body)
    assert chosen is not None
    assert (chosen.fit, [row["size"] for row in chosen.rows]) == (fit, sizes)


def test_a_country_that_is_not_listed_is_missing() -> None:
    listed = "The Global store ships to Japan, South Korea, Singapore and Australia."
    assert missing_destination("Do you ship to Brazil?", listed) == "Brazil"
    assert missing_destination("Do you ship to Japan?", listed) is None
    assert missing_destination("能寄到巴西吗", listed) == "Brazil"
    assert missing_destination("Is Brazil nice?", listed) is None


@pytest.mark.parametrize("text", ["I'm 175 cm tall", "under 200 yuan", "5'10\" and 165 lbs", "Size M 175"])
def test_an_english_word_before_a_figure_is_no_order_number(text: str) -> None:
    assert find_order_numbers(text) == []


def test_a_need_of_a_measure_has_a_limit() -> None:
    warm, load = read_measure("冬天零下十度能用哪个睡袋"), read_measure("体重 200 斤能坐吗")
    assert warm is not None
    assert (warm.measure.key, warm.limit) == ("warmth", -10.0)
    assert load is not None
    assert (load.measure.key, load.limit) == ("load", 100.0)
    assert read_measure("这个多少钱") is None


async def test_a_sum_is_kept_and_changed_over_turns(customer: Customer) -> None:
    assert "392.00" in (await customer.says("椅子 三把 总共多少钱")).text
    assert "541.00" in (await customer.says("不要三把了 四把")).text
    more = (await customer.says("再加个灯")).text
    assert "露营灯" in more
    assert "596.00" in more
    assert "折叠椅" not in (await customer.says("不要椅子了")).text


async def test_whether_a_coupon_counts_is_arithmetic(customer: Customer) -> None:
    short = (await customer.says("露营灯能用券不")).text
    assert "70.00" in short
    assert "332.00" in (await customer.says("买三个灯能用券吗")).text


async def test_something_too_broad_is_priced_and_said_to_be_so(customer: Customer) -> None:
    told = (await customer.says("睡袋两条一共多少钱")).text
    assert "不止一款" in told
    assert "羽绒睡袋 0℃" in told


async def test_more_and_cheaper_go_on_from_what_was_shown(customer: Customer) -> None:
    await customer.says("推荐个睡袋")
    assert "没有比它更低的价" in (await customer.says("有没有便宜点的")).text
    assert "就是上面这些" in (await customer.says("还有别的吗")).text


async def test_what_is_sold_out_names_the_day_and_what_is_there_instead(customer: Customer) -> None:
    told = (await customer.says("两人三季帐沙色还有货吗")).text
    assert "补货" in told
    assert "苔绿 36" in told
    assert "到货通知" in told


@pytest.mark.parametrize("text", ["你们是正品吗", "这是全网最低价吗", "哪款卖得最好", "这个和迪卡侬的比怎么样"])
async def test_what_nobody_wrote_down_is_not_promised(text: str, customer: Customer) -> None:
    told = await customer.says(text)
    assert told.trace["skills"][0][1] == "pre_sales"
    assert not any(word in told.text for word in ("保证", "最低价", "是正品", "放心"))


async def test_bargaining_gets_the_published_offers_and_nothing_else(customer: Customer) -> None:
    told = (await customer.says("能便宜点吗")).text
    assert "每满 300 减 40" in told
    assert "不能另外改价" in told or "没有权限改价" in told


async def test_an_english_visitor_reads_what_kind_of_thing_it_is(ground: Ground, customer: Customer) -> None:
    customer.language = "en-US"
    told = (await customer.says("How much for 2 camping lamps?")).text
    assert "243.00" in told
    assert "金卡" not in told
    assert "店铺券" not in told


async def test_each_of_two_things_is_told(customer: Customer) -> None:
    told = (await customer.says("桌子椅子都有现货吧")).text
    assert "22" in told
    assert "41" in told
