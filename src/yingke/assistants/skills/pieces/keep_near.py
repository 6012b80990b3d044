"""Which of the goods that lie near a need are shown."""

from collections.abc import Sequence

from yingke.assistants.goods.shelf import Good, Near
from yingke.commerce.finding.need import Need

MOST_SHOWN = 3
MANY_PEOPLE = 3
BESIDE_BEST = 0.75
"""What is offered beside the best is at least this near, as a share."""


def keep_near(near: Sequence[Near], need: Need, for_that: frozenset[str], degrees: float | None) -> list[Good]:
    """What is shown of what lies near: what it is wanted for is a condition, not a hint."""
    kept = [one.good for one in near if one.score >= near[0].score * BESIDE_BEST]
    kinds = set(need.tokens("t:")) & {kind for one in near for kind in one.good.things}
    if kinds:
        kept = [one.good for one in near if kinds & one.good.things]
    elif for_that:
        kept = [one.good for one in near if for_that & one.good.things]
        count = max((int(token[2:]) for token in need.tokens("p:")), default=0)
        if count >= MANY_PEOPLE and not any(good.people for good in kept):
            # So many are asked about what tells for how many it is.
            kept = [one.good for one in near if one.good.people >= count] or kept
    if degrees is not None:
        kept.sort(key=lambda good: good.degrees is not None and good.degrees > degrees)
        if all(good.degrees is None or good.degrees > degrees for good in kept):
            kept.sort(key=lambda good: good.degrees if good.degrees is not None else degrees)
    traits = set(need.tokens("q:"))
    kept = sorted(kept, key=lambda good: -len(traits & good.tokens))
    return large_enough(kept, need)[:MOST_SHOWN]


def large_enough(goods: list[Good], need: Need) -> list[Good]:
    """Of those that tell for how many they are what is for as many, where anything is; else the largest first."""
    count = max((int(token[2:]) for token in need.tokens("p:")), default=0)
    told = [good for good in goods if good.people]
    if not count or not told:
        return goods
    fitting = [good for good in goods if not good.people or good.people >= count]
    return fitting if any(good in fitting for good in told) else sorted(goods, key=lambda good: -good.people)
