"""How discontent a whole conversation leaves the customer: his words, the answers he got, and how it ended."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.assistants.mood.sense import Heard

_THANKS = re.compile(
    r"谢|好的|嗯|解决了|可以了|感谢|好了|收到|明白|知道了|\bthank|\bgreat\b|\bperfect\b|ありがと|감사|gracias"
)
_YOU = re.compile(r"你们|贵[司店公]|垃圾|坑|骗|\byour (?:company|service|shop)\b|\byou people\b")
_NOT = re.compile(r"不|没|无|别|\bnot?\b|n't\b|\bnever\b")
_GLAD = re.compile(r"哈|嘻|[~～]|赞|支持|期待|喜欢|\[(?!怒|泪)|[😀-😋🥰👍🌹]")
_SORRY = re.compile(r"抱歉|对不起|歉意|不好意思|致歉|谅解|理解您|心情|\bsorry\b|\bapolog")
_PASSED_ON = re.compile(r"反馈|记录|提交|反映|转交|建议|核实|私信|\bforward|\bpass (?:it|this) on\b")
_ASKS = re.compile(r"[?？]")
_OPEN = -3.6
"""Where nothing else speaks for it: most conversations end well enough."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message; `heard` (see `sense.hear`) is wanted of the customer's own."""

    is_customer: bool
    text: str
    heard: Heard | None = None


def dissatisfaction(lines: Sequence[Line]) -> float:
    """0 (content) … 1 (discontent). The weights are set by hand: feelings first, then what is asked again and again,
    what is said about "you", apologies that solve nothing, and a customer who had the last word."""
    own = [line for line in lines if line.is_customer and line.heard is not None]
    if not own:
        return 0.0
    others = [line for line in lines if not line.is_customer]
    texts, last = [line.text for line in own], own[-1]
    score = (
        _OPEN
        + _feelings([line.heard for line in own if line.heard is not None])
        - 1.0 * bool(_THANKS.search(last.text))
        + 0.8 * min(4, sum(len(_ASKS.findall(text)) for text in texts)) / 4
        + 1.2 * lines[-1].is_customer
        + 1.5 * _share_of(_YOU, texts)
        + 0.8 * _share_of(_NOT, texts)
        - 0.7 * _share_of(_GLAD, texts)
        + 0.7 * _share_of(_SORRY, [line.text for line in others])
        + 1.0 * _share_of(_PASSED_ON, [line.text for line in others])
        + 0.7 * min(5.0, math.log1p(len(last.text))) / 5
    )
    return 1 / (1 + math.exp(-score))


def _feelings(heard: Sequence[Heard]) -> float:
    upset = [one.upset for one in heard]
    sentiment = [one.sentiment for one in heard]
    return (
        1.5 * sum(upset) / len(upset)
        + 0.5 * upset[-1]
        - 0.5 * sum(sentiment) / len(sentiment)
        - 0.5 * sentiment[-1]
        - 0.7 * heard[-1].calm
    )


def _share_of(pattern: "re.Pattern[str]", texts: Sequence[str]) -> float:
    """0, 1/2 or 1: in none, one, or more of the texts."""
    return min(2, sum(bool(pattern.search(text)) for text in texts)) / 2
