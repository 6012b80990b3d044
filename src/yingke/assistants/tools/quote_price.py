"""What things cost together today, every step of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.find_products import MOST
from yingke.assistants.tools.pieces.arguments import read_id, read_list, read_text
from yingke.assistants.tools.pieces.show_order import show_moment
from yingke.assistants.tools.pieces.show_product import show_day, show_title
from yingke.assistants.tools.pieces.who import who_is
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.finding.need import Need, read_need
from yingke.commerce.money import show_money
from yingke.commerce.prices.offers import MemberPrice
from yingke.commerce.prices.quote import Quote
from yingke.commerce.prices.quote_price import Priceable, load_priceable
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
        as_of = await _look_live(session, asked)
        async with session.db.reading(session.workspace_id) as tx:
            who = await who_is(tx, session.workspace_id, session.conversation_id)
            lines, missing, assumed = await _find(tx, session, asked)
            if not lines:
                return ToolResult({"lines": [], "not_found": missing}, problem="not_found")
            priceable = await load_priceable(
                tx,
                session.workspace_id,
                [(line.variant.id, line.quantity) for line in lines],
                shop_id=session.shop_id,
                at=session.now,
                contact_id=who.contact_id,
            )
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


async def _look_live(session: Session, asked: list[Any]) -> datetime | None:
    """Connected shops are asked for what is meant before it is priced; how old the mirror is where one gave no answer."""
    if session.live is None:
        return None
    async with session.db.transaction(session.workspace_id) as tx:
        lines, _, _ = await _find(tx, session, asked)
    ids = [line.product.id for line in lines if line.product.connection_id is not None]
    return (await session.live.products(session.workspace_id, ids)).as_of if ids else None


async def _find(
    tx: Transaction, session: Session, asked: list[Any]
) -> tuple[list[_Line], list[str], list[dict[str, str]]]:
    """With what was named too broadly: {words, title, others}."""
    lines: list[_Line] = []
    missing: list[str] = []
    assumed: list[dict[str, str]] = []
    for one in asked:
        if not isinstance(one, dict) or not isinstance(one.get("quantity"), int) or not 1 <= one["quantity"] <= 999:
            raise WrongArguments("each line needs words and a quantity from 1 to 999")
        exact = await _exact(tx, session, one)
        if exact is not None:
            lines.append(exact)
            continue
        words = read_text(one, "words", 100)
        need = read_need(words)
        found = await find_products(tx, session.workspace_id, need, shop_id=session.shop_id, limit=MOST)
        is_other_thing = any(filter.kind == "thing" and filter.is_relaxed for filter in found.filters)
        if not found.products or is_other_thing or not _is_meant(found.products[0], need):
            missing.append(words)
            continue
        product = found.products[0]
        others = [one for one in found.products[1:] if one.score >= product.score * SAME]
        if others:
            joint = "、" if session.language.startswith("zh") else ", "
            named = joint.join(show_title(one, session.language) for one in others)
            assumed.append({"words": words, "title": show_title(product, session.language), "others": named})
        there = [variant for variant in product.fitting if variant.is_available] or list(product.fitting)
        lines.append(_Line(product, there[0], one["quantity"]))
    return lines, missing, assumed


def _is_meant(product: FoundProduct, need: Need) -> bool:
    """The kind of thing is named, or most of the words are those of the product."""
    whole = sum(one.weight for one in need.concepts)
    return bool(need.tokens("t:")) or (whole > 0 and product.score >= whole * LEAST_SHARE)


async def _exact(tx: Transaction, session: Session, one: Mapping[str, Any]) -> _Line | None:
    """A line that names its variant; None when it does not, or the variant is no longer sold."""
    product_id, variant_id = read_id(one, "product_id"), read_id(one, "variant_id")
    if product_id is None or variant_id is None:
        return None
    for product in await load_products(tx, session.workspace_id, [product_id]):
        for variant in product.variants:
            if variant.id == variant_id and product.is_listed:
                return _Line(product, variant, one["quantity"])
    return None


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
