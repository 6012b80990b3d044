"""What the last answer was about, and the few words that go on with it: 「锅呢」 after a stock, 「到几号」 after the offers."""

import re

from yingke.assistants.goods.shelf import Good
from yingke.assistants.skills.pieces.focus import goods_in_focus
from yingke.assistants.skills.pieces.goods_said import find_said, picks_an_end, with_goods
from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.finding.need import names_a_thing, read_need
from yingke.commerce.words.cut import fold
from yingke.commerce.words.measure_words import COUNTING
from yingke.kit.expression import expression

STOCK, OFFERS = "stock", "offers"
POINTED = "pointed at"
_BEFORE = "what the last answer was about"
LONGEST = 12
_MERELY = re.compile(
    r"(?:那|还有|然后|另外|再问下|以及|嗯|哦|好|这个?|那个?)*[^，。]{1,9}?"
    rf"(?:呢|咧|嘞|哩|有吗|有没有?|还有吗|还有没|有货吗?|有木有|还有多少|有多少|剩多少|多少|[有剩]?几[{COUNTING}]|够(?:吗|不够?|么)?)?[?？~～!！。\s]*"
)
_OTHERWISE = expression(
    r"多少钱|价|贵|便宜吗|要|买|来[个一两]|加|换|不[要用买]|怎|咋|什么|啥|哪|为|发|退|送|寄|能|会|可以|好[吗不用]|大吗|重|谢|好的|行|嗯|人工|客服|订单|券|优惠"
)
_ON_OFFER = expression(
    r"活动|优惠|满减|满.{1,5}减|促销|折扣|打折|(?<!入场)(?<!门)券|赠品|[赠送][^，。]{0,4}(?:几号|为止|截止|结束)|\boffers?\b|\bsale\b|\bcoupons?\b",
    re.I,
)
_ENDS = expression(
    r"截止|到期|为止|结束|有效期|过期|到(?:什么|啥|几|哪)[^，。]{0,3}(?:时候|号|天|时|日)|持续到?|还有几天|搞几天|最后一天|\buntil when\b|\bend\b|\bexpire",
    re.I,
)
_STILL = expression(
    r"(?:下(?:个?礼拜|周|个?星期|个?月)|过[几两]天|后天|明天|周末|月底|月初|以后|晚[点几]|过后|那天|等[几两]天)[^，。]{0,10}(?:还有|有没有?|有吗|在吗|还?在不|算[吗不]|能用|还能|还减|还送)|哪天|什么时候|啥时候|几号|多久|\bhow long\b|\bwhen\b",
    re.I,
)
_COUPON = expression(
    r"券[^，。]{0,8}(?:多少|几|门槛|怎么用|咋用|满|面额|面值|减|抵|块)|(?:多少|几|满|凑|门槛|够)[^，。]{0,10}券|\bcoupon\b",
    re.I,
)
_ORDER = re.compile(r"先|叠|一起|一块|同时|规则|怎么算")
_JOINS = re.compile(
    r"(?:那|这)?[^，。]{1,10}?(?:呢|咧|有没有?|有吗|算不算|算[吗不]|也有[吗不]?|享受|能减[吗不]?|减不减|打折[吗不]?|优惠[吗不]?|\s)+[?？]*"
)


def open_turn_about(work: Work) -> None:
    """Lays aside what the last answer was about: it counts for this turn alone."""
    work.read[_BEFORE], work.talk.about = work.talk.about, ""


def has_pointed(work: Work) -> bool:
    """The words of this turn pick one of those that were spoken of."""
    return POINTED in work.read


def was_about(work: Work) -> str:
    return str(work.read.get(_BEFORE, ""))


def goods_said(work: Work, text: str) -> list[Good]:
    """The goods that the words name, those under discussion telling which of several."""
    if work.shelf is None:
        return []
    folded = fold(text)
    shop_id = work.belt.session.shop_id or None
    around = [*goods_in_focus(work), *work.shelf.get(work.talk.product_ids)]
    said = with_goods(find_said(folded, work.shelf), folded, work.shelf, shop_id, list(dict.fromkeys(around)))
    return list({good.id: good for one in said for good in one.goods}.values())


def chosen_of(work: Work, text: str) -> Good | None:
    """The one good that a property picks: 「舒缓的」, 「小充电宝」; None where a whole name or a pointing word does it."""
    if has_pointed(work) or (names_a_thing(text) and not picks_an_end(fold(text))):
        return None
    goods = goods_said(work, text)
    return goods[0] if len(goods) == 1 else None


def goes_on_with_stock(work: Work, text: str) -> bool:
    """「锅呢」, 「XL」, 「舒缓的」 after somebody was told how many there are."""
    if was_about(work) != STOCK or len(text) > LONGEST or _OTHERWISE.search(text) or not _MERELY.fullmatch(text):
        return False
    return bool(read_need(text).tokens("z:", "c:") or goods_said(work, text))


def asked_of_offers(work: Work, text: str) -> str:
    """until, coupon or joins; empty where the words ask nothing of the offers."""
    goes_on = was_about(work) == OFFERS
    if not goes_on and not _ON_OFFER.search(text):
        return ""
    if _ENDS.search(text) or (goes_on and len(text) <= LONGEST and _STILL.search(text) and not goods_said(work, text)):
        return "until"
    if goes_on and _COUPON.search(text) and not _ORDER.search(text):
        return "coupon"
    return "joins" if goes_on and len(text) <= LONGEST and _JOINS.fullmatch(text) and goods_said(work, text) else ""
