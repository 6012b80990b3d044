"""Asks the merchant's system once with sample values, and shows what it says and what customers would hear."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from yingke.assistants.own_tools.call import Called, OwnCaller
from yingke.assistants.own_tools.config import MOST_EXAMPLES, OwnToolConfig, Said
from yingke.assistants.own_tools.fields import is_empty, pick_fields, say
from yingke.assistants.own_tools.fill import holes_of
from yingke.assistants.own_tools.inputs import check_value
from yingke.assistants.own_tools.say_trouble import say_trouble
from yingke.kit.errors import bad_input

MOST_ROWS, MOST_KEYS, MOST_TEXT, MOST_DEPTH = 10, 60, 300, 8


class Tried(Struct):
    """`answer`: what came back, cut short. `found`: name → what would be said of it. `sentence`: what customers hear.
    `trouble`: what is wrong and what to do, empty when it works."""

    outcome: str
    status: int
    milliseconds: float
    trouble: str
    answer: Any
    found: dict[str, str]
    sentence: str


def as_far(config: OwnToolConfig) -> OwnToolConfig:
    """With something in each place that comes after the address on screen, so that it can be tried without them."""
    fields = [one for one in config.fields if one.name.strip() and one.path.strip()]
    known = {one.name for one in fields} | {one.key for one in config.inputs}
    is_said = bool(config.answer.zh.strip()) and all(name in known for name in holes_of(config.answer.zh))
    return msgspec.structs.replace(
        config,
        name=config.name.strip() or "-",
        about=config.about.strip() or "-",
        examples=[*(one for one in config.examples if one.strip()), "-1", "-2", "-3"][:MOST_EXAMPLES],
        fields=fields,
        answer=config.answer if is_said else Said("-"),
        nothing=config.nothing if config.nothing.zh.strip() else Said("-"),
    )


async def try_tool(
    caller: OwnCaller,
    config: OwnToolConfig,
    headers: Mapping[str, str],
    samples: Mapping[str, str],
    *,
    today: date,
    is_en: bool,
) -> Tried:
    """One call. Raises 400 for a sample that is none of its kind."""
    called, reply = await caller.try_once(config, _values(config, samples, today), headers)
    tag = "en" if is_en else "zh"
    found = pick_fields(called.body, config.fields, tag) if called.outcome == "ok" else {}
    trouble = say_trouble(called.why, called.status, is_en=is_en) if called.outcome == "failed" else ""
    shown = {**samples, **found}
    return Tried(
        _outcome(called, config, found),
        called.status,
        called.milliseconds,
        trouble,
        _short(called.body) if reply is not None else None,
        found,
        "" if trouble else say(config.nothing if _is_nothing(called, config, found) else config.answer, shown, tag),
    )


def _values(config: OwnToolConfig, samples: Mapping[str, str], today: date) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in config.inputs:
        given = samples.get(one.key, "").strip()
        value = given if one.kind == "customer" else check_value(one, given, today) if given else None
        if not value:
            raise bad_input({f"samples.{one.key}": "请填一个能查到的例子 / fill in an example that can be found"})
        values[one.key] = value
    return values


def _is_nothing(called: Called, config: OwnToolConfig, found: Mapping[str, str]) -> bool:
    return called.outcome == "nothing" or is_empty(config.answer.zh, found)


def _outcome(called: Called, config: OwnToolConfig, found: Mapping[str, str]) -> str:
    return "nothing" if called.outcome == "ok" and is_empty(config.answer.zh, found) else called.outcome


def _short(value: Any, depth: int = 0) -> Any:
    if isinstance(value, dict):
        inner = list(value.items())[:MOST_KEYS] if depth < MOST_DEPTH else []
        return {key: _short(one, depth + 1) for key, one in inner}
    if isinstance(value, list):
        return [_short(one, depth + 1) for one in value[:MOST_ROWS]] if depth < MOST_DEPTH else []
    return value[:MOST_TEXT] if isinstance(value, str) else value
