"""Rules that never get their turn, because one above them always holds when they do."""

from collections.abc import Sequence

from yingke.routing.rules.rule import Rule


def find_hidden(rules: Sequence[Rule]) -> dict[str, str]:
    """Id of the hidden rule → id of the one above. Sure cases only: whatever holds for the lower one holds above."""
    hidden: dict[str, str] = {}
    for place, rule in enumerate(rules):
        if not rule.is_on:
            continue
        above = next((one for one in rules[:place] if one.is_on and _covers(one, rule)), None)
        if above is not None:
            hidden[rule.id] = above.id
    return hidden


def _covers(above: Rule, rule: Rule) -> bool:
    if above.starts_at is not None or above.ends_at is not None or above.needs_answer > rule.needs_answer:
        return False
    theirs, ours = list(above.conditions), list(rule.conditions)
    if rule.match == "all":
        if above.match == "all":
            return all(one in ours for one in theirs)
        return any(one in ours for one in theirs)
    return above.match == "any" and all(one in theirs for one in ours)
