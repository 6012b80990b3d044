"""A change of an order on its way from the wish to the shop: what is missing is asked for, then a yes, then it is done once."""

import re
from typing import Any

from yingke.assistants.skills.pieces.choose_items import count_in, is_choice, named_in, part_about, pick, pieces_of
from yingke.assistants.skills.pieces.invoicing import ask_missing
from yingke.assistants.skills.pieces.order_words import item_line, order_line, state_of
from yingke.assistants.skills.pieces.standing import name_of, standing
from yingke.assistants.skills.pieces.talk import Pending
from yingke.assistants.skills.pieces.wishes import order_wish, says_no, says_yes
from yingke.assistants.skills.pieces.work import Served, Work
from yingke.kit.expression import expression

CHANGES = ("return", "exchange", "refund", "repair", "cancel", "address")
OF_ITEMS = ("return", "exchange", "refund", "repair")
STEPS = ("confirm", "which_item", "address")
_SENT = ("shipped", "part_shipped", "delivered", "closed")
_UNDER_WAY = ("shipped", "part_shipped")
_OVER = ("refunded", "cancelled")
_PHONE = expression(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_PLACE = expression(
    r"[省市区县镇乡村街道路巷弄号栋幢楼室]|\b(?:street|st|road|rd|avenue|ave|city|zip)\b", re.IGNORECASE
)
_I_AM = expression(r"^(?:我叫|我是|姓名|名字)(?=[\u4e00-\u9fff]{2,4}$)")
_DO_IT = expression(
    r"^(?:(?:确认|确定|好的?|可以的?|行|对|是的?|嗯+|ok)[,，。 ]*)?(?:那?就)?(?:帮我|给我|请|麻烦)?(?:退|换|修|改|开|提交|办理|申请)(?:货|款|吧|了|掉|一下|哦|啊|[。!！])*$",
    re.IGNORECASE,
)
_CANCEL_IT = expression(
    r"^(?:(?:确认|确定|好的?|是的?|对|嗯+)[,，。 ]*)?那?就?(?:帮我|给我|直接)?取消(?:订单|吧|了|掉|好了|[。!！])*$"
)
_TOGETHER = expression(r"和|跟|与|、|都|以及|还有|一起|\band\b|\bboth\b", re.IGNORECASE)
_NTH = expression(r"第\s*(?:\d{1,2}|[一二三四五六七八九])")
_FOR_WHAT = expression(r"换成|换(?:个|大|小)|(?:大|小)一?(?:号|码)|\b(?:for|to) (?:a|the|another)\b", re.IGNORECASE)
_CLAUSES = re.compile(r"[，,。；;！!\s]+")
_STAYS = expression(r"留|不(?:用)?(?:退|换|修)|别退|没(?:问题|毛病|坏|事)|好的$|正常|是好的|挺好|不动", re.IGNORECASE)
_SHORT = 24


def is_under_way(work: Work, owner: str) -> bool:
    pending = work.talk.pending
    return pending is not None and pending.owner == owner and work.talk.asked in STEPS


def continues(work: Work, text: str) -> bool:
    """Whether `text` answers what was asked about the change. Costs no more than some regular expressions."""
    pending, asked = work.talk.pending, work.talk.asked
    if pending is None:
        return False
    if agrees(text, pending.kind) or says_no(text) or order_wish(text) in CHANGES:
        return True
    if asked == "which_item":
        return is_choice(text, pending.choices)
    if asked == "address":
        return bool(_PHONE.search(text) or _PLACE.search(text))
    if asked != "confirm" or pending.kind not in OF_ITEMS or len(text) > _SHORT:
        return False
    return is_choice(text, []) or _says_for_what(pending, text)


def _says_for_what(pending: Pending, text: str) -> bool:
    return pending.kind == "exchange" and bool(_FOR_WHAT.search(text))


def agrees(text: str, kind: str) -> bool:
    """A yes to this change, also by naming it."""
    return says_yes(text) or bool((_CANCEL_IT if kind == "cancel" else _DO_IT).match(text.strip()))


def propose(work: Work, pending: Pending, order: dict[str, Any]) -> Served:
    """Asks for what is still missing, then for a yes; says at once what cannot be done any more."""
    talk = work.talk
    pending.owner = pending.owner or ("payment" if pending.kind == "invoice" else "after_sales")
    talk.pending, talk.wish, talk.order_number = pending, pending.kind, pending.order_number
    if (cannot := _cannot(work, pending, order)) is not None:
        return cannot
    if pending.kind == "address" and not pending.details:
        talk.asked = "address"
        return Served(work.say("ask_address", number=pending.order_number))
    if pending.kind == "invoice" and (asked := ask_missing(work, pending)) is not None:
        return asked
    if pending.kind in OF_ITEMS and not pending.items:
        chosen = choose(work.text, order["items"])
        if chosen is None:
            return ask_item(work, pending, order)
        pending.items = chosen
    return ask_yes(work, pending, order)


def choose(text: str, items: list[dict[str, Any]]) -> list[dict[str, int]] | None:
    """What the words of a wish pick; [] = the whole order, which has one article; None = it has to be asked."""
    named = named_in(text, items)
    if len(items) == 1:
        return pick(text, items) if count_in(text) is not None else []
    if not named and _NTH.search(text):
        return pick(text, items) or None
    if len(named) > 1 and (kept := _kept(text, items)):
        named = [item for item in named if item not in kept]
    if len(named) > 1 and not _TOGETHER.search(text):
        return None
    return [pieces_of(item, part_about(text, item)) for item in named] or None


def _kept(text: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the words say is to stay: 「桌子要退，灯留着」."""
    clauses = [clause for clause in _CLAUSES.split(text) if _STAYS.search(clause)]
    return [item for clause in clauses for item in named_in(clause, items)]


def ask_item(work: Work, pending: Pending, order: dict[str, Any]) -> Served:
    work.talk.asked = "which_item"
    pending.choices = [item["title"] for item in order["items"]]
    return Served(work.say("which_item", items=listed(order["items"], work)), offers_person=work.talk.times_asked > 1)


def listed(items: list[dict[str, Any]], work: Work) -> str:
    return "\n".join(f"{item['line']}. {item_line(item, work)}" for item in items)


def ask_yes(work: Work, pending: Pending, order: dict[str, Any]) -> Served:
    """Names what will be done. The turn that asks is what the change is known by."""
    work.talk.asked, work.talk.pending = "confirm", pending
    pending.since, pending.choices = work.belt.session.through_seq, []
    picked = {one["line"]: one["quantity"] for one in pending.items}
    items = [item | {"quantity": picked[item["line"]]} for item in order["items"] if item["line"] in picked]
    values = {
        "number": pending.order_number,
        "items": order_line({"items": items or order["items"]}, work),
        "address": pending.details.get("shown", ""),
        "title": pending.details.get("shown", ""),
    }
    return Served(work.say(f"confirm_{pending.kind}", **values))


async def go_on(work: Work, pending: Pending, text: str) -> Served:
    """The customer's answer to what was asked last."""
    talk = work.talk
    wish = order_wish(text)
    if talk.asked == "confirm" and agrees(text, pending.kind):
        return await submit(work, pending)
    is_other = wish in CHANGES and wish != pending.kind
    if says_no(text) and not is_other:
        return drop(work)
    opened = await work.belt.run("open_order", {"order_id": pending.order_id})
    if opened.problem is not None:
        talk.pending, talk.asked = None, None
        return Served(work.say("shop_down"), hand_off="shop_down")
    order = opened.data["order"]
    if is_other:
        items = pending.items if wish in OF_ITEMS else []
        other = Pending(str(wish), order_id=order["id"], order_number=order["number"], items=items)
        other.reason = pending.reason or text[:200]
        return propose(work, other, order)
    if talk.asked == "confirm" and _says_for_what(pending, text):
        pending.details["instead_of_it"] = text[:60]
        pending.reason = f"{pending.reason}；{text}"[:200]
    elif talk.asked == "address":
        pending.details = read_address(text)
        if order["state"] in _UNDER_WAY:
            return _redirect(work, pending)
    elif talk.asked == "which_item" or is_choice(text, []):
        items = order["items"]
        if talk.asked == "confirm" and pending.items and count_in(text) is not None and not _NTH.search(text):
            items = [item for item in items if item["line"] in {one["line"] for one in pending.items}]
        pending.items = pick(text, items)
        if not pending.items:
            return ask_item(work, pending, order)
    else:
        return drop(work)
    return ask_yes(work, pending, order)


async def submit(work: Work, pending: Pending) -> Served:
    """Asks the shop, once for the turn that asked for the yes, and says what came of it."""
    talk = work.talk
    done = await work.belt.run(
        "request_change",
        {
            "kind": pending.kind,
            "order_id": pending.order_id,
            "items": pending.items,
            "details": {name: value for name, value in pending.details.items() if name != "shown"},
            "reason": pending.reason,
            "since": pending.since,
        },
    )
    talk.pending, talk.asked, talk.wish = None, None, ""
    what = name_of(pending.kind, work)
    refused = "complaint" if "matter" in talk.collected else "request_refused"
    if done.problem == "asked_already":
        return await _asked_already(work, pending)
    if done.problem is not None:
        why = done.data.get("why", "")
        return Served(work.say("refused", why=_sentence(work, why)), hand_off=refused)
    state, number = done.data["state"], done.data["id"]
    if state == "uncertain":
        return Served(work.say("done_uncertain"), hand_off="request_uncertain")
    if state in ("refused", "failed"):
        return Served(work.say("refused", why=_sentence(work, done.data.get("outcome") or "")), hand_off=refused)
    key = {"done": "done_done", "waiting_approval": "done_waiting"}.get(state, "done_open")
    return Served(work.say(key, what=what, request=number))


def _sentence(work: Work, why: str) -> str:
    """With its full stop, where another sentence follows."""
    return f"{why.rstrip('。')}。" if why and work.is_chinese else why


async def _asked_already(work: Work, pending: Pending) -> Served:
    """Nothing is asked for twice: how the earlier one stands."""
    found = await work.belt.run("my_requests", {})
    earlier = [one for one in found.data.get("requests", []) if one["order_id"] == pending.order_id]
    lines = [standing(work, one) for one in earlier if one["state"] not in ("withdrawn", "refused", "failed")]
    return Served("\n".join([work.say("asked_already"), *lines[:2]]), offers_person=True)


def drop(work: Work) -> Served:
    work.talk.pending, work.talk.asked, work.talk.wish = None, None, ""
    return Served(work.say("dropped"))


def read_address(text: str) -> dict[str, Any]:
    """Name, phone and the rest as written; the shop's people read it before anything leaves."""
    phone = _PHONE.search(text)
    rest = _PHONE.sub(" ", text) if phone else text
    parts = [
        part for part in re.split(r"[\s,，;；:：]+", re.sub(r"收货人|收件人|电话|手机号?|地址", " ", rest)) if part
    ]
    parts = [_I_AM.sub("", part) or part for part in parts]
    name = next((part for part in parts if 2 <= len(part) <= 12 and not _PLACE.search(part) and part.isalpha()), "")
    places = [part for part in parts if part != name]
    if rest.isascii() and phone is not None:
        name, places = text[: phone.start()].strip(" ,;:"), [text[phone.end() :].strip(" ,;:")]
    gap = "" if any("\u4e00" <= mark <= "\u9fff" for mark in rest) else " "
    found = {"name": name, "phone": phone[0] if phone else "", "detail": gap.join(places)}
    shown = (", " if rest.isascii() else "，").join(
        value for value in (found["name"], _starred(found["phone"]), found["detail"]) if value
    )
    return {name: value for name, value in found.items() if value} | {"shown": shown}


def _starred(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else phone


def _cannot(work: Work, pending: Pending, order: dict[str, Any]) -> Served | None:
    """What the state of the order forbids, with what can be done instead; None where the shop's own rules decide."""
    talk, kind, state = work.talk, pending.kind, order["state"]
    if state in _OVER and kind in (*OF_ITEMS, "cancel", "address"):
        talk.pending, talk.asked, talk.wish = None, None, ""
        said = work.say("order_state_is", number=pending.order_number, state=state_of(order, work))
        return Served(said, offers_person=True)
    if kind == "cancel" and state in _SENT:
        talk.pending, talk.asked, talk.wish = None, None, ""
        return Served(work.say("sent_cancel", number=pending.order_number), hand_off="request_refused")
    if kind == "cancel" and 0 < len(named_in(work.text, order["items"])) < len(order["items"]):
        talk.pending, talk.asked, talk.wish = None, None, ""
        return Served(work.say("partial_cancel", number=pending.order_number), hand_off="request_refused")
    if kind == "address" and state in _UNDER_WAY and not pending.details:
        talk.asked = "address"
        return Served(work.say("sent_address", number=pending.order_number))
    if kind in ("return", "exchange", "repair") and state in _UNDER_WAY:
        talk.pending, talk.asked, talk.wish = None, None, ""
        return Served(work.say("not_delivered", number=pending.order_number), offers_person=True)
    if kind in ("return", "refund") and state in ("paid", "unpaid"):
        pending.kind = talk.wish = "cancel"
        pending.items = []
        asked = ask_yes(work, pending, order)
        return Served(f"{work.say('cancel_instead')}{asked.text}")
    return None


def _redirect(work: Work, pending: Pending) -> Served:
    """A parcel on its way: people ask the carrier, and have the new address in hand."""
    talk = work.talk
    talk.collected["address"] = pending.details.get("shown", "")
    talk.pending, talk.asked, talk.wish = None, None, ""
    return Served(work.say("redirected", address=talk.collected["address"]), hand_off="request_refused")
