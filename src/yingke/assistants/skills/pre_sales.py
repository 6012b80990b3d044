"""Before the purchase: what things cost together, whether they are there, which one fits, how two differ."""

import re
from typing import Any

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.basket import read_basket
from yingke.assistants.skills.pieces.product_words import (
    compare_rows,
    price_line,
    product_line,
    quote_lines,
    stock_line,
)
from yingke.assistants.skills.pieces.wishes import order_wish
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.finding.need import read_need

_PRICE = re.compile(
    r"多少[钱前米]|多少元|几钱|什么价|价格|报价|怎么卖|一共|总共|合计|加起来|算下来|算一?下|到手价?|优惠后|折后|贵不贵|\bhow much\b|\bprice\b|\bcost\b|\btotal\b",
    re.IGNORECASE,
)
_STOCK = re.compile(
    r"有货|有没有货|没货|缺货|断货|现货|库存|补货|到货|还有(?:没有)?(?:.{0,8})(?:吗|么|没)|有(?:没有)?.{1,6}(?:色|码|号|款)(?:的|子)?(?:吗|么|没|不)?|有[^，,。]{1,4}的(?:吗|么|没|不)"
    r"|\bin stock\b|\bavailable\b|\bsold out\b|\brestock",
    re.IGNORECASE,
)
_COMPARE = re.compile(
    r"区别|差别|不同|对比|比较一?下|哪(?:个|款|种|一款)(?:好|更|适合|划算|值)|(?:好|选)哪(?:个|款)|\bdifference\b|\bcompare\b|\bwhich (?:is|one|should)\b|\bvs\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(.{2,14}?)(?:和|跟|与|还是|对比|比|\bvs\.?\b|\band\b|\bor\b)(.{2,14}?)(?:有|的|哪|比|怎么|好|更|选|区别|差别|$|[,，?？])",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"推荐|介绍(?:一?下|几|个|款)|有没有(?:适合|.{0,10}(?:以内|以下|左右))|(?:买|选)(?:哪|什么)|哪(?:款|种|个)(?:适合|合适)|适合.{1,12}的|(?:以内|以下|左右)的|想(?:要|买|找|看看?)(?:一?个|一?款|一?件|一?台)"
    r"|\brecommend|\bsuggest|\blooking for\b|\bdo you (?:have|sell)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"什么码|多大码|哪个码|选码|尺码|几码|码数|\bwhat size\b|\bwhich size\b", re.IGNORECASE)
_CODE_WEIGHT = 9.0
MOST_SHOWN = 3
SURE = 0.5
"""Below it a product is only a guess, and the knowledge answers."""


class PreSales(Skill):
    name = "pre_sales"
    says = ("售前导购", "Before the purchase")
    tools = ("find_products", "quote_price", "compare_products")

    def claims(self, work: Work, request: Request) -> float:
        text = request.text
        if order_wish(text) is not None:
            return 0.0
        if _PRICE.search(text):
            return 0.9 if read_basket(text) else 0.7
        if _COMPARE.search(text) and _PAIR.search(text):
            return 0.75
        if _STOCK.search(text):
            return 0.8
        return 0.75 if _ADVICE.search(text) and not _SIZE.search(text) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        text = request.text
        if _PRICE.search(text):
            basket = read_basket(text)
            return await self._quote(work, basket) if basket else await self._price(work, request)
        if _COMPARE.search(text) and (pair := _PAIR.search(text)):
            return await self._compare(work, [pair[1].strip(), pair[2].strip()])
        if _STOCK.search(text):
            return await self._stock(work, request)
        return await self._advise(work, request)

    async def _quote(self, work: Work, basket: list[Any]) -> Served:
        lines = [{"quantity": one.quantity, "words": one.words} for one in basket]
        quoted = await work.belt.run("quote_price", {"lines": lines})
        if quoted.problem is not None or not quoted.data["lines"]:
            return Served(None)
        _speak_of(work, [line["product_id"] for line in quoted.data["lines"]])
        said = [work.say("quote", lines="\n".join(quote_lines(quoted.data, work)), total=quoted.data["total"])]
        for level in quoted.data["after_signing_in"]:
            said.append(work.say("quote_member_later", level=level["name"], total=level["total"]))
        for words in quoted.data["not_found"]:
            said.append(work.say("not_priced", words=words))
        return Served("\n".join(said), offers_person=bool(quoted.data["not_found"]))

    async def _price(self, work: Work, request: Request) -> Served:
        product = await self._one(work, request)
        if product is None:
            return Served(None)
        return Served(price_line(product, work))

    async def _stock(self, work: Work, request: Request) -> Served:
        product = await self._one(work, request)
        if product is None:
            return Served(None)
        return Served(stock_line(product, work))

    async def _advise(self, work: Work, request: Request) -> Served:
        found = await work.belt.run("find_products", {"need": request.search, "limit": MOST_SHOWN, "show": True})
        if found.problem is not None:
            return Served(None)
        products = [one for one in found.data["products"] if one["score"] >= SURE]
        if not products:
            return Served(work.say("found_none"), offers_person=True) if found.data["filters"] else Served(None)
        _speak_of(work, [one["id"] for one in products])
        lines = [f"{place}. {product_line(one, work)}" for place, one in enumerate(products, 1)]
        return Served(work.say("found", products="\n".join(lines)))

    async def _compare(self, work: Work, names: list[str]) -> Served:
        compared = await work.belt.run("compare_products", {"names": names})
        if compared.problem is not None or len(compared.data["products"]) < 2:
            return Served(None)
        _speak_of(work, [one["id"] for one in compared.data["products"]])
        return Served(work.say("compare", rows="\n".join(compare_rows(compared.data, work))))

    async def _one(self, work: Work, request: Request) -> dict[str, Any] | None:
        """The product that is meant: named, or the one spoken of; with the variant that the words choose."""
        arguments: dict[str, Any] = {"need": request.search, "limit": 2, "show": False}
        if work.talk.product_ids and not _names_a_thing(request.text):
            arguments |= {"need": request.text, "product_id": work.talk.product_ids[0]}
        found = await work.belt.run("find_products", arguments)
        products = [] if found.problem is not None else found.data["products"]
        if not products or products[0]["score"] < SURE:
            return None
        _speak_of(work, [products[0]["id"]])
        best: dict[str, Any] = products[0]
        return best


def _names_a_thing(text: str) -> bool:
    """A kind of thing or an article number stands in the words; a colour or a size alone is of what was spoken of."""
    need = read_need(text)
    return bool(need.tokens("t:")) or any(one.weight >= _CODE_WEIGHT for one in need.concepts)


def _speak_of(work: Work, product_ids: list[str]) -> None:
    work.talk.product_ids = list(dict.fromkeys([*product_ids, *work.talk.product_ids]))[:5]
