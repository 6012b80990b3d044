"""Puts what a customer said into the address and the body of a call, and never anywhere else."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from yingke.assistants.own_tools.config import BodyLine, OwnToolConfig

HOLE = re.compile(r"\{([^{}\n]{1,40})\}")
_DOTS = re.compile(r"\.{1,2}")


class NoAddress(Exception):
    """What was filled in would lead elsewhere on the server: a segment that is empty or only dots."""


def holes_of(text: str) -> list[str]:
    """The names in braces, each once."""
    return list(dict.fromkeys(HOLE.findall(text)))


def is_placed_well(url: str) -> bool:
    """True where braces stand only in parts of the path and in values of the query."""
    if any(mark in url for mark in "\\#") or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    names = [one.partition("=")[0] for one in parts.query.split("&")]
    fixed = HOLE.sub("", f"{parts.path}{parts.query}")
    return not any(mark in "".join((parts.scheme, parts.netloc, *names, fixed)) for mark in "{}")


def fill_url(url: str, values: Mapping[str, str]) -> str:
    """Each value escaped whole, so that it can be neither a slash nor another parameter. Raises NoAddress."""
    path, mark, query = url.partition("?")
    # The first three pieces are the scheme and the server.
    head, segments = path.split("/")[:3], path.split("/")[3:]
    filled = [_segment(one, values) for one in segments]
    return "/".join([*head, *filled]) + mark + HOLE.sub(lambda hole: _escaped(hole, values), query)


def fill_body(lines: list[BodyLine], values: Mapping[str, str]) -> bytes:
    """JSON; a number stays one where it stands alone in braces and was given as digits."""
    body: dict[str, Any] = {}
    for line in lines:
        *way, last = line.name.split(".")
        place = body
        for step in way:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else place
        place[last] = HOLE.sub(lambda hole: values.get(hole[1], ""), line.value)
    return msgspec.json.encode(body)


def needed_inputs(config: OwnToolConfig) -> list[str]:
    """The keys that stand in the address or the body."""
    told = [config.url, *(line.value for line in config.body)]
    return list(dict.fromkeys(name for text in told for name in holes_of(text)))


def _segment(segment: str, values: Mapping[str, str]) -> str:
    if HOLE.search(segment) is None:
        return segment
    plain = HOLE.sub(lambda hole: values.get(hole[1], ""), segment)
    if not plain.strip() or _DOTS.fullmatch(plain.strip()):
        raise NoAddress
    return HOLE.sub(lambda hole: _escaped(hole, values), segment)


def _escaped(hole: "re.Match[str]", values: Mapping[str, str]) -> str:
    return quote(values.get(hole[1], ""), safe="")
