"""Returns, exchanges, refunds, repairs, cancelling, addresses: asked for, confirmed once, done once; and taken back again."""

import re
from typing import Any

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.order_desk import OPENING, goes_on, open_one
from yingke.assistants.skills.pieces.addresses import is_address, is_new_address
from yingke.assistants.skills.pieces.changing import (
    CHANGES,
    agrees,
    continues,
    drop,
    go_on,
    is_under_way,
    propose,
    read_address,
)
from yingke.assistants.skills.pieces.hearing import heard_in, takes_back_in, wish_in
from yingke.assistants.skills.pieces.problems import asks_rules
from yingke.assistants.skills.pieces.standing import name_of, standing
from yingke.assistants.skills.pieces.talk import Pending
from yingke.assistants.skills.pieces.waiting import is_weak_yes
from yingke.assistants.skills.pieces.wishes import order_wish, says_no
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.kit.expression import expression
from yingke.kit.recently import recently

WITHDRAW = "withdraw"
_STANDING = expression(
    r"(?:申请|退货|换货|维修|售后|取消)(?:的)?(?:单|申请)?[^，。？?]{0,6}(?:到哪|进度|怎么样了|办得怎|哪一?步|处理(?:好|到|得|完)|审核(?:好|通过|完|了)|通过了|好了(?:吗|没)|办好了?(?:吗|没))"
    r"|查[^，。]{0,8}(?:之前|上次|提交|申请)[^，。]{0,6}(?:退|换|修|申请)|申请[^。？?]{0,4}(?:还没|没)(?:有)?(?:通过|审核|处理)|(?:申请|寄回|退回)[^。？?]{0,14}(?:没人|还没|怎么还)(?:审核|处理|弄|动|收)"
    r"|\b(?:status|progress) of my (?:return|exchange|request|repair)\b",
    re.IGNORECASE,
)
_WHICH = expression(
    r"^(?:我要|我想|帮我|给我|想)?(?:申请|办理?|走|要|处理)?(?:一?下)?售后(?:服务|申请|处理)?[。.!！]*$"
)
_ORDER = expression(r"订单|这单|那单|这笔|合并|\border\b", re.IGNORECASE)
_KINDS = {"return": "退货", "exchange": "换货", "repair": "维修", "cancel": "取消", "invoice": "发票"}
SURE_INTENT = 0.6
_OURS = ("return_exchange", "refund")
_ASKS = expression(
    r"吗|么|[?？]|怎么|如何|多久|几天|多少|谁|哪|什么|为啥|能不能|可不可以|是不是|要不要|\b(?:can|how|what|when|who|where|is|does|do)\b",
    re.IGNORECASE,
)
_CONFIRMS = expression(r"^(?:确认|确定|confirm)[。.!！]*$", re.IGNORECASE)


class AfterSales(Skill):
    name = "after_sales"
    says = ("售后与改单", "After-sales and changes")
    tools = ("open_order", "my_orders", "request_change")

    def claims(self, work: Work, request: Request) -> float:
        talk, text = work.talk, request.text
        if is_under_way(work, self.name):
            if is_weak_yes(talk, text):
                return 0.3
            return 1.0 if continues(work, text) or takes_back_in(work, request) else 0.3
        if talk.asked == "which_request":
            return 1.0 if says_no(text) or _place(text, talk.request_ids) is not None else 0.3
        if talk.wish in (*CHANGES, WITHDRAW, "standing") and (sure := goes_on(talk, text)):
            return sure
        if takes_back_in(work, request):
            return 0.93
        if _CONFIRMS.match(text.strip()) and talk.asked is None:
            return 0.8
        if is_new_address(work.before, text):
            return 0.94
        is_standing = _asks_standing(text) or heard_in(work, request) == "standing"
        if not is_standing and wish_in(work, request) in CHANGES:
            return 0.92
        if is_standing or _WHICH.match(text.strip()):
            return 0.9
        return 0.6 if _is_other_change(request) or _is_vague(request) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        talk, text = work.talk, request.text
        if talk.pending is not None and is_under_way(work, self.name):
            if talk.pending.kind == WITHDRAW:
                return await self._withdraw(work, talk.pending, text)
            if takes_back_in(work, request) and order_wish(text) in (None, talk.pending.kind):
                return drop(work)
            return await go_on(work, talk.pending, text)
        if talk.asked == "which_request":
            return await self._chosen(work, text)
        if takes_back_in(work, request) and talk.asked not in OPENING:
            return await self._take_back(work)
        if _CONFIRMS.match(text.strip()):
            return Served(work.say("nothing_pending"))
        wish = "address" if is_new_address(work.before, text) else wish_in(work, request)
        if _asks_standing(text) or heard_in(work, request) == "standing":
            talk.wish = "standing"
        elif wish in CHANGES:
            talk.wish = wish
        elif talk.asked not in OPENING:
            is_change = _is_other_change(request)
            return Served(work.say("other_change" if is_change else "which_change"), offers_person=True)
        opened = await open_one(work, text)
        if isinstance(opened, Served):
            return opened
        if talk.wish == "standing":
            return await self._standing(work, opened, text)
        pending = Pending(talk.wish, order_id=opened["id"], order_number=opened["number"], reason=text[:200])
        if talk.wish == "address" and is_address(text):
            pending.details = read_address(text)
        return propose(work, pending, opened)

    async def _standing(self, work: Work, order: dict[str, Any], text: str) -> Served:
        """How far everything is that was asked for about an order; of one kind where the words name it."""
        work.talk.wish = ""
        found = await work.belt.run("my_requests", {})
        here = [one for one in found.data.get("requests", []) if one["order_id"] == order["id"]]
        kinds = {kind for kind, words in _KINDS.items() if words in text}
        if not here or (kinds and not any(one["kind"] in kinds for one in here)):
            return Served(work.say("no_request_yet", number=order["number"]), offers_person=True)
        return Served("\n".join(standing(work, one) for one in here[:3]), offers_person=True)

    async def _take_back(self, work: Work) -> Served:
        """What was asked for in this conversation and no shop has done yet."""
        found = await work.belt.run("my_requests", {})
        mine = [one for one in found.data.get("requests", []) if one["is_of_this_talk"]]
        open_ones = [one for one in mine if one["may_withdraw"]]
        if len(open_ones) == 1:
            return self._ask(work, open_ones[0])
        if open_ones:
            work.talk.asked, work.talk.request_ids = "which_request", [one["id"] for one in open_ones]
            lines = [f"{place}. {_named(one, work)}" for place, one in enumerate(open_ones, 1)]
            return Served(work.say("which_request", requests="\n".join(lines)))
        if mine:
            return Served(work.say("too_late_to_withdraw", request=_named(mine[0], work)), hand_off="request_refused")
        return Served(work.say("nothing_to_withdraw"), offers_person=True)

    def _ask(self, work: Work, one: dict[str, Any]) -> Served:
        talk = work.talk
        talk.pending = Pending(WITHDRAW, one["order_id"] or "", one["order_number"] or "", owner=self.name)
        talk.pending.details = {"request": one["id"]}
        talk.asked = "confirm"
        return Served(work.say("confirm_withdraw", request=_named(one, work)))

    async def _chosen(self, work: Work, text: str) -> Served:
        talk = work.talk
        place = _place(text, talk.request_ids)
        wanted = talk.request_ids[place] if place is not None else None
        talk.asked, talk.request_ids = None, []
        if wanted is None:
            return drop(work)
        found = await work.belt.run("my_requests", {})
        one = next((one for one in found.data.get("requests", []) if one["id"] == wanted), None)
        return self._ask(work, one) if one is not None else Served(work.say("nothing_to_withdraw"), offers_person=True)

    async def _withdraw(self, work: Work, pending: Pending, text: str) -> Served:
        talk = work.talk
        talk.pending, talk.asked, talk.wish = None, None, ""
        if not agrees(text, "cancel"):
            return Served(work.say("kept"))
        done = await work.belt.run("withdraw_request", {"request_id": pending.details["request"]})
        if done.problem is not None:
            return Served(
                work.say("too_late_to_withdraw", request=pending.details["request"]), hand_off="request_refused"
            )
        return Served(work.say("withdrawn", request=pending.details["request"]))


def _named(one: dict[str, Any], work: Work) -> str:
    """退货申请 4711（订单 QX-D0001）."""
    said = work.word("of_order", "{what} {request}（订单 {number}）", "{what} {request} (order {number})")
    return said.format(what=name_of(one["kind"], work), request=one["id"], number=one["order_number"])


def _place(text: str, ids: list[str]) -> int | None:
    said = text.strip().strip("第个条.、。 ")
    place = int(said) if said.isdecimal() else "一二三四五".find(said) + 1 if len(said) == 1 else 0
    return place - 1 if 1 <= place <= len(ids) else None


@recently
def _asks_standing(text: str) -> bool:
    return bool(_STANDING.search(text))


def _is_other_change(request: Request) -> bool:
    """Something about an order is to be changed, by a wish that is none of ours."""
    intent = request.intent
    is_change = intent is not None and intent.label == "order_modify" and intent.confidence >= SURE_INTENT
    return is_change and not request.is_known and bool(_ORDER.search(request.text))


def _is_vague(request: Request) -> bool:
    """Wants something done after the purchase, and asks nothing that documents could tell."""
    intent = request.intent
    is_ours = intent is not None and intent.label in _OURS and intent.confidence >= SURE_INTENT
    return is_ours and not request.is_known and not _ASKS.search(request.text) and not asks_rules(request.text)
