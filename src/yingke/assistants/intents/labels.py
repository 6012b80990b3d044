"""The fifteen intents with their names on screens."""

from typing import Final

INTENTS: Final[dict[str, tuple[str, str]]] = {
    "product_consult": ("商品咨询", "About the product"),
    "stock_availability": ("库存到货", "Stock"),
    "price_promotion": ("价格优惠", "Price and promotions"),
    "payment": ("支付", "Payment"),
    "logistics_shipping": ("发货物流", "Shipping"),
    "order_modify": ("改订单", "Change an order"),
    "order_cancel": ("取消订单", "Cancel an order"),
    "return_exchange": ("退换货", "Return or exchange"),
    "refund": ("退款", "Refund"),
    "aftersales_quality_repair": ("质量与维修", "Quality and repair"),
    "invoice": ("发票", "Invoice"),
    "complaint": ("投诉不满", "Complaint"),
    "contact_human": ("找人工", "Wants a person"),
    "provide_info": ("提供信息", "Gives details"),
    "chitchat_ack": ("寒暄应答", "Small talk"),
}
"""Name in the program → name in Chinese and English, in the order of a purchase."""

LABELS: Final = tuple(sorted(INTENTS))
"""The order of the classifier's outputs."""
