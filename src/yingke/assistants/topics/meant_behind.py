"""The plain question that a few words stand for, by what was spoken of before them."""

import re
from collections.abc import Iterator

from yingke.assistants.engine import Question
from yingke.assistants.topics.families import Family, family_of
from yingke.commerce.finding.need import names_a_thing
from yingke.kit.expression import expression
from yingke.knowledge.concepts import find_asked, find_said, lexicon
from yingke.knowledge.entry import Entry
from yingke.knowledge.fold import fold
from yingke.knowledge.places import find_places
from yingke.knowledge.terms import codes
from yingke.knowledge.understand import Ask

LONGEST = 16
LATELY = 3
OF_FAULTS = ("missing", "broken", "wrong", "quality")
_FAULTS = frozenset(("warranty", "damage"))
ABOUT_ORDERS = ("order", "after_sales", "complaint", "payment")
_FEE = expression(
    r"(?:运|邮|快递|路|寄)费|(?:快递|寄回?|来回)[^，。]{0,3}钱|谁(?:来)?(?:出|掏|付|给|承担)|算谁|到付|收我?钱"
    r"|(?:我|自己|你们|店里)[^，。]{0,3}(?:出|掏|付|花|承担)|(?:出|掏|花)我?钱"
)
_SPECIAL = expression(r"专票|专用(?:的)?(?:发?票|增值)|要专的|抵[扣税]|能抵|可抵|进项|一般纳税人|增值税")
_OF_INVOICES = expression(r"(?<![车机门影股邮船])票|税|开")
_LONG_IN_USE = expression(r"[个半两几一二三四五六七八九十\d]\s*个?月|年|保修|质保")
_SMALL = re.compile(r"[那呢吗么的话到寄发往去要是如果换成咧嘛嘞\s?？]")
_HOW_LONG = expression(r"几天|多久|时候|加钱|运费|邮费|包邮")
_UNTIL_SENT, _UNTIL_THERE = "今天下单几号能发货", "快递几天能到"
"""When it is sent is the same for every place; when it comes is not."""
_ALSO = expression(r"也(?:是|能|可以|行|算|一样|这样|支持|参加|包)|这种|这类|那种|算(?:不算)?在|一样吗")


def meant_behind(question: Question, ask: Ask, entry: Entry | None) -> str:
    """Empty where the words stand alone. `entry`: the passage that the answer before quoted first."""
    text = fold(ask.text.strip())
    if _SPECIAL.search(text) and _OF_INVOICES.search(text):
        return "可以开专票吗"
    if len(text) > LONGEST or codes(text) or not question.history:
        return ""
    if _FEE.search(text) and (told := _fault(question, entry)) is not None:
        return "保修期内维修更换的运费谁承担" if _LONG_IN_USE.search(told) else "质量问题包退包换来回运费谁承担"
    if (
        (places := find_places(text))
        and _HOW_LONG.search(text) is None
        and (plain := _of_place(question, text.replace(places[0].name, "")))
    ):
        return plain
    is_thing = names_a_thing(text)
    if is_thing and not _ALSO.search(text):
        return ""
    for family in _spoken_of(question, entry):
        if plain := family.meant(text):
            return plain
    before = _asked_before(question)
    return f"{text} {before[0]}" if is_thing and entry is not None and before else ""


def _spoken_of(question: Question, entry: Entry | None) -> Iterator[Family]:
    """Of the passage quoted last, of what is wanted of an order, of the questions before; the order shown last is none."""
    names = lexicon().names
    talk = question.talk
    is_of_order = talk.get("skill") in ABOUT_ORDERS
    if entry is not None:
        heading = entry.search_text.partition("\n")[0] if entry.kind == "qa" else entry.heading.split(" › ")[-1]
        said = {names[at] for at in find_said(fold(heading))} | ({"points"} if "积分" in heading else set())
        if (family := family_of(said)) is not None:
            yield family
    elif is_of_order and talk.get("order_number"):
        return
    if is_of_order and (family := family_of((), str(talk.get("wish", "")))) is not None:
        yield family
    for text in _asked_before(question):
        if (family := family_of({names[at] for at in find_asked(text)})) is not None:
            yield family


def _asked_before(question: Question) -> list[str]:
    """What the customer said lately, the last first."""
    return [fold(said.text) for said in reversed(question.history) if said.author == "contact"][:LATELY]


def _of_place(question: Question, rest: str) -> str:
    """For another place what was asked of sending before: 「拉萨呢」."""
    shipping = family_of(("shipping_fee",))
    if shipping is None or _SMALL.sub("", rest):
        return ""
    plain = next(filter(None, map(shipping.meant, _asked_before(question))), "")
    return _UNTIL_THERE if plain == _UNTIL_SENT else plain


def _fault(question: Question, entry: Entry | None) -> str | None:
    """What was told or asked of a fault of something bought; None where nothing was said of one lately."""
    heading = fold(entry.heading.split(" › ")[-1]) if entry is not None else ""
    if heading and {lexicon().names[at] for at in find_said(heading)} & _FAULTS:
        return heading
    collected = question.talk.get("collected") or {}
    if collected.get("matter") in OF_FAULTS and question.talk.get("skill") in ABOUT_ORDERS:
        return str(collected.get("said", ""))
    names = lexicon().names
    return next(
        (text for text in _asked_before(question)[:2] if _FAULTS & {names[at] for at in find_asked(text)}), None
    )
