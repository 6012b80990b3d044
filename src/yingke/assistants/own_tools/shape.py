"""How a number of the merchant's own is built, as he writes it: SN######## for SN and eight digits."""

import re
from functools import lru_cache

MOST_LONG = 30
MOST_PLUS = 2
_SIGNS = {"#": "[0-9]", "@": "[A-Za-z]", "?": "[A-Za-z0-9]"}


def is_shape(shape: str) -> bool:
    """False where + stands behind no sign, or more often than twice: such a pattern could be slow."""
    before = ""
    for mark in shape:
        if mark == "+" and before not in _SIGNS:
            return False
        before = mark
    has_sign = any(mark in _SIGNS for mark in shape)
    return has_sign and shape.count("+") <= MOST_PLUS and shape.isprintable()


@lru_cache(maxsize=2000)
def pattern_of(shape: str) -> re.Pattern[str]:
    """Finds it standing alone in a text, in capitals or not."""
    out: list[str] = []
    for mark in shape:
        if mark == "+":
            out[-1] += f"{{1,{MOST_LONG}}}"
        else:
            out.append(_SIGNS.get(mark, re.escape(mark)))
    return re.compile(rf"(?<![A-Za-z0-9]){''.join(out)}(?![A-Za-z0-9])", re.IGNORECASE | re.ASCII)
