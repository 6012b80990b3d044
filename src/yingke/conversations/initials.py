"""Pinyin initials of Chinese titles, so that `thh` finds 退换货; no dictionary needed."""

from bisect import bisect_right

# GB/T 2312 puts its 3,755 most used characters in the order of their sound, so each letter is one range of codes
# (there is no initial i, u or v). Fact from the standard, level 1: rows 16–55.
_STARTS = (
    (45217, "a"), (45253, "b"), (45761, "c"), (46318, "d"), (46826, "e"), (47010, "f"), (47297, "g"), (47614, "h"),
    (48119, "j"), (49062, "k"), (49324, "l"), (49896, "m"), (50371, "n"), (50614, "o"), (50622, "p"), (50906, "q"),
    (51387, "r"), (51446, "s"), (52218, "t"), (52698, "w"), (52980, "x"), (53689, "y"), (54481, "z"),
)  # fmt: skip
_CODES = [code for code, _ in _STARTS]
_END = 55290
# Characters of shop talk that begin with another letter in other words (银行, 重量, 调换…).
_OTHERS = {
    "行": "h", "重": "c", "调": "t", "长": "z", "还": "h", "乐": "y", "降": "x", "便": "p", "传": "z", "弹": "t",
    "系": "j", "会": "k", "校": "j", "折": "s", "差": "c", "参": "s", "朝": "z", "种": "c", "卡": "q", "省": "x",
}  # fmt: skip
_MOST_READINGS = 8


def initials(title: str) -> str:
    """Lower case, e.g. "退换货 7天" → "thh7t"; several readings are parted by spaces ("银行" → "yx yh")."""
    readings = [""]
    for mark in title.lower():
        letters = _letters(mark)
        if not letters:
            continue
        if len(readings) * len(letters) > _MOST_READINGS:
            letters = letters[:1]
        readings = [reading + letter for reading in readings for letter in letters]
    return " ".join(dict.fromkeys(reading for reading in readings if reading))


def _letters(mark: str) -> str:
    if mark.isascii():
        return mark if mark.isalnum() else ""
    try:
        code = int.from_bytes(mark.encode("gb2312"))
    except UnicodeEncodeError:
        return ""
    if not _CODES[0] <= code < _END:
        return ""
    letter = _STARTS[bisect_right(_CODES, code) - 1][1]
    return letter + (_OTHERS[mark] if mark in _OTHERS and _OTHERS[mark] != letter else "")
