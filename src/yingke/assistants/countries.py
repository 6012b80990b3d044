"""「Do you ship to Brazil?」: a country that is not among those written is said to be missing, in so many words."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yingke.assistants.engine import Said

_SHIPS = re.compile(
    r"\b(?:ship|deliver|send|post|mail)\w*\b|\bavailable in\b|\barrive\b|寄|发(?:货|到|往|去)?|送(?:到|去|货)|邮(?:寄|到)|配送|能发",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\b(?:and|or|ok|okay|so|then|what|how|about|if|to|for|in|from|i|i'm|am|live|it's|its|is|going|say|please|plz|thanks|too|also|the|instead)\b|\W+",
    re.IGNORECASE,
)
LEAST_LISTED = 2
LATELY, LONGEST = 6, 40


@dataclass(frozen=True, slots=True)
class _Table:
    """`of`: in small letters what a country, or a city of one, is called → the country; `itself`: names of countries only."""

    of: dict[str, str]
    itself: frozenset[str]
    chinese: dict[str, str]
    pattern: re.Pattern[str]


@cache
def _table() -> _Table:
    table = tomllib.loads(files("yingke.assistants").joinpath("countries.toml").read_text("utf-8"))
    called = {name: [name, *entry["names"]] for name, entry in table.items()}
    of = {one.casefold(): name for name, entry in table.items() for one in [*called[name], *entry["cities"]]}
    words = sorted((one for name, entry in table.items() for one in [*called[name], *entry["cities"]]), key=len)[::-1]
    # Initials only in capitals: us is no country.
    latin = "|".join(re.escape(one) for one in words if one[0].isascii() and not one.isupper())
    initials = "|".join(re.escape(one) for one in words if one.isupper())
    chinese = "|".join(one for one in words if not one[0].isascii())
    pattern = rf"(?i:(?<![a-z])(?:{latin})(?![a-z]))|(?<![A-Za-z])(?:{initials})(?![A-Za-z])|{chinese}"
    itself = frozenset(one.casefold() for several in called.values() for one in several)
    shown = {name: next((one for one in several if not one.isascii()), name) for name, several in called.items()}
    return _Table(of, itself, shown, re.compile(pattern))


def missing_destination(asked: str, quoted: str) -> str | None:
    """The country asked for, as English has it, when what is quoted lists others and not this one."""
    if not _SHIPS.search(asked):
        return None
    table = _table()
    named = {table.of[found.casefold()] for found in table.pattern.findall(asked)}
    listed = _listed(quoted)
    return named.pop() if len(named) == 1 and len(listed) >= LEAST_LISTED and not named & listed else None


def names_place(text: str) -> bool:
    return _table().pattern.search(text) is not None


def lists_countries(text: str) -> bool:
    return len(_listed(text)) >= LEAST_LISTED


def _listed(text: str) -> set[str]:
    table = _table()
    found = (one.casefold() for one in table.pattern.findall(text))
    return {table.of[one] for one in found if one in table.itself}


def in_chinese(country: str) -> str:
    """As customers who write Chinese know it."""
    return _table().chinese[country]


def with_what_was_asked(text: str, history: Sequence[Said]) -> str:
    """「and to Berlin?」 after a question about another place, with that question; any other text as it is."""
    if len(text) > LONGEST or not history:
        return text
    pattern = _table().pattern
    place = pattern.search(text)
    if place is None or _SMALL.sub("", text.replace(place[0], "")):
        return text
    for said in [one.text for one in reversed(history) if one.author == "contact"][:LATELY]:
        if _SHIPS.search(said) is None:
            continue
        former = pattern.search(said)
        return said.replace(former[0], place[0]) if former else f"{said.rstrip(' ?!.')} to {place[0]}?"
    return text
