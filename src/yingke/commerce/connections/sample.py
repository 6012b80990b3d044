"""What an address of an HTTP shop answers, and what our fields read from it: for the screen where a person maps them."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from yingke.commerce.connections.form import Filled
from yingke.commerce.connections.say_problem import say_problem
from yingke.commerce.contract import ShopError
from yingke.commerce.providers.http_shop import HttpShop
from yingke.commerce.providers.pieces.connected import Access, NoTokens
from yingke.commerce.providers.pieces.door import Door
from yingke.commerce.providers.pieces.http_mapping import (
    HttpMapping,
    ListMapping,
    at,
    guess,
    read_mapping,
    read_order,
    read_product,
)
from yingke.commerce.providers.pieces.read import rows

MOST_ROWS = 5
MOST_ITEMS = 3
MOST_TEXT = 300
MOST_PATHS = 300


class Sample(Struct):
    """`answer` is cut short. `paths`: every place below a row (or below one of its parts, as `parts[].x`) with an example.
    `items`: what would be stored of the first rows. `list_paths`: where lists stand. `text`: what went wrong."""

    is_ok: bool
    text: str
    answer: Any
    list_paths: list[str]
    paths: dict[str, str]
    part_paths: dict[str, str]
    mapping: dict[str, Any]
    items: list[dict[str, Any]]
    rows: int


async def take_sample(
    door: Door, filled: Filled, what: Literal["products", "orders"], url: str, is_guessed: bool, *, is_en: bool
) -> Sample:
    """Never raises for what the shop does."""
    provider = HttpShop(door, Access(filled.settings, filled.secret), NoTokens())
    try:
        answer = await provider.sample(what, url)
    except ShopError as problem:
        said = say_problem(problem)
        return Sample(False, said["en" if is_en else "zh"], None, [], {}, {}, {}, [], 0)
    mapping = read_mapping(filled.settings.get("mapping"))
    place = mapping.products if what == "products" else mapping.orders
    if is_guessed:
        place = _merged(guess(answer, what), place, url)
    mapping = msgspec.structs.replace(mapping, **{what: place})
    found = rows(at(answer, place.list))
    first = found[0] if found else {}
    parts = rows(at(first, place.parts)) if place.parts else []
    return Sample(
        True,
        "",
        _short(answer),
        _lists(answer),
        _paths(first),
        _paths(parts[0] if parts else {}),
        msgspec.to_builtins(place),
        _items(found[:MOST_ITEMS], mapping, what),
        len(found),
    )


def _merged(guessed: ListMapping, before: ListMapping, url: str) -> ListMapping:
    """What a person chose before stays."""
    return msgspec.structs.replace(
        guessed,
        url=before.url or url,
        one_url=before.one_url,
        one=before.one,
        next=before.next,
        list=before.list or guessed.list,
        parts=before.parts or guessed.parts,
        fields=guessed.fields | before.fields,
        part_fields=guessed.part_fields | before.part_fields,
    )


def _items(found: list[dict[str, Any]], mapping: HttpMapping, what: str) -> list[dict[str, Any]]:
    read = read_product if what == "products" else read_order
    return [msgspec.to_builtins(item) for row in found if (item := read(row, mapping)) is not None]


def _short(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict):
        return {key: _short(inner, depth + 1) for key, inner in list(value.items())[:60]} if depth < 8 else {}
    if isinstance(value, list):
        return [_short(inner, depth + 1) for inner in value[:MOST_ROWS]] if depth < 8 else []
    return value[:MOST_TEXT] if isinstance(value, str) else value


def _lists(value: Any, path: str = "", depth: int = 0) -> list[str]:
    """Where lists of objects stand, the outermost first."""
    if rows(value):
        return [path]
    if not isinstance(value, dict) or depth > 4:
        return []
    inner = [_lists(one, f"{path}.{key}" if path else key, depth + 1) for key, one in list(value.items())[:60]]
    return [found for some in inner for found in some][:20]


def _paths(row: dict[str, Any], path: str = "", depth: int = 0) -> dict[str, str]:
    """Path → example, for every value below a row; lists of objects by their own path with how many they hold."""
    found: dict[str, str] = {}
    for key, value in list(row.items())[:100]:
        name = f"{path}.{key}" if path else key
        if isinstance(value, dict) and depth < 4:
            found |= _paths(value, name, depth + 1)
        elif isinstance(value, list):
            found[name] = f"[{len(value)}]"
        else:
            found[name] = str(value)[:60] if value is not None else ""
    return dict(list(found.items())[:MOST_PATHS])
