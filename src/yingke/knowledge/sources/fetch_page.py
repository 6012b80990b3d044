"""Fetches one address through the guarded door, following redirects by hand so that each hop can be judged."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from yingke.kit.errors import Problem
from yingke.kit.http import REDIRECT_STATUSES, Outgoing, OutgoingFailed, OutgoingRefused, Reply
from yingke.knowledge.sources.addresses import is_same_site, plain_url

AGENT = "YingkeBot"
USER_AGENT = f"{AGENT}/1.0 (knowledge of this shop's own customer service)"
MOST_HOPS = 5
PAGE_SECONDS = 20.0
LARGEST_PAGE = 5_000_000


class LeftSite(Problem):
    """A redirect led to another site."""

    def __init__(self, url: str) -> None:
        host = urlsplit(url).hostname or ""
        super().__init__(
            422,
            "left_site",
            f"这个网页跳转到了另一个网站（{host}）。如果那才是您要的，请直接添加那个网址。",
            f"This page redirects to another site ({host}). If that is the one you want, add its address.",
        )


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where the answer came from, after redirects."""

    url: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Door:
    """How sources reach the web. `allow_private` is the operator's setting for addresses of his own network."""

    outgoing: Outgoing
    allow_private: bool
    seconds: float = PAGE_SECONDS
    """For one answer, from the first byte asked for to the last one read."""

    async def fetch(
        self, url: str, headers: dict[str, str] | None = None, *, max_bytes: int = LARGEST_PAGE, home: str = ""
    ) -> Fetched:
        """The answer, whatever its status. Raises OutgoingRefused, OutgoingTimeout, OutgoingFailed,
        ResponseTooLarge, and LeftSite when a hop leaves the site of `home`."""
        at, seen = url, {url}
        for _ in range(MOST_HOPS + 1):
            reply = await self.outgoing.request(
                "GET",
                at,
                headers={"User-Agent": USER_AGENT, **(headers or {})},
                timeout_s=self.seconds,
                max_bytes=max_bytes,
                allow_private=self.allow_private,
            )
            target = reply.headers.get("location")
            if reply.status not in REDIRECT_STATUSES or not target:
                return Fetched(at, reply)
            to = plain_url(target, at)
            if to is None or (at.startswith("https:") and to.startswith("http:")):
                raise OutgoingRefused("redirect")
            if home and not is_same_site(to, home):
                raise LeftSite(to)
            if to in seen:
                break
            seen.add(to)
            at = to
        raise OutgoingFailed("redirects")
