"""One sentence that may hold two wishes: 「椅子想退，顺便问问桌子有没有货」, 「发货没，没发的话改个地址」."""

from typing import NamedTuple

from yingke.commerce.order_numbers import find_order_numbers
from yingke.kit.expression import expression

SHORTEST = 3
SURE = 0.9
LOOKS_UP, COMPLAINT = "order", "complaint"
_BY_THE_WAY = expression(
    r"[,，。；\s]*(?:顺便(?:问|再问|看|帮)?[一下问]*|顺带(?:问|再问)?[一下问嘴]*|另外(?:再)?(?:问)?[一下]*|对了|还想问(?:一?下)?|再问(?:一?下)?)[,，\s]*"
)


class Halves(NamedTuple):
    """`is_plain`: nothing but a comma or a gap stands between them, and they may as well be one wish."""

    first: str
    second: str
    is_plain: bool


def halves_of(text: str) -> Halves | None:
    """None where it is one; a number of an order and what is wanted of it are."""
    first, joint, second = _BY_THE_WAY.sub("\n", text, count=1).partition("\n")
    is_plain = not joint
    if is_plain:
        first, _, second = text.replace("，", " ").partition(" ")
    if min(len(first), len(second)) < SHORTEST or (is_plain and find_order_numbers(text)):
        return None
    return Halves(first, second, is_plain)


def are_wishes(takers: tuple[str, str], least: float) -> bool:
    """Both halves, by the names of who takes them and how surely at `least`, are wishes, and one only looks an order up."""
    return takers[0] != takers[1] and LOOKS_UP in takers and COMPLAINT not in takers and least >= SURE
