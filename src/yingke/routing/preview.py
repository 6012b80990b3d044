"""Who would get this now? The same judgement and choice as the real ones, changing nothing."""

from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.routing.groups import load_groups
from yingke.routing.hands import Choice, choose_hand, load_hands
from yingke.routing.judge import Facts, Judgement, judge
from yingke.routing.queue_rules import QueueRules, load_rules


@dataclass(frozen=True)
class Preview:
    """`ahead`: how many wait who would come first."""

    judged: Judgement
    choice: Choice
    ahead: int
    rules: QueueRules


async def preview(tx: Transaction, workspace_id: int, facts: Facts) -> Preview:
    """Raises 404 for a shop that is not ours."""
    if not await tx.fetchval("select 1 from shops where workspace_id = $1 and id = $2", workspace_id, facts.shop_id):
        raise not_found()
    rules = await load_rules(tx, workspace_id)
    groups = await load_groups(tx, workspace_id)
    judged = judge(facts, groups, rules)
    fallback = next((group for group in groups if group.is_fallback), None)
    choice = choose_hand(await load_hands(tx, workspace_id, rules), facts.shop_id, judged.group, fallback)
    ahead = await tx.fetchval(
        "select count(*) from conversations where workspace_id = $1 and status = 'open' and queued_at is not null"
        " and group_id is not distinct from $2 and ($2::bigint is not null or shop_id = $3)"
        " and queued_at - make_interval(mins => coalesce(priority, 0) * $4::int)"
        " <= now() - make_interval(mins => $5::int * $4::int)",
        workspace_id,
        judged.group.id if judged.group is not None else None,
        facts.shop_id,
        rules.step_minutes,
        judged.priority,
    )
    return Preview(judged, choice, int(ahead), rules)
