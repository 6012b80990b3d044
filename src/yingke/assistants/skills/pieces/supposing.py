"""Whether a few words tell what happened or is wanted, or only suppose it: 「坏了」, 「坏了呢」."""

from yingke.assistants.skills.pieces.money_wishes import money_wish
from yingke.assistants.skills.pieces.problems import matter_of
from yingke.assistants.skills.pieces.wishes import order_wish
from yingke.assistants.topics.rule_behind import tells_use
from yingke.commerce.order_numbers import find_order_numbers
from yingke.kit.expression import expression

_SUPPOSES = expression(
    r"[呢嘞咧么吗嘛?？]\s*$|[不没吧]\s*[?？]?\s*$|的话|要是|如果|假如|万一|谁|多久|几[天号时点]|怎么|咋|哪|时候"
)


def tells_of_own(text: str) -> bool:
    """Something is to be done about an order of his, or went wrong with it."""
    if find_order_numbers(text):
        return True
    if order_wish(text) is not None and tells_use(text):
        return True
    if _SUPPOSES.search(text):
        return False
    return order_wish(text) is not None or matter_of(text) is not None or money_wish(text) is not None
