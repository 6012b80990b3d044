"""A shop with goods, offers and orders, and what its visitors write: documents, goods, prices, stock, parcels, politeness, anger."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.faq import THINGS

PRODUCTS, ORDERS = 200, 2000
KINDS = ("轻量", "防水", "保暖", "便携", "儿童", "加厚", "静音", "折叠")
COLOURS = ("苔绿", "沙色", "黑色", "藏青", "酒红")
SHARES = {"knowledge": 40, "advice": 18, "price": 14, "stock": 12, "order": 10, "courtesy": 6}
"""Of a hundred messages; angry ones come beside them, see `ANGRY_ONE_IN`."""
ANGRY_ONE_IN = 100
COURTESY = ("你好", "谢谢", "在吗", "好的谢谢", "早上好", "再见")
ANGRY = ("骗子店!马上退钱", "什么垃圾客服,我要投诉你们", "气死我了,你们就是骗人", "黑店,等着被曝光吧", "受够了,给我滚")
PROMOTIONS: tuple[dict[str, Any], ...] = (
    {"name": "满减", "kind": "every_reduce", "priority": 20, "terms": {"every_minor": 30_000, "off_minor": 4_000}},
    {"name": "会员价", "kind": "member_price", "priority": 10, "terms": {"rates": {"gold": 9500}, "names": {"gold": "金卡"}}},
    {"name": "运费", "kind": "shipping", "priority": 90, "terms": {"fee_minor": 800, "free_from_minor": 9_900}},
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """`proof` stands in a right answer of the shop's live data; empty where any answer will do."""

    kind: str
    text: str
    proof: str = ""


def products() -> list[dict[str, Any]]:
    """As `POST /v1/products/import` takes them; the same ones every time."""
    return [_product(number) for number in range(PRODUCTS)]


def _product(number: int) -> dict[str, Any]:
    chance = random.Random(number)
    kind, price = KINDS[(number // len(THINGS)) % len(KINDS)], chance.randint(19, 999) * 100
    return {
        "external_id": f"P{number}",
        "code": f"YK-{number:04}",
        "title": title_of(number),
        "description": f"{title_of(number)}，{kind}，适合日常和出行。",
        "category": THINGS[number % len(THINGS)],
        "attributes": {"特点": kind, "重量": f"{chance.randint(1, 90) / 10}kg"},
        "variants": [
            {"external_id": f"P{number}-{at}", "sku": f"YK-{number:04}-{at}", "title": colour, "price_minor": price,
             "attributes": {"颜色": colour}, "stock": chance.randint(0, 50)}
            for at, colour in enumerate(COLOURS[:3])
        ],
    }  # fmt: skip


def title_of(number: int) -> str:
    return f"{KINDS[(number // len(THINGS)) % len(KINDS)]}{THINGS[number % len(THINGS)]}"


def orders() -> list[dict[str, Any]]:
    """As `POST /v1/orders/import` takes them; the last four digits of the phone are those of the number."""
    return [
        {"number": number_of(at), "state": "shipped", "total_minor": 19_900, "paid_minor": 19_900, "phone": f"1380000{at:04}",
         "items": [{"title": title_of(at % PRODUCTS), "quantity": 1, "price_minor": 19_900}],
         "shipments": [{"carrier": "速运", "tracking_number": f"YK{at:010}"}]}
        for at in range(ORDERS)
    ]  # fmt: skip


def number_of(at: int) -> str:
    return f"YK-{at:06}"


def messages(knowledge: Sequence[str], count: int, chance: random.Random) -> list[Asked]:
    """`count` messages in the shares above; what is asked of documents is taken from `knowledge`, each once."""
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    unused = iter(knowledge)
    return [Asked(kind, next(unused)) if kind == "knowledge" else _ask(kind, chance) for kind in kinds]


def _ask(kind: str, chance: random.Random) -> Asked:
    number, other = chance.randrange(PRODUCTS), chance.randrange(PRODUCTS)
    title, colour = title_of(number), chance.choice(COLOURS[:3])
    match kind:
        case "advice":
            want = chance.choice(
                ("想买个{}，{}元以内的有推荐吗", "推荐一款{}，预算{}元左右", "有没有{}元以内的{}，送人用")
            )
            budget = str(chance.randint(3, 12) * 100)
            pair = (budget, title) if want.startswith("有没有") else (title, budget)
            return Asked(kind, want.format(*pair))
        case "price":
            if chance.random() < 0.4:
                return Asked(kind, f"{chance.randint(2, 4)}个{title}加一个{title_of(other)}一共多少钱", "元")
            return Asked(kind, f"{colour}的{title}多少钱", title)
        case "stock":
            return Asked(kind, f"{title}{colour}的还有货吗{chance.choice(('', '呀', '，急用', '？'))}", title)
        case "order":
            at = chance.randrange(ORDERS)
            return Asked(kind, f"我的订单{number_of(at)}到哪了，手机尾号{at:04}", number_of(at))
        case _:
            return Asked(kind, chance.choice(COURTESY))
