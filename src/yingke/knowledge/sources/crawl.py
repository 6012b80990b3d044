"""Walks over the pages of a source: politely, on one site, no further than was asked."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yingke.kit.errors import Problem
from yingke.knowledge.sources.addresses import may_hold_text
from yingke.knowledge.sources.fetch_page import Door, Fetched
from yingke.knowledge.sources.read_page import Page, read_page
from yingke.knowledge.sources.robots import NotAllowed, Robots, read_robots
from yingke.knowledge.sources.sitemap import read_sitemap

POLITE_SECONDS = 0.5
LONGEST_RUN = 1800.0
MOST_DEPTH = 8
MOST_OF_ONE_PATH = 20
MOST_MAIN_BYTES = 60_000_000
MOST_IN_A_ROW_FAILED = 10
_FILES = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A page that was taken in before, as its server named that state of it."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """A page that was read. `page` None: a file of another kind, in `content`, to be kept under `suffix`."""

    url: str
    page: Page | None
    content: bytes
    suffix: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Fault:
    """A page that could not be read, and why."""

    url: str
    problem: Problem


@dataclass
class Found:
    """What a walk brought home. `seen` counts addresses that were met, `done` those that were asked for."""

    got: list[Got] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What to walk over. `known` are the pages taken in before, by address."""

    kind: str
    url: str
    most_pages: int
    known: Mapping[str, Known]


Tell = Callable[[Found], Awaitable[bool]]
"""Called after each page; False ends the walk."""


class BadPage(Problem):
    """The server answered with something that is no page."""

    def __init__(self, status: int, kind: str = "") -> None:
        if status in (401, 403):
            zh = "对方网站要求登录或拒绝了访问。公开的页面才能抓取；请把内容另存为文件上传。"
            en = "The site asks for a login or refuses access. Only public pages can be read; upload the content as a file."
        elif status == 429:
            zh, en = "对方网站嫌访问太频繁，稍后会再试。", "The site finds us too frequent. It is tried again later."
        elif status == 200:
            zh = f"这个网址返回的不是网页或可识别的文件（{kind or '未知类型'}）。"
            en = f"This address returns neither a page nor a file we can read ({kind or 'unknown type'})."
        else:
            zh = f"对方网站返回了错误（{status}），请检查网址或稍后再试。"
            en = f"The site answered with an error ({status}). Check the address or try again later."
        super().__init__(422, "bad_page", zh, en)


class _Walk:
    def __init__(self, door: Door, robots: Robots, wish: Wish, tell: Tell, pause: float) -> None:
        self.door, self.robots, self.wish, self.tell = door, robots, wish, tell
        self.pause = max(pause, robots.delay)
        self.found = Found()
        self.waiting: deque[tuple[str, int]] = deque()
        self.met: set[str] = set()
        self.of_path: Counter[str] = Counter()
        self.kept: set[str] = set()
        self.bytes = 0

    def add(self, url: str, depth: int) -> None:
        """Endless calendars and filters repeat one path with ever new parameters."""
        if url in self.met or depth > MOST_DEPTH or len(self.met) >= self.wish.most_pages:
            return
        path = urlsplit(url).path
        if self.of_path[path] >= MOST_OF_ONE_PATH:
            return
        self.of_path[path] += 1
        self.met.add(url)
        self.waiting.append((url, depth))
        self.found.seen = len(self.met)

    async def run(self) -> Found:
        started, failed_in_a_row = time.monotonic(), 0
        while self.waiting and self.bytes < MOST_MAIN_BYTES and time.monotonic() - started < LONGEST_RUN:
            url, depth = self.waiting.popleft()
            try:
                await self._visit(url, depth)
                failed_in_a_row = 0
            except Problem as problem:
                self.found.faults.append(Fault(url, problem))
                failed_in_a_row += 1
            self.found.done += 1
            if not await self.tell(self.found) or failed_in_a_row >= MOST_IN_A_ROW_FAILED:
                break
            if self.waiting:
                await asyncio.sleep(self.pause)
        return self.found

    async def _visit(self, url: str, depth: int) -> None:
        """Raises NotAllowed, BadPage and what the door raises."""
        if not self.robots.allows(url):
            if url == self.wish.url or self.wish.kind != "site":
                raise NotAllowed
            return
        known = self.wish.known.get(url, Known())
        headers = {"If-None-Match": known.etag} if known.etag else {}
        headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        fetched = await self.door.fetch(url, headers, home=self.wish.url)
        if fetched.url != url and not self.robots.allows(fetched.url):
            raise NotAllowed
        status = fetched.reply.status
        if status == 304:
            self.found.same.append(url)
        elif status in (404, 410):
            self.found.gone.append(url)
        elif status != 200:
            raise BadPage(status)
        else:
            await self._take(fetched, depth)

    async def _take(self, fetched: Fetched, depth: int) -> None:
        headers, body = fetched.reply.headers, fetched.reply.body
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        marks = headers.get("etag"), headers.get("last-modified")
        if kind in ("text/html", "application/xhtml+xml") or (not kind and b"<html" in body[:2000].lower()):
            page = await asyncio.to_thread(read_page, fetched.url, body, headers.get("content-type", ""))
            self.met.add(fetched.url)
            if self.wish.kind == "site" and page.follows:
                for link in page.links:
                    self.add(link, depth + 1)
            if page.is_indexed and page.url not in self.kept:
                self.kept.add(page.url)
                self.met.add(page.url)
                self.bytes += len(page.main)
                self.found.got.append(Got(page.url, page, b"", ".html", *marks))
        elif kind in _FILES:
            if fetched.url not in self.kept:
                self.kept.add(fetched.url)
                self.bytes += len(body)
                self.found.got.append(Got(fetched.url, None, body, _FILES[kind], *marks))
        elif self.wish.kind != "site" or depth == 0:
            raise BadPage(200, kind)


async def crawl(door: Door, wish: Wish, tell: Tell, *, pause: float = POLITE_SECONDS) -> Found:
    """Reads the page, the pages of the sitemap, or the pages that links lead to, the nearest first.

    Raises what reading robots.txt or the sitemap raises; a single page's trouble stands in `faults`.
    """
    robots = await read_robots(door, wish.url)
    walk = _Walk(door, robots, wish, tell, pause)
    if wish.kind == "sitemap":
        for url in await read_sitemap(door, wish.url, wish.most_pages):
            walk.add(url, 0)
    else:
        walk.add(wish.url, 0)
    if wish.kind != "page":
        # What was taken in before is looked at again, also where no link leads to it any more.
        for url in wish.known:
            walk.add(url, 1)
    if wish.kind == "site":
        for place in robots.sitemaps[:3]:
            await _add_sitemap(walk, door, place)
    return await walk.run()


async def _add_sitemap(walk: _Walk, door: Door, place: str) -> None:
    """A site's own list of its pages is a help; without it the links must do."""
    try:
        for url in await read_sitemap(door, place, walk.wish.most_pages):
            if may_hold_text(url):
                walk.add(url, 1)
    except Problem:
        return
