"""Invoices and money: an invoice asked for, looked up or corrected; a payment that failed or went twice; where a refund is."""

import re
from typing import Any

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.order_desk import goes_on, open_one
from yingke.assistants.skills.pieces import invoicing
from yingke.assistants.skills.pieces.changing import agrees, ask_yes, drop, propose, submit
from yingke.assistants.skills.pieces.hearing import money_in, wish_in
from yingke.assistants.skills.pieces.money_wishes import MoneyWish
from yingke.assistants.skills.pieces.order_words import order_line, state_of
from yingke.assistants.skills.pieces.standing import standing
from yingke.assistants.skills.pieces.talk import Pending
from yingke.assistants.skills.pieces.waiting import is_weak_yes
from yingke.assistants.skills.pieces.wishes import says_no
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.kit.expression import expression

WISHES: tuple[MoneyWish, ...] = (
    "invoice",
    "invoice_state",
    "invoice_fix",
    "refund_state",
    "paid_twice",
    "pay_failed",
    "balance",
)
_REFUNDS = ("refund", "return", "cancel")
SURE_INTENT = 0.5
_TITLE = expression(r"抬头|报销|税号|公司|单位|\b(?:company|(?<!import )(?<!customs )tax)\b", re.IGNORECASE)
_DEPOSITED = expression(r"订单|我的|我(?:付|交|拍)|\bmy\b|\border\b", re.IGNORECASE)


class Payment(Skill):
    name = "payment"
    says = ("发票与支付", "Invoices and payment")
    tools = ("open_order", "my_orders", "request_change")

    def claims(self, work: Work, request: Request) -> float:
        talk, text = work.talk, request.text
        if talk.pending is not None and talk.pending.owner == self.name:
            if talk.asked in invoicing.STEPS:
                return 1.0 if invoicing.answers(talk.asked, text) or says_no(text) else 0.3
            if talk.asked == "confirm" and is_weak_yes(talk, text):
                return 0.3
            if talk.asked == "confirm":
                return 1.0 if agrees(text, "invoice") or says_no(text) or _corrects(text) else 0.3
        if talk.wish in WISHES and (sure := goes_on(talk, text)):
            return sure
        if money_in(work, request) is not None:
            return 0.95
        if wish_in(work, request) == "invoice":
            return 0.93
        intent = request.intent
        is_invoice = intent is not None and intent.label == "invoice" and intent.confidence >= SURE_INTENT
        return 0.7 if is_invoice and not request.is_known and _TITLE.search(text) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        talk, text = work.talk, request.text
        if talk.pending is not None and talk.pending.owner == self.name and talk.asked in (*invoicing.STEPS, "confirm"):
            return await self._go_on(work, talk.pending, text)
        is_invoice = wish_in(work, request) == "invoice" or not talk.wish
        wish = money_in(work, request) or ("invoice" if is_invoice else None)
        if wish is not None:
            talk.wish = wish
        if talk.wish == "balance" and (told := await self._presale(work, text)) is not None:
            return told
        opened = await open_one(work, text)
        if isinstance(opened, Served):
            if talk.wish == "invoice" and talk.asked == "order_number" and opened.text:
                opened.text = f"{work.say('invoice_first')}{opened.text}"
            if talk.wish == "pay_failed" and talk.asked == "order_number" and opened.text:
                opened.text = f"{work.say('pay_failed_first')}{opened.text}"
            return opened
        return await self._about(work, opened, text)

    async def _about(self, work: Work, order: dict[str, Any], text: str) -> Served:
        talk = work.talk
        wish, talk.wish = talk.wish, ""
        if wish == "invoice":
            return self._apply(work, order, text)
        if wish in ("invoice_state", "invoice_fix", "refund_state"):
            found = await work.belt.run("my_requests", {})
            here = [one for one in found.data.get("requests", []) if one["order_id"] == order["id"]]
            if wish == "refund_state":
                return _refunds(work, order, [one for one in here if one["kind"] in _REFUNDS])
            made = next(
                (
                    one
                    for one in here
                    if one["kind"] == "invoice" and one["state"] not in ("withdrawn", "refused", "failed")
                ),
                None,
            )
            return (
                self._fix(work, order, made, text) if wish == "invoice_fix" else self._invoice_state(work, order, made)
            )
        if wish == "paid_twice":
            talk.collected["matter"] = "paid_twice"
            return Served(
                work.say("paid_twice", number=order["number"], paid=order["paid"], state=state_of(order, work)),
                hand_off="payment",
            )
        if wish == "pay_failed":
            key = "pay_again" if order["state"] == "unpaid" else "paid_already"
            return Served(
                work.say(key, number=order["number"], paid=order["paid"], state=state_of(order, work)),
                offers_person=True,
            )
        return self._balance(work, order)

    def _apply(self, work: Work, order: dict[str, Any], text: str) -> Served:
        pending = Pending("invoice", order["id"], order["number"], reason=text[:200], owner=self.name)
        wrong = invoicing.take(work, pending, text)
        served = propose(work, pending, order)
        return Served(work.say("wrong_tax_number")) if wrong and work.talk.asked == "tax_number" else served

    def _invoice_state(self, work: Work, order: dict[str, Any], made: dict[str, Any] | None) -> Served:
        if made is None:
            work.talk.pending = Pending("invoice", order["id"], order["number"], owner=self.name)
            work.talk.asked = "invoice"
            return Served(work.say("no_invoice_yet", number=order["number"]))
        return Served(standing(work, made), offers_person=made["state"] != "done")

    def _fix(self, work: Work, order: dict[str, Any], made: dict[str, Any] | None, text: str) -> Served:
        """Asked for here and not begun: made anew. Otherwise people do it, with the right title in hand."""
        pending = Pending("invoice", order["id"], order["number"], reason=text[:200], owner=self.name)
        wrong = invoicing.take(work, pending, text)
        if made is not None:
            pending.details["instead"] = made["id"] if made["may_withdraw"] else "person"
        served = propose(work, pending, order)
        if wrong and work.talk.asked == "tax_number":
            return Served(work.say("wrong_tax_number"))
        if work.talk.asked == "confirm":
            return self._ready(work, pending, order)
        return served

    async def _go_on(self, work: Work, pending: Pending, text: str) -> Served:
        talk = work.talk
        if talk.asked == "confirm":
            if agrees(text, "invoice"):
                return await self._submit(work, pending)
            if not _corrects(text):
                return drop(work)
            talk.asked = None
        elif says_no(text) and talk.asked == "invoice":
            return drop(work)
        wrong = invoicing.take(work, pending, text)
        if wrong:
            talk.times_asked += 1
            if talk.times_asked > 2:
                return self._person(work, pending)
            talk.asked = "tax_number"
            return Served(work.say("wrong_tax_number"), offers_person=True)
        talk.times_asked = 0
        if (asked := invoicing.ask_missing(work, pending)) is not None:
            return asked
        opened = await work.belt.run("open_order", {"order_id": pending.order_id})
        if opened.problem is not None:
            talk.pending, talk.asked = None, None
            return Served(work.say("shop_down"), hand_off="shop_down")
        return self._ready(work, pending, opened.data["order"])

    def _ready(self, work: Work, pending: Pending, order: dict[str, Any]) -> Served:
        if pending.details.get("instead") == "person":
            return self._person(work, pending)
        return ask_yes(work, pending, order)

    def _person(self, work: Work, pending: Pending) -> Served:
        """An invoice that is being made already: people set it right."""
        talk = work.talk
        talk.collected["matter"] = "invoice_fix"
        if pending.details.get("title"):
            talk.collected["invoice"] = invoicing.shown(work, pending.details)
        talk.pending, talk.asked, talk.wish, talk.times_asked = None, None, "", 0
        what = talk.collected.get("invoice", "")
        return Served(
            work.say(
                "invoice_fix_person", what=f"（{what}）" if what and work.is_chinese else f" ({what})" if what else ""
            ),
            hand_off="invoice",
        )

    async def _submit(self, work: Work, pending: Pending) -> Served:
        instead = pending.details.get("instead")
        if instead:
            done = await work.belt.run("withdraw_request", {"request_id": instead})
            if done.problem is not None:
                return self._person(work, pending)
        pending.details = invoicing.sent_details(pending.details)
        return await submit(work, pending)

    async def _presale(self, work: Work, text: str) -> Served | None:
        """Deposit and rest of something sold before it is there, by the shop's own promotion; None: it is about an order."""
        if _DEPOSITED.search(text) or not work.belt.has("quote_price") or not work.belt.has("find_products"):
            return None
        arguments = {"need": text if not work.talk.product_ids else f"{text} 预售", "limit": 3}
        found = await work.belt.run("find_products", arguments)
        sold = [one for one in found.data.get("products", []) if "presale" in one]
        if not sold and work.talk.product_ids:
            found = await work.belt.run("find_products", {"need": text, "product_id": work.talk.product_ids[0]})
            sold = [one for one in found.data.get("products", []) if "presale" in one]
        if not sold:
            return None
        product = sold[0]
        work.talk.product_ids, work.talk.wish = [product["id"]], ""
        quoted = await work.belt.run("quote_price", {"lines": [{"words": product["title"], "quantity": 1}]})
        deposit = quoted.data.get("deposit")
        if quoted.problem is not None or deposit is None:
            return None
        return Served(
            work.say("presale_terms", name=product["title"], worth=product["presale"]["counts_as"], **_terms(deposit))
        )

    def _balance(self, work: Work, order: dict[str, Any]) -> Served:
        """What an order still wants, as the shop has it."""
        items = order_line(order, work)
        if order.get("due"):
            return Served(
                work.say("order_due", number=order["number"], items=items, paid=order["paid"], due=order["due"])
            )
        return Served(work.say("order_paid_up", number=order["number"], items=items, paid=order["paid"]))


def _terms(deposit: dict[str, str]) -> dict[str, str]:
    return {
        "deposit": deposit["now"],
        "rest": deposit["later"],
        "balance": deposit["balance_at"],
        "ships": deposit["ships_at"],
    }


def _corrects(text: str) -> bool:
    """While the yes is waited for: another title, number or address instead."""
    return bool(invoicing.read_invoice(text, is_title=False)) and len(text) <= 120


def _refunds(work: Work, order: dict[str, Any], found: list[dict[str, Any]]) -> Served:
    """Where the money is: every request for it, and what the shop itself says of the order."""
    lines = [standing(work, one) for one in found[:3]]
    if order["state"] in ("refunded", "cancelled"):
        lines.append(work.say("order_state_is", number=order["number"], state=state_of(order, work)))
    if not lines:
        return Served(
            work.say("no_refund_yet", number=order["number"], state=state_of(order, work)), offers_person=True
        )
    if found and found[0]["state"] == "done" and found[0]["kind"] in _REFUNDS:
        lines.append(work.say("refund_way"))
    is_stuck = any(one["state"] in ("failed", "refused", "uncertain") for one in found[:1])
    return Served("\n".join(lines), offers_person=True, hand_off="request_refused" if is_stuck else None)
