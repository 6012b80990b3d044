"""What things cost together today, every step of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.find_products import MOST
from yingke.assistants.tools.pieces.arguments import read_id, read_list, read_text
from yingke.assistants.tools.pieces.look_now import USUAL_CURRENCY, look_at, look_for
from yingke.assistants.tools.pieces.show_order import show_moment
from yingke.assistants.tools.pieces.show_product import show_day, show_title
from yingke.assistants.tools.pieces.who import Who, who_is
from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.commerce.finding.need import Need, read_need
from yingke.commerce.money import show_money
from yingke.commerce.prices.load_offers import Offers, load_coupons, load_promotions
from yingke.commerce.prices.offers import MemberPrice, Promotion
from yingke.commerce.prices.quote import Quote
from yingke.commerce.prices.quote_price import Priceable, one_currency, wanted_of
from yingke.kit.db import Transaction

MOST_LINES = 8
MOST_LEVELS = 3
SAME, LEAST_SHARE = 0.99, 0.4


@dataclass(frozen=True, slots=True)
class _Line:
    product: FoundProduct
    variant: FoundVariant
    quantity: int


class QuotePrice(Tool):
    name = "quote_price"
    needs = "products"
    says = (
        "按现在的活动算几件商品一共多少钱：会员价、满减、优惠券、预售定金、运费，逐行列出。",
        "Work out what several articles cost together today: member price, reductions, coupons, deposit, shipping, step by step.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "lines": {
                "type": "array",
                "maxItems": MOST_LINES,
                "items": {
                    "type": "object",
                    "properties": {
                        "words": {"type": "string", "description": "the article as the customer names it, or its code"},
                        "product_id": {"type": "string", "description": "instead of words, with its variant_id"},
                        "variant_id": {"type": "string"},
                        "quantity": {"type": "integer", "minimum": 1, "maximum": 999},
                    },
                    "required": ["words", "quantity"],
                },
            },
            "region": {"type": "string", "description": "province or region it is sent to, if known"},
            "coupon_code": {"type": "string"},
        },
        "required": ["lines"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """The member price counts for a signed-in contact only; for others `after_signing_in` says what each level pays.
        `as_of` is set when a connected shop did not answer."""
        asked = read_list(arguments, "lines", MOST_LINES)
        lines, missing, assumed, offers = await _find(session, asked)
        as_of = None
        if lines and session.live is not None and any(one.product.connection_id for one in lines):
            # Connected shops are asked for what is meant before it is priced.
            looked = await session.live.products(session.workspace_id, [one.product.id for one in lines])
            as_of = looked.as_of
            lines, missing, assumed, offers = await _find(session, asked)
        if not lines:
            return ToolResult({"lines": [], "not_found": missing}, problem="not_found")
        async with session.db.reading(session.workspace_id) as tx:
            who, priceable = await _priceable(tx, session, lines, offers)
        quote = _price(priceable, who.level, arguments)
        later = []
        if who.level is None:
            for level, called in _levels(priceable.offers.promotions)[:MOST_LEVELS]:
                then = _price(priceable, level, arguments)
                if then.total_minor < quote.total_minor:
                    later.append((level, called, then))
        data = _show(quote, session, lines)
        data["not_found"] = missing
        data["assumed"] = assumed
        data["as_of"] = show_moment(as_of, session) if as_of is not None else None
        data["after_signing_in"] = [
            {"level": level, "name": _called(called, level, session), "total": _money(then.total_minor, then, session)}
            | {"steps": [_step(one, then, session) for one in then.steps]}
            for level, called, then in later
        ]
        return ToolResult(data, facts=tuple(_facts(data)))


async def _priceable(
    tx: Transaction, session: Session, lines: list[_Line], promotions: tuple[Promotion, ...]
) -> tuple[Who, Priceable]:
    """Of what was read a moment ago; the promotions are of the shop's usual currency. Raises 409 `mixed_currencies`."""
    who = await who_is(tx, session.workspace_id, session.conversation_id)
    currency = one_currency([line.product.currency for line in lines])
    if currency != USUAL_CURRENCY:
        promotions = await load_promotions(
            tx, session.workspace_id, shop_id=session.shop_id, at=session.now, currency=currency
        )
    coupons = await load_coupons(
        tx,
        session.workspace_id,
        shop_id=session.shop_id,
        at=session.now,
        currency=currency,
        contact_id=who.contact_id,
    )
    wanted = tuple(wanted_of(line.product, line.variant, line.quantity) for line in lines)
    return who, Priceable(wanted, Offers(promotions, coupons), currency, session.now)


async def _find(
    session: Session, asked: list[Any]
) -> tuple[list[_Line], list[str], list[dict[str, str]], tuple[Promotion, ...]]:
    """With what was named too broadly: {words, title, others}; all lines that words name are looked for together."""
    for one in asked:
        if not isinstance(one, dict) or not isinstance(one.get("quantity"), int) or not 1 <= one["quantity"] <= 999:
            raise WrongArguments("each line needs words and a quantity from 1 to 999")
    exact, offers = await _exact(session, asked)
    named = [read_text(one, "words", 100) for at, one in enumerate(asked) if at not in exact]
    needs = [read_need(words) for words in named]
    looked = await look_for(session, needs, MOST) if needs else None
    found = iter(zip(named, needs, looked.found, strict=True)) if looked is not None else iter(())
    lines: list[_Line] = []
    missing: list[str] = []
    assumed: list[dict[str, str]] = []
    for at, one in enumerate(asked):
        if at in exact:
            lines.append(exact[at])
            continue
        words, need, some = next(found)
        is_other_thing = any(filter.kind == "thing" and filter.is_relaxed for filter in some.filters)
        if not some.products or is_other_thing or not _is_meant(some.products[0], need):
            missing.append(words)
            continue
        product = some.products[0]
        others = [one for one in some.products[1:] if one.score >= product.score * SAME]
        if others:
            joint = "、" if session.language.startswith("zh") else ", "
            named_others = joint.join(show_title(one, session.language) for one in others)
            assumed.append({"words": words, "title": show_title(product, session.language), "others": named_others})
        there = [variant for variant in product.fitting if variant.is_available] or list(product.fitting)
        lines.append(_Line(product, there[0], one["quantity"]))
    return lines, missing, assumed, looked.offers if looked is not None else offers


def _is_meant(product: FoundProduct, need: Need) -> bool:
    """The kind of thing is named, or most of the words are those of the product."""
    whole = sum(one.weight for one in need.concepts)
    return bool(need.tokens("t:")) or (whole > 0 and product.score >= whole * LEAST_SHARE)


async def _exact(session: Session, asked: list[Any]) -> tuple[dict[int, _Line], tuple[Promotion, ...]]:
    """Place → line, of those that name their variant and it is still sold, with the promotions."""
    given = {at: (read_id(one, "product_id"), read_id(one, "variant_id")) for at, one in enumerate(asked)}
    ids = [product_id for product_id, variant_id in given.values() if product_id is not None and variant_id is not None]
    if not ids:
        return {}, ()
    products, offers = await look_at(session, list(dict.fromkeys(ids)))
    variants = {
        (product.id, variant.id): (product, variant)
        for product in products
        if product.is_listed
        for variant in product.variants
    }
    return {at: _Line(*variants[pair], asked[at]["quantity"]) for at, pair in given.items() if pair in variants}, offers


def _price(priceable: Priceable, level: str | None, arguments: Mapping[str, Any]) -> Quote:
    region, coupon = arguments.get("region"), arguments.get("coupon_code")
    return priceable.quote(
        level=level,
        region=region if isinstance(region, str) and region else None,
        coupon_code=coupon if isinstance(coupon, str) and coupon else None,
    )


def _called(called: str, level: str, session: Session) -> str:
    return called if called.isascii() or session.language.startswith("zh") else level.capitalize()


def _levels(promotions: Any) -> list[tuple[str, str]]:
    """Levels with a member price, the best first."""
    rates = {
        level: (rate, promotion.terms.names.get(level, level))
        for promotion in promotions
        if isinstance(promotion.terms, MemberPrice)
        for level, rate in promotion.terms.rates.items()
    }
    return [(level, called) for level, (_, called) in sorted(rates.items(), key=lambda one: one[1][0])]


def _show(quote: Quote, session: Session, lines: list[_Line]) -> dict[str, Any]:
    by_key = {str(line.variant.id): line for line in lines}
    data: dict[str, Any] = {
        "lines": [
            {
                "product_id": str(by_key[line.key].product.id),
                "variant_id": line.key,
                "title": line.title,
                "quantity": line.quantity,
                "stock": by_key[line.key].variant.stock,
                "price": _money(line.price_minor, quote, session),
                "amount": _money(line.amount_minor, quote, session),
            }
            for line in quote.lines
        ],
        "goods": _money(quote.goods_minor, quote, session),
        "steps": [_step(one, quote, session) for one in quote.steps],
        "not_applied": [one.zh if session.language.startswith("zh") else one.en for one in quote.not_applied],
        "gifts": list(quote.gifts),
        "total": _money(quote.total_minor, quote, session),
        "total_minor": quote.total_minor,
        "currency": quote.currency,
        "coupon": _coupon(quote, session),
        "next_steps": [
            one.zh if session.language.startswith("zh") else one.en
            for one in quote.not_applied
            if one.reason in ("next", "short")
        ],
        "at": quote.at.isoformat(),
    }
    if quote.deposit is not None:
        data["deposit"] = {
            "now": _money(quote.deposit.now_minor, quote, session),
            "later": _money(quote.deposit.later_minor, quote, session),
            "balance_at": show_day(quote.deposit.balance_at, session),
            "ships_at": show_day(quote.deposit.ships_at, session),
        }
    return data


def _coupon(quote: Quote, session: Session) -> dict[str, str] | None:
    """{used} the coupon that counts, or {missing} why the nearest one does not; None without any."""
    place = "zh" if session.language.startswith("zh") else "en"
    used = next((one for one in quote.steps if one.kind == "coupon"), None)
    if used is not None:
        return {"used": getattr(used, place)}
    missing = next((one for one in quote.not_applied if one.kind == "coupon"), None)
    return {"missing": getattr(missing, place)} if missing is not None else None


def _step(step: Any, quote: Quote, session: Session) -> dict[str, Any]:
    return {
        "zh": step.zh,
        "en": step.en,
        "amount_minor": step.amount_minor,
        "amount": _money(abs(step.amount_minor), quote, session),
        "left": _money(step.left_minor, quote, session),
    }


def _money(minor: int, quote: Quote, session: Session) -> str:
    return show_money(minor, quote.currency, session.language)


def _facts(data: dict[str, Any]) -> list[str]:
    facts = [f"{line['title']} {line['price']} {line['quantity']} {line['amount']}" for line in data["lines"]]
    facts += [f"{step['zh']} {step['en']} {step['amount']} {step['left']}" for step in data["steps"]]
    facts += [f"{data['goods']} {data['total']}", *data["gifts"], *data["not_applied"], *data["next_steps"]]
    for one in data["after_signing_in"]:
        facts.append(f"{one['name']} {one['total']}")
    return facts + ([" ".join(data["deposit"].values())] if "deposit" in data else [])
