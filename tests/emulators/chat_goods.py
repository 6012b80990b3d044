"""How the rule model speaks of goods: which articles a sentence names, and what tools say of them in words."""

import re
from typing import Any

from tests.emulators.chat_asked import Result

_COUNTS = {
    word: number
    for number, words in enumerate(("", "一1a", "二两俩2", "三仨3", "四4", "五5", "六6"), 0)
    for word in words
}
_COUNTS |= {"one": 1, "an": 1, "two": 2, "three": 3, "four": 4}
_LINE = re.compile(
    r"(?P<count>\d{1,3}|[一二两俩三仨四五六]|\b(?:an?|one|two|three|four)\b)\s*(?:顶|个|条|张|把|件|包|台|盏|只|套)?\s*"
)
_FILLER = re.compile(
    r"我是.{1,3}卡[，,]?|多少钱|多少前|几钱|咋卖的?|怎么卖的?|价格|一共|合计|总共|共|请问|那个|这个|那|现在|买|想要?|要|how much (?:for|is|are)?|in total|the|please|cuánto cuesta"
    r"|有什么|哪[个款条顶].{0,3}|区别|比一比|对比|比较|更|好|轻|推荐|有货|现货|库存|还有多少|有没有|呢|吗|没|？|\?|。|，|,|的$"
)
_JOINED = re.compile(r"和|加上?|跟|，|,|、|\+|\band\b|再来?")


def goods_words(text: str) -> str:
    """Without the words around the articles."""
    return " ".join(_FILLER.sub(" ", text).split())


def read_lines(text: str) -> list[dict[str, Any]]:
    """[{words, quantity}] of 「一顶两人帐加俩 10 度睡袋一共多少钱」."""
    lines = []
    bare = re.sub(r"我是.{1,3}卡[，,]?", "", text)
    for piece in _JOINED.split(bare):
        piece = piece.strip(" ？?。！")
        counted = re.match(rf"\s*(?:买|要|来|有)?\s*{_LINE.pattern}(?=\S)(?!人|度)", piece)
        after = re.match(r"(?P<words>\S+)\s*要?\s*(?P<count>\d{1,2})\s*[个顶条张把件台]", piece)
        if after and not counted:
            words, count = after["words"], after["count"]
        else:
            words, count = (piece[counted.end() :], counted["count"]) if counted else (piece, "1")
        words = goods_words(words)
        if words:
            quantity = _COUNTS.get(count) or (int(count) if count.isdecimal() else 1)
            lines.append({"words": words[:100], "quantity": min(max(quantity, 1), 999)})
    return lines[:8]


def say_price(result: Result, *, is_chinese: bool) -> str:
    """Every line, step and what remains to be paid, as the tool says it."""
    data = result.data
    if result.is_error or not data.get("lines"):
        return ""
    key = "zh" if is_chinese else "en"
    told = [f"{one['title']} ×{one['quantity']} {one['amount']}" for one in data["lines"]]
    told.append(f"商品 {data['goods']}" if is_chinese else f"Goods {data['goods']}")
    told += [f"{one[key]} -{one['amount']} → {one['left']}" for one in data["steps"]]
    told.append(f"合计 {data['total']}" if is_chinese else f"Total {data['total']}")
    if "deposit" in data:
        deposit = data["deposit"]
        told.append(
            f"定金 {deposit['now']}，尾款 {deposit['later']}（{deposit['balance_at']}），{deposit['ships_at']}发货"
        )
    for one in data.get("after_signing_in", []):
        told.append(
            f"{one['name']}登录后 {one['total']}" if is_chinese else f"{one['name']} after signing in {one['total']}"
        )
    if data.get("gifts"):
        told.append("赠品：" + "、".join(map(str, data["gifts"])))
    if data.get("not_found"):
        told.append(("没有找到：" if is_chinese else "Not found: ") + "、".join(data["not_found"]))
    return "\n".join(told)


def say_products(result: Result, text: str, *, is_chinese: bool) -> str:
    """The nearest products with price, stock and the days that matter; nothing where none is near."""
    near = [one for one in result.data.get("products", []) if one.get("score", 0) >= 0.5]
    lines = []
    for one in near[: 2 if "推荐" in text or "recommend" in text else 1]:
        price = one["low"] if one["low"] == one["high"] else f"{one['low']}–{one['high']}"
        parts = [one["title"], price, *one.get("points", [])]
        for variant in one.get("variants", [])[:4]:
            stock = variant["stock"]
            if is_chinese:
                there = "" if stock is None else f"有货 {stock} 件" if stock > 0 else "没有货"
                back = f"，预计 {variant['restock']} 补货" if variant["restock"] else ""
            else:
                there = "" if stock is None else f"{stock} in stock" if stock > 0 else "out of stock"
                back = f", back {variant['restock']}" if variant["restock"] else ""
            parts.append(f"{variant['title']} {there}{back}".strip())
        if "presale" in one:
            parts.append(f"预售，定金 {one['presale']['deposit']}，{one['presale']['ships']} 起发货")
        lines.append("；".join(part for part in parts if part))
    return "\n".join(lines)


def say_rows(result: Result) -> str:
    """The attributes side by side."""
    data = result.data
    if result.is_error or not data.get("products"):
        return ""
    head = " / ".join(one["title"] for one in data["products"])
    return "\n".join([head, *(f"{row['name']}：{' / '.join(row['values'])}" for row in data["rows"])])
