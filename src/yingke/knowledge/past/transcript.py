"""Cuts one cell that holds a whole talk into what each side said."""

import re
from dataclasses import dataclass

_TIME = (
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?|\d{1,2}/\d{1,2}/\d{4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{1,2}:\d{2}(?::\d{2})?)"
)
_NAME = r"[^\s:：\[\]()（）【】][^:：\[\]()（）【】\n]{0,29}?"
_LINE = re.compile(
    rf"^\s*(?:[\[(（【]?(?P<early>{_TIME})[\])）】]?\s*)?[\[(（【]?(?P<name>{_NAME})[\])）】]?\s*"
    rf"(?:[\[(（【]?(?P<late>{_TIME})[\])）】]?)?\s*(?P<colon>[:：])[ \t]*(?P<text>.*)$"
)
# A line of its own before what was said: a name with a time, in either order.
_HEAD = re.compile(
    rf"^\s*(?:(?P<name>{_NAME})\s*[\[(（【]?(?P<time>{_TIME})[\])）】]?|[\[(（【]?(?P<first>{_TIME})[\])）】]?\s+(?P<second>{_NAME}))\s*[:：]?\s*$"
)
# Names of the larger desks hold a colon (shop:person); then only a whole date makes it a head.
_HEAD_OF_SHOP = re.compile(
    rf"^\s*(?P<name>{_NAME}[:：]{_NAME})\s*[\[(（【]?(?P<time>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}[T ]+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)[\])）】]?\s*[:：]?\s*$"
)
_ONE_LINE = re.compile(r"\s*(?:\|{1,2}|;;|<br\s*/?>|\\n|\r)\s*", re.IGNORECASE)
_NO_SPEAKERS = re.compile(r"https?|备注|地址|电话|订单号?|尺码|颜色|价格|时间|网址|ps|注|链接|提示|\d+", re.IGNORECASE)
LONGEST_TRANSCRIPT = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """`time` as written, often only a clock, or ""."""

    speaker: str
    time: str
    text: str


def cut_transcript(cell: str) -> list[Line]:
    """What was said in order; a line without a speaker goes on with the one before. Empty for no transcript."""
    cell = cell[:LONGEST_TRANSCRIPT]
    if "\n" not in cell:
        cell = _ONE_LINE.sub("\n", cell)
    lines: list[Line] = []
    for raw in cell.splitlines():
        text = raw.strip()
        if not text:
            continue
        started = _start(text)
        if started is not None:
            lines.append(started)
        elif lines:
            last = lines[-1]
            lines[-1] = Line(last.speaker, last.time, f"{last.text}\n{text}".strip())
    return [line for line in lines if line.text]


def _start(text: str) -> Line | None:
    shop = _HEAD_OF_SHOP.match(text)
    if shop is not None:
        return Line(shop["name"].strip(), shop["time"], "")
    head = _HEAD.match(text)
    if head is not None:
        return Line((head["name"] or head["second"]).strip(), head["time"] or head["first"], "")
    line = _LINE.match(text)
    if line is None or _NO_SPEAKERS.fullmatch(line["name"].strip()):
        return None
    return Line(line["name"].strip(), line["early"] or line["late"] or "", line["text"].strip())
