"""Before the purchase: what things cost together, whether they are there, which one fits, how they differ, what is on offer."""

import re
from dataclasses import replace
from typing import Any

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces import pre_words as words
from yingke.assistants.skills.pieces.advise import (
    SURE,
    advise,
    by_price,
    refine,
    searched,
    show_available,
    show_cheaper,
    show_dearer,
    show_more,
    show_some,
)
from yingke.assistants.skills.pieces.basket import read_basket, read_counts
from yingke.assistants.skills.pieces.cart import Cart, line_of, read_cart
from yingke.assistants.skills.pieces.compare_some import compare_names, names_of
from yingke.assistants.skills.pieces.focus import goods_in_focus, speak_of
from yingke.assistants.skills.pieces.going_on import STOCK, chosen_of, goes_on_with_stock, goods_said
from yingke.assistants.skills.pieces.offers_said import bargain, no_promise, tell_gift, tell_of_offers, tell_offers
from yingke.assistants.skills.pieces.pre_claims import MANY, PROMISES, claimed, tells_variant, together
from yingke.assistants.skills.pieces.product_words import (
    as_called,
    at_the_end,
    enough_line,
    out_of_stock_line,
    price_line,
    quote_lines,
    stock_line,
)
from yingke.assistants.skills.pieces.size_steps import in_letters
from yingke.assistants.skills.pieces.sizes import find_size, show_table, tells_body
from yingke.assistants.skills.pieces.wishes import order_wish
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.finding.need import names_a_thing
from yingke.commerce.money import plain_amount
from yingke.commerce.words.cut import class_spans, fold
from yingke.kit.expression import expression
from yingke.knowledge.places import find_places

WHOLE = 0.98
SPOKEN_OF = 3


class PreSales(Skill):
    name = "pre_sales"
    says = ("售前导购", "Before the purchase")
    tools = ("find_products", "quote_price", "compare_products")
    takes_whole = True

    def claims(self, work: Work, request: Request) -> float:
        is_whole = request.text == work.text
        request = in_letters(work, request)
        text = request.text
        if tells_body(work, text):
            return 1.0
        cart = _cart(work, text)
        if cart is not None and cart.is_edit and (order_wish(text) is None or work.talk.basket):
            return WHOLE if is_whole else 0.93
        if order_wish(text) is not None:
            return 0.0
        if cart is not None:
            return WHOLE if is_whole and cart.asks_sum else 0.9
        wish, sure = claimed(work, request)
        is_sum = wish in ("quote", "coupon", "together", "difference") or (
            wish == "price" and words.WITH_OFFERS.search(text)
        )
        return WHOLE if is_whole and is_sum and not words.OTHER_ASK.search(text) else sure

    async def serve(self, work: Work, request: Request) -> Served:
        request = in_letters(work, request)
        if tells_body(work, request.text):
            return await find_size(work, request)
        if (cart := _cart(work, request.text)) is not None:
            return await self._priced(work, request, cart)
        wish, _ = claimed(work, request)
        return await self._served(work, request, wish)

    async def _served(self, work: Work, request: Request, wish: str) -> Served:
        text = request.text
        if wish == "bulk":
            return await self._bulk(work, request)
        if wish == "size":
            return await find_size(work, request)
        if wish == "more":
            return await show_more(work)
        if wish == "cheaper":
            return await show_cheaper(work)
        if wish == "available":
            return await show_available(work)
        if wish == "size_table":
            return await show_table(work, request)
        if wish == "difference":
            return await self._difference(work, text)
        if wish == "together":
            return await self._quoted(work, together(work, text), asks_next=False)
        if wish == "quote":
            return await self._quote(work, read_basket(text))
        if wish == "coupon":
            return await self._coupon(work, request)
        if wish == "price":
            return await self._price(work, request)
        if wish == "compare":
            return await compare_names(work, names_of(work, text))
        if wish == "stock":
            return await self._stock(work, request)
        if wish == "gift":
            return await tell_gift(work, await self._one(work, request) if names_a_thing(text) else None)
        if wish == "bargain":
            return await bargain(work)
        if wish == "offers":
            return await tell_offers(work)
        if wish.startswith("offers_"):
            goods = goods_said(work, text) if wish == "offers_joins" else []
            return await tell_of_offers(work, wish[7:], text, str(goods[0].id) if goods else "")
        if wish == "refine":
            return await refine(work)
        if wish == "dearer":
            return await show_dearer(work)
        if wish in ("cheapest", "dearest"):
            return await by_price(work, request, dearest=wish == "dearest")
        if key := next((key for _, key, _ in PROMISES if key == wish), None):
            return await no_promise(work, key, with_offers=key == "assure_price")
        if wish.startswith("found_"):
            return await show_some(work, wish)
        return await advise(work, request)

    async def _priced(self, work: Work, request: Request, cart: Cart) -> Served:
        """The basket as it stands now, summed by the tool; the price of many is for a person to say."""
        work.talk.region = cart.region or work.talk.region
        lines = [line.asked() for line in cart.lines]
        served = await self._quoted(work, lines, asks_next=bool(words.NEXT_STEP.search(request.text)))
        most = max(cart.lines, key=lambda line: line.quantity)
        if most.quantity < MANY or served.text is None:
            return served
        basket = work.talk.basket
        bulk = await self._bulk(work, replace(request, search=most.words), most.quantity)
        work.talk.basket = basket
        return replace(bulk, text=f"{served.text}\n{bulk.text}")

    async def _quote(self, work: Work, basket: list[Any], *, asks_next: bool = False) -> Served:
        lines = [{"quantity": one.quantity, "words": searched(work, one.words)} for one in basket]
        return await self._quoted(work, lines, asks_next=asks_next or bool(words.NEXT_STEP.search(work.text)))

    async def _quoted(self, work: Work, lines: list[dict[str, Any]], *, asks_next: bool) -> Served:
        if place := next(iter(find_places(work.text)), None):
            work.talk.region = place.province
        region = {"region": work.talk.region} if work.talk.region else {}
        quoted = await work.belt.run("quote_price", {"lines": lines, **region})
        if quoted.problem is not None or not quoted.data["lines"]:
            return Served(None)
        _keep_basket(work, quoted.data["lines"])
        gone = [] if "deposit" in quoted.data else [one["title"] for one in quoted.data["lines"] if one["stock"] == 0]
        said = [work.say("stock_no", name=one) for one in gone]
        said.append(work.say("quote", lines="\n".join(quote_lines(quoted.data, work)), total=quoted.data["total"]))
        for level in quoted.data["after_signing_in"]:
            said.append(work.say("quote_member_later", level=level["name"], total=level["total"]))
        if asks_next and quoted.data["next_steps"]:
            steps = ("；" if work.is_chinese else "; ").join(map(work.phrase, quoted.data["next_steps"]))
            said.append(work.say("quote_next", steps=steps))
        for one in quoted.data["assumed"]:
            said.append(work.say("quote_assumed", **one | {"words": as_called(one["words"], work)}))
        for missing in quoted.data["not_found"]:
            said.append(work.say("not_priced", words=as_called(missing, work)))
        if quoted.data["as_of"]:
            said.append(work.say("as_of", when=quoted.data["as_of"]))
        return Served("\n".join(said), offers_person=bool(quoted.data["not_found"]))

    async def _coupon(self, work: Work, request: Request) -> Served:
        """Whether the coupon counts for what is named or was priced: arithmetic, no passage."""
        counted = [{"quantity": one.quantity, "words": searched(work, one.words)} for one in read_basket(request.text)]
        if not counted and not names_a_thing(request.text) and work.talk.basket:
            counted = [_line_of(one) for one in work.talk.basket]
        if not counted:
            product = await self._one(work, request)
            counted = [{"quantity": 1, "words": product["code"] or product["title"]}] if product is not None else []
        quoted = await work.belt.run("quote_price", {"lines": counted}) if counted else None
        if quoted is None or quoted.problem is not None or quoted.data["coupon"] is None:
            return Served(None)
        _keep_basket(work, quoted.data["lines"])
        said = work.listed(f"{line['title']} ×{line['quantity']} {line['amount']}" for line in quoted.data["lines"])
        coupon = quoted.data["coupon"]
        if "used" in coupon:
            return Served(
                work.say("coupon_counts", lines=said, coupon=work.phrase(coupon["used"]), total=quoted.data["total"])
            )
        return Served(work.say("coupon_not", lines=said, why=work.phrase(coupon["missing"])))

    async def _price(self, work: Work, request: Request) -> Served:
        asks_next = bool(words.NEXT_STEP.search(request.text))
        if (
            work.talk.in_focus > 1
            and not asks_next
            and not names_a_thing(request.text)
            and not tells_variant(request.text)
        ):
            return await self._prices(work)
        product = await self._one(work, request)
        if product is None:
            return Served(None)
        if asks_next or words.WITH_OFFERS.search(request.text):
            return await self._quoted(
                work, [{"quantity": 1, "words": product["code"] or product["title"]}], asks_next=asks_next
            )
        work.talk.basket = _single(product)
        said = [price_line(product, work)]
        if product.get("presale"):
            said.append(work.say("presale_deposit", **product["presale"]))
            work.belt.facts.append(" ".join(product["presale"].values()))
        return Served(_with_age("\n".join(said), product, work))

    async def _prices(self, work: Work) -> Served:
        """Of each that was spoken of last."""
        ids = work.talk.product_ids[: work.talk.in_focus]
        found = await work.belt.run(
            "find_products", {"need": work.text, "product_ids": ids, "limit": len(ids), "live": True}
        )
        said = [price_line(one, work) for one in found.data.get("products", [])] if found.problem is None else []
        speak_of(work, ids)
        return Served("\n".join(said) or None)

    async def _stock(self, work: Work, request: Request) -> Served:
        work.talk.about = STOCK
        if goes_on_with_stock(work, request.text) and len(goods := goods_said(work, request.text)) > 0:
            return await self._stocks(work, [f"id:{good.id}" for good in goods], request.text)
        several = _each_of(request.text) or names_of(work, request.text)
        if len(several) > 1 and not several[0].startswith("id:"):
            return await self._stocks(work, several)
        product = await self._one(work, request)
        if product is None:
            return Served(None)
        product = at_the_end(product, request.text)
        wanted = next((one.quantity for one in read_basket(request.text)), 0)
        said = (
            [enough_line(product, wanted, work) or stock_line(product, work)] if wanted else [stock_line(product, work)]
        )
        if product["in_stock"] is False and not product.get("presale"):
            said += [line] if (line := out_of_stock_line(product, work)) else []
        return Served(_with_age("\n".join(said), product, work))

    async def _stocks(self, work: Work, names: list[str], said_of: str = "") -> Served:
        """Of each that is named, or has the id that stands for its name; `said_of`: what tells a variant."""
        said: list[str] = []
        ids: list[str] = []
        for name in names:
            by_id = {"need": said_of, "product_id": name.removeprefix("id:")} if said_of else {}
            asked = {"need": searched(work, name), "limit": 1, "live": True} | by_id
            found = await work.belt.run("find_products", asked)
            for product in found.data.get("products", []) if found.problem is None else []:
                if product["score"] >= SURE and product["id"] not in ids:
                    ids.append(product["id"])
                    said.append(stock_line(product, work))
        speak_of(work, ids)
        return Served("\n".join(said) or None)

    async def _difference(self, work: Work, text: str) -> Served:
        """How much more one of two costs."""
        two: list[dict[str, Any]] = []
        for name in names_of(work, text) or [f"id:{one}" for one in work.talk.product_ids[:2]]:
            id = {"product_id": name.removeprefix("id:")} if name.startswith("id:") else {}
            found = await work.belt.run("find_products", {"need": name, "limit": 1, "live": True, **id})
            two += found.data.get("products", []) if found.problem is None else []
        if len(two) < 2 or two[0]["id"] == two[1]["id"]:
            return Served(None)
        speak_of(work, [one["id"] for one in two[:2]])
        cheap, dear = sorted(two[:2], key=lambda one: one["low_minor"])
        gap = plain_amount(dear["low_minor"] - cheap["low_minor"])
        lines = f"{price_line(cheap, work)}\n{price_line(dear, work)}"
        work.belt.facts.append(f"{dear['title']} {cheap['title']} {gap}")
        return Served(f"{lines}\n{work.say('price_gap', dear=dear['title'], cheap=cheap['title'], gap=gap)}")

    async def _bulk(self, work: Work, request: Request, counted: int = 0) -> Served:
        """A price below the published one is never made up: what one costs and whether so many are there is known, the rest
        a person says."""
        product = await self._one(work, request)
        wanted = counted or next((one.quantity for one in read_counts(work.text)), 0)
        said = [price_line(product, work)] if product is not None and not counted else []
        if product is not None:
            enough = enough_line(product, wanted, work) if wanted else ""
            said.append(enough or stock_line(product, work))
        said.append(work.say("bulk_price"))
        return Served("\n".join(said), offers_person=True, wants_contact="bulk")

    async def _one(self, work: Work, request: Request) -> dict[str, Any] | None:
        """The product that is meant: named, or the one spoken of; with the variant that the words choose."""
        arguments: dict[str, Any] = {"need": searched(work, request.search), "limit": 2, "show": False, "live": True}
        shop_id = work.belt.session.shop_id or None
        if work.shelf is not None and (titled := work.shelf.titled(request.text, shop_id)) is not None:
            arguments["product_id"] = str(titled.id)
        elif (chosen := chosen_of(work, request.text)) is not None:
            arguments |= {"product_id": str(chosen.id), "need": request.text}
        elif work.talk.product_ids and not names_a_thing(searched(work, request.text)):
            place = _place_of(request.text, len(work.talk.product_ids))
            said = request.text if tells_variant(request.text) else work.text
            said = f"{said} {work.talk.variant}" if _SAME.search(said) else said
            ids = work.talk.product_ids
            # A colour or size tells which of those spoken of is meant, as far as one of them has it.
            is_told = tells_variant(request.text) and _PLACES.search(request.text) is None
            meant = {"product_ids": ids[:SPOKEN_OF]} if is_told else {"product_id": ids[place]}
            arguments |= {"need": said, **meant}
        elif not names_a_thing(arguments["need"]) and names_a_thing(work.text):
            arguments["need"] = searched(work, work.text)
        found = await work.belt.run("find_products", arguments)
        products = [] if found.problem is not None else found.data["products"]
        if not products or products[0]["score"] < SURE:
            return None
        speak_of(work, [products[0]["id"]])
        if len(products[0]["variants"]) == 1:
            work.talk.variant = products[0]["variants"][0]["title"]
        best: dict[str, Any] = products[0] | {"as_of": found.data["as_of"]}
        return best


_EACH = expression(r"都|分别|各|\bboth\b|\beach\b", re.IGNORECASE)
_SAME = expression(r"[这那]个?(?:码|号|色|颜色|款)|\b(?:this|that) (?:size|colou?r)\b", re.IGNORECASE)
_PLACES = expression(r"第([一二三1-3])(?:个|款|种|条|顶)|\b(first|second|third) one\b", re.IGNORECASE)
_NUMBERED = {"一": 0, "1": 0, "first": 0, "二": 1, "2": 1, "second": 1, "三": 2, "3": 2, "third": 2}


def _place_of(text: str, count: int) -> int:
    """「第二个」: of those spoken of last; else the first."""
    match = _PLACES.search(text)
    place = _NUMBERED[(match[1] or match[2]).lower()] if match is not None else 0
    return place if place < count else 0


def _with_age(said: str, product: dict[str, Any], work: Work) -> str:
    return f"{said}\n{work.say('as_of', when=product['as_of'])}" if product.get("as_of") else said


def _each_of(text: str) -> list[str]:
    """「桌子椅子都有吗」: two kinds that stand side by side; nothing where the words do not say that each is meant."""
    kinds = [said for token, said, _ in class_spans(fold(text)) if token.startswith("t:")]
    return list(dict.fromkeys(kinds)) if len(kinds) > 1 and _EACH.search(text) else []


def _cart(work: Work, text: str) -> Cart | None:
    """What the words make of the basket, or of the things that are spoken of now; read once as long as these stay the same."""
    talk = work.talk
    key = ("cart", text, tuple(talk.product_ids), talk.in_focus, tuple((one["p"], one["q"]) for one in talk.basket))
    if key not in work.read:
        held = [line_of(one) for one in talk.basket]
        shop_id = work.belt.session.shop_id or None
        recent = work.shelf.get(talk.product_ids) if work.shelf is not None else []
        work.read[key] = read_cart(text, held, goods_in_focus(work), work.shelf, shop_id, recent)
    found: Cart | None = work.read[key]
    return found


def _keep_basket(work: Work, lines: list[dict[str, Any]]) -> None:
    speak_of(work, [line["product_id"] for line in lines])
    work.talk.basket = [
        {"p": one["product_id"], "v": one["variant_id"], "q": one["quantity"], "t": one["title"]} for one in lines
    ]


def _line_of(one: dict[str, Any]) -> dict[str, Any]:
    return {"quantity": one["q"], "product_id": one["p"], "variant_id": one["v"], "words": one["t"]}


def _single(product: dict[str, Any]) -> list[dict[str, Any]]:
    """One of it, as the customer may go on to count."""
    return [{"p": product["id"], "v": "", "q": 1, "t": product["title"]}]
