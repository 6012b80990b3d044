"""Something went wrong: an honest apology, the facts that help, what policy and tools can do about it, and a person for the rest."""

import re
from typing import Any

from yingke.assistants.needs_person import needs_person
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.order_desk import OPENING, goes_on, open_one
from yingke.assistants.skills.pieces.changing import (
    ask_item,
    choose,
    continues,
    go_on,
    is_under_way,
    propose,
)
from yingke.assistants.skills.pieces.choose_items import all_but_came, is_choice, pick
from yingke.assistants.skills.pieces.hearing import is_denied, matter_in, wish_in
from yingke.assistants.skills.pieces.order_words import not_shipped, order_line, parcel_lines, state_of
from yingke.assistants.skills.pieces.problems import (
    Matter,
    is_grave,
    is_puzzled,
    is_unhappy,
    matter_of,
    only_tells,
    shows_something,
    wants_of,
)
from yingke.assistants.skills.pieces.talk import Pending
from yingke.assistants.skills.pieces.waiting import is_weak_yes
from yingke.assistants.skills.pieces.wishes import order_wish, says_no, says_yes
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.kit.expression import expression

COMPLAINT = "complaint"
OF_GOODS = ("missing", "broken", "wrong", "quality")
OF_PARCELS = ("late", "not_received")
ENDS_IT = ("cancel", "return", "refund")
"""Who wants no more of a late parcel is not served by somebody chasing it."""
SURE_INTENT = 0.5
_ASKED = ("complaint_what", "complaint_wish")
_STILL_NOT = expression(
    r"没有|没找到|找不到|都(?:找|问)过|还是没|不在|\b(?:not there|no luck|nothing|couldn'?t find)\b", re.IGNORECASE
)
_NAMES: dict[str, tuple[str, str]] = {
    "missing": ("少发、漏发", "something missing"),
    "broken": ("破损", "something broken"),
    "wrong": ("发错", "a wrong article"),
    "quality": ("质量问题", "poor quality"),
    "late": ("催件", "a late parcel"),
    "not_received": ("显示签收但没收到", "a parcel marked as delivered that is not there"),
    "service": ("服务问题", "our service"),
    "price": ("差价", "a difference in price"),
    "extra": ("多发", "something sent too much"),
    "other": ("您反映的问题", "what you told me"),
}


class Complaint(Skill):
    name = COMPLAINT
    says = ("投诉与问题处理", "Complaints and problems")
    tools = ("open_order", "my_orders", "request_change")

    def claims(self, work: Work, request: Request) -> float:
        talk, text = work.talk, request.text
        if is_weak_yes(talk, text):
            return 0.3
        if is_under_way(work, COMPLAINT):
            return 1.0 if continues(work, text) or wants_of(text) else 0.3
        if talk.asked in _ASKED or (talk.asked == "which_item" and talk.wish == COMPLAINT):
            return 1.0 if self._continues(work, text) else 0.3
        if not text:
            return 1.0 if work.has_attachment and "matter" in talk.collected else 0.0
        if talk.wish == COMPLAINT and (sure := goes_on(talk, text)):
            return sure
        if matter_in(work, request) is not None:
            # Who says what is to be done about it is served at once by whoever does it.
            return 0.91 if wish_in(work, request) in ("return", "exchange", "refund", "repair", "cancel") else 0.94
        if needs_person(text) == "complaint" or (is_unhappy(text) and not request.is_known):
            return 0.7
        return 0.7 if is_puzzled(text) and _is_quality(request) and not is_denied(work, request) else 0.0

    @staticmethod
    def _continues(work: Work, text: str) -> bool:
        if not text:
            return work.has_attachment
        if work.talk.asked == "complaint_what":
            return order_wish(text) not in ("track", "state")
        if work.talk.asked == "which_item" and work.talk.pending is not None:
            return is_choice(text, work.talk.pending.choices) or says_no(text)
        if _STILL_NOT.search(text) or is_choice(text, []) or shows_something(text):
            return True
        return bool(
            says_yes(text) or says_no(text) or wants_of(text) or matter_of(text) or is_grave(text) or is_unhappy(text)
        )

    async def serve(self, work: Work, request: Request) -> Served:
        talk, text = work.talk, request.text
        self._note_picture(work)
        if is_under_way(work, COMPLAINT) and talk.pending is not None and text:
            return await self._item_or_change(work, talk.pending, text)
        if not text or (talk.asked == "complaint_wish" and shows_something(text) and wants_of(text) is None):
            return Served(work.say("picture_noted") + self._again(work))
        if talk.asked == "complaint_wish":
            return await self._answer(work, text)
        if talk.asked not in OPENING and (served := self._begin(work, request)) is not None:
            return served
        opened = await open_one(work, text)
        if not isinstance(opened, Served) and talk.collected.get("matter") == "not_received" and not _is_there(opened):
            talk.collected["matter"] = "late"
        first = "" if talk.collected.get("sorry") else self._sorry(work) + "\n"
        talk.collected["sorry"] = "said"
        if isinstance(opened, Served):
            if opened.text is not None:
                opened.text = first + opened.text
            if opened.hand_off == "order":
                opened.hand_off = COMPLAINT
            return opened
        return await self._solve(work, opened, text, first)

    def _begin(self, work: Work, request: Request) -> Served | None:
        """Notes what was said; an answer where nothing can be looked up: nobody knows what happened, or only a person helps."""
        talk, text = work.talk, request.text
        was_asked, talk.asked = talk.asked == "complaint_what", None
        matter = matter_in(work, request) or ("quality" if is_puzzled(text) and _is_quality(request) else None)
        talk.times_asked = 0
        talk.collected.setdefault("said", text[:200])
        if was_asked:
            talk.collected["said"] = f"{talk.collected['said']} {text}"[:200]
        if matter is not None:
            talk.collected["matter"] = matter
        if (want := wants_of(text)) is not None:
            talk.collected["wants"] = want
        if want is None and only_tells(text) and not is_grave(text):
            return Served(work.say("just_noted"), offers_person=True)
        if is_grave(text) or matter in ("service", "price") or want == "compensation" or (matter is None and was_asked):
            talk.collected.setdefault("matter", "other")
            return self._person(work)
        if matter is None:
            talk.asked, talk.collected["matter"] = "complaint_what", "other"
            talk.collected["sorry"] = "said"
            return Served(work.say("complaint_what"), offers_person=True)
        talk.wish = COMPLAINT
        return None

    async def _solve(self, work: Work, order: dict[str, Any], text: str, first: str) -> Served:
        """The order is open: which article it is about, and what is to be done."""
        talk = work.talk
        talk.collected["order"] = order["number"]
        if talk.collected.get("matter") in OF_PARCELS:
            return await self._parcel(work, order, first)
        if talk.collected.get("matter") == "extra":
            return await self._note(work, order, "other")
        pending = Pending("", order["id"], order["number"], owner=COMPLAINT)
        pending.reason = talk.collected.get("said", text)[:200]
        talk.pending = pending
        told = f"{talk.collected.get('said', '')} {text}"
        chosen = choose(told, order["items"])
        if talk.collected.get("matter") == "missing" and (left := all_but_came(told, order["items"])):
            chosen = [{"line": one["line"], "quantity": one["quantity"]} for one in left]
        if chosen is None:
            asked = ask_item(work, pending, order)
            return Served(f"{first}{asked.text}")
        pending.items = chosen
        served = self._offer(work, pending, order)
        served.text = f"{first}{served.text}"
        return served

    async def _item_or_change(self, work: Work, pending: Pending, text: str) -> Served:
        """Which article it is, or a yes to what was proposed."""
        talk = work.talk
        if talk.asked != "which_item" or pending.kind:
            return await go_on(work, pending, text)
        if (want := wants_of(text)) is not None:
            talk.collected["wants"] = want
        if says_no(text):
            return self._close(work)
        opened = await work.belt.run("open_order", {"order_id": pending.order_id})
        if opened.problem is not None:
            return Served(work.say("shop_down"), hand_off="shop_down")
        order = opened.data["order"]
        pending.items = pick(text, order["items"])
        if not pending.items:
            return ask_item(work, pending, order)
        return self._offer(work, pending, order)

    def _offer(self, work: Work, pending: Pending, order: dict[str, Any]) -> Served:
        """What can be done about an article, or what the customer already asked for."""
        talk = work.talk
        picked = {one["line"]: one["quantity"] for one in pending.items}
        items = [item | {"quantity": picked[item["line"]]} for item in order["items"] if item["line"] in picked]
        talk.collected["item"] = order_line({"items": items or order["items"]}, work)
        talk.asked = "complaint_wish"
        matter = talk.collected.get("matter", "other")
        wanted = talk.collected.get("wants")
        if wanted is not None and (done := self._directly(work, pending, order, wanted)) is not None:
            return done
        key = f"offer_{matter}" if matter in OF_GOODS else "offer_broken"
        picture = "" if talk.collected.get("pictures") or matter == "missing" else work.say("picture_helps")
        return Served(work.say(key, items=talk.collected["item"], number=order["number"]) + picture, offers_person=True)

    def _directly(self, work: Work, pending: Pending, order: dict[str, Any], want: str) -> Served | None:
        """A change that the shop's own rules decide about; None for what is no change of the order."""
        matter = work.talk.collected.get("matter")
        kind = {
            "exchange": "exchange",
            "return": "return",
            "repair": "repair",
            "refund": "return",
            "cancel": "cancel",
        }.get(want)
        if want == "refund" and (matter == "missing" or order["state"] not in ("delivered", "closed")):
            kind = "refund"
        if kind is None:
            return None
        pending.kind, pending.owner = kind, COMPLAINT
        return propose(work, pending, order)

    async def _answer(self, work: Work, text: str) -> Served:
        """What the customer wants done about it."""
        talk = work.talk
        matter = talk.collected.get("matter", "other")
        want = wants_of(text)
        if is_grave(text) or want == "compensation":
            talk.collected["wants"] = want or talk.collected.get("wants", "")
            return self._person(work)
        if want is None and matter in OF_PARCELS and (says_yes(text) or _STILL_NOT.search(text)):
            want = "chase"
        if want is None and talk.pending is not None and matter in OF_GOODS and is_choice(text, []):
            talk.asked = "which_item"
            return await self._item_or_change(work, talk.pending, text)
        if want is None:
            if says_no(text) and not matter_of(text):
                return self._close(work)
            talk.collected["said"] = f"{talk.collected.get('said', '')} {text}"[:200]
            if (told := matter_of(text)) in OF_GOODS and told != matter and talk.pending is not None:
                return await self._told_anew(work, talk.pending, str(told))
            if talk.times_asked:
                return self._person(work)
            talk.times_asked = 1
            return Served(work.say("complaint_wish_again"), offers_person=True)
        talk.collected["wants"], talk.times_asked = want, 0
        opened = await open_one(work, talk.collected.get("order", ""))
        if isinstance(opened, Served):
            return self._person(work)
        pending = talk.pending or Pending("", opened["id"], opened["number"], owner=COMPLAINT)
        pending.reason = pending.reason or talk.collected.get("said", text)[:200]
        if want in ("resend", "chase") or (matter in OF_PARCELS and want not in ENDS_IT):
            return await self._note(work, opened, "reship" if want == "resend" else "check")
        return self._directly(work, pending, opened, want) or self._person(work)

    async def _told_anew(self, work: Work, pending: Pending, matter: str) -> Served:
        """It was something else than it sounded like at first."""
        work.talk.collected["matter"] = matter
        opened = await work.belt.run("open_order", {"order_id": pending.order_id})
        if opened.problem is not None:
            return Served(work.say("shop_down"), hand_off="shop_down")
        return self._offer(work, pending, opened.data["order"])

    async def _parcel(self, work: Work, order: dict[str, Any], first: str) -> Served:
        """Where it is, as the shop and the carrier say, and the offer to have somebody chase it."""
        talk = work.talk
        tracked = await work.belt.run("track_order", {"order_id": order["id"]})
        items, state = order_line(order, work), state_of(order, work)
        lines = [work.say("order_line", number=order["number"], items=items, state=state)]
        if tracked.problem is None:
            lines += parcel_lines(tracked.data["parcels"], work, order.get("delivered_at", "")) or not_shipped(
                order, work
            )
        if as_of := order.get("as_of") or tracked.data.get("as_of"):
            lines.append(work.say("as_of", when=as_of))
        talk.asked = "complaint_wish"
        if talk.collected.get("wants") == "chase":
            noted = await self._note(work, order, "check")
            return Served("\n".join([first.strip(), *lines, noted.text or ""]).strip(), hand_off=noted.hand_off)
        is_there = _is_there(order)
        key = (
            ("offer_late_signed" if talk.collected.get("matter") == "late" else "offer_signed")
            if is_there
            else "offer_chase"
            if order["state"] not in ("paid", "unpaid")
            else "offer_hurry"
        )
        return Served(first + "\n".join([*lines, work.say(key)]), offers_person=True)

    async def _note(self, work: Work, order: dict[str, Any], kind: str) -> Served:
        """An item on the list of people: nothing is promised, and it cannot be forgotten."""
        talk = work.talk
        matter, item = talk.collected.get("matter", "other"), talk.collected.get("item", "")
        title = f"{_NAMES[matter][0]}：{item or order['number']}"[:80]
        noted = await work.belt.run("note_follow_up", {"kind": kind, "order_id": order["id"], "title": title})
        talk.asked, talk.pending, talk.wish = None, None, ""
        if noted.problem is not None:
            return self._person(work)
        if kind == "reship":
            return Served(work.say("noted_resend", items=item, number=order["number"]))
        if kind == "other":
            return Served(work.say("noted_extra", number=order["number"]))
        return Served(work.say("noted_chase", number=order["number"]))

    def _person(self, work: Work) -> Served:
        """Sorry, noted, and a person; nothing has to be told twice, and nothing is said on whose fault it is."""
        talk = work.talk
        talk.asked, talk.pending, talk.wish = None, None, ""
        matter = talk.collected.get("matter", "other")
        what = work.word(f"matter_{matter}", *_NAMES[matter])
        return Served(work.say("complaint_person", what=what), hand_off=COMPLAINT)

    def _close(self, work: Work) -> Served:
        work.talk.asked, work.talk.pending, work.talk.wish = None, None, ""
        return Served(work.say("complaint_closed"), offers_person=True)

    def _sorry(self, work: Work) -> str:
        matter: Matter | str = work.talk.collected.get("matter", "other")
        return work.say(f"sorry_{matter}" if matter in (*OF_GOODS, *OF_PARCELS) else "sorry_other")

    @staticmethod
    def _note_picture(work: Work) -> None:
        if work.has_attachment or shows_something(work.text):
            seen = int(work.talk.collected.get("pictures", "0") or 0)
            work.talk.collected["pictures"] = str(seen + 1)

    @staticmethod
    def _again(work: Work) -> str:
        return work.say("complaint_wish_again") if work.talk.asked == "complaint_wish" else ""


def _is_quality(request: Request) -> bool:
    intent = request.intent
    return intent is not None and intent.label == "aftersales_quality_repair" and intent.confidence >= SURE_INTENT


def _is_there(order: dict[str, Any]) -> bool:
    return order["state"] in ("delivered", "closed")
