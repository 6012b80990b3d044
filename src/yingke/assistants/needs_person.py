"""Requests that no document can settle: where a certain order is, and a customer who is upset."""

import re
from typing import Literal

from yingke.kit.expression import expression
from yingke.kit.recently import recently

Need = Literal["order", "complaint"]

_ORDER_NUMBER = r"(?:(?<![a-z0-9])[a-z]{1,4}-?[a-z]?\d{4,}(?![a-z0-9])|(?<!\d)\d{10,22}(?!\d)|(?:订单|单号|运单|快递单)[号是为::\s]*[a-z0-9-]{5,})"
_WHERE = r"到哪|在哪|哪里了|哪了|什么时候(?:能)?到|几时到|还没(?:到|发|收到)|没收到|发了(?:没|吗)|发货了(?:没|吗)|查(?:一?下|询)?|物流|进度|状态|签收|派送|where|status|track|arriv"
_MINE = r"(?:我的?|俺的?|我那个?|我这个?|我上次|我昨天|我前天)[^,，。?？]{0,8}(?:订单|快递|包裹|货|东西|件|单子)"
_ORDER = expression(
    rf"{_ORDER_NUMBER}[^。]{{0,20}}(?:{_WHERE})|(?:{_WHERE})[^。]{{0,12}}{_ORDER_NUMBER}"
    rf"|{_MINE}[^。]{{0,10}}(?:到哪|在哪|哪里了|哪了|还没(?:到|发|收到)|没收到|发了(?:没|吗)|发货了(?:没|吗)|查(?:一?下|询)|什么时候(?:能)?到)"
    r"|\bwhere(?:'?s| is)\s+my\s+(?:order|parcel|package)|\btrack\s+my\s+(?:order|parcel|package)",
    re.IGNORECASE,
)
_COMPLAINT = expression(
    r"投诉|举报你|12315|消协|消费者协会|工商局|气死|气人|太气|火大|骗子|欺骗|骗人|坑人|坑爹|黑店|垃圾|什么破|破玩意|什么(?:质量|态度|东西嘛|玩意)"
    r"|太(?:差|烂|过分|离谱|坑)|(?:给|要)(?:你们?|个)?差评|再也不(?:买|来)|失望透|忍无可忍|(?:必须|要求|马上|给我)赔"
    r"|\b(?:complain|furious|angry|scam|fraud|terrible|awful|ridiculous|unacceptable)\w*",
    re.IGNORECASE,
)


@recently
def needs_person(text: str) -> Need | None:
    """`order`: asks about one order of their own; `complaint`: is upset. None when documents may well answer."""
    if _COMPLAINT.search(text):
        return "complaint"
    if _ORDER.search(text):
        return "order"
    return None
