"""Which goods the talk is about: what was shown or quoted last."""

import re

from yingke.assistants.engine import Reply
from yingke.assistants.goods.shelf import Good
from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.finding.need import read_need
from yingke.commerce.words.cut import fold
from yingke.kit.expression import expression

_SEVERAL = expression(r"还是|和|跟|与|或|\bor\b|\band\b", re.IGNORECASE)
MOST_KEPT = 5
MOST_IN_FOCUS = 3
MOST_NAMED = 2
_SPOKEN = "spoken of"
"""A skill has said in this turn which goods it speaks of."""


def goods_in_focus(work: Work) -> list[Good]:
    """What 「它」, or no name at all, means; nothing where no goods were spoken of."""
    return work.shelf.get(work.talk.product_ids[: work.talk.in_focus]) if work.shelf is not None else []


def speak_of(work: Work, product_ids: list[str]) -> None:
    """The newest first; all of them were spoken of at once."""
    if product_ids:
        work.talk.product_ids = list(dict.fromkeys([*product_ids, *work.talk.product_ids]))[:MOST_KEPT]
        work.talk.in_focus = min(len(set(product_ids)), MOST_IN_FOCUS)
        work.read[_SPOKEN] = True


def keep_focus(work: Work, reply: Reply, before: list[str]) -> None:
    """An answer out of the knowledge speaks of goods as well: those that it names; or those that the customer named and
    heard nothing about. `before`: what was in focus when the turn began."""
    if work.shelf is None or _SPOKEN in work.read:
        return
    focus = goods_in_focus(work)
    text = work.text
    named = work.shelf.named(text, read_need(text), work.belt.session.shop_id or None, focus)
    if not reply.citations or (before and not named):
        speak_of(work, [str(good.id) for good in named] if len(named) <= MOST_NAMED else [])
        return
    if 1 < len(named) <= MOST_IN_FOCUS and _SEVERAL.search(work.text):
        speak_of(work, [str(good.id) for good in named])
        return
    said = fold(reply.text)
    places = [(said.find(good.called), good) for good in work.shelf.goods if good.called in said]
    first = [str(good.id) for _, good in sorted(places, key=lambda one: one[0])][:MOST_IN_FOCUS]
    if not first and len(named) == 1:
        # The document did not call it by its name; the customer did.
        first = [str(named[0].id)]
    if first and not any(one in work.talk.product_ids[: work.talk.in_focus] for one in first):
        speak_of(work, first)
