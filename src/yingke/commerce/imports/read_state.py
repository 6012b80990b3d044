"""What platforms call the states of an order, in the few words of ours."""

import re

from yingke.commerce.shapes import OrderState

_WORDS: tuple[tuple[OrderState, str], ...] = (
    ("refunded", r"已(?:全额|全部)?退款|退款(?:成功|完成|完毕)|全额退款|售后(?:成功|完成)|^refunded$|^refund(?:ed)? (?:ok|completed?|successful)"),
    ("part_shipped", r"部分发货|partial(?:ly)?[ _-]?(?:shipped|fulfilled)|^partial$"),
    ("unpaid", r"(?:待|等待|未)(?:买家)?付款|未支付|待支付|待付尾款|^(?:pending(?:[ _-]payment)?|unpaid|on[ _-]hold|authorized|awaiting payment)$|wait_buyer_pay"),
    ("cancelled", r"已?取消|已?作废|拒单|^(?:cancell?ed|voided|failed|trash)$|trade_closed_by_taobao"),
    ("closed", r"交易关闭|订单关闭|已关闭|^closed$|trade_closed"),
    ("delivered", r"交易(?:成功|完成)|已(?:完成|签收|收货|评价|妥投|送达)|确认收货|订单完成|待评价|^完成$|^(?:completed?|delivered|finished)$|trade_finished|trade_success"),
    ("shipped", r"(?:卖家)?已发货|(?:待|等待)(?:买家)?(?:确认)?收货|已(?:出库|揽收|交运)|运输中|配送中|^(?:shipped|fulfilled|in[ _-]?transit)$|wait_buyer_confirm"),
    ("paid", r"(?:待|等待)(?:卖家|商家)?(?:发货|出库|配货|打印|审核|打单|拣货|备货|成团|确认)|已(?:付款|支付|审核|客审|成团)|买家已付款|备货中|^(?:paid|processing|unfulfilled|awaiting shipment)$|wait_seller_send"),
)  # fmt: skip


def read_state(text: str) -> OrderState | None:
    """None for a word that none of them holds."""
    word = re.sub(r"\s+", " ", text).strip().casefold()
    if not word:
        return None
    return next((state for state, pattern in _WORDS if re.search(pattern, word)), None)
