"""Which of several goods is at one end of a scale: the cheaper, the lighter, the larger."""

import re
from collections.abc import Sequence

from yingke.assistants.goods.aspects import known_aspects
from yingke.assistants.goods.shelf import Good

_IN_TITLE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[寸升斤片键])")
"""20000mah, 50g: how large it is, where its name says so."""


def by_price(goods: Sequence[Good], end: str) -> Good | None:
    """`end`: 便宜 or 贵."""
    priced = sorted((good for good in goods if good.price_minor), key=lambda good: good.price_minor)
    return (priced[0] if end.startswith("便") else priced[-1]) if len(priced) > 1 else None


def by_figure(end: str, near: Sequence[Good]) -> Good | None:
    """By what the shop writes of each; for 大 and 小 rather by for how many people it is."""
    people = [good.people for good in near if good.people]
    if end in ("大", "小") and len(people) == len(near) and len(set(people)) > 1:
        return (max if end == "大" else min)(near, key=lambda one: one.people)
    for aspect in known_aspects():
        wants_less = aspect.less is not None and aspect.less.search(end) is not None
        wants_more = aspect.more is not None and aspect.more.search(end) is not None
        if wants_less == wants_more:
            continue
        told = [(value, good) for good in near if (value := good.figure(aspect)) is not None]
        if len(told) == len(near) and len({value for value, _ in told}) > 1:
            return (min if wants_less else max)(told, key=lambda one: one[0])[1]
    if end in ("大", "小"):
        named = [(float(match[1]), match[2], good) for good in near if (match := _IN_TITLE.search(good.called))]
        if len(named) == len(near) and len({unit for _, unit, _ in named}) == 1 and len({one[0] for one in named}) > 1:
            return (max if end == "大" else min)(named, key=lambda one: one[0])[2]
    return None
