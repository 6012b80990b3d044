"""Whether the channel of a conversation lets us ask for contact details in words."""

from yingke.conversations.guarding.contact_policy import DEFAULTS, MayAsk
from yingke.kit.db import Transaction


async def may_ask(tx: Transaction, workspace_id: int, channel: str) -> MayAsk:
    """As the workspace chose for the channel, else as the product says; a channel without a rule: card."""
    chosen: MayAsk | None = await tx.fetchval(
        "select may_ask from contact_policies where workspace_id = $1 and channel = $2", workspace_id, channel
    )
    return policy_of(chosen, channel)


def policy_of(chosen: MayAsk | None, channel: str) -> MayAsk:
    """What holds where the workspace chose that, or nothing."""
    return chosen or DEFAULTS.get(channel, "card")
