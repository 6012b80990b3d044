"""The goods that a message names, and how many of each: read by the shop's own names beside the words for kinds of things."""

import re
from dataclasses import dataclass, replace

import rjieba

from yingke.assistants.goods.ends import by_figure, by_price
from yingke.assistants.goods.shelf import Good, Shelf, pieces_of
from yingke.commerce.finding.need import read_need
from yingke.commerce.words.cut import class_spans, people_spans, worded_size_spans
from yingke.commerce.words.measure_words import COUNTING
from yingke.commerce.words.number_of import NUMERALS, number_of
from yingke.kit.expression import expression

MEASURES = COUNTING
_NUMBER = rf"(?:\d{{1,3}}|[{NUMERALS}]{{1,4}})"
_COUNT = expression(
    rf"(?<![第\d.几每\-])(?P<each>各|每样|每种|都)?(?:来|要|拿|买)?(?P<n>{_NUMBER})\s*[{MEASURES}]"
    r"(?![邮月号点装]|小时|钟|星期|礼拜|工作|季度|门(?!铃)|女|男|[大小成老]?人|小?孩|娃|晚|问题|方面|意思|颜?色|码|尺|档|套(?=房|间)|价(?!格|钱)|字|站|地方|夏|冬|城)"
    rf"|(?P<times>[x×*])\s*(?P<t>\d{{1,3}})(?![\d.])|(?P<pair>[俩仨])(?![人口])"
    rf"|(?P<all>各|每样|每种)(?:来|要|拿|买)?(?P<b>{_NUMBER})(?![{NUMERALS}\d.])"
    rf"|(?<=[到成])(?P<to>{_NUMBER})(?=$|[,，。！!?？\s吧呢啊呗])"
    r"|\b(?P<en>\d{1,3}|an?|one|two|three|four|five|six)\s+(?=[a-z])"
    r"|\b(?:it|that|only|just|take|me)\s+(?P<last>\d{1,3}|one|two|three|four|five|six)\s*(?:then|please|of them)?[.!?]*$",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?:[的要来拿买]|[x×*])?({_NUMBER})(?=$|[\s,，。、+?？!！呢吧]|一共|总共|多少)")
"""Stands right behind a thing: 椅子4."""
_ONE_OF = re.compile(rf"[要来买拿加添配带搭再订整][{MEASURES}]$")
_BARE = re.compile(rf"(?<![第\d.{NUMERALS}])({_NUMBER})$")
"""Stands right before a thing: 一桌四椅."""
_DEGREES = expression(rf"(?:零下|负|-)?(?:\d{{1,2}}|[{NUMERALS}]{{1,3}})\s*(?:度|℃|°c?)")
_SIZES = expression(r"(?<![a-z0-9])(?:x{0,4}[sl]|[2-6]xl|m|均码)(?:码|号)?(?![a-z0-9])", re.IGNORECASE)
_CODES = expression(r"[a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+\d[a-z0-9]*", re.IGNORECASE)
_END = re.compile(
    r"(?<![最更多])(?P<end>便宜|贵|轻|重|大|小|厚|薄|长|短|保?暖和?)(?:一?点|一?些|号|款)?的(?:[那这]一?[个款种条顶])?(?!话)"
)
_SIZED = re.compile(r"(?<![最更多加特超])[大小]$")
_JOINS = re.compile(r"[\s\-]*(?:的|之)?(?:那|这)?(?:个|款|种)?[\s\-]*")
_AFTER = re.compile(r"[\s]*(?:要|选|用)?")
_WORDS = re.compile(r"[\u3400-\u9fff]{2,8}")
_NO_THING = re.compile(
    r"一共|总共|合计|多少|多|几|加|券|到手|优惠|活动|打折|一起|价|钱|现在|大概|的话|呢|吧|就|要|能|会|送|寄|发|可以|行|够|都|算|下来|给|我|你|最|还|再|和|跟|全|满减|会员|金卡|银卡|左右|怎|什么|啥|哪|有|是|不|没|分别|老婆|老公|媳妇|对象|朋友|孩子|儿子|女儿|爸|妈|[他她]|别人"
)
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
MOST_COUNTED = 999


@dataclass(frozen=True, slots=True)
class Said:
    """A thing of the shop or of a known kind, or (`is_thing` False) only what tells one of a kind apart: 羽绒的, XL."""

    start: int
    end: int
    words: str
    goods: tuple[Good, ...]
    is_thing: bool

    @property
    def variant(self) -> str:
        """The colour and size among its words."""
        return " ".join(one.said for one in read_need(self.words).concepts if one.token[:2] in ("c:", "z:"))


@dataclass(frozen=True, slots=True)
class Count:
    start: int
    end: int
    quantity: int
    is_each: bool = False
    is_told: bool = True
    """Said as a number; 「来个灯」 is one as well."""


def picks_an_end(folded: str) -> bool:
    """「便宜的」, 「小充电宝」."""
    sized = [start for token, _, (start, _) in class_spans(folded) if token[0] == "t" and _SIZED.search(folded[:start])]
    return bool(sized) or _END.search(folded) is not None


def find_said(folded: str, shelf: Shelf | None) -> list[Said]:
    """In order, and not yet which goods they are."""
    chained = _chained(folded, _spans(folded, shelf))
    found = []
    for first, last, is_thing in chained:
        if is_thing and _SIZED.search(folded[:first]):
            first -= 1
        found.append(Said(first, last, folded[first:last].strip(), (), is_thing))
    return found


def with_goods(
    said: list[Said], folded: str, shelf: Shelf | None, shop_id: int | None, focus: list[Good]
) -> list[Said]:
    """`focus`: what a mere property is a property of."""
    return [replace(one, goods=_meant(one.words, shelf, shop_id, focus, folded, is_thing=one.is_thing)) for one in said]


def read_counts_of(folded: str, said: list[Said]) -> list[Count]:
    """Numbers with a measure word, and bare ones right before a thing."""
    found: list[Count] = []
    for match in _COUNT.finditer(folded):
        number = match["n"] or match["t"] or match["pair"] or match["b"] or match["to"] or match["en"] or match["last"]
        value = number_of(number)
        if value and value == int(value):
            start = match.start()
            found.append(Count(start, match.end(), min(int(value), MOST_COUNTED), bool(match["each"] or match["all"])))
    for one in said:
        behind = _BEHIND.match(folded, one.end) if one.is_thing else None
        value = number_of(behind[1]) if behind is not None else None
        if (
            behind is not None
            and value
            and not any(count.start < behind.end(1) and count.end > one.end for count in found)
        ):
            found.append(Count(one.end, behind.end(1), min(int(value), MOST_COUNTED)))
        if one.is_thing and _ONE_OF.search(folded[: one.start]) and not any(count.end == one.start for count in found):
            found.append(Count(one.start - 1, one.start, 1, is_told=False))
        if not one.is_thing or any(count.end >= one.start > count.start for count in found):
            continue
        bare = _BARE.search(folded[: one.start])
        value = number_of(bare[1]) if bare is not None else None
        if bare is not None and value:
            found.append(Count(bare.start(), one.start, min(int(value), MOST_COUNTED)))
    return sorted(found, key=lambda one: one.start)


def unknown_things(folded: str, said: list[Said], counts: list[Count]) -> list[Said]:
    """What is counted and is no thing that the shop has or the vocabulary knows: 「一台投影仪」."""
    found = []
    for count in counts:
        match = _WORDS.match(folded, count.end)
        if not count.is_told or match is None or any(one.start < match.end() and one.end > count.end for one in said):
            continue
        word = next(iter(rjieba.cut(match[0])), "")
        if len(word) > 1 and not _NO_THING.match(word):
            end = count.end + len(word)
            found.append(Said(count.end, end, word, (), is_thing=True))
    return found


def _spans(folded: str, shelf: Shelf | None) -> list[tuple[int, int, bool]]:
    """(start, end, is a thing), none over another: kinds and properties of the vocabulary, and pieces of the shop's names."""
    marks: list[tuple[int, int, bool]] = []
    for token, phrase, (start, end) in class_spans(folded):
        is_thing = token[0] == "t"
        if is_thing and len(phrase) == 1 and (shelf is None or not shelf.has_kind(token) or _is_counted(folded, start)):
            continue
        if is_thing and shelf is not None and not shelf.has_kind(token) and shelf.in_names(phrase[:2]):
            # 羽绒 is a jacket elsewhere, and here what tells one sleeping bag from the other.
            is_thing = False
        marks.append((start, end, is_thing))
    # 俩 alone is as well two of them.
    marks += [(start, end, False) for *_, (start, end) in people_spans(folded) if end - start > 1]
    marks += [(*match.span(), False) for match in _DEGREES.finditer(folded)]
    marks += [(*match.span(), False) for match in _SIZES.finditer(folded)]
    marks += [(*span, False) for span in worded_size_spans(folded)]
    if shelf is not None:
        marks += [(*match.span(), True) for match in _CODES.finditer(folded) if shelf.coded(match[0]) is not None]
        marks += _named_runs(folded, shelf)
        marks += [(*match.span(), False) for match in _END.finditer(folded)]
    return _flat(marks)


def _is_counted(folded: str, at: int) -> bool:
    """「两包」: here the sign is a measure word."""
    return folded[at] in MEASURES and at > 0 and (folded[at - 1] in NUMERALS or folded[at - 1].isdigit())


def _named_runs(folded: str, shelf: Shelf) -> list[tuple[int, int, bool]]:
    """Runs of characters that stand so in names of goods; one that holds the head of a name is a thing."""
    runs: list[tuple[int, int, bool]] = []
    for match in _HAN_RUN.finditer(folded):
        start = -1
        is_thing = False
        for at in range(match.start(), match.end()):
            pair = folded[at : at + 2] if at + 1 < match.end() else ""
            if pair and shelf.in_names(pair):
                start = at if start < 0 else start
                is_thing = is_thing or shelf.is_head(pair)
            elif start >= 0:
                runs.append((start, at + 1, is_thing))
                start, is_thing = -1, False
    return runs


def _flat(marks: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Those that overlap become one."""
    merged: list[tuple[int, int, bool]] = []
    for start, end, is_thing in sorted(marks):
        if merged and start < merged[-1][1]:
            first, last, was = merged[-1]
            merged[-1] = (first, max(last, end), was or is_thing)
        else:
            merged.append((start, end, is_thing))
    return merged


def _chained(folded: str, spans: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Properties go with the thing behind them, or else with the one before."""
    chains: list[tuple[int, int, bool]] = []
    for start, end, is_thing in spans:
        if chains:
            first, last, has_thing = chains[-1]
            gap = folded[last:start]
            if not has_thing and _JOINS.fullmatch(gap):
                chains[-1] = (first, end, is_thing)
                continue
        chains.append((start, end, is_thing))
    joined: list[tuple[int, int, bool]] = []
    for chain in chains:
        if joined and joined[-1][2] and not chain[2] and _AFTER.fullmatch(folded[joined[-1][1] : chain[0]]):
            joined[-1] = (joined[-1][0], chain[1], True)
        elif (
            chain[2]
            or chain[1] - chain[0] > 1
            or folded[chain[0]].isascii()
            or folded[chain[1] :][:1] in tuple("的色款码号")
        ):
            joined.append(chain)
    return joined


def _meant(
    words: str, shelf: Shelf | None, shop_id: int | None, focus: list[Good], whole: str, *, is_thing: bool
) -> tuple[Good, ...]:
    """The goods of that name. Of several: the one under discussion, or those for as many people as are told elsewhere."""
    if shelf is None:
        return ()
    if (coded := shelf.coded(words)) is not None:
        return (coded,)
    need = read_need(words)
    found = shelf.named(words, need, shop_id, [] if is_thing else focus)
    if not found and not is_thing:
        found = _told_apart(shelf, words, set(need.tokens("q:", "c:", "p:")), focus)
    end = (_END.search(words) or (_SIZED.search(words[:1]) if is_thing else None)) if words else None
    if end is not None and (chosen := _at_the_end(end[0][0], found, shelf, focus)) is not None:
        return (chosen,)
    if len(found) > 1:
        spoken_of = [good for good in found if good in focus]
        people = {token for token, _, _ in people_spans(whole)}
        fitting = [good for good in found if people & good.tokens]
        found = spoken_of[:1] or fitting or found
    return tuple(found)


def _alike(shelf: Shelf, focus: list[Good]) -> list[Good]:
    """Of the kinds under discussion."""
    kinds = {kind for good in focus for kind in good.things}
    return [good for good in shelf.goods if kinds & good.things]


def _at_the_end(end: str, found: list[Good], shelf: Shelf, focus: list[Good]) -> Good | None:
    """「便宜的」, 「大的」 of several of a kind; of the kinds under discussion rather another one than what is held."""
    kinds = [found] if found else [_alike(shelf, [good]) for good in focus]
    chosen = [
        one
        for goods in kinds
        if len(goods) > 1 and (one := by_price(goods, end) if end in "便贵" else by_figure(end, goods)) is not None
    ]
    return next((one for one in chosen if one not in focus), next(iter(chosen), None))


def _told_apart(shelf: Shelf, words: str, properties: set[str], focus: list[Good]) -> list[Good]:
    """Of the kind under discussion those that have the properties, or these signs in their names, where some have not."""
    alike = _alike(shelf, focus)
    having = [good for good in alike if properties and properties <= good.tokens]
    having = having or [good for good in alike if pieces_of(words) & good.pieces]
    return having if len(having) < len(alike) else []
