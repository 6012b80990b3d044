"""Orders and parcels: finds the one that is meant, makes sure that it is the customer's, and says where it is."""

import re
from typing import Any

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.choose_items import orders_named
from yingke.assistants.skills.pieces.hearing import ABOUT_ORDERS, heard_in, is_denied, wish_in
from yingke.assistants.skills.pieces.order_words import not_shipped, order_line, parcel_lines, state_of
from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.which_order import chosen, meant_of
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.finding.need import names_a_thing
from yingke.commerce.order_numbers import find_order_numbers, find_phone_tail
from yingke.kit.expression import expression

LOOKS = ("track", "state")
OPENING = ("order_number", "phone_tail", "which_order")
_REFUSES = expression(
    r"^没有?了?[。.!！]*$|(?:单号|订单号|号码?)(?:早就|都|也)?(?:忘|丢|没)|没有?(?:单号|订单号|号)|不(?:想|方便|愿意?|能)(?:说|给|提供|透露)|没有订单号|找不到|忘了|不记得|不知道|don'?t (?:have|know|remember)|can'?t find",
    re.I,
)
_WHEN = expression(
    r"今天|明天|后天|今晚|周[一二三四五六日末]|几点|几号|什么时候|多久|几天|来得及|\bwhen\b|\btoday\b|\btomorrow\b|\bhow long\b|いつ|今日|明日|cu[aá]ndo|언제",
    re.IGNORECASE,
)
_CARRIER = expression(
    r"(?:放|送到?|存|寄存|改送到?|改到|代收)(?:在|到)?(?:我)?(?:驿站|快递柜|丰巢|门口|前台|门卫|物业|公司(?!发票)|单位|邻居)|改(?:天|约|个?时间|到?(?:明天|后天|周末))(?:再)?(?:派?送)|(?:晚点|明天|后天|周末)再(?:派?送)|(?:我|家里)(?:今天|白天)?(?:不在家|没人)"
    r"|\b(?:leave it|deliver (?:it )?(?:to my|later|tomorrow)|redeliver)\b",
    re.IGNORECASE,
)
_PARCEL = expression(r"快递|包裹|派送|派件|不在家|没人|改|\b(?:parcel|package|redeliver)\b", re.IGNORECASE)
_OWN = expression(r"我的?|俺|下单|拍的?|买的|付了|\bmy\b|\bi\b", re.IGNORECASE)
_MORE_OF_IT = expression(
    r"状态|情况|单号|快递(?!费|钱)|物流(?!费)|哪家|谁家|(?:花|付|给|扣|收|掏|刷)(?:了|掉|的)(?:我)?(?:多少|几|钱|总)|实付|(?:几号|什么时候|啥时候|哪天|几点|几时)(?:下|买|拍|付|签|收|发|到|送|的)|里(?:面|头)|(?:有|都|买了?|订了?|拍了?|是)(?:些)?(?:什么|啥|哪些|几[件样个条张盏把顶台只双套份])|签收|谁(?:签|收|拿)|收货人|发(?:货|走|出)?了?[没吗]|到哪|走到|进度|^几[件样个][^，。]{0,3}$"
    r"|(?:今天|今儿个?|今晚|明天|明儿个?|后天|周[一二三四五六日末])[^，。]{0,2}(?:到|送|收)|(?:到|送)(?:得)?了[没吗]|还有多(?:久|远)|(?:对|是|没错)吧[?？]?$|来着[?？]?$"
)
"""A few words about the order that was just shown."""
_SUM_OF_IT = expression(
    r"^(?:那|这)?(?:一?共|总共?|合计|全部|总)?(?:是|要)?(?:多少|几|啥)(?:钱|块|元|价)|总[价额]|金额|钱数|合计|一?共(?:计|花)?(?:多少|几)"
)
_PAID = expression(r"(?:花|付|给|掏|刷|扣)了[^，。]{0,3}(?:多少|几)|实付|花费")
_MORE_TO_BUY = expression(r"还有|还剩|库存|现货|有货|打折|优惠|起送|想[买要]|再[买来要加]|如果|要是")
"""What is asked of goods beside it."""
_WHEN_BEGUN = expression(
    r"(?:几号|什么时候|啥时候|哪天|几点|几时)[^，。]{0,2}(?:下|买|拍|付)|(?:下单|拍|买|付款)[^，。]{0,3}(?:时间|日期|几号|哪天)"
)
_OF_PARCEL = expression(r"到|快递|物流|[发送派签收寄]")
_OF_SOMETHING = expression(r"多少|几|什么|啥|哪|谁|总|钱|付|花|包含|包括|装|东西|数")
FEW = 10
SHORT = 14
MOST_ASKED = 2
SURE_INTENT = 0.5


class OrderDesk(Skill):
    name = "order"
    says = ("订单与物流", "Orders and parcels")
    tools = ("open_order", "my_orders", "track_order")

    def claims(self, work: Work, request: Request) -> float:
        talk, text = work.talk, request.text
        if talk.asked in OPENING:
            return goes_on(talk, text) if talk.wish in (*LOOKS, "") else 0.0
        if _asks_more(talk, text):
            return 0.945
        if wish_in(work, request) in LOOKS:
            return 0.9
        if find_order_numbers(text) and find_phone_tail(text):
            return 0.8
        if _may_mean_it(talk, request):
            return 0.72
        if heard_in(work, request) == "carrier":
            return 0.85
        if (
            _CARRIER.search(text)
            and not request.is_known
            and not is_denied(work, request)
            and (talk.order_number or _PARCEL.search(text))
        ):
            return 0.85
        return 0.7 if self._is_about_parcel(talk, request) and not is_denied(work, request) else 0.0

    @staticmethod
    def _is_about_parcel(talk: Talk, request: Request) -> bool:
        """Nothing the documents know, about shipping, and an order is spoken of or one's own."""
        intent = request.intent
        is_shipping = intent is not None and intent.label == "logistics_shipping" and intent.confidence >= SURE_INTENT
        return is_shipping and not request.is_known and bool(talk.order_number or _OWN.search(request.text))

    async def serve(self, work: Work, request: Request) -> Served:
        wish = wish_in(work, request)
        is_more = _asks_more(work.talk, request.text) or _may_mean_it(work.talk, request)
        if (is_more and (wish is None or not _OF_PARCEL.search(request.text))) or _PAID.search(request.text):
            wish = "state"
        if wish in LOOKS:
            work.talk.wish = wish
        elif work.talk.asked not in OPENING or not work.talk.wish:
            work.talk.wish = "state" if find_order_numbers(request.text) else "track"
        opened = await open_one(work, request.text)
        if isinstance(opened, Served):
            return opened
        is_for_carrier = bool(_CARRIER.search(request.text)) or heard_in(work, request) == "carrier"
        return await self._look(work, opened, request.text, is_for_carrier=is_for_carrier)

    async def _look(self, work: Work, order: dict[str, Any], text: str, *, is_for_carrier: bool) -> Served:
        tracked = await work.belt.run("track_order", {"order_id": order["id"]})
        lines = [
            work.say("order_line", number=order["number"], items=order_line(order, work), state=state_of(order, work))
        ]
        if work.talk.wish == "state":
            lines.append(work.say("order_paid", paid=order["paid"], when=order["ordered_at"]))
        if tracked.problem is None:
            lines += parcel_lines(tracked.data["parcels"], work, order.get("delivered_at", "")) or not_shipped(
                order, work
            )
        if is_for_carrier:
            lines.append(work.say("ask_carrier"))
        elif _WHEN.search(text) and not _WHEN_BEGUN.search(text) and order["state"] in ("shipped", "part_shipped"):
            lines.append(work.say("arrival_open"))
        as_of = order.get("as_of") or tracked.data.get("as_of")
        if as_of:
            lines.append(work.say("as_of", when=as_of))
        return Served("\n".join(lines))


def _asks_more(talk: Talk, text: str) -> bool:
    """A few words about the order that is spoken of, and not about goods to be had."""
    if not talk.order_number or talk.skill not in ABOUT_ORDERS or len(text) > SHORT or _MORE_TO_BUY.search(text):
        return False
    if _MORE_OF_IT.search(text):
        return True
    return bool(_SUM_OF_IT.search(text)) and not names_a_thing(text)


def _may_mean_it(talk: Talk, request: Request) -> bool:
    """A few words that nothing else is known to, right after the order was shown."""
    text = request.text
    is_after = bool(talk.order_number) and talk.skill in (OrderDesk.name, "payment") and talk.asked is None
    return (
        is_after
        and len(text) <= FEW
        and not request.is_known
        and bool(_OF_SOMETHING.search(text))
        and not names_a_thing(text)
    )


async def open_one(work: Work, text: str) -> dict[str, Any] | Served:
    """The order that is meant, opened for this conversation; or what has to be said before it can be."""
    talk = work.talk
    numbers = find_order_numbers(text) or find_order_numbers(work.text)
    if talk.asked == "which_order" and (picked := chosen(text, talk.order_ids, talk.order_titles)) is not None:
        return await _opened(work, {"order_id": picked})
    if numbers:
        talk.order_number = numbers[0][:64]
    tail = (find_phone_tail(text) or find_phone_tail(work.text)) if talk.asked == "phone_tail" or numbers else None
    is_open = bool(talk.order_number) and not numbers and talk.asked is None
    if is_open and names_a_thing(text) and (other := await _another(work, text)) is not None:
        return other
    if talk.order_number:
        return await _opened(work, {"number": talk.order_number} | ({"phone_tail": tail} if tail else {}))
    mine = await work.belt.run("my_orders", {})
    if mine.problem is not None:
        return Served(work.say("shop_down"), hand_off="shop_down")
    if mine.data.get("is_known"):
        return await _choose(work, meant_of(work, text, mine.data["orders"]))
    return _ask_number(work, text)


async def _another(work: Work, text: str) -> dict[str, Any] | Served | None:
    """While one order is spoken of: another one, where what is named is in that and not in this."""
    mine = await work.belt.run("my_orders", {})
    orders = mine.data.get("orders", []) if mine.problem is None and mine.data.get("is_known") else []
    named = orders_named(text, orders)
    if not named or any(one["number"] == work.talk.order_number for one in named):
        return None
    return await _choose(work, named)


async def _opened(work: Work, arguments: dict[str, Any]) -> dict[str, Any] | Served:
    talk = work.talk
    found = await work.belt.run("open_order", arguments)
    if found.problem is None:
        talk.asked, talk.times_asked, talk.order_ids, talk.order_titles = None, 0, [], []
        order: dict[str, Any] = found.data["order"]
        talk.order_number = order["number"]
        return order
    if found.problem == "need_tail":
        if talk.asked == "phone_tail" and _REFUSES.search(work.text):
            talk.asked, talk.times_asked = None, 0
            return Served(work.say("no_tail", number=talk.order_number), offers_person=True)
        if talk.asked == "phone_tail" and talk.times_asked >= MOST_ASKED:
            return _give_up(work)
        talk.times_asked = talk.times_asked + 1 if talk.asked == "phone_tail" else 1
        talk.asked = "phone_tail"
        return Served(work.say("ask_tail", number=talk.order_number), offers_person=talk.times_asked > 1)
    if found.problem == "wrong":
        talk.asked = "phone_tail"
        return Served(work.say("wrong_try", left=found.data["left"]))
    talk.asked = None
    if found.problem == "no_tries_left":
        return Served(work.say("no_tries_left"), hand_off="order_tries")
    return Served(work.say("shop_down"), hand_off="shop_down")


async def _choose(work: Work, orders: list[dict[str, Any]]) -> dict[str, Any] | Served:
    talk = work.talk
    if not orders:
        talk.asked = "order_number"
        return Served(work.say("no_orders"))
    if len(orders) == 1:
        return await _opened(work, {"order_id": orders[0]["id"]})
    shown = orders[:5]
    talk.asked, talk.order_ids = "which_order", [one["id"] for one in shown]
    talk.order_titles = [[item["title"] for item in one["items"]] for one in shown]
    lines = [
        f"{place}. {one['number']}　{order_line(one, work)}　{state_of(one, work)}"
        for place, one in enumerate(shown, 1)
    ]
    return Served(work.say("which_order", orders="\n".join(lines)))


def _ask_number(work: Work, text: str) -> Served:
    talk = work.talk
    if talk.asked == "order_number":
        talk.times_asked += 1
        if talk.times_asked > MOST_ASKED or _REFUSES.search(text):
            return _give_up(work)
        return Served(work.say("ask_number_again"), offers_person=True)
    if _REFUSES.search(text):
        return _give_up(work)
    talk.asked, talk.times_asked = "order_number", 1
    return Served(work.say("ask_number"))


def _give_up(work: Work) -> Served:
    work.talk.asked, work.talk.times_asked = None, 0
    return Served(work.say("no_number"), hand_off="order")


def goes_on(talk: Talk, text: str) -> float:
    """How surely `text` answers what was asked to open an order; 0 while nothing was."""
    if talk.asked not in OPENING:
        return 0.0
    if _answers(talk, text):
        return 1.0
    return 0.96 if _REFUSES.search(text) else 0.0


def _answers(talk: Talk, text: str) -> bool:
    if talk.asked == "which_order" and chosen(text, talk.order_ids, talk.order_titles) is not None:
        return True
    if talk.asked == "phone_tail" and find_phone_tail(text):
        return True
    return bool(find_order_numbers(text))
