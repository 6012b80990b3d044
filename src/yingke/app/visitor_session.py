"""`POST /v1/widget/sessions`: site key in, token and everything the panel needs to show out."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
from litestar import Request

from yingke.app.house import House
from yingke.app.mark_installed import mark_installed
from yingke.app.panel_shapes import PanelSettings, SessionAnswer
from yingke.app.visitor_socket import read_page
from yingke.contacts.open_session import Site, find_site, open_session
from yingke.contacts.record_visit import record_visit
from yingke.contacts.signed_identity import Claims, check_signature, read_identity_token
from yingke.contacts.visitor import Visitor, find_visitor
from yingke.conversations.open_conversation import find_open_conversation
from yingke.kit.client_address import client_address, rate_key
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, not_found
from yingke.kit.ids import show_id
from yingke.routing.modes import load_mode, mode_at
from yingke.workspaces.shop_defaults import default_privacy, people_privacy
from yingke.workspaces.shop_for_visitors import shop_for_visitors


class BareIdentity(msgspec.Struct):
    external_id: str
    signature: str


class SessionWish(msgspec.Struct):
    site_key: str
    visitor_token: str | None = None
    identity_token: str | None = None
    identity: BareIdentity | None = None
    page: dict[str, Any] | None = None
    language: str | None = None
    time_zone: str | None = None


async def begin_session(house: House, wish: SessionWish, request: Request[Any, Any, Any]) -> SessionAnswer:
    """Raises 404 (unknown site key), 403 (page on a domain that is not the shop's), 401 (bad signature), 429."""
    async with house.db.system() as tx:
        site = await find_site(tx, wish.site_key[:100])
    if site is None:
        raise not_found()
    check_domain(house, site, request)
    token = wish.visitor_token or ""
    known = await find_visitor(house.db, token)
    if known is not None and known.workspace_id != site.workspace_id:
        known = None
    if known is None:
        address = rate_key(client_address(request, house.settings))
        minute = house.settings.new_visitors_per_minute
        house.rates.check(f"new:{address}", rate=minute / 60, burst=max(minute, 10))
    page = read_page(wish.page)
    language = choose_language(wish.language, request)
    async with house.db.transaction(site.workspace_id) as tx:
        claims = await _claims(tx, house, site, wish)
        source = {**page, **_zone(wish.time_zone), "user_agent": request.headers.get("user-agent", "")[:300]}
        session = await open_session(tx, site, known, token, claims, wish.identity_token is not None, source, language)
        visitor = session.visitor
        if known is not None:
            await _keep_zone(tx, visitor, _zone(wish.time_zone))
        if page.get("url", "").startswith(("http://", "https://")):
            await record_visit(tx, visitor, page["url"], page.get("title", ""), page.get("referrer", ""))
        await mark_installed(tx, site, page.get("url", ""))
        conversation_id = await find_open_conversation(tx, site.workspace_id, visitor.identity_id)
        settings = await shop_for_visitors(tx, site.shop_id, language)
        await _show_people_only(tx, site, settings)
        version = settings["privacy"]["version"]
        settings["privacy"]["accepted"] = bool(
            await tx.fetchval(
                "select 1 from consents where workspace_id = $1 and identity_id = $2 and purpose = 'chat_notice'"
                " and version = $3",
                site.workspace_id,
                visitor.identity_id,
                version,
            )
        )
    settings["limits"] = {"max_chars": house.settings.max_message_chars, "max_file_mb": house.settings.max_file_mb}
    return SessionAnswer(
        session.token,
        show_id(visitor.contact_id),
        show_id(conversation_id) if conversation_id is not None else None,
        visitor.is_verified,
        msgspec.convert(settings, PanelSettings),
    )


def _zone(name: str | None) -> dict[str, str]:
    """The visitor's own time zone, as his browser names it; nothing for a name that no clock knows."""
    return {"time_zone": name} if name and len(name) <= 64 and name in _zones() else {}


async def _keep_zone(tx: Transaction, visitor: Visitor, zone: dict[str, str]) -> None:
    """Who comes back from another place is there now."""
    if zone:
        await tx.execute(
            "update identities set source = source || $3 where workspace_id = $1 and id = $2 and not source @> $3",
            visitor.workspace_id,
            visitor.identity_id,
            zone,
        )


async def _show_people_only(tx: Transaction, site: Site, settings: dict[str, Any]) -> None:
    """Where the assistant only helps people, no visitor is told that it answers; a merchant's own notice stays his."""
    mode = mode_at(await load_mode(tx, site.workspace_id, site.shop_id), await tx.fetchval("select now()"))
    if mode != "assistant_suggests":
        return
    settings["assistant"] = None
    name, language = settings["shop"]["name"], settings["language"]
    if settings["privacy"]["text"] == default_privacy(name)["text"][language]:
        people = people_privacy(name)
        settings["privacy"] |= {"text": people["text"][language], "version": people["version"]}


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def check_domain(house: House, site: Site, request: Request[Any, Any, Any]) -> None:
    """The widget speaks only from the shop's own domains, and from our full page."""
    origin = request.headers.get("origin")
    if not site.domains or origin is None:
        return
    host = (urlsplit(origin).hostname or "").lower()
    own = {request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")}
    own.add(urlsplit(house.settings.public_url).hostname or "")
    if host in own or any(host == domain or host.endswith("." + domain) for domain in site.domains):
        return
    raise Problem(
        403,
        "domain_not_allowed",
        "这个网站没有被允许使用此客服组件，请在店铺设置里添加域名。",
        "This site may not use the widget. Add its domain in the shop's settings.",
    )


async def _claims(tx: Transaction, house: House, site: Site, wish: SessionWish) -> Claims | None:
    if wish.identity_token is None and wish.identity is None:
        return None
    sealed = await tx.fetchval("select site_secret from shops where id = $1", site.shop_id)
    secret = house.secrets.open(sealed).decode()
    if wish.identity_token is not None:
        return read_identity_token(wish.identity_token, secret)
    assert wish.identity is not None
    return check_signature(wish.identity.external_id, wish.identity.signature, secret)


def choose_language(wished: str | None, request: Request[Any, Any, Any]) -> str:
    """zh-CN or en: the page's wish, else the browser's."""
    first = (wished or request.headers.get("accept-language") or "").split(",")[0].strip().lower()
    return "zh-CN" if not first or first.startswith("zh") else "en"
