"""Opens a shop: its keys, its words, and its website account."""

import secrets as random
from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets, token
from yingke.workspaces.shop_defaults import (
    default_assistant,
    default_greeting,
    default_look,
    default_privacy,
    default_questions,
)


@dataclass(frozen=True)
class NewShop:
    shop_id: int
    channel_account_id: int
    site_key: str
    site_secret: str


async def create_shop(tx: Transaction, secrets: Secrets, workspace_id: int, name: str) -> NewShop:
    """A shop with default words in both languages. The site key is public, the secret is shown this once."""
    site_key, site_secret = "site_" + random.token_hex(12), token("yss_")
    shop_id = await tx.fetchval(
        "insert into shops (workspace_id, name, site_key, site_secret, greeting, suggested_questions, privacy, look,"
        " assistant) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        workspace_id,
        name,
        site_key,
        secrets.seal(site_secret),
        default_greeting(name),
        default_questions(),
        default_privacy(name),
        default_look(),
        default_assistant(name),
    )
    account_id = await tx.fetchval(
        "insert into channel_accounts (workspace_id, shop_id, channel, name) values ($1, $2, 'website', $3)"
        " returning id",
        workspace_id,
        shop_id,
        name,
    )
    await record_event(tx, workspace_id, "shop_updated", {"shop_id": show_id(shop_id)})
    return NewShop(shop_id, account_id, site_key, site_secret)
