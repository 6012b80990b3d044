"""What is in a basket, and what one step of a message does to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yingke.assistants.skills.pieces.cart_words import Verb
from yingke.assistants.skills.pieces.goods_said import Said
from yingke.commerce.finding.need import read_need


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
class Item:
    """A thing, a number, or a thing with its number."""

    start: int
    end: int
    said: Said | None
    quantity: int | None
    is_each: bool = False


@dataclass(slots=True)
class Step:
    verb: Verb
    item: Item
    other: Item | None = None
    """What a swap puts in the place of the item."""
    is_explicit: bool = False


@dataclass(slots=True)
class Basket:
    lines: list[Line] = field(default_factory=list)
    has_changed: bool = False
    varied: set[int] = field(default_factory=set)
    """Lines whose size or colour this message has told."""
    held: int = 0
    """How many lines there were before this message: what it adds itself is not changed by what it names next."""
    gone: Line | None = None
    """Taken out as the only one: it goes when something else comes."""


def applied(steps: list[Step], held: Sequence[Line]) -> Basket:
    basket = Basket(list(held), held=len(held))
    for step in steps:
        _apply(basket, step)
    if basket.gone in basket.lines and len(basket.lines) > 1:
        basket.lines.remove(basket.gone)
    return basket


def _apply(basket: Basket, step: Step) -> None:
    lines, item, was = basket.lines, step.item, list(basket.lines)
    place = place_of(lines, item, basket.held) if item.said is not None else (len(lines) - 1 if lines else None)
    if step.verb == "remove":
        if place is not None and len(lines) > 1:
            del lines[place]
        elif place is not None:
            basket.gone = lines[place]
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
        if item.said.variant:
            basket.varied.add(len(lines) - 1)
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


def _swap(lines: list[Line], step: Step) -> None:
    """The named line, the one of its kind, or the last becomes something else; a mere number is its new number."""
    new = step.other
    if new is None:
        return
    place = place_of(lines, step.item) if step.item is not new else None
    if place is None and new.said is not None:
        place = place_of(lines, new)
    if place is None:
        place = len(lines) - 1 if lines else None
    if place is None:
        return
    old = lines[place]
    if new.said is None:
        lines[place] = replace(old, quantity=new.quantity or old.quantity)
    else:
        lines[place] = _line(new.said, new.quantity or old.quantity, instead_of=old)


def place_of(lines: Sequence[Line], item: Item, held: int | None = None) -> int | None:
    """Which line the thing is: the same article, or else the last one of its kind."""
    said = item.said
    if said is None:
        return None
    ids = {str(good.id) for good in said.goods}
    same = [at for at, line in enumerate(lines) if line.product_id in ids]
    if same:
        return same[-1]
    kinds = kinds_of(said.words) or frozenset(kind for good in said.goods for kind in good.things)
    alike = [at for at, line in enumerate(lines[:held]) if kinds & line.kinds]
    if alike:
        return alike[-1]
    return len(lines) - 1 if lines and not said.is_thing else None


def _is_same(line: Line, said: Said) -> bool:
    return not said.goods or not line.product_id or any(str(good.id) == line.product_id for good in said.goods)


def _line(said: Said, quantity: int, instead_of: Line | None = None) -> Line:
    """What is named so; a mere colour or size is one of what stood there."""
    kinds = kinds_of(said.words)
    if len(said.goods) == 1:
        good = said.goods[0]
        return Line(quantity, good.code or good.title, str(good.id), "", good.things, said.variant)
    if not said.is_thing and instead_of is not None:
        if said.variant:
            return replace(instead_of, quantity=quantity, variant_id="", variant=said.variant)
        kind = max((one[2:] for one in instead_of.kinds), key=len, default="")
        return Line(quantity, f"{said.words}{kind}", kinds=instead_of.kinds)
    return Line(quantity, said.words, kinds=kinds)


def kinds_of(words: str) -> frozenset[str]:
    return frozenset(read_need(words).tokens("t:"))
