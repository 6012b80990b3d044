"""The install step turns green when the merchant's own site asks for the widget for the first time."""

from urllib.parse import urlsplit

from yingke.contacts.open_session import Site
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id

OWN_PAGES = ("/chat/", "/frame/", "/demo", "/app/setup", "/app/demo")
LONGEST_URL = 500


async def mark_installed(tx: Transaction, site: Site, url: str) -> None:
    """`url`: the page, or only its origin. Our own pages do not count; later pages change nothing."""
    if not url.startswith(("http://", "https://")) or urlsplit(url).path.startswith(OWN_PAGES):
        return
    seen = await tx.fetchval(
        "update shops set installed_at = now(), installed_url = $2 where id = $1 and installed_at is null returning id",
        site.shop_id,
        url[:LONGEST_URL],
    )
    if seen is not None:
        data = {"shop_id": show_id(site.shop_id), "url": url[:LONGEST_URL]}
        await record_event(tx, site.workspace_id, "shop_installed", data)
