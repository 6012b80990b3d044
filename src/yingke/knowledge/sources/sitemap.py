"""Reads sitemaps (sitemaps.org), their indexes, and gzipped ones; never more than fits."""

import html
import re
import zlib

from yingke.kit.errors import Problem
from yingke.knowledge.sources.addresses import is_same_site, may_hold_text, plain_url
from yingke.knowledge.sources.fetch_page import Door

LARGEST_SITEMAP = 10_000_000
LARGEST_UNPACKED = 50_000_000
MOST_SITEMAPS = 50
# Read by expression and not by an XML parser: entities and document types mean nothing here, so no bomb goes off.
_LOC = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,2000})")
_IS_INDEX = re.compile(r"<(?:\w+:)?sitemapindex[\s>]")


class BadSitemap(Problem):
    """What stands at the address is no sitemap."""

    def __init__(self) -> None:
        super().__init__(
            422,
            "bad_sitemap",
            "这个网址上没有可用的站点地图（sitemap）。请检查网址，或改用「整个网站」的方式添加。",
            "There is no usable sitemap at this address. Check it, or add the whole site instead.",
        )


async def read_sitemap(door: Door, url: str, most: int) -> list[str]:
    """Up to `most` addresses of the same site, in order. Raises BadSitemap and what `Door.fetch` raises."""
    waiting, read = [url], set[str]()
    found: dict[str, None] = {}
    while waiting and len(read) < MOST_SITEMAPS and len(found) < most:
        at = waiting.pop(0)
        if at in read:
            continue
        read.add(at)
        text = await _text(door, at, url)
        if text is None:
            if at == url:
                raise BadSitemap
            continue
        places = [plain_url(html.unescape(place), at) for place in _LOC.findall(text)]
        ours = [place for place in places if place is not None and is_same_site(place, url)]
        if _IS_INDEX.search(text):
            waiting += ours
        else:
            found |= dict.fromkeys(place for place in ours if may_hold_text(place))
    if not found:
        raise BadSitemap
    return list(found)[:most]


async def _text(door: Door, at: str, home: str) -> str | None:
    """None for anything but a sitemap."""
    fetched = await door.fetch(at, max_bytes=LARGEST_SITEMAP, home=home)
    if fetched.reply.status != 200:
        return None
    body = fetched.reply.body
    if body[:2] == b"\x1f\x8b":
        unpacked = _unpacked(body)
        if unpacked is None:
            return None
        body = unpacked
    text = body.decode("utf-8", "replace")
    return text if "<" in text and _LOC.search(text) else None


def _unpacked(body: bytes) -> bytes | None:
    """At most 50 MB of a gzip file; None when it is damaged or holds more."""
    unpacker = zlib.decompressobj(31)
    try:
        content = unpacker.decompress(body, LARGEST_UNPACKED)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail else content
