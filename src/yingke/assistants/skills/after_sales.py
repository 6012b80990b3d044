"""Returns, exchanges, refunds, repairs, cancelling, addresses, invoices: asked for, confirmed once, done once."""

import re
from typing import Any

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.order_desk import goes_on, open_one
from yingke.assistants.skills.pieces.order_words import item_line, order_line
from yingke.assistants.skills.pieces.talk import Pending
from yingke.assistants.skills.pieces.wishes import order_wish, says_no, says_yes
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.finding.need import read_need

CHANGES = ("return", "exchange", "refund", "repair", "cancel", "address", "invoice")
_OF_ITEMS = ("return", "exchange", "refund", "repair")
_NAMES = {
    "return": ("退货申请", "return request"),
    "exchange": ("换货申请", "exchange request"),
    "refund": ("退款申请", "refund request"),
    "repair": ("维修登记", "repair"),
    "cancel": ("取消订单", "cancellation"),
    "address": ("修改收货信息", "change of delivery details"),
    "invoice": ("开票申请", "invoice request"),
}
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_PLACE = re.compile(r"[省市区县镇乡村街道路巷弄号栋幢楼室]|\b(?:street|road|avenue|city|zip)\b", re.IGNORECASE)
_PICKED = re.compile(r"\d+|[一二三四五六七八九]")
_ALL = re.compile(r"全部|都|所有|整单|\ball\b", re.IGNORECASE)
_HAN = "零一二三四五六七八九"
_TAX = re.compile(r"(?<![A-Z0-9])[A-Z0-9]{15,20}(?![A-Z0-9])", re.IGNORECASE)
_TITLE = re.compile(r"(?:抬头|名称|公司名?|title|name)\s*[:：是为]?\s*([^\s,，;；。]{2,60})", re.IGNORECASE)


class AfterSales(Skill):
    name = "after_sales"
    says = ("售后与改单", "After-sales and changes")
    tools = ("open_order", "my_orders", "request_change")

    def claims(self, work: Work, request: Request) -> float:
        talk = work.talk
        if talk.pending is not None and talk.asked in ("confirm", "which_item", "address", "invoice"):
            return 1.0 if self._continues(work, request.text) else 0.3
        if talk.wish in CHANGES and (sure := goes_on(talk, request.text)):
            return sure
        return 0.92 if order_wish(request.text) in CHANGES else 0.0

    @staticmethod
    def _continues(work: Work, text: str) -> bool:
        if says_yes(text) or says_no(text):
            return True
        asked = work.talk.asked
        if asked == "which_item":
            return bool(_PICKED.search(text) or _ALL.search(text))
        if asked == "address":
            return bool(_PHONE.search(text) or _PLACE.search(text))
        return asked == "invoice" and 2 <= len(text) <= 120

    async def serve(self, work: Work, request: Request) -> Served:
        talk, text = work.talk, request.text
        if talk.pending is not None and talk.asked in ("confirm", "which_item", "address", "invoice"):
            return await self._go_on(work, talk.pending, text)
        wish = order_wish(text)
        if wish in CHANGES:
            talk.wish = wish
        opened = await open_one(work, text)
        if isinstance(opened, Served):
            return opened
        pending = Pending(talk.wish, opened["id"], opened["number"], reason=text[:200])
        talk.pending = pending
        return self._prepare(work, pending, opened)

    def propose(self, work: Work, pending: Pending, order: dict[str, Any]) -> Served:
        """Asks for the yes to a change that somebody else understood; `order` is open in this conversation."""
        work.talk.pending, work.talk.wish, work.talk.skill = pending, pending.kind, self.name
        work.talk.order_number = pending.order_number
        return self._prepare(work, pending, order)

    def _prepare(self, work: Work, pending: Pending, order: dict[str, Any]) -> Served:
        """Asks for what is still missing, then for a yes."""
        talk = work.talk
        if pending.kind in ("address", "invoice") and not pending.details:
            talk.asked = "address" if pending.kind == "address" else "invoice"
            return Served(work.say(f"ask_{pending.kind}", number=pending.order_number))
        if pending.kind in _OF_ITEMS and not pending.items and len(order["items"]) > 1:
            named = _named_in(work.text, order["items"])
            if len(named) != 1:
                talk.asked = "which_item"
                lines = [f"{item['line']}. {item_line(item)}" for item in order["items"]]
                return Served(work.say("which_item", items="\n".join(lines)))
            pending.items = [{"line": named[0]["line"], "quantity": named[0]["quantity"]}]
        return self._ask_yes(work, pending, order)

    def _ask_yes(self, work: Work, pending: Pending, order: dict[str, Any]) -> Served:
        work.talk.asked = "confirm"
        picked = {one["line"]: one["quantity"] for one in pending.items}
        items = [item | {"quantity": picked[item["line"]]} for item in order["items"] if item["line"] in picked]
        values = {
            "number": pending.order_number,
            "items": order_line({"items": items or order["items"]}, work),
            "address": pending.details.get("shown", ""),
            "title": pending.details.get("title", ""),
        }
        return Served(work.say(f"confirm_{pending.kind}", **values))

    async def _go_on(self, work: Work, pending: Pending, text: str) -> Served:
        talk = work.talk
        if says_no(text) and talk.asked != "invoice":
            return _drop(work)
        if talk.asked == "confirm":
            return await self._do(work, pending) if says_yes(text) else _drop(work)
        opened = await work.belt.run("open_order", {"order_id": pending.order_id})
        if opened.problem is not None:
            talk.pending, talk.asked = None, None
            return Served(work.say("shop_down"), hand_off="shop_down")
        order = opened.data["order"]
        if talk.asked == "which_item":
            pending.items = _pick(text, order["items"])
            if not pending.items:
                lines = [f"{item['line']}. {item_line(item)}" for item in order["items"]]
                return Served(work.say("which_item", items="\n".join(lines)))
        else:
            pending.details = _address(text) if talk.asked == "address" else _invoice(text)
        return self._ask_yes(work, pending, order)

    async def _do(self, work: Work, pending: Pending) -> Served:
        talk = work.talk
        done = await work.belt.run(
            "request_change",
            {
                "kind": pending.kind,
                "order_id": pending.order_id,
                "items": pending.items,
                "details": {name: value for name, value in pending.details.items() if name != "shown"},
                "reason": pending.reason,
            },
        )
        talk.pending, talk.asked, talk.wish = None, None, ""
        what = _NAMES[pending.kind][0 if work.is_chinese else 1]
        if done.problem is not None:
            why = done.data.get("why", "")
            return Served(work.say("refused", why=f"{why.rstrip('。')}。" if why else ""), hand_off="request_refused")
        state, number = done.data["state"], done.data["id"]
        if state == "uncertain":
            return Served(work.say("done_uncertain"), hand_off="request_uncertain")
        if state in ("refused", "failed"):
            return Served(work.say("refused", why=done.data.get("outcome", "")), hand_off="request_refused")
        key = {"done": "done_done", "waiting_approval": "done_waiting"}.get(state, "done_open")
        return Served(work.say(key, what=what, request=number))


def _named_in(text: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items whose kind of thing the words name: 睡袋 for 棉睡袋 10℃."""
    things = set(read_need(text).tokens("t:"))
    return [item for item in items if things & set(read_need(item["title"]).tokens("t:"))]


def _drop(work: Work) -> Served:
    work.talk.pending, work.talk.asked, work.talk.wish = None, None, ""
    return Served(work.say("dropped"))


def _pick(text: str, items: list[dict[str, Any]]) -> list[dict[str, int]]:
    by_line = {item["line"]: item for item in items}
    if _ALL.search(text):
        lines = list(by_line)
    else:
        numbers = (int(one) if one.isdecimal() else _HAN.index(one) for one in _PICKED.findall(text))
        lines = [line for line in dict.fromkeys(numbers) if line in by_line]
    return [{"line": line, "quantity": by_line[line]["quantity"]} for line in lines]


def _address(text: str) -> dict[str, Any]:
    """Name, phone and the rest as written; the shop's people read it before anything leaves."""
    phone = _PHONE.search(text)
    rest = _PHONE.sub(" ", text) if phone else text
    parts = [
        part for part in re.split(r"[\s,，;；:：]+", re.sub(r"收货人|收件人|电话|手机号?|地址", " ", rest)) if part
    ]
    places = [part for part in parts if _PLACE.search(part)]
    names = [part for part in parts if part not in places and 2 <= len(part) <= 12]
    found = {"name": names[0] if names else "", "phone": phone[0] if phone else "", "detail": " ".join(places or parts)}
    shown = "，".join(value for value in (found["name"], _starred(found["phone"]), found["detail"]) if value)
    return {name: value for name, value in found.items() if value} | {"shown": shown}


def _starred(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else phone


def _invoice(text: str) -> dict[str, Any]:
    tax = _TAX.search(text)
    rest = (_TAX.sub(" ", text) if tax else text).strip()
    named = _TITLE.search(rest)
    title = named[1] if named else re.sub(r"税号|纳税人识别号|[:：,，;；\s]+", " ", rest).strip()
    return {"title": title[:60]} | ({"tax_number": tax[0].upper()} if tax else {})
