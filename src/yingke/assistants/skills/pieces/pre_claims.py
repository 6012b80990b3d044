"""What a message before the purchase wants, and how surely: the first that fits, from the plainest wish to the vaguest."""

import re
from typing import Any

from yingke.assistants.goods.aspects import aspects_in
from yingke.assistants.skills.pieces import pre_words as words
from yingke.assistants.skills.pieces.advise import for_somebody, is_advising, is_bare, is_budget, is_detail
from yingke.assistants.skills.pieces.basket import is_only_counted, read_basket
from yingke.assistants.skills.pieces.body import read_body
from yingke.assistants.skills.pieces.cart_words import ONE_COSTS
from yingke.assistants.skills.pieces.compare_some import names_of
from yingke.assistants.skills.pieces.contact_words import BULK
from yingke.assistants.skills.pieces.going_on import asked_of_offers, goes_on_with_stock, has_pointed
from yingke.assistants.skills.pieces.pre_words import need_of
from yingke.assistants.skills.pieces.sizes import asks_size, is_body_for
from yingke.assistants.skills.pieces.work import Request, Work
from yingke.commerce.finding.measures import read_measure
from yingke.commerce.finding.need import names_a_thing, read_need
from yingke.commerce.words.cut import class_spans, fold

LONGEST_VARIANT = 16
_BEHIND_COLOUR = ("", *"色的款号呢有吗没还吧,，?？ ")
MANY = 20
"""From so many pieces of one thing on a person has to say the price."""
PROMISES = (
    (words.GENUINE, "assure_genuine", False),
    (words.LOWEST, "assure_price", True),
    (words.OTHER_SHOPS, "other_shops", False),
    (words.BESTSELLER, "no_sales_figures", False),
)
_WHOLE_SHOP = ((words.STARTER, "found_starter"), (words.SELLS, "found_some"))


def claimed(work: Work, request: Request) -> tuple[str, float]:
    """What is wanted, and how surely; read once as long as the same goods are spoken of."""
    talk = work.talk
    key = ("claimed", request.text, request.is_known, request.is_row, tuple(talk.product_ids), bool(talk.need))
    if key not in work.read:
        work.read[key] = _going_on(work, request.text) or _claimed(work, request)
    found: tuple[str, float] = work.read[key]
    return found


def _going_on(work: Work, text: str) -> tuple[str, float] | None:
    """A few words that go on with the stock or the offers just told."""
    if goes_on_with_stock(work, text):
        return "stock", 0.95
    asked = asked_of_offers(work, text)
    return (f"offers_{asked}", 0.95) if asked else None


def _claimed(work: Work, request: Request) -> tuple[str, float]:
    """The first that fits, from the plainest wish to the vaguest."""
    text = request.text
    if words.SPOILT.search(text) and not words.PRICE.search(text) and not words.STOCK.search(text):
        return "", 0.0
    basket = read_basket(text)
    is_many = any(one.quantity >= MANY and names_a_thing(one.words) for one in basket)
    if BULK.search(text) or is_many:
        return "bulk", 0.93
    body = read_body(text)
    if words.SIZE_TABLE.search(text) and not body:
        return "size_table", 0.9
    is_answered = request.is_known and not request.is_row
    if (asks_size(text) and (body or not is_answered)) or is_body_for(text, read_need(text).tokens("t:")):
        return "size", 0.92 if body else 0.8
    if (
        words.DEARER_BY.search(text)
        and not aspects_in(fold(text))
        and (len(names_of(work, text)) > 1 or len(work.talk.product_ids) > 1)
    ):
        return "difference", 0.9
    if words.AVAILABLE.search(text) and work.talk.product_ids:
        return "available", 0.9
    if (fits := words.COUPON_HOLDS.search(text)) or (basket and words.ENOUGH.search(text)):
        return "coupon" if fits else "stock", 0.9
    has_shown = bool(work.talk.need or work.talk.product_ids)
    if has_shown and words.MORE.search(text) and not names_a_thing(text):
        return "more", 0.9
    if not names_a_thing(text) and (words.CHEAPEST.search(text) or words.DEAREST.search(text)):
        return ("cheapest" if words.CHEAPEST.search(text) else "dearest"), 0.86
    if has_shown and words.DEARER.search(text) and not names_a_thing(text):
        return "dearer", 0.86
    if has_shown and words.CHEAPER.search(text) and not names_a_thing(text) and not has_pointed(work):
        return "cheaper", 0.9
    if is_budget(text):
        return ("refine" if is_advising(work) else "found_some"), 0.86
    if is_advising(work) and is_detail(text):
        return "refine", 0.86
    if not basket and "多少" not in text and words.BARGAINS.search(text) and not words.RULES.search(text):
        return "bargain", 0.8
    if basket and all(names_a_thing(one.words) for one in basket) and is_only_counted(text, basket):
        return "quote", 0.84
    if basket and words.PRICE_TAIL.search(text) and not words.STOCK.search(text):
        return "quote", 0.9
    if priced := _priced(work, text, bool(basket)):
        return priced
    for pattern, key, _ in PROMISES:
        if pattern.search(text) and not request.is_known:
            return key, 0.82
    return of_the_shop(request) or of_products(work, request)


def _priced(work: Work, text: str, has_basket: bool) -> tuple[str, float] | None:
    asks_price = words.PRICE.search(text) or (words.ONLY_HOW_MUCH.search(text) and names_a_thing(text))
    if not asks_price and not words.NEXT_STEP.search(text):
        return None
    if not has_basket and len(together(work, text)) > 1:
        return "together", 0.88
    if has_basket and not ONE_COSTS.search(text):
        return "quote", 0.9
    return "price", 0.86 if names_a_thing(text) else 0.7


def of_the_shop(request: Request) -> tuple[str, float] | None:
    """Offers, gifts, and what there is at all."""
    text = request.text
    if words.GIFT.search(text) and not words.FOR_SOMEBODY.search(text):
        return "gift", 0.8
    if words.OFFERS.search(text) and not words.RULES.search(text):
        return "offers", 0.78
    if not names_a_thing(text):
        for pattern, key in _WHOLE_SHOP:
            if pattern.search(text):
                return key, 0.82
        if for_somebody(text):
            return "found_gift", 0.74
        if words.PRICED.search(text) and read_need(text).most_minor is not None and is_bare(text):
            return "found_some", 0.8
    return None


def of_products(work: Work, request: Request) -> tuple[str, float]:
    text = request.text
    if names_a_thing(text) and words.CHEAPEST.search(text):
        return "cheapest", 0.8
    if names_a_thing(text) and words.DEARER.search(text):
        return "dearest", 0.8
    if words.COMPARE.search(text) and len(names_of(work, text)) > 1:
        return "compare", 0.78
    folded = fold(text)
    wish = read_measure(folded)
    if wish is not None and names_a_thing(text) and (wish.limit is not None or words.MOST.search(folded)):
        return "advise", 0.86 if wish.limit is not None else 0.82
    is_variant = tells_variant(text) and len(text) <= LONGEST_VARIANT and not names_a_thing(text)
    asks_stock = words.STOCK.search(text) or (words.STOCK_OF_SUCH.search(text) and tells_variant(text))
    if asks_stock or (is_variant and work.talk.product_ids and not words.OTHER_ASK.search(text)):
        return "stock", 0.88 if is_plain_stock(text) else 0.8
    is_priced = words.PRICED.search(text) and names_a_thing(text)
    if is_priced or (words.ADVICE.search(text) and (work.shelf is None or names_a_thing(text))):
        return ("advise", 0.75) if not asks_size(text) else ("", 0.0)
    return "", 0.0


def is_plain_stock(text: str) -> bool:
    """A thing by its name, and nothing but whether it is there."""
    return bool(words.PLAIN_STOCK.search(text)) and names_a_thing(text)


def together(work: Work, text: str) -> list[dict[str, Any]]:
    """「羽绒睡袋配个充气垫」, 「它跟羽绒睡袋一起」: one of each that is named, and of what is spoken of."""
    lines: list[dict[str, Any]] = []
    for part in words.TOGETHER.split(text):
        named = need_of(part.strip())
        if part.strip() and names_a_thing(named) and all(one["words"] != named for one in lines):
            lines.append({"quantity": 1, "words": named[:60]})
    if lines and work.talk.product_ids and re.search(r"它|这个|那个|\bit\b", text) and work.shelf is not None:
        good = next(iter(work.shelf.get(work.talk.product_ids[:1])), None)
        lines = [*([{"quantity": 1, "words": good.title}] if good is not None else []), *lines]
    return lines[:4]


def tells_variant(text: str) -> bool:
    """A size or a colour stands in the words; a sign that is one among others is none: 怕黑, 金毛."""
    folded = fold(text)
    colours = [span for token, _, span in class_spans(folded) if token[0] == "c"]
    if any(end - start > 1 or folded[end : end + 1] in _BEHIND_COLOUR for start, end in colours):
        return True
    return bool(read_need(text).tokens("z:"))
