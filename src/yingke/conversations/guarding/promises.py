"""Sentences that bind the shop: a price, a gift, a compensation, a delivery time, a right given up."""

import re
from dataclasses import dataclass
from typing import Literal

from yingke.kit.recently import recently

PromiseKind = Literal["price", "gift", "compensation", "delivery", "waiver"]

_WHEN = (
    r"(?:今天|今晚|今日|明天|明日|后天|当天|当日|次日|隔天|本周|这周|下周|周[一二三四五六日天]|月底前?|\d{1,2}[号日](?:前)?|\d{1,3}(?:个)?(?:小时|工作日|天|分钟)(?:之?内|以内|左右)?"
    r"|[一二三四五六七八九十两半]{1,3}(?:个)?(?:小时|工作日|天)(?:之?内|以内|左右)?|马上|立刻|立即"
    r"|today|tonight|tomorrow|within \w+ (?:hours?|days?)|in \w+ (?:hours?|days?)|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))"
)
_MOVES = r"(?:发货|发出|发走|寄出|补发|送到|送达|到货|到达|能到|就到|会到|可到|签收|出库|ship|deliver|arrive|dispatch|get there)"
_PATTERNS: dict[PromiseKind, str] = {
    "compensation": (
        r"(?:赔偿|赔付|赔给?[您你]|赔[一二两三十百\d]|补偿|退一赔|假一赔|返现|返(?:还)?(?:给)?[您你]|补(?:给)?[您你]?\s?\d+\s?(?:元|块)|给[您你]补(?!发|开|寄)"
        r"|(?:全额|多退|直接|给[您你]|帮[您你])退(?:款|钱|\s?\d)|退(?:给)?[您你]\s?\d+|转(?:给)?[您你]\s?\d+\s?(?:元|块)"
        r"|\bcompensat\w*|\brefund you|\b(?:full|partial) refund|\bcash ?back)"
    ),
    "gift": (
        r"(?:(?:免费|额外|多|再|加|另外|特意|给[您你])[^，。！？,.!?\n]{0,4}送[^，。！？货到达修上,.!?\n]|(?<!已)赠送(?!的)|(?<!含|的)赠品|附赠|送[您你](?:一|个|份|张|件|\d)|白送"
        r"|\bfree gift|\bfor free|\bcomplimentary|\bthrow in)"
    ),
    "waiver": (
        r"(?:(?:给[您你]|帮[您你])?免(?:除|掉|收|去)(?:[^，。\n]{0,6})|免(?:运费|邮费|手续费|安装费|单)|破例|特批|例外(?:给|帮)|不用(?:寄|退)回?[^，。\n]{0,6}(?:退款|退钱|也)|仅退款"
        r"|延长[^，。\n]{0,6}(?:质保|保修|退货|退换)|过(?:了)?(?:保|期|时间|[\d一二三四五六七八九十]+天)[^，。\n]{0,6}(?:也|仍|还)(?:给|可以|能)|(?:运费|邮费)(?:我们|店里|由我)[^，。\n]{0,4}(?:出|承担|报销|付)"
        r"|\bwaive\w*|\bmake an exception|\bon the house|\bno charge)"
    ),
    "delivery": rf"(?:{_WHEN}[^，。！？\n]{{0,10}}{_MOVES}|{_MOVES}[^，。！？\n]{{0,8}}{_WHEN}|保证[^，。\n]{{0,8}}(?:到|发))",
    "price": (
        r"(?:(?:￥|¥|\$|€|£|rmb)\s?\d|\d+(?:\.\d+)?\s?(?:元|块(?:钱)?(?!肉|布|砖)|美元|dollars?|usd|eur)|[\d一二三四五六七八九](?:\.\d)?\s?折|改价|(?:便宜|优惠|减|降|立减|少|抹)(?:掉|给?[您你])?\s?\d+|\b\d{1,2}\s?% off"
        r"|半价|抹零|零头)"
    ),
}
_COMPILED = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _PATTERNS.items()}
_SENTENCE = re.compile(r"(?:[^。！？!?\n；;.]|\.(?!\s|$))+[。！？!?；;.]?|[。！？!?；;.\n]")
_NOT = re.compile(
    r"(?:不能|无法|没法|不可以|不支持|不会|不保证|不承诺|没有|不作|暂不|不再|不提供|不参加|不参与|是否|能不能|cannot|can't|can not|unable|won't|do not|don't|not able)"
    r"[^，。！？,\n]{0,12}$",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[吗呢么？?]\s*$")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Promise:
    """`sentence` as it stands in the text, `said` what makes it one, `figures` the numbers it names."""

    kind: PromiseKind
    sentence: str
    said: str
    figures: tuple[str, ...]


def sentences_of(text: str) -> list[str]:
    """The text in pieces that give the text again when put together."""
    return _SENTENCE.findall(text) if text else []


@recently
def find_promises(text: str) -> list[Promise]:
    """At most one promise a sentence, the weightiest kind first. Refusals and questions are none."""
    found = []
    for sentence in sentences_of(text):
        if _ASKS.search(sentence):
            continue
        for kind, pattern in _COMPILED.items():
            match = pattern.search(sentence)
            if match is None or _NOT.search(sentence[: match.start()]):
                continue
            found.append(Promise(kind, sentence, match[0].strip(), tuple(_FIGURE.findall(sentence))))
            break
    return found
