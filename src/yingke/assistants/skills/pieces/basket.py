"""How many of which thing somebody wants priced: 一顶两人帐加俩 10 度睡袋."""

import re
import unicodedata
from dataclasses import dataclass

_NUMBERS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_ENGLISH = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a pair of": 2}
_MEASURE = "顶|个|件|条|套|把|盏|张|只|双|瓶|盒|包|台|份|袋|床|块|支|箱|罐|本|对"
_COUNT = r"(?:[一二两三四五六七八九十]|\d{1,3})"
_JOIN = r"(?:，|,|、|;|；|\+|加上?|还有|和|与|跟|再来?|以及|另外|\band\b|\bplus\b|$)"
_BEFORE = re.compile(
    rf"(?P<count>(?:{_COUNT}\s*(?:{_MEASURE})|[俩仨]个?))(?!人)\s*(?P<thing>[^，,、;；+。?？!！]{{1,24}}?)(?=\s*{_JOIN})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?P<thing>[^，,、;；+。?？!！]{{2,24}}?)\s*(?:要|来|买|拿|x|×|\*)?\s*(?P<count>{_COUNT}\s*(?:{_MEASURE})|(?<=[x×*])\s*\d{{1,3}}|俩|仨)(?=\s*{_JOIN})",
    re.IGNORECASE,
)
_IN_ENGLISH = re.compile(
    r"\b(?P<count>\d{1,3}|an?|one|two|three|four|five|six)\s+(?P<thing>[a-z0-9][a-z0-9 \-]{2,40}?)(?=\s*(?:,|\band\b|\bplus\b|\?|$|\bhow\b|\btotal\b))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:一共|总共|合计|加起来|算下来|到手|最后|帮我?算(?:一?下)?|多少钱|多少|几钱|什么价格?|价格|怎么卖|要花|需要|打?几折|\bhow much\b(?:\s+(?:is|are|for|would|do|does))*|\bin total\b|\btotal\b|\baltogether\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:我|俺)(?:是|想|要|准备|打算|现在)?(?:买|要|拍|下单|入手)?|请问|你好|如果|要是|(?:钻石|白金|金|银|普通|黑)卡(?:会员)?|会员|买|要|拿|来|拍|我们|i\s+(?:want|need|am|'d like)(?:\s+to\s+buy)?)+[，,\s]*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:要|来|买|拿|需要|的话|吧|呢|啊|呀|吗|各|分别|都|x|×|\*)+$", re.IGNORECASE)
MOST_LINES = 8
MOST_PIECES = 999


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words` as the customer named the thing."""

    quantity: int
    words: str


def read_basket(text: str) -> list[Wanted]:
    """The counted things in `text`, in order, at most eight. Nothing counted: nothing found."""
    plain = unicodedata.normalize("NFKC", text).replace("×", "x").strip()
    plain = _ASKED.sub("，", plain)
    pieces = [piece for piece in re.split(r"[，,。;；?？!！\n]+", plain) if piece.strip()]
    found: list[Wanted] = []
    for piece in pieces:
        lines = _counted(_LEAD.sub("", piece.strip()))
        found += lines
    return found[:MOST_LINES]


def _counted(piece: str) -> list[Wanted]:
    for pattern in (_BEFORE, _AFTER, _IN_ENGLISH):
        lines = [
            Wanted(quantity, thing)
            for match in pattern.finditer(piece)
            if (quantity := _quantity(match["count"])) and (thing := _thing(match["thing"]))
        ]
        if lines:
            return lines
    return []


def _thing(words: str) -> str:
    bare = _TAIL.sub("", _LEAD.sub("", words.strip()))
    return re.sub(r"(?<=\d)\s+(?=度)", "", bare).strip()


def _quantity(words: str) -> int:
    plain = re.sub(rf"\s*(?:{_MEASURE})$", "", words.strip().lower())
    if plain.isdecimal():
        return min(int(plain), MOST_PIECES)
    return _NUMBERS.get(plain) or _ENGLISH.get(plain) or 0
