"""The basket as one small machine: what is in it, and what the next words add, take out, change, count or sum."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yingke.assistants.goods.shelf import Good, Shelf
from yingke.assistants.skills.pieces.cart_words import ONE_COSTS, TOTAL, Op, Verb, left_over, read_verbs
from yingke.assistants.skills.pieces.goods_said import Count, Said, read_counts_of, read_goods
from yingke.assistants.skills.pieces.pre_words import NEXT_STEP
from yingke.commerce.finding.need import read_need
from yingke.commerce.words.cut import fold
from yingke.knowledge.places import find_places

MOST_LINES = 8
LONGEST = 60
LEFT_BESIDE_EDIT, LEFT_BESIDE_SUM = 2, 14
_SENDS = re.compile(r"寄|发到|送到|邮|运费|那边|这边|\bship", re.IGNORECASE)
_ALL_OF_THEM = re.compile(r"都|[两三几]样|[两三]个都|各|一起|一共|总共|合计|全|加起来|\bboth\b|\ball\b|\btogether\b")
_IT_TOO = re.compile(r"它|这个|那个|跟.{0,12}一起|\bit\b")
_WANTS = re.compile(r"要|买|来|拿|拍|下单|入手|订|\b(?:buy|take|want|need|get)\b")
_ENDS = re.compile(r"[,，。;；?？!！\n]")


@dataclass(frozen=True, slots=True)
class Line:
    """`product_id` and `variant_id` empty: found by its name, as said, and by `variant`, the colour or size beside it."""

    quantity: int
    name: str
    product_id: str = ""
    variant_id: str = ""
    kinds: frozenset[str] = frozenset()
    variant: str = ""

    @property
    def words(self) -> str:
        return f"{self.name} {self.variant}".strip()

    def asked(self) -> dict[str, Any]:
        """As the tool takes it."""
        exact = {"product_id": self.product_id, "variant_id": self.variant_id} if self.variant_id else {}
        return {"quantity": self.quantity, "words": self.words[:100], **exact}


@dataclass(frozen=True, slots=True)
class Cart:
    """`is_edit`: it goes on from what was there; otherwise the words begin a new one. `asks_sum`: they ask what it costs."""

    lines: tuple[Line, ...]
    is_edit: bool
    asks_sum: bool
    region: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """A thing, a number, or a thing with its number."""

    start: int
    end: int
    said: Said | None
    quantity: int | None
    is_each: bool = False


@dataclass(slots=True)
class _Step:
    verb: Verb
    item: _Item
    other: _Item | None = None
    """What a swap puts in the place of the item."""
    is_explicit: bool = False


@dataclass(slots=True)
class _Basket:
    lines: list[Line] = field(default_factory=list)
    has_changed: bool = False
    varied: set[int] = field(default_factory=set)
    """Lines whose size or colour this message has told."""


def line_of(kept: dict[str, Any]) -> Line:
    """`kept`: {p: product, v: variant, q: quantity, t: title}, as the talk remembers it."""
    return Line(kept["q"], kept["t"], kept["p"], kept["v"], _kinds_of(kept["t"]))


def read_cart(
    text: str, basket: Sequence[Line], focus: Sequence[Good], shelf: Shelf | None, shop_id: int | None
) -> Cart | None:
    """None: the words are about something else. `focus`: the goods that were spoken of last, the nearest first."""
    folded = fold(text.strip())
    if not folded or len(folded) > LONGEST or ONE_COSTS.search(folded):
        return None
    near = [*focus, *_goods_of(basket, shelf)]
    said = read_goods(folded, shelf, shop_id, near)
    if not said and basket and NEXT_STEP.search(folded):
        return Cart(tuple(basket), True, True)
    counts = [one for one in read_counts_of(folded, said) if not any(_overlap(one, thing) for thing in said)]
    is_fresh = not basket and not focus
    if not counts and len(said) < 2 and (is_fresh or not (said or TOTAL.search(folded) or _region(text))):
        # Nothing is counted, and what is named is neither several things nor goes on from something.
        return None
    is_fresh = not basket and not focus
    if not counts and len(said) < 2 and (is_fresh or not (said or TOTAL.search(folded) or _region(text))):
        # Nothing is counted, and what is named is neither several things nor goes on from something.
        return None
    ops = [one for one in read_verbs(folded) if not any(_overlap(one, thing) for thing in said)]
    spans = [(one.start, one.end) for some in (said, counts, ops) for one in some]
    left = left_over(folded, spans)
    if left is None:
        return None
    asks_sum = TOTAL.search(folded) is not None
    items = _paired(folded, said, counts, ops)
    region = _region(text)
    if region:
        left = re.sub(r"[寄发送邮运]|到|费|那边|这边|多", "", left.replace(_place_said(text), ""))
    held = _held(folded, basket, focus, has_own=any(one.said is not None for one in items))
    steps = _steps(folded, items, ops)
    if not steps:
        is_plain = len(left) <= LEFT_BESIDE_EDIT
        fits = is_plain and bool(held) and (bool(region) or (asks_sum and (bool(basket) or len(held) > 1)))
        return Cart(tuple(held), True, True, region) if fits else None
    return _told(steps, held, list(basket), left, asks_sum=asks_sum, region=region, folded=folded)


def _told(
    steps: list[_Step], held: list[Line], basket: list[Line], left: str, *, asks_sum: bool, region: str, folded: str
) -> Cart | None:
    named = [step for step in steps if step.item.said is not None]
    goes_on = bool(held) and _goes_on(steps, held, folded)
    if goes_on:
        if len(left) > (LEFT_BESIDE_SUM if asks_sum and len(named) else LEFT_BESIDE_EDIT):
            return None
        changed = _applied(steps, held)
        return Cart(tuple(changed.lines[:MOST_LINES]), True, asks_sum, region) if changed.has_changed else None
    things = [
        step for step in named if step.item.said is not None and step.item.said.is_thing and step.verb != "remove"
    ]
    if not things:
        return None
    is_counted = any(step.item.quantity is not None for step in things)
    several = len({_key(step.item) for step in things}) > 1
    if not is_counted and not several:
        return None
    if asks_sum and len(left) <= LEFT_BESIDE_SUM:
        return Cart(tuple(_applied(things, []).lines), False, True, region)
    is_clear = all(step.item.said is not None and len(step.item.said.goods) == 1 for step in things)
    if len(left) > LEFT_BESIDE_EDIT or not (is_counted or (is_clear and _WANTS.search(folded))):
        return None
    return Cart(tuple(_applied(things, basket if basket and is_counted else []).lines), bool(basket), asks_sum, region)


def _goes_on(steps: list[_Step], held: list[Line], folded: str) -> bool:
    """The words change what is there: by a verb, by a mere number, or by naming what is in it."""
    if not steps:
        return False
    first = steps[0]
    if first.item.said is None or not first.item.said.is_thing or first.is_explicit:
        return True
    if any(step.verb in ("swap", "remove", "less") for step in steps):
        return True
    return any(_place(held, step.item) is not None for step in steps)


def _held(folded: str, basket: Sequence[Line], focus: Sequence[Good], *, has_own: bool) -> list[Line]:
    """What the words go on from: the basket, or the goods spoken of since."""
    ids = {line.product_id for line in basket}
    if not focus or str(focus[0].id) in ids:
        return list(basket)
    takes_all = len(focus) > 1 and _ALL_OF_THEM.search(folded) is not None and not has_own
    chosen = focus if takes_all else focus[:1]
    return [Line(1, good.code or good.title, str(good.id), "", good.things) for good in chosen]


def _paired(folded: str, said: list[Said], counts: list[Count], ops: list[Op]) -> list[_Item]:
    """A number belongs to what stands right behind it, unless the clause begins with a thing: 「炉子一个锅一套」."""
    items: list[_Item] = []
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
                        _Item(each.start, each.end, each, after.quantity if after.is_each else None) for each in waiting
                    ]
                    items.append(_Item(one.start, after.end, one, after.quantity, after.is_each))
                    waiting, at = [], at + 2
                    continue
                waiting.append(one)
            elif isinstance(after, Said) and not comes_first and not _between(ops, one.end, after.start):
                items += [_Item(each.start, each.end, each, None) for each in waiting]
                items.append(_Item(one.start, after.end, after, one.quantity, one.is_each))
                waiting, at = [], at + 2
                continue
            else:
                items += [_Item(each.start, each.end, each, one.quantity if one.is_each else None) for each in waiting]
                if not (one.is_each and waiting):
                    items.append(_Item(one.start, one.end, None, one.quantity, one.is_each))
                waiting = []
            at += 1
        items += [_Item(each.start, each.end, each, None) for each in waiting]
    each_of = next((item.quantity for item in items if item.is_each), None)
    if each_of is not None:
        items = [item if item.quantity is not None else replace(item, quantity=each_of) for item in items]
    return sorted(items, key=lambda one: one.start)


def _clauses(folded: str, tokens: list[Any]) -> list[list[Any]]:
    ordered = sorted(tokens, key=lambda one: one.start)
    clauses: list[list[Any]] = []
    for one in ordered:
        if clauses and not _ENDS.search(folded[clauses[-1][-1].end : one.start]):
            clauses[-1].append(one)
        else:
            clauses.append([one])
    return clauses


def _steps(folded: str, items: list[_Item], ops: list[Op]) -> list[_Step]:
    """Each verb with what stands behind it, or before it where nothing does: 「不要椅子」, 「椅子不要了」, 「灯换成三盏」."""
    tokens: list[Any] = sorted([*items, *ops], key=lambda one: one.start)
    steps: list[_Step] = []
    verb: Verb = "set"
    is_explicit = False
    at = 0
    while at < len(tokens):
        one = tokens[at]
        after = tokens[at + 1] if at + 1 < len(tokens) and isinstance(tokens[at + 1], _Item) else None
        if isinstance(one, _Item):
            steps.append(_Step(verb, one, is_explicit=is_explicit))
            at += 1
            continue
        near = steps[-1].item if steps and len(folded[steps[-1].item.end : one.start].strip()) <= 2 else None
        before = near if near is not None and near.said is not None else None
        if one.verb == "add":
            verb, is_explicit = "add", True
            if after is not None and after.said is None and before is not None and steps[-1].item.quantity is None:
                steps[-1] = _Step("add", replace(after, said=before.said), is_explicit=True)
                at += 1
        elif one.verb == "swap" and after is not None:
            was = steps.pop().item if before is not None else None
            steps.append(_Step("swap", was or after, after, is_explicit=True))
            at += 1
        elif one.verb == "remove" and (before is not None or not folded.startswith("算了", one.start)):
            if before is not None and (after is None or folded[one.start - 1] not in " ,，"):
                steps[-1] = _Step("remove", before, is_explicit=True)
            elif after is not None:
                if after.said is not None:
                    steps.append(_Step("remove", after, is_explicit=True))
                at += 1
        elif one.verb in ("set", "less") and after is not None:
            if after.said is None and before is not None:
                after = replace(after, said=steps.pop().item.said)
            steps.append(_Step(one.verb, after, is_explicit=True))
            at += 1
        at += 1
    return steps


def _applied(steps: list[_Step], held: Sequence[Line]) -> _Basket:
    basket = _Basket(list(held))
    for step in steps:
        _apply(basket, step)
    return basket


def _apply(basket: _Basket, step: _Step) -> None:
    lines, item, was = basket.lines, step.item, list(basket.lines)
    place = _place(lines, item) if item.said is not None else (len(lines) - 1 if lines else None)
    if step.verb == "remove":
        if place is not None and len(lines) > 1:
            del lines[place]
    elif step.verb == "swap":
        _swap(lines, step)
    elif step.verb == "less":
        if place is not None and lines[place].quantity > (item.quantity or 1):
            lines[place] = replace(lines[place], quantity=lines[place].quantity - (item.quantity or 1))
    elif item.said is None:
        for at in range(len(lines)) if item.is_each else [place] if place is not None else []:
            more = lines[at].quantity if step.verb == "add" else 0
            lines[at] = replace(lines[at], quantity=more + (item.quantity or 1))
    elif place is None:
        lines.append(_line(item.said, item.quantity or 1))
    elif item.said.variant or not _is_same(lines[place], item.said):
        if step.verb == "add" or place in basket.varied:
            lines.append(_line(item.said, item.quantity or 1, instead_of=lines[place]))
        else:
            basket.varied.add(place)
            lines[place] = _line(item.said, item.quantity or lines[place].quantity, instead_of=lines[place])
    elif step.verb == "add":
        # What was only spoken of is not in the basket yet: 「跟炉子一起」.
        more = item.quantity or int(bool(lines[place].variant_id))
        lines[place] = replace(lines[place], quantity=lines[place].quantity + more)
    elif item.quantity is not None:
        lines[place] = replace(lines[place], quantity=item.quantity)
    # A number that it has already is said as well as changed: 「那就三把」.
    basket.has_changed |= lines != was or item.quantity is not None


def _swap(lines: list[Line], step: _Step) -> None:
    """The named line, the one of its kind, or the last becomes something else; a mere number is its new number."""
    new = step.other
    if new is None:
        return
    place = _place(lines, step.item) if step.item is not new else None
    if place is None and new.said is not None:
        place = _place(lines, new)
    if place is None:
        place = len(lines) - 1 if lines else None
    if place is None:
        return
    old = lines[place]
    if new.said is None:
        lines[place] = replace(old, quantity=new.quantity or old.quantity)
    else:
        lines[place] = _line(new.said, new.quantity or old.quantity, instead_of=old)


def _place(lines: Sequence[Line], item: _Item) -> int | None:
    """Which line the thing is: the same article, or else the last one of its kind."""
    said = item.said
    if said is None:
        return None
    ids = {str(good.id) for good in said.goods}
    same = [at for at, line in enumerate(lines) if line.product_id in ids]
    if same:
        return same[-1]
    kinds = _kinds_of(said.words) or frozenset(kind for good in said.goods for kind in good.things)
    alike = [at for at, line in enumerate(lines) if kinds & line.kinds]
    if alike:
        return alike[-1]
    return len(lines) - 1 if lines and not said.is_thing else None


def _is_same(line: Line, said: Said) -> bool:
    return not said.goods or not line.product_id or any(str(good.id) == line.product_id for good in said.goods)


def _line(said: Said, quantity: int, instead_of: Line | None = None) -> Line:
    """What is named so; a mere colour or size is one of what stood there."""
    kinds = _kinds_of(said.words)
    if len(said.goods) == 1:
        good = said.goods[0]
        return Line(quantity, good.code or good.title, str(good.id), "", good.things, said.variant)
    if not said.is_thing and instead_of is not None:
        if said.variant:
            return replace(instead_of, quantity=quantity, variant_id="", variant=said.variant)
        kind = max((one[2:] for one in instead_of.kinds), key=len, default="")
        return Line(quantity, f"{said.words}{kind}", kinds=instead_of.kinds)
    return Line(quantity, said.words, kinds=kinds)


def _kinds_of(words: str) -> frozenset[str]:
    return frozenset(read_need(words).tokens("t:"))


def _key(item: _Item) -> str:
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
