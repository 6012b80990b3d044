"""What somebody wants done with an order, as opposed to how such things are done in general."""

import re
from typing import Literal

from yingke.commerce.order_numbers import find_order_numbers
from yingke.knowledge.fold import fold

OrderWish = Literal["track", "state", "return", "exchange", "refund", "repair", "cancel", "address", "invoice"]

_SELF = r"(?:我要|我想|我需要|帮我|给我|麻烦|请|想要?|申请|需要|能不能|可以|可不可以|能|我的?|这个|那个|把)"
_POLICY = re.compile(
    r"政策|规则|规定|流程|条件|一般|通常|支持.{0,6}(?:吗|么|不)|几天(?:内|之内)|多久(?:内|之内)|(?:运费|邮费)谁|怎么(?:收费|算)|谁(?:出|承担)|包不包|要钱吗"
    r"|\bpolicy\b|\bhow long do i have\b|\bdo you (?:accept|offer|support)\b",
    re.IGNORECASE,
)
_WORDINGS: tuple[tuple[OrderWish, str], ...] = (
    (
        "cancel",
        rf"取消(?:一?下)?(?:我的?|这个|那个|这笔)?(?:订单|单子|单)|(?:订单|单子).{{0,6}}(?:取消|不要了|不想要)|{_SELF}.{{0,4}}(?:取消|撤单|撤销订单)"
        r"|拍错了|不想买了|\bcancel\b.{0,16}\border\b",
    ),
    (
        "address",
        r"(?:改|修改|换|更改|变更|写错|填错).{0,8}(?:地址|收货人|收件人|收货信息|电话号码|手机号)|(?:地址|收货人|收件人).{0,8}(?:改|换|错|不对|更正)"
        r"|\b(?:change|correct|update|wrong)\b.{0,20}\baddress\b",
    ),
    (
        "invoice",
        r"(?:我要|我想|帮我|给我|麻烦|申请|需要).{0,6}(?:发票|专票|普票)|(?:开|补)(?:一?张|个|一下).{0,3}发票|补开.{0,3}发票|\b(?:need|want|send|get|issue).{0,16}\binvoice\b",
    ),
    (
        "exchange",
        rf"{_SELF}.{{0,8}}(?:换货|换一?(?:个|件|条|双|台|套|码)|调换|换(?:大|小)|换成)|(?:换货|换码)$|\bexchange\b",
    ),
    ("repair", rf"{_SELF}.{{0,8}}(?:维修|保修|修(?:一?下|理)|返修)|报修|\brepair\b"),
    (
        "return",
        rf"{_SELF}.{{0,8}}(?:退货|退掉|退回|退了)|(?:退货|退货退款)$|不想要了|\breturn\b.{{0,20}}\b(?:it|this|them|order|item)\b",
    ),
    ("refund", rf"{_SELF}.{{0,8}}(?:退款|退钱|把钱退)|退款$|\brefund\b"),
    (
        "track",
        r"到哪|在哪|哪里了|哪了|什么时候(?:能)?到|几时到|几天能到|还没(?:到|发|收到)|没收到|没到|发了(?:没|吗)|发货了?(?:没|吗)|物流|快递.{0,6}(?:查|进度|信息|单号)|运单|签收|派送"
        r"|\bwhere(?:'?s| is)\b|\btrack\b|\barriv|\bshipped\b|\bdeliver",
    ),
    ("state", r"订单.{0,6}(?:状态|情况|进度|怎么样|查)|查.{0,6}订单|\border status\b|\bstatus\b"),
)
_WISHES = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _WORDINGS)
_MINE = re.compile(
    r"^(?:你好|请问)?[,，\s]*(?:已经|现在)?(?:发货了?|发了|到哪(?:里|儿)?了|还没(?:到|发货?|收到)|签收了?)(?:吗|没|么|呢|啊)?[?？]*$|我的?|俺|帮|给我|麻烦|这(?:个|单|笔|件)|那(?:个|单|笔|件)|昨天|前天|上(?:周|次|个?月)|买的|下的单|拍的|收到的|\bmy\b|\bi\b|\bme\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^[\s,，。.!！~]*(?:确认|确定|是的?|对的?|对|好的?|好|嗯+|行|可以|没错|同意|办吧|提交吧?|申请吧|yes|yep|ok(?:ay)?|sure|confirm(?:ed)?|go ahead)[\s,，。.!！~吧啊呀的了]*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^[\s,，。.!！~]*(?:取消|不用了?|不要了?|不办了?|算了|先不|不了|不是|不对|别|等等|等一下|no|nope|not now|stop|never ?mind)",
    re.IGNORECASE,
)


_NAMED: tuple[tuple[OrderWish, re.Pattern[str]], ...] = (
    ("cancel", re.compile(r"取消|不要了|\bcancel", re.IGNORECASE)),
    ("exchange", re.compile(r"换货|换码|换一|\bexchange", re.IGNORECASE)),
    ("return", re.compile(r"退货|退掉|退了|\breturn", re.IGNORECASE)),
    ("refund", re.compile(r"退款|退钱|\brefund", re.IGNORECASE)),
    ("repair", re.compile(r"维修|保修|返修|\brepair", re.IGNORECASE)),
    ("invoice", re.compile(r"发票|专票|普票|\binvoice", re.IGNORECASE)),
)
"""Enough beside an order number, which makes it one's own."""


def order_wish(text: str) -> OrderWish | None:
    """What `text` wants done with one order of its own; None for a question about the rules."""
    plain = fold(text)
    has_number = bool(find_order_numbers(text))
    if _POLICY.search(plain) and not has_number:
        return None
    if has_number:
        named = next((name for name, pattern in _NAMED if pattern.search(plain)), None)
        if named is not None:
            return named
    for name, pattern in _WISHES:
        if pattern.search(plain) and (has_number or _MINE.search(plain) or name not in ("track", "state")):
            return name
    return "state" if has_number else None


def says_yes(text: str) -> bool:
    """A plain yes, and nothing else."""
    return bool(_YES.match(text))


def says_no(text: str) -> bool:
    """A no, with or without a reason."""
    return bool(_NO.match(text))
