"""Numbers as people write them, wherever goods, money, degrees or people are counted: 2, 两, 俩, 十二, 一千五, 1.5k."""

import re

NUMERALS = "零〇一二两俩三仨四五六七八九十百千万"
_DIGITS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_PAIRS = {"双": 2, "单": 1}
_ENGLISH = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_PLAIN = re.compile(r"(\d+(?:\.\d+)?)\s*([kw千万])?")
_SCALES = {"k": 1000, "千": 1000, "w": 10_000, "万": 10_000, None: 1}


def number_of(word: str) -> float | None:
    """`word` as a number: "1500", "1.5k", "两百", "一千五", "一万二", "two"; None when it is none."""
    word = word.strip().lower()
    if known := _ENGLISH.get(word) or _PAIRS.get(word):
        return float(known)
    word = word.rstrip("来多")
    if scaled := _PLAIN.fullmatch(word):
        return float(scaled[1]) * _SCALES[scaled[2]]
    total = section = 0
    digit, unit = 0, 1
    for mark in word:
        if mark in _DIGITS:
            digit = _DIGITS[mark]
        elif mark in _UNITS:
            unit = _UNITS[mark]
            if unit == 10_000:
                total, section, digit = (total + section + digit) * unit, 0, 0
            else:
                section, digit = section + (digit or 1) * unit, 0
        else:
            return None
    # 一千五 is 1,500 and 一百零五 is 105.
    last = digit * unit // 10 if digit and unit >= 100 and "零" not in word[-2:] and "〇" not in word[-2:] else digit
    return float(total + section + last) if word else None
