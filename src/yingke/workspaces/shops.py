"""Reads shops the way screens show them."""

from typing import Any

import msgspec

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import show_id
from yingke.kit.settings import Settings
from yingke.workspaces.shop_shapes import Hours, Lists, Look, Privacy, ShopAssistant, ShopView, Words

_SELECT = (
    "select s.id, s.name, s.site_key, s.domains, s.languages, s.greeting, s.suggested_questions, s.privacy, s.look,"
    " s.hours, s.assistant, s.reopen_hours, s.all_agents, s.installed_at, s.installed_url, s.created_at,"
    " array(select x.agent_id from shop_agents x where x.workspace_id = s.workspace_id and x.shop_id = s.id"
    " order by x.agent_id) as agent_ids from shops s where s.archived_at is null"
)


async def get_shop(tx: Transaction, settings: Settings, shop_id: int) -> ShopView:
    """Raises 404, also for an archived shop."""
    row = await tx.fetchrow(_SELECT + " and s.id = $1", shop_id)
    if row is None:
        raise not_found()
    return _view(row, settings)


async def list_shops(tx: Transaction, settings: Settings) -> list[ShopView]:
    rows = await tx.fetch(_SELECT + " order by s.id limit 500")
    return [_view(row, settings) for row in rows]


def public_url(settings: Settings) -> str:
    """How browsers reach this installation, without a slash at the end."""
    return (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")


def _view(row: Any, settings: Settings) -> ShopView:
    base = public_url(settings)
    return ShopView(
        id=show_id(row["id"]),
        name=row["name"],
        site_key=row["site_key"],
        domains=row["domains"],
        languages=row["languages"],
        greeting=_read(row["greeting"], Words),
        suggested_questions=_read(row["suggested_questions"], Lists),
        privacy=_read(row["privacy"], Privacy),
        look=_read(row["look"], Look),
        hours=_read(row["hours"], Hours),
        assistant=_read(row["assistant"], ShopAssistant),
        reopen_hours=row["reopen_hours"],
        all_agents=row["all_agents"],
        agent_ids=[show_id(agent_id) for agent_id in row["agent_ids"]],
        installed_at=row["installed_at"],
        installed_url=row["installed_url"],
        snippet=f'<script async src="{base}/widget.js?key={row["site_key"]}" data-key="{row["site_key"]}"></script>',
        chat_url=f"{base}/chat/{row['site_key']}",
        created_at=row["created_at"],
    )


def _read(value: Any, shape: Any) -> Any:
    return msgspec.convert(value or {}, shape, strict=False)
