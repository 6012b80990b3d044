"""What the customer said on a picture of somebody else's chat: the bubbles on the left after our last one."""

import re
from collections.abc import Sequence
from itertools import groupby

from yingke.knowledge.picture_lines import PictureLine

LONGEST = 2000
MIDDLE = 0.08
_CLOCK = r"(?:[0-2]?\d[:：][0-5]\d(?:[:：][0-5]\d)?)"
_DAY = r"(?:\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}日|今天|昨天|前天|星期.|周.|Today|Yesterday)"
_NOT_SAID = re.compile(
    rf"^(?:{_DAY}?\s*(?:上午|下午|晚上|凌晨)?\s*{_CLOCK}\s*(?:AM|PM)?|{_DAY}|已读|未读|已送达|Read|Delivered|以下为新消息|查看更多消息)$",
    re.IGNORECASE,
)
# 「tb_12345  2026-11-22 10:03:21」: who and when stand over a bubble.
_HEAD = re.compile(rf"^\S{{1,30}}\s+(?:{_DAY}\s*)?{_CLOCK}$")


def customer_words(lines: Sequence[PictureLine]) -> str:
    """One message a line, at most 2,000 characters. Everything that was read where nothing stands on the left."""
    said = [(side, one) for one in lines if (side := _side(one)) is not None]
    runs = [(side, [one for _, one in run]) for side, run in groupby(said, key=lambda pair: pair[0])]
    theirs = [run for side, run in runs if side == "left"]
    return _joined(theirs[-1] if theirs else [one for _, one in said])


def all_words(lines: Sequence[PictureLine]) -> str:
    """Everything that was read, from top to bottom."""
    return _joined(lines)


def _side(line: PictureLine) -> str | None:
    """Whose it is, by the wider margin; None for clocks, read marks and lines in the middle."""
    text = line.text.strip()
    if not text or _NOT_SAID.match(text) or _HEAD.match(text):
        return None
    before, after = line.left, 1 - line.right
    if abs(before - after) < MIDDLE and before > 0.25:
        return None
    return "left" if before < after else "right"


def _joined(lines: Sequence[PictureLine]) -> str:
    """Lines close under each other are one message; Chinese is joined without a space."""
    text = ""
    last: PictureLine | None = None
    for one in lines:
        height = one.bottom - one.top
        is_same = last is not None and one.top - last.bottom < 0.9 * height and abs(one.left - last.left) < 0.04
        words = one.text.strip()
        if last is None:
            text = words
        elif is_same:
            text += (" " if text[-1:].isascii() and words[:1].isascii() else "") + words
        else:
            text += "\n" + words
        last = one
    return text[:LONGEST]
