"""The session cookie: which name and marks it gets, depending on how the browser reached us."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from yingke.kit.errors import Problem
from yingke.kit.settings import Settings

Connection = ASGIConnection[Any, Any, Any, Any]

SAFE_COOKIE = "__Host-yingke"
PLAIN_COOKIE = "yingke_session"
DAYS = 30


def is_insecure(connection: Connection, settings: Settings) -> bool:
    """True over plain http beyond this machine. Browsers treat loopback as secure and keep `__Host-` cookies there."""
    url = connection.url
    if url.scheme in ("https", "wss") or is_loopback(url.hostname or ""):
        return False
    public = urlsplit(settings.public_url)
    return not (public.scheme == "https" and public.netloc == connection.headers.get("host", ""))


def make_cookie(connection: Connection, settings: Settings, token: str) -> Cookie:
    """Raises the 403 Problem where a browser would have to send the session in clear and nobody allowed it."""
    insecure = is_insecure(connection, settings)
    if insecure and not settings.allow_http:
        raise Problem(
            403,
            "https_needed",
            "为保护登录，请用 https 打开；若只在内网试用，可设置 YINGKE_ALLOW_HTTP=1 后重启。",
            "To protect the sign-in, open this over https; on a private network set YINGKE_ALLOW_HTTP=1 and restart.",
        )
    return Cookie(
        key=PLAIN_COOKIE if insecure else SAFE_COOKIE,
        value=token,
        path="/",
        max_age=DAYS * 86400,
        secure=not insecure,
        httponly=True,
        samesite="lax",
    )


def end_cookie(connection: Connection, settings: Settings) -> Cookie:
    """Takes the cookie out of the browser."""
    insecure = is_insecure(connection, settings)
    return Cookie(
        key=PLAIN_COOKIE if insecure else SAFE_COOKIE,
        value="",
        path="/",
        max_age=0,
        secure=not insecure,
        httponly=True,
        samesite="lax",
    )


def read_cookie(connection: Connection, settings: Settings) -> str | None:
    """The session token, or None. The plain cookie counts only where plain http is allowed."""
    token = connection.cookies.get(SAFE_COOKIE)
    if token is None and settings.allow_http:
        token = connection.cookies.get(PLAIN_COOKIE)
    return token or None


def is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
