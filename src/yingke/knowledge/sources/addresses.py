"""Addresses of pages: one spelling each, and which of them belong to a source."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

LONGEST_URL = 2000
MOST_PARAMETERS = 3
_TRACKING = re.compile(r"^(?:utm_\w+|gclid|fbclid|spm|from|ref|session\w*|sid|phpsessid)$", re.IGNORECASE)
# What a link may lead to that holds no text to learn.
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|xml|rss|atom|woff2?|ttf|eot|mp[34]|m4[av]|mov|avi|webm|wav|"
    r"zip|rar|7z|gz|tar|exe|dmg|apk|iso|msi)$",
    re.IGNORECASE,
)


def plain_url(url: str, base: str = "") -> str | None:
    """Absolute http(s), without fragment and tracking, lower-case host; None for anything else."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[parts.scheme]:
        place = f"{place}:{port}"
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.match(name)]
    plain = urlunsplit((parts.scheme, place, parts.path or "/", urlencode(kept), ""))
    return plain if len(plain) <= LONGEST_URL and plain.isprintable() else None


def is_same_site(one: str, other: str) -> bool:
    """The same host and port; `www.` in front and http or https make no difference."""
    return _site(one) == _site(other)


def may_hold_text(url: str) -> bool:
    """False for pictures, archives and the like, and for addresses that only count up parameters."""
    parts = urlsplit(url)
    return not _ASSET.search(parts.path) and len(parse_qsl(parts.query, True)) <= MOST_PARAMETERS


def _site(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.port
