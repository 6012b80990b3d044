"""What a browser may send from where: no writes from foreign pages, no JSON dressed as plain text."""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from yingke.kit.errors import Problem
from yingke.kit.settings import Settings

Connection = ASGIConnection[Any, Any, Any, Any]

READING = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_TYPES = frozenset({"application/json", "multipart/form-data", "application/octet-stream"})


def check_origin(connection: Connection, settings: Settings) -> None:
    """Raises the 403 Problem when a page of another origin speaks with the agent's cookie. Also for WebSockets.

    Programs send neither header and pass; what they may do is decided by their key.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        if connection.headers.get("sec-fetch-site", "none") in ("cross-site", "same-site"):
            raise foreign_origin()
        return
    public = urlsplit(settings.public_url)
    allowed = {connection.headers.get("host", "").lower()} | ({public.netloc.lower()} if public.netloc else set())
    try:
        parts = urlsplit(origin)
    except ValueError as error:
        raise foreign_origin() from error
    if parts.scheme not in ("http", "https") or parts.netloc.lower() not in allowed:
        raise foreign_origin()


def check_body_type(connection: Connection) -> None:
    """Raises the 415 Problem for a body that a plain HTML form could have sent across origins."""
    headers = connection.headers
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in BODY_TYPES:
        raise Problem(
            415,
            "unsupported_media_type",
            "请求内容须为 application/json。",
            "The body must be application/json.",
        )


def foreign_origin() -> Problem:
    return Problem(
        403, "foreign_origin", "请求来自其他网站，已拒绝。", "The request came from another site and was refused."
    )
