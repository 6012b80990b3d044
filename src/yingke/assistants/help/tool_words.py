"""What a tool found, in a few lines that an agent can read and put into a reply."""

from collections.abc import Callable, Mapping
from typing import Any

from yingke.assistants.help.order_words import STATES
from yingke.assistants.tools.contract import ToolResult

PROBLEMS = {
    "not_found": ("没有找到，请核对一下再试。", "Nothing was found. Please check and try again."),
    "wrong_arguments": ("填写的内容不完整，请补全再试。", "Something is missing. Please complete it and try again."),
    "own_down": ("对方系统暂时查不到，请稍后再试。", "That system does not answer just now. Please try again later."),
    "need_sign_in": (
        "客户没有登录店铺账号，查不到。",
        "The customer is not signed in to the shop, so this cannot be looked up.",
    ),
    "shop_down": ("店铺平台暂时没有响应，请稍后再试。", "The shop does not answer just now. Please try again later."),
}
REQUESTS = {
    "waiting_approval": ("申请已提交，等待审批。", "The request is made and waits for approval."),
    "open": ("申请已登记，等人处理。", "The request is noted; a person goes on with it."),
    "done": ("店铺已办理。", "The shop has done it."),
    "failed": ("店铺没有办成：", "The shop refused: "),
    "uncertain": ("店铺没有回音，请人工核对后再答复客户。", "The shop gave no answer. Check by hand before you tell the customer."),
    "calling": ("正在提交给店铺，店铺恢复后自动完成。", "Being passed to the shop; done by itself when it answers again."),
}  # fmt: skip


KINDS = {
    "return": ("退货", "return"), "exchange": ("换货", "exchange"), "refund": ("退款", "refund"),
    "repair": ("维修", "repair"), "cancel": ("取消", "cancellation"), "address": ("改地址", "change of address"),
    "invoice": ("开票", "invoice"),
}  # fmt: skip
ENDED = {"refused": ("审核没有通过。", "Not approved."), "withdrawn": ("已撤回。", "Taken back.")}


def tool_words(name: str, result: ToolResult, *, is_chinese: bool) -> str:
    """Never empty. Figures and names come from the result alone."""
    place = 0 if is_chinese else 1
    if "answer" in result.data:
        return str(result.data["answer"])
    if result.problem is not None:
        why = result.data.get("why") if result.problem != "wrong_arguments" else None
        known = PROBLEMS.get(result.problem)
        return str(why or (known[place] if known else result.problem))
    return _WORDS[name](result.data, place) or PROBLEMS["not_found"][place]


def _products(data: Mapping[str, Any], place: int) -> str:
    return "\n".join(_product(one, place) for one in data["products"])


def _product(one: Mapping[str, Any], place: int) -> str:
    price = one["low"] if one["low"] == one["high"] else f"{one['low']}–{one['high']}"
    stock = {True: ("有货", "in stock"), False: ("暂时缺货", "out of stock"), None: ("", "")}[one["in_stock"]][place]
    presale = f"{('预售，发货 ', 'pre-sale, ships ')[place]}{one['presale']['ships']}" if "presale" in one else ""
    return f"{one['title']}{('：', ': ')[place]}" + ("，", ", ")[place].join(
        part for part in (price, presale or stock) if part
    )


def _compared(data: Mapping[str, Any], place: int) -> str:
    titles = " / ".join(one["title"] for one in data["products"])
    rows = [f"{row['name']}{('：', ': ')[place]}{' / '.join(row['values'])}" for row in data["rows"][:8]]
    return "\n".join([titles, *rows])


def _quote(data: Mapping[str, Any], place: int) -> str:
    lines = [f"{one['title']} {one['price']} ×{one['quantity']} = {one['amount']}" for one in data["lines"]]
    steps = [
        f"{one[('zh', 'en')[place]]}{('，', ', ')[place]}{('余', 'left')[place]} {one['left']}" for one in data["steps"]
    ]
    missing = [f"{('没有找到：', 'Not found: ')[place]}{one}" for one in data["not_found"]]
    later = [
        f"{('登录后', 'Signed in as ')[place]}{one['name']}{('：', ': ')[place]}{one['total']}"
        for one in data["after_signing_in"]
    ]
    return "\n".join([*lines, *steps, f"{('合计 ', 'Total ')[place]}{data['total']}", *later, *missing])


def _order(data: Mapping[str, Any], place: int) -> str:
    order = data["order"]
    items = ("、", ", ")[place].join(
        " ".join(part for part in (one["title"], one["variant"]) if part) + f" ×{one['quantity']}"
        for one in order["items"]
    )
    state = STATES.get(order["state"], (order["state"], order["state"]))[place]
    if place == 0:
        return f"订单 {order['number']}：{state}，实付 {order['paid']}，下单 {order['ordered_at']}\n商品：{items}"
    return f"Order {order['number']}: {state}, paid {order['paid']}, ordered {order['ordered_at']}\nArticles: {items}"


def _tracked(data: Mapping[str, Any], place: int) -> str:
    lines = [
        f"{one['carrier']} {one['tracking_number']}{('：', ': ')[place]}"
        + " ".join(part for part in (one["when"], one["event"]) if part)
        for one in data["parcels"]
    ]
    none = ("还没有物流信息。", "No parcel yet.")[place]
    as_of = [f"{('截至 ', 'As of ')[place]}{data['as_of']}"] if data["as_of"] else []
    return "\n".join([_order(data, place).split("\n")[0], *(lines or [none]), *as_of])


def _orders(data: Mapping[str, Any], place: int) -> str:
    return "\n".join(_order({"order": one}, place) for one in data["orders"])


def _request(data: Mapping[str, Any], place: int) -> str:
    words = REQUESTS.get(data["state"], (data["state"], data["state"]))[place]
    amount = f"{('金额 ', 'Amount ')[place]}{data['amount']}" if data["amount"] else ""
    outcome = data["outcome"] if data["state"] == "failed" else ""
    return f"{data['number']}{('：', ': ')[place]}{words}{outcome}{amount}"


def _requests(data: Mapping[str, Any], place: int) -> str:
    def line(one: Mapping[str, Any]) -> str:
        kind = KINDS.get(one["kind"], (one["kind"], one["kind"]))[place]
        state = REQUESTS.get(one["state"], ENDED.get(one["state"], (one["state"], one["state"])))[place].rstrip("：: ")
        amount = f" {one['amount']}" if one["amount"] else ""
        return f"{one['order_number']} {kind} {one['id']}{('：', ': ')[place]}{state}{amount} {one['changed_at']}"

    return "\n".join(map(line, data["requests"]))


def _coupons(data: Mapping[str, Any], place: int) -> str:
    def line(one: Mapping[str, Any], may_be_given: bool) -> str:
        off = f"{one['name']}{('：减 ', ': off ')[place]}{one['off']}"
        least = f"{('满 ', 'from ')[place]}{one['from']}" if one["from"] else ""
        until = f"{('到 ', 'until ')[place]}{one['until']}" if one["until"] else ""
        mark = ("可送", "to give")[place] if may_be_given else ""
        return ("，", ", ")[place].join(part for part in (off, least, until, mark) if part)

    return "\n".join([*(line(one, False) for one in data["usable"]), *(line(one, True) for one in data["givable"])])


def _coupon(data: Mapping[str, Any], place: int) -> str:
    return (f"已送出「{data['name']}」。", f"“{data['name']}” is given.")[place]


def _terms(data: Mapping[str, Any], place: int) -> str:
    zh = f"退货 {data['return_days']} 天，换货 {data['exchange_days']} 天，维修 {data['repair_days']} 天"
    en = f"Returns {data['return_days']} days, exchanges {data['exchange_days']} days, repairs {data['repair_days']} days"
    return "\n".join(part for part in ((zh, en)[place], data["shipping"]) if part)


_WORDS: dict[str, Callable[[Mapping[str, Any], int], str]] = {
    "find_products": _products,
    "compare_products": _compared,
    "quote_price": _quote,
    "my_orders": _orders,
    "open_order": _order,
    "track_order": _tracked,
    "request_change": _request,
    "find_coupons": _coupons,
    "give_coupon": _coupon,
    "shop_terms": _terms,
    "my_requests": _requests,
}
