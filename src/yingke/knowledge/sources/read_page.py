"""What a page says: its title, its main part, and where it leads."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from yingke.knowledge.decode import decode
from yingke.knowledge.sources.addresses import is_same_site, may_hold_text, plain_url

LEAST_TEXT = 20
MOST_LINKS = 1000
LARGEST_MAIN = 400_000
REPEATED_SHARE = 0.5
LEAST_PAGES = 3
"""A block on at least half of the pages, and on three of them, is furniture of the site."""
_DROPPED = [
    "script", "style", "noscript", "template", "svg", "iframe", "form", "button", "input", "select", "canvas", "video",
    "audio", "nav", "footer", "aside",
]  # fmt: skip
_FURNITURE = (
    "[role=navigation],[role=banner],[role=contentinfo],[role=search],[role=dialog],[aria-hidden=true],[hidden],"
    ".breadcrumb,.breadcrumbs,.cookie,.cookies,.cookie-banner,.pagination,.sidebar"
)
_BLOCKS = "h1,h2,h3,h4,h5,h6,p,li,td,th,dt,dd,div,section,header,blockquote,pre,figcaption"
_INNER = "h1,h2,h3,h4,h5,h6,p,li,td,th,dt,dd,div,section,blockquote,pre,table,ul,ol,article"
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[-–—|_·»]\s+|\s*[|｜]\s*")


@dataclass(frozen=True, slots=True)
class Page:
    """`main` is HTML of the readable part, `links` lead to pages of the same site."""

    url: str
    title: str
    main: str
    links: tuple[str, ...]
    is_indexed: bool
    """False when the page asks not to be taken in (meta robots noindex)."""
    follows: bool


def read_page(url: str, body: bytes, content_type: str) -> Page:
    """About 10 ms for a long page; call it off the event loop. `url` becomes the canonical address of the same site."""
    tree = LexborHTMLParser(_text(body, content_type))
    title = _title(tree)
    address = _canonical(tree, url)
    robots = " ".join(
        _attribute(node, "content") for node in tree.css("meta[name=robots],meta[name=YingkeBot]")
    ).lower()
    base = _attribute(tree.css_first("base[href]"), "href")
    links = _links(tree, plain_url(base, url) or url)
    tree.strip_tags(_DROPPED)
    for node in tree.css(_FURNITURE):
        node.decompose()
    main = _main(tree)
    blocked = "none" in robots.replace(",", " ").split()
    html = (main.html or "")[:LARGEST_MAIN] if main is not None else ""
    return Page(
        address, title, html, links, not blocked and "noindex" not in robots, not blocked and "nofollow" not in robots
    )


def repeated_blocks(pages: Sequence[Page]) -> frozenset[str]:
    """Texts of blocks that stand on so many pages that they belong to the site and not to a page."""
    if len(pages) < LEAST_PAGES:
        return frozenset()
    counted: Counter[str] = Counter()
    for page in pages:
        counted.update({_words(node) for node in _leaves(LexborHTMLParser(page.main))})
    least = max(LEAST_PAGES, round(len(pages) * REPEATED_SHARE))
    return frozenset(text for text, times in counted.items() if text and times >= least)


def shared_name(pages: Sequence[Page]) -> str:
    """What the titles of most pages end with, such as the shop's name; empty when they do not."""
    ends = Counter(parts[-1] for page in pages if len(parts := _SEPARATOR.split(page.title)) > 1)
    end, times = ends.most_common(1)[0] if ends else ("", 0)
    return end if times >= max(LEAST_PAGES, len(pages) * REPEATED_SHARE) else ""


def clean_page(page: Page, repeated: frozenset[str], name: str) -> tuple[str, bytes] | None:
    """(title, HTML to learn from) without what is repeated; None when next to nothing is left."""
    tree = LexborHTMLParser(page.main)
    for node in list(_leaves(tree)):
        if _words(node) in repeated:
            node.decompose()
    body = tree.body
    if body is None or len(_words(body)) < LEAST_TEXT:
        return None
    parts = _SEPARATOR.split(page.title)
    title = " - ".join(parts[:-1]) if name and len(parts) > 1 and parts[-1] == name else page.title
    head = f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    return title, f"{head}{body.html}</html>".encode("utf-8", "replace")


def _leaves(tree: LexborHTMLParser) -> Iterable[LexborNode]:
    """Blocks without blocks inside."""
    for node in tree.css(_BLOCKS):
        if node.css_first(_INNER) is None or all(child.mem_id == node.mem_id for child in node.css(_INNER)):
            yield node


def _main(tree: LexborHTMLParser) -> LexborNode | None:
    """The part that the page itself calls its main one, unless that is a small part of what it says."""
    body = tree.body
    if body is None:
        return None
    whole = len(_words(body))
    for selector in ("main", "[role=main]", "article", "#content", ".content"):
        found = tree.css(selector)
        if len(found) == 1 and len(_words(found[0])) >= max(LEAST_TEXT, whole * 0.3):
            return found[0]
    return body


def _links(tree: LexborHTMLParser, base: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in tree.css("a[href]"):
        if "nofollow" in _attribute(node, "rel").lower():
            continue
        url = plain_url(_attribute(node, "href"), base)
        if url is not None and is_same_site(url, base) and may_hold_text(url):
            found[url] = None
        if len(found) >= MOST_LINKS:
            break
    return tuple(found)


def _canonical(tree: LexborHTMLParser, url: str) -> str:
    """Only within the site: a page must not pass itself off as another one's."""
    wished = plain_url(_attribute(tree.css_first("link[rel=canonical]"), "href"), url)
    return wished if wished is not None and is_same_site(wished, url) else url


def _title(tree: LexborHTMLParser) -> str:
    for selector in ("title", "h1"):
        node = tree.css_first(selector)
        if node is not None and (text := _words(node)):
            return text[:150]
    return ""


def _attribute(node: LexborNode | None, name: str) -> str:
    return (node.attributes.get(name) or "") if node is not None else ""


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _text(body: bytes, content_type: str) -> str:
    """By the charset that the server or the page names, else as the bytes look."""
    named = re.search(r"charset\s*=\s*[\"']?([\w-]{2,20})", content_type, re.IGNORECASE)
    meta = _META.search(body[:4096])
    for charset in (named[1] if named else None, meta[1].decode() if meta else None):
        if charset is None:
            continue
        try:
            return body.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return decode(body)
