"""What a site allows programs to read (RFC 9309), and how fast."""

from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from yingke.kit.errors import Problem
from yingke.kit.http import OutgoingRefused, ResponseTooLarge
from yingke.knowledge.sources.fetch_page import AGENT, Door

LARGEST_ROBOTS = 500_000
LONGEST_DELAY = 10.0


class NotAllowed(Problem):
    """robots.txt forbids the address."""

    def __init__(self) -> None:
        super().__init__(
            422,
            "robots_forbid",
            "对方网站不允许程序抓取这个页面（robots.txt）。如果是您自己的网站，请在 robots.txt 里允许 YingkeBot；"
            "也可以把页面内容另存为文件上传。",
            "This site does not allow programs to read the page (robots.txt). If the site is yours, allow YingkeBot in "
            "robots.txt; or save the page as a file and upload it.",
        )


class Robots:
    """The rules of one host."""

    def __init__(self, lines: list[str], *, forbids_all: bool = False) -> None:
        self._parser = RobotFileParser()
        self._parser.parse(lines)
        self._forbids_all = forbids_all

    def allows(self, url: str) -> bool:
        return not self._forbids_all and self._parser.can_fetch(AGENT, url)

    @property
    def delay(self) -> float:
        """Seconds between two pages that the site asks for, within reason."""
        wished = self._parser.crawl_delay(AGENT)
        return min(float(wished), LONGEST_DELAY) if wished is not None else 0.0

    @property
    def sitemaps(self) -> list[str]:
        return list(self._parser.site_maps() or [])


async def read_robots(door: Door, url: str) -> Robots:
    """The rules of the host of `url`. A host without such a file allows everything; one that fails to answer for it
    (status 5xx) nothing, as RFC 9309 asks. Raises what `Door.fetch` raises when the host cannot be reached."""
    parts = urlsplit(url)
    address = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
    try:
        fetched = await door.fetch(address, max_bytes=LARGEST_ROBOTS)
    except (ResponseTooLarge, OutgoingRefused) as problem:
        if isinstance(problem, OutgoingRefused) and problem.reason != "redirect":
            raise
        return Robots([])
    if fetched.reply.status >= 500:
        return Robots([], forbids_all=True)
    if fetched.reply.status >= 300:
        return Robots([])
    return Robots(fetched.reply.body.decode("utf-8", "replace").splitlines())
