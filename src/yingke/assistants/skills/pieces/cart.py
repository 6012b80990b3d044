"""The basket as one small machine: what is in it, and what the next words add, take out, change, count or sum."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from yingke.assistants.goods.shelf import Good, Shelf
from yingke.assistants.skills.pieces.cart_beside import These, away_spans, dismissal, these_together, without_dismissed
from yingke.assistants.skills.pieces.cart_lines import Item, Line, Step, applied, kinds_of, place_of
from yingke.assistants.skills.pieces.cart_words import ONE_COSTS, TOTAL, Op, Verb, left_over, read_verbs
from yingke.assistants.skills.pieces.goods_said import (
    Count,
    Said,
    find_said,
    read_counts_of,
    unknown_things,
    with_goods,
)
from yingke.assistants.skills.pieces.pre_words import NEXT_STEP
from yingke.commerce.words.cut import fold
from yingke.commerce.words.measure_words import COUNTING
from yingke.commerce.words.number_of import NUMERALS, number_of
from yingke.knowledge.places import find_places

MOST_LINES = 8
LONGEST = 60
LEFT_BESIDE_EDIT, LEFT_BESIDE_VERB, LEFT_BESIDE_SUM = 2, 6, 14
_ONLY_NUMBER = re.compile(
    rf"(?:那|要是|如果)*(?P<n>\d{{1,3}}|[{NUMERALS}]{{1,4}})(?:[{COUNTING}])?(?:呢|的话|行不行?|行吗)[?？]*"
)
_SENDS = re.compile(r"寄|发到|送到|邮|运费|那边|这边|\bship", re.IGNORECASE)
_ALL_OF_THEM = re.compile(r"都|[两三几]样|[两三]个都|各|一起|一共|总共|合计|全|加起来|\bboth\b|\ball\b|\btogether\b")
_IT_TOO = re.compile(r"它|这个|那个|跟.{0,12}一起|\bit\b")
_WANTS = re.compile(r"要|买|来|拿|拍|下单|入手|订|\b(?:buy|take|want|need|get)\b")
_TAKES_SOME = re.compile(r"掉|去了|剔除|撤")
_THESE, _TOGETHER = re.compile(r"[这那]$"), re.compile(r"(?:一起|一块|一道|都要|都拿|加起来|合起来)")
_KINDS_OF_IT = re.compile(r"[两三四几每]款")
_ENDS = re.compile(r"[,，。;；?？!！\n]")


@dataclass(frozen=True, slots=True)
class Cart:
    """`is_edit`: it goes on from what was there; otherwise the words begin a new one. `asks_sum`: they ask what it costs."""

    lines: tuple[Line, ...]
    is_edit: bool
    asks_sum: bool
    region: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the message says beside goods and verbs; `left` is what none of the reading explains."""

    folded: str
    left: str
    asks_sum: bool
    is_counted: bool
    region: str


def _is_these(folded: str, count: Count) -> bool:
    """「这两个一起」 counts nothing: it means those spoken of."""
    before, after = folded[: count.start], folded[count.end :]
    is_bare = folded[count.start] in NUMERALS
    return (is_bare and bool(_THESE.search(before))) or (count.quantity > 1 and bool(_TOGETHER.match(after)))


def line_of(kept: dict[str, Any]) -> Line:
    """`kept`: {p: product, v: variant, q: quantity, t: title}, as the talk remembers it."""
    return Line(kept["q"], kept["t"], kept["p"], kept["v"], kinds_of(kept["t"]))


def read_cart(
    text: str,
    basket: Sequence[Line],
    focus: Sequence[Good],
    shelf: Shelf | None,
    shop_id: int | None,
    recent: Sequence[Good] = (),
) -> Cart | None:
    """None: the words are about something else. `focus`: the goods that were spoken of last, the nearest first;
    `recent`: those before them as well, which 「这两样一起」 means."""
    folded = fold(text.strip())
    if basket and (only := _ONLY_NUMBER.fullmatch(folded)) is not None:
        last = replace(basket[-1], quantity=int(number_of(only["n"]) or 1))
        return Cart((*basket[:-1], last), True, True)
    if not folded or len(folded) > LONGEST or ONE_COSTS.search(folded):
        return None
    said = find_said(folded, shelf)
    if not said and basket and NEXT_STEP.search(folded):
        return Cart(tuple(basket), True, True)
    these = these_together(folded) if not any(one.is_thing for one in said) else None
    counts = _counts(folded, said, these)
    if TOTAL.search(folded):
        said = sorted([*said, *unknown_things(folded, said, counts)], key=lambda one: one.start)
    ops = [one for one in read_verbs(folded) if not any(_overlap(one, thing) for thing in said)]
    if not (said or counts or ops or these is not None or _SENDS.search(text) or TOTAL.search(folded)):
        return None
    away = [(one, gone) for one in said if (gone := dismissal(folded, one)) is not None]
    known: list[Any] = [*said, *counts, *ops, *away_spans(away), *([these] if these is not None else [])]
    left = left_over(folded, [(one.start, one.end) for one in known])
    if left is None:
        return None
    said = with_goods(said, folded, shelf, shop_id, [*focus, *_goods_of(basket, shelf), *recent])
    said, ops = without_dismissed(said, ops, away, basket)
    asks_sum = TOTAL.search(folded) is not None
    items = _paired(folded, said, counts, ops)
    region = _region(text)
    if region:
        left = re.sub(r"[寄发送邮运]|到|费|那边|这边|多", "", left.replace(_place_said(text), ""))
    held = _held(folded, basket, focus, has_own=any(one.said is not None for one in items))
    if these is not None:
        held = list(basket) if len(basket) == these.count else _lines_of((recent or focus)[: these.count])
        if len(held) < these.count:
            return None
    steps = _steps(folded, items, ops)
    if not steps:
        sums = these is not None or (asks_sum and (bool(basket) or len(held) > 1))
        fits = len(left) <= LEFT_BESIDE_EDIT and bool(held) and (bool(region) or sums)
        return Cart(tuple(held), True, True, region) if fits else None
    told = _Told(folded, left, asks_sum, any(one.is_told for one in counts), region)
    return _told(steps, held, list(basket), told)


def _counts(folded: str, said: list[Said], these: These | None) -> list[Count]:
    """The numbers that count something: not those within a name, nor that of 「这两样」."""
    taken: list[Any] = [*said, *([these] if these is not None else [])]
    counts = [one for one in read_counts_of(folded, said) if not any(_overlap(one, other) for other in taken)]
    return [one for one in counts if not _is_these(folded, one)]


def _told(steps: list[Step], held: list[Line], basket: list[Line], told: _Told) -> Cart | None:
    named = [step for step in steps if step.item.said is not None]
    if not basket and not told.asks_sum and all(_is_mere(step) for step in steps):
        # 「XL 呢」 of what is only spoken of asks whether there is one.
        return None
    if held and _goes_on(steps, held):
        verbs = any(step.is_explicit for step in named)
        most = LEFT_BESIDE_SUM if told.asks_sum and named else LEFT_BESIDE_VERB if verbs else LEFT_BESIDE_EDIT
        changed = applied(steps, held)
        if len(told.left) > most or not changed.has_changed:
            return None
        return Cart(tuple(changed.lines[:MOST_LINES]), True, told.asks_sum, told.region)
    things = [
        step for step in named if step.item.said is not None and step.item.said.is_thing and step.verb != "remove"
    ]
    several = len({_key(step.item) for step in things}) > 1
    # 「外套 XL 跟 S 各一件」: a further size or colour is one more of the thing before it.
    taken = [step for step in named if step in things or (step.item.said is not None and step.item.said.variant)]
    if not things or not (told.is_counted or several or (told.region and told.asks_sum)):
        return None
    if told.asks_sum and len(told.left) <= LEFT_BESIDE_SUM:
        return Cart(tuple(applied(taken, []).lines), False, True, told.region)
    is_clear = all(step.item.said is not None and len(step.item.said.goods) == 1 for step in things)
    if len(told.left) > LEFT_BESIDE_EDIT or not (told.is_counted or (is_clear and _WANTS.search(told.folded))):
        return None
    lines = applied(taken, basket if told.is_counted else []).lines
    return Cart(tuple(lines), bool(basket), told.asks_sum, told.region)


def _is_mere(step: Step) -> bool:
    """A colour, a size or a property, and no number."""
    said = step.item.said
    return said is not None and not said.is_thing and step.item.quantity is None and not step.is_explicit


def _goes_on(steps: list[Step], held: list[Line]) -> bool:
    """The words change what is there: by a verb, by a mere number, or by naming what is in it."""
    if not steps:
        return False
    first = steps[0]
    if first.item.said is None or not first.item.said.is_thing or first.is_explicit:
        return True
    if any(step.verb in ("swap", "remove", "less") for step in steps):
        return True
    things = [step.item for step in steps if step.item.said is not None and step.item.said.is_thing]
    return any(place_of(held, item) is not None for item in things)


def _held(folded: str, basket: Sequence[Line], focus: Sequence[Good], *, has_own: bool) -> list[Line]:
    """What the words go on from: the basket, or the goods spoken of since."""
    ids = {line.product_id for line in basket}
    if not focus or str(focus[0].id) in ids:
        return list(basket)
    takes_all = len(focus) > 1 and _ALL_OF_THEM.search(folded) is not None and not has_own
    return _lines_of(focus if takes_all else focus[:1])


def _lines_of(goods: Sequence[Good]) -> list[Line]:
    """One of each."""
    return [Line(1, good.code or good.title, str(good.id), "", good.things) for good in goods]


def _paired(folded: str, said: list[Said], counts: list[Count], ops: list[Op]) -> list[Item]:
    """A number belongs to what stands right behind it, unless the clause begins with a thing: 「炉子一个锅一套」."""
    items: list[Item] = []
    for tokens in _clauses(folded, [*said, *counts]):
        comes_first = isinstance(tokens[0], Said) and isinstance(tokens[-1], Count)
        waiting: list[Said] = []
        at = 0
        while at < len(tokens):
            one = tokens[at]
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if isinstance(one, Said):
                if comes_first and isinstance(after, Count) and not _between(ops, one.end, after.start):
                    items += [
                        Item(each.start, each.end, each, after.quantity if after.is_each else None) for each in waiting
                    ]
                    items.append(Item(one.start, after.end, one, after.quantity, after.is_each))
                    waiting, at = [], at + 2
                    continue
                waiting.append(one)
            elif isinstance(after, Said) and not comes_first and not _between(ops, one.end, after.start):
                items += [Item(each.start, each.end, each, None) for each in waiting]
                items.append(Item(one.start, after.end, after, one.quantity, one.is_each))
                waiting, at = [], at + 2
                continue
            else:
                items += [
                    Item(each.start, each.end, each, one.quantity if one.is_each else None, one.is_each)
                    for each in waiting
                ]
                if waiting and not one.is_each and not _between(ops, waiting[-1].end, one.start):
                    # 「加刚才没说的灯一个」
                    items[-1] = Item(waiting[-1].start, one.end, waiting[-1], one.quantity)
                elif not (one.is_each and waiting):
                    items.append(Item(one.start, one.end, None, one.quantity, one.is_each))
                waiting = []
            at += 1
        items += [Item(each.start, each.end, each, None) for each in waiting]
    if _KINDS_OF_IT.search(folded):
        items = [one for item in items for one in _each_of_kind(item)]
    each_of = next((item.quantity for item in items if item.is_each), None)
    if each_of is not None:
        # Who names them again means these: 「帐篷睡袋垫子 睡袋垫子都两份」.
        keys = [_key(item) if item.said is not None else "" for item in items]
        again = next((at for at, key in enumerate(keys) if key and key in keys[:at]), 0)
        items = [
            item if at < again else replace(item, quantity=item.quantity or each_of) for at, item in enumerate(items)
        ]
    return sorted(items, key=lambda one: one.start)


def _each_of_kind(item: Item) -> list[Item]:
    """「两款耳机各来一个」: each of that kind."""
    if not item.is_each or item.said is None or len(item.said.goods) < 2:
        return [item]
    return [replace(item, said=replace(item.said, goods=(good,))) for good in item.said.goods]


def _clauses(folded: str, tokens: list[Any]) -> list[list[Any]]:
    ordered = sorted(tokens, key=lambda one: one.start)
    clauses: list[list[Any]] = []
    for one in ordered:
        if clauses and not _ENDS.search(folded[clauses[-1][-1].end : one.start]):
            clauses[-1].append(one)
        else:
            clauses.append([one])
    return clauses


def _steps(folded: str, items: list[Item], ops: list[Op]) -> list[Step]:
    """Each verb with what stands behind it, or before it where nothing does: 「不要椅子」, 「椅子不要了」, 「灯换成三盏」."""
    tokens: list[Any] = sorted([*items, *ops], key=lambda one: one.start)
    steps: list[Step] = []
    verb: Verb = "set"
    is_explicit = False
    at = 0
    while at < len(tokens):
        one = tokens[at]
        after = tokens[at + 1] if at + 1 < len(tokens) and isinstance(tokens[at + 1], Item) else None
        if isinstance(one, Item):
            steps.append(Step(verb, one, is_explicit=is_explicit))
            at += 1
            continue
        near = steps[-1].item if steps and len(folded[steps[-1].item.end : one.start].strip()) <= 2 else None
        before = near if near is not None and near.said is not None else None
        if one.verb == "add":
            verb, is_explicit = "add", True
            if after is not None and after.said is None and before is not None and steps[-1].item.quantity is None:
                steps[-1] = Step("add", replace(after, said=before.said), is_explicit=True)
                at += 1
        elif one.verb == "swap" and after is not None:
            if steps and steps[-1].verb == "remove":
                # 「垫子不要了 换成棉睡袋」: it comes in the place of what has gone.
                steps.append(Step("add", after, is_explicit=True))
            else:
                was = steps.pop().item if before is not None else None
                steps.append(Step("swap", was or after, after, is_explicit=True))
            # 「换一条羽绒一条棉的」: what follows comes beside what was put in.
            verb, is_explicit = "add", True
            at += 1
        elif one.verb == "remove" and (before is not None or not folded.startswith("算了", one.start)):
            takes_some = after is not None and after.said is None and _TAKES_SOME.search(folded[one.start : one.end])
            if after is not None and takes_some:
                known = steps.pop().item.said if before is not None else None
                steps.append(Step("less", replace(after, said=known), is_explicit=True))
                at += 1
            elif before is not None and (after is None or folded[one.start - 1] not in " ,，"):
                steps[-1] = Step("remove", before, is_explicit=True)
            elif after is not None:
                if after.said is not None:
                    steps.append(Step("remove", after, is_explicit=True))
                at += 1
        elif one.verb in ("set", "less") and after is not None:
            if after.said is None and before is not None:
                after = replace(after, said=steps.pop().item.said)
            steps.append(Step(one.verb, after, is_explicit=True))
            at += 1
        at += 1
    return steps


def _key(item: Item) -> str:
    assert item.said is not None
    return str(item.said.goods[0].id) if len(item.said.goods) == 1 else item.said.words


def _goods_of(basket: Sequence[Line], shelf: Shelf | None) -> list[Good]:
    return shelf.get([line.product_id for line in basket if line.product_id]) if shelf is not None else []


def _region(text: str) -> str:
    place = next(iter(find_places(text)), None) if _SENDS.search(text) else None
    return place.province if place is not None else ""


def _place_said(text: str) -> str:
    return next((place.name for place in find_places(text)), "")


def _overlap(one: Any, other: Any) -> bool:
    return bool(one.start < other.end and other.start < one.end)


def _between(ops: list[Op], start: int, end: int) -> bool:
    return any(start <= op.start < end for op in ops)
