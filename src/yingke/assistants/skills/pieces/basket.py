"""How many of which thing somebody wants priced: 一顶两人帐加俩 10 度睡袋."""

import re
import unicodedata
from dataclasses import dataclass

from yingke.commerce.finding.need import names_a_thing
from yingke.commerce.words.measure_words import COUNTING
from yingke.commerce.words.number_of import number_of
from yingke.kit.expression import expression
from yingke.kit.recently import recently

_MEASURE = "|".join(COUNTING)
_COUNT = r"(?:[一二两三四五六七八九十]{1,2}|\d{1,3})"
_COUNTED = re.compile(
    rf"(?<!第)(?P<count>{_COUNT})\s*(?:(?:{_MEASURE})(?![邮月号点]|(?:大|小|成|老)?人|小?孩)|(?<=[x×*])(?![\d.]))|(?P<pair>[俩仨])(?:个|顶|件|条|把|盏|张)?(?!人)|[x×*]\s*(?P<times>\d{{1,3}})(?![\d.])"
    rf"|(?<![第\d])(?P<bare>[一两二三四五六七八九])(?=桌|椅|灯|锅|炉|垫|帐(?![号户])|睡袋|帐篷)",
    re.IGNORECASE,
)
_IN_ENGLISH = re.compile(
    r"\b(?P<count>\d{1,3}|an?|one|two|three|four|five|six)\s+(?!cm\b|mm\b|kg\b|lbs?\b|pounds?\b|g\b|yuan\b|rmb\b|usd\b|dollars?\b|degrees?\b|hours?\b|days?\b|years?\b|people\b|persons?\b|adults?\b|percent\b|feet\b|foot\b|ft\b|inch)"
    r"(?P<thing>(?=[a-z0-9 \-]*[a-z]{2})[a-z0-9][a-z0-9 \-]{2,40}?)(?=\s*(?:,|\band\b|\bn\b|&|\bplus\b|\?|$|\bhow\b|\btotal\b))",
    re.IGNORECASE,
)
_ASKED = expression(
    r"(?:一共|总共|合计|加起来|一起(?:拍|买|下单|付)?|算下来|到手|最后|帮我?算(?:一?下)?|多少钱|多少|几钱|什么价格?|价格|怎么卖|要花|需要|打?几折|\bhow much\b(?:\s+(?:is|are|for|would|do|does))*|\bin total\b|\btotal\b|\baltogether\b)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:我|俺)(?:们)?(?:是|想|要|准备|打算|现在)?(?:买|要|拍|下单|入手)?|请问|你好|如果|要是|那|就|先|再|又|也|另外|还(?:有|要)?|加上?|和|与|跟|以及|来|给我|帮我|(?:钻石|白金|金|银|普通|黑)卡(?:会员)?|会员|买|要|拿|拍|带|i\s+(?:want|need|am|'d like)(?:\s+to\s+buy)?|and|plus)+[，,\s]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:寄(?:到|往|去)?|发(?:到|往|去)|送(?:到|去)|邮(?:到|费|寄)|加(?:上)?(?:邮费|运费)|运费|包邮|会员价|金卡|银卡|我(?:要|这个|的|公司)|公司|团建|满减|券|优惠|能|够|打|可以|有没有|有货|\s*\d+(?:\.\d+)?\s*(?:元|块)?了).*$|(?:要|来|买|拿|付|需要|的话|吧|呢|啊|呀|吗|各|分别|都|x|×|\*|加上?|和|还有|再来?|跟|与|以及|另外|\band\b|\bplus\b|\s)+$",
    re.IGNORECASE,
)
_FRONT = re.compile(r"^(?:个|那个|这个|那种|这种|那款|这款|你们?(?:家|店)?的?|的)+\s*")
_FILLER = re.compile(r"(?:不|了|行|就|算|够|的|个|好|吧|也|那|要|不要)+")
_SAYS_MORE = expression(
    r"[?？]|哪|吗|么|什么|啥|怎么|有|能|会|够|合适|推荐|比|好|轻|重|大|小|睡|用|要不|想|\b(?:which|what|how|is|are|can|do|does|any|need|want)\b",
    re.IGNORECASE,
)
MOST_LINES = 8
MOST_PIECES = 999


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words` as the customer named the thing; empty where only a number was said."""

    quantity: int
    words: str


@recently
def read_basket(text: str) -> list[Wanted]:
    """The counted things in `text`, in order, at most eight. Nothing counted: nothing found."""
    return [one for one in read_counts(text) if one.words][:MOST_LINES]


@recently
def read_counts(text: str) -> list[Wanted]:
    """As `read_basket`, with numbers that name no thing: 「四把」 said of what was spoken of."""
    plain = unicodedata.normalize("NFKC", text).replace("×", "x").strip()
    plain = _ASKED.sub("，", plain)
    pieces = [piece for piece in re.split(r"[，,。;；?？!！\n+]+", plain) if piece.strip()]
    found: list[Wanted] = []
    for piece in pieces:
        found += _counted(_LEAD.sub("", piece.strip()))
    return found


def without_counts(text: str) -> str:
    """`text` less its numbers and measure words."""
    return _COUNTED.sub("", unicodedata.normalize("NFKC", text))


def is_only_counted(text: str, basket: list[Wanted]) -> bool:
    """Things with their numbers and hardly a word more: 「桌子一个」."""
    return len(text.strip()) <= sum(len(one.words) + 4 for one in basket) and not _SAYS_MORE.search(text)


def _counted(piece: str) -> list[Wanted]:
    """A number belongs to what stands behind it, unless the piece begins with a thing: 「炉子一个锅一套」."""
    counts = list(_COUNTED.finditer(piece))
    if not counts:
        return [
            Wanted(quantity, thing)
            for match in _IN_ENGLISH.finditer(piece)
            if (quantity := _quantity(match["count"])) and (thing := _thing(match["thing"]))
        ]
    ends = [0, *(match.end() for match in counts)]
    starts = [*(match.start() for match in counts), len(piece)]
    between = [_thing(piece[end:start]) for end, start in zip(ends, starts, strict=True)]
    comes_first = bool(between[0]) and (not between[-1] or names_a_thing(between[0]))
    things = between[:-1] if comes_first else between[1:]
    quantities = [_quantity(match["count"] or match["pair"] or match["times"] or match["bare"]) for match in counts]
    return [Wanted(quantity, thing) for quantity, thing in zip(quantities, things, strict=True) if quantity]


def _thing(words: str) -> str:
    bare = _FRONT.sub("", _LEAD.sub("", words.strip()))
    bare = _TAIL.sub("", _TAIL.sub("", bare)).strip()
    bare = re.sub(r"(?<=\d)\s+(?=度)", "", bare).strip()
    return bare[:40] if any(mark.isalnum() for mark in bare) and not _FILLER.fullmatch(bare) else ""


def _quantity(words: str) -> int:
    return min(int(number_of(words) or 0), MOST_PIECES)
