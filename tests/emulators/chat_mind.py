"""A small model made of rules: it reads what it is given, asks for tools, and answers from what they and the passages say.

It knows nothing of any shop. It stands in for a language model so that whole conversations with tools can be played
again and again; how well a real one does is for `evals/scenarios.py --engine chat` with a real endpoint to say.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import opencc

from tests.emulators.chat_asked import Asked, Passage, Result
from tests.emulators.chat_goods import goods_words, read_lines, say_price, say_products, say_rows
from tests.emulators.chat_wire import Call, Spoken

_PLAIN = opencc.OpenCC("t2s").convert
_IN_TRADITIONAL = opencc.OpenCC("s2t").convert
_CHANGES = (
    ("cancel", r"取消.{0,6}单|cancel.{0,12}order"),
    ("address", r"(?:改|换|错).{0,6}地址|地址.{0,6}(?:改|换|错)|change.{0,12}address"),
    ("invoice", r"(?:开|要|补).{0,6}(?:发票|专票)|invoice"),
    ("exchange", r"换货|换一|换个|exchange"),
    ("repair", r"维修|报修|\brepair"),
    ("return", r"退货|退掉|退了|不想要了|\breturn\b"),
    ("refund", r"退款|退钱|refund"),
)
_ASKS_ONLY = re.compile(
    r"怎么|多久|几天|规则|政策|条件|流程|谁出|支持|能开|可以开|运费|还能退|保修|how long|policy|what if"
)
_TRACK = re.compile(
    r"到哪|在哪|哪里了|物流|快递.{0,6}(?:到|查)|包裹|发货了吗|没(?:收)?到|我的订单|查.{0,6}(?:订单|单)|^快递呢|where is my|track|status"
)
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,4}-?[A-Z]?\d{4,}(?![A-Za-z0-9])|(?<!\d)\d{12,20}(?!\d)")
_FOUR = re.compile(r"(?<![\dA-Za-z-])\d{4}(?![\dA-Za-z-])")
_ASKED_FOR_ORDER = re.compile(r"订单号|后四位|four digits|order number|对不上|do not match|第几|哪一笔")
_LOST = re.compile(r"忘了|找不到|不记得|没有订单号|不知道(?:手机号|尾号)|don't (?:have|know)")
_PICKS = re.compile(r"^第?([1-9])[个件笔]?$")
_SPLIT = re.compile(r"(?<=[？?。！!])\s*|\n")
_PRICE = re.compile(r"多少钱|几钱|多少前|咋卖|怎么卖|价格|一共|合计|how much|total|price|cuesta")
_COMPARE = re.compile(r"区别|比一比|对比|比较|哪(?:个|款|条|顶).{0,3}(?:好|轻|重|大|更|暖)|difference|compare")
_FIND = re.compile(
    r"推荐|有货|现货|库存|有没有|[有没].{0,6}[吗没么]|想(?:买|找)|买个|适合|哪款|in stock|recommend|looking for|do you have"
)
_RULES = re.compile(
    r"几点|上班|发货|运费|退|保修|发票|会员|满减|送什么|尺码|承重|防水|多重|漏|亮|充一次|ship|deliver|return"
)
_THIS = re.compile(r"^(?:那|这)(?:个|款|件)?|这个|那个|它|\bit\b|^.{1,6}呢")


@dataclass
class Part:
    """One wish of the message; `kind` is goods, order or words."""

    text: str
    kind: str
    wish: str = ""


def think(asked: Asked) -> Spoken:
    """The next step: more tools, or the answer."""
    parts = _parts(asked)
    calls: list[Call] = []
    told: list[str] = []
    for part in parts:
        more, words = _HANDLERS[part.kind](asked, part)
        calls += [Call(name, json.dumps(arguments, ensure_ascii=False)) for name, arguments in more]
        told += [words] if words else []
    if calls and asked.tools:
        return Spoken("", calls)
    said = "\n".join(dict.fromkeys(told)) or "[[no-answer]]"
    return Spoken(_IN_TRADITIONAL(said) if asked.language in ("zh-Hant", "zh-TW", "zh-HK") else said)


def _parts(asked: Asked) -> list[Part]:
    pieces = [one for one in _SPLIT.split(asked.question) if one.strip(" ，,。?？!！")]
    parts = [_part(asked, piece) for piece in pieces or [asked.question]]
    orders = [one for one in parts if one.kind == "order"]
    if orders:
        parts = [Part(asked.question, "order", orders[-1].wish), *(one for one in parts if one.kind != "order")]
    return parts


def _part(asked: Asked, text: str) -> Part:
    plain = _PLAIN(text).lower()
    if "open_order" in asked.tools and (wish := _order_wish(asked, plain, text)):
        return Part(text, "order", wish)
    if "find_products" in asked.tools:
        if _PRICE.search(plain) or _COMPARE.search(plain) or (_FIND.search(plain) and not _RULES.search(plain)):
            return Part(plain, "goods")
        if _THIS.search(plain) and _goods_before(asked):
            return Part(plain, "goods")
    return Part(text, "words")


def _order_wish(asked: Asked, plain: str, text: str) -> str:
    has_number = bool(_NUMBER.search(text))
    if not _ASKS_ONLY.search(plain) or has_number:
        change = next((kind for kind, pattern in _CHANGES if re.search(pattern, plain)), "")
        if change:
            return change
    if _TRACK.search(plain) or has_number:
        return _wish_before(asked) or "track" if has_number and not _TRACK.search(plain) else "track"
    if _was_asked(asked) and (_FOUR.search(_narrow(text)) or _LOST.search(plain) or _PICKS.match(plain.strip())):
        return _wish_before(asked) or "track"
    return ""


def _was_asked(asked: Asked) -> bool:
    return any(role == "assistant" and _ASKED_FOR_ORDER.search(_PLAIN(text)) for role, text in asked.talk[-4:])


def _wish_before(asked: Asked) -> str:
    for role, text in reversed(asked.talk):
        plain = _PLAIN(text).lower()
        if role == "user":
            found = next((kind for kind, pattern in _CHANGES if re.search(pattern, plain)), "")
            if found or _TRACK.search(plain):
                return found or "track"
    return ""


Step = tuple[list[tuple[str, dict[str, Any]]], str]


def _order(asked: Asked, part: Part) -> Step:
    if _LOST.search(_PLAIN(asked.question)) and not _NUMBER.search(asked.question):
        return ([] if asked.of("ask_person") else [("ask_person", {"why": "没有订单号"})]), "好的，我请同事来帮您查。"
    number = _NUMBER.search(asked.question) or _number_before(asked)
    order, steps, words = _opened(asked, number[0]) if number else _mine(asked)
    if order is None:
        return steps, words
    if part.wish == "track":
        tracked = asked.of("track_order")
        return ([] if tracked else [("track_order", {"order_id": order["id"]})]), _say_order(order, tracked, asked)
    proposed = asked.of("request_change")
    return ([] if proposed else [("request_change", {"kind": part.wish, "order_id": order["id"]})]), ""


def _number_before(asked: Asked) -> re.Match[str] | None:
    if not _was_asked(asked):
        return None
    said = (text for role, text in reversed(asked.talk) if role == "user")
    return next((found for text in said if (found := _NUMBER.search(text))), None)


def _opened(asked: Asked, number: str) -> tuple[dict[str, Any] | None, list[tuple[str, dict[str, Any]]], str]:
    tried = asked.of("open_order")
    if not tried:
        tail = _FOUR.search(_NUMBER.sub(" ", _narrow(asked.question)))
        return None, [("open_order", {"number": number} | ({"phone_tail": tail[0]} if tail else {}))], ""
    last = tried[-1]
    if not last.is_error:
        return last.data["order"], [], ""
    zh = asked.is_chinese
    if "last four digits" in last.text:
        return (
            None,
            [],
            f"为了核对订单 {number}，请告诉我下单手机号的后四位。"
            if zh
            else f"For order {number}, please tell me the last four digits of the phone number.",
        )
    if "do not match" in last.text:
        return (
            None,
            [],
            "订单号和手机号后四位对不上，请核对后再发一次。"
            if zh
            else "The number and the four digits do not match. Please check both.",
        )
    return None, [], "这个订单我请同事核实后答复您。" if zh else "A colleague will check this order for you."


_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def _narrow(text: str) -> str:
    return re.sub(r"(?<=\d)\s(?=\d)", "", text.translate(_WIDE))


def _mine(asked: Asked) -> tuple[dict[str, Any] | None, list[tuple[str, dict[str, Any]]], str]:
    zh = asked.is_chinese
    found = asked.of("my_orders")
    if not found:
        return None, [("my_orders", {})], ""
    orders = found[-1].data.get("orders", [])
    picked = _PICKS.match(asked.question.strip())
    place = int(picked[1]) if picked else 1
    if len(orders) == 1 or (picked and place <= len(orders)):
        opened = [one for one in asked.of("open_order") if not one.is_error]
        if opened:
            return opened[-1].data["order"], [], ""
        return None, [("open_order", {"order_id": orders[min(place, len(orders)) - 1]["id"]})], ""
    if orders:
        listed = "\n".join(f"{at}. {one['number']} {_items(one)}" for at, one in enumerate(orders, 1))
        return None, [], ("您说的是哪一笔订单？\n" if zh else "Which order is it?\n") + listed
    return None, [], "请把订单号发给我，我来查。" if zh else "Please send me your order number."


def _items(order: dict[str, Any]) -> str:
    return "、".join(f"{one['title']}×{one['quantity']}" for one in order["items"])


_STATES = {
    "shipped": "已发货",
    "delivered": "已签收",
    "completed": "已完成",
    "paid": "已付款，等待发货",
    "cancelled": "已取消",
}


def _say_order(order: dict[str, Any], tracked: list[Result], asked: Asked) -> str:
    state = order["state"]
    lines = [
        f"订单 {order['number']}（{_items(order)}）{_STATES.get(state, state)}。"
        if asked.is_chinese
        else f"Order {order['number']}: {state}."
    ]
    for parcel in tracked[-1].data.get("parcels", []) if tracked else []:
        lines.append(
            " ".join(str(parcel[key]) for key in ("carrier", "tracking_number", "when", "event") if parcel.get(key))
        )
    return "\n".join(lines)


def _goods(asked: Asked, part: Part) -> Step:
    text = part.text
    if _THIS.search(text) and (before := _goods_before(asked)):
        text = f"{before} {text}"
    if _COMPARE.search(text):
        names = [one for one in re.split(r"和|跟|与|、|\band\b|\bor\b|还是", goods_words(text)) if one.strip()]
        if len(names) >= 2:
            found = asked.of("compare_products")
            if not found:
                return [("compare_products", {"names": names[:4]})], ""
            return [], say_rows(found[-1]) or _words(asked, part)[1]
    if _PRICE.search(text):
        lines = read_lines(text)
        priced = [one for one in asked.of("quote_price") if one.arguments.get("lines") == lines]
        if lines and not priced:
            return [("quote_price", {"lines": lines})], ""
        if priced and (said := say_price(priced[-1], is_chinese=asked.is_chinese)):
            return [], said
        return _words(asked, part)
    need = {"need": text.strip()[:200], "show": bool(re.search(r"推荐|有没有|想|找|recommend", text))}
    found = [one for one in asked.of("find_products") if one.arguments == need]
    if not found:
        return [("find_products", need)], ""
    return [], say_products(found[-1], text, is_chinese=asked.is_chinese) or _words(asked, part)[1]


def _goods_before(asked: Asked) -> str:
    for role, text in reversed(asked.talk):
        plain = _PLAIN(text)
        if role == "user" and (_FIND.search(plain) or _PRICE.search(plain) or _COMPARE.search(plain)):
            return goods_words(plain)
    return ""


def _words(asked: Asked, part: Part) -> Step:
    """The passage that says most of what was asked, as it is written."""
    best = max(asked.passages, key=lambda one: _shares(part.text, one), default=None)
    if best is None or _shares(part.text, best) <= 0:
        return [], ""
    return [], f"{best.text.strip()[:600]} [{best.number}]"


def _shares(text: str, passage: Passage) -> float:
    """Earlier passages win where both say the same; the search has put them in order."""
    told = _PLAIN(f"{passage.title} {passage.text}").lower()
    asked = _PLAIN(text).lower()
    pairs = {asked[at : at + 2] for at in range(len(asked) - 1) if asked[at : at + 2].isalnum()}
    words = set(re.findall(r"[a-z]{3,}", asked))
    return (
        sum(pair in told for pair in pairs) / max(len(pairs), 1)
        + sum(word in told for word in words)
        - 0.02 * passage.number
    )


_HANDLERS: dict[str, Callable[[Asked, Part], Step]] = {"order": _order, "goods": _goods, "words": _words}
