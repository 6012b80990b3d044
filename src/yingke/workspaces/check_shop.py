"""Reads what an admin typed about a shop; raises the 400 Problem with the field that is wrong."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import UNSET, UnsetType

from yingke.kit.errors import bad_input
from yingke.kit.text import clean_line, clean_text
from yingke.workspaces.shop_shapes import Hours, Lists, Look, Privacy, ShopAssistant, ShopChange, Words

MOST_DOMAINS = 50
MOST_QUESTIONS = 10
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def read_shop_change(change: ShopChange) -> dict[str, Any]:
    """Column → value for what was given; `agent_ids` stays out."""
    readers: dict[str, Callable[[Any], Any]] = {
        "name": lambda value: clean_line(value, 60, field="name", min_chars=1),
        "domains": read_domains,
        "languages": _languages,
        "greeting": lambda value: _words(value, 500, "greeting"),
        "suggested_questions": _questions,
        "privacy": _privacy,
        "look": _look,
        "hours": read_hours,
        "assistant": _assistant,
        "reopen_hours": lambda value: value,
        "all_agents": lambda value: value,
    }
    given = {name: getattr(change, name) for name in readers}
    return {name: readers[name](value) for name, value in given.items() if value is not UNSET}


def read_domains(values: Iterable[str]) -> list[str]:
    """Host names without scheme, port and path; a pasted address is understood. Order kept, repeats dropped."""
    domains: dict[str, None] = {}
    for value in values:
        text = clean_line(value, 300, field="domains").lower()
        try:
            host = (urlsplit(text if "//" in text else f"//{text}").hostname or "").rstrip(".").removeprefix("*.")
            host = host.encode("idna").decode() if not host.isascii() else host
        except ValueError:
            host = ""
        if not _DOMAIN.fullmatch(host):
            raise bad_input({"domains": f"不是域名 / not a domain name: {text[:60]}"})
        domains[host] = None
    if len(domains) > MOST_DOMAINS:
        raise bad_input({"domains": f"最多 {MOST_DOMAINS} 个 / at most {MOST_DOMAINS}"})
    return list(domains)


def read_hours(hours: Hours) -> dict[str, Any]:
    """Checks what the shape cannot: time zone, dates, and exceptions with one time only."""
    if hours.time_zone is not UNSET:
        check_time_zone(hours.time_zone, "hours")
    for item in hours.exceptions:
        if (item.from_ is None) != (item.to is None):
            raise bad_input({"hours": f"{item.date}: 开始和结束都要填 / give both from and to, or neither"})
        try:
            date.fromisoformat(item.date)
        except ValueError as error:
            raise bad_input({"hours": f"没有这一天 / no such date: {item.date}"}) from error
        clean_line(item.note, 100, field="hours")
    if "24:00" in [one.from_ for one in hours.days] + [one.from_ for one in hours.exceptions]:
        raise bad_input({"hours": "不能从 24:00 开始 / nothing begins at 24:00"})
    return _plain(hours)


def check_time_zone(name: str, field: str = "time_zone") -> str:
    """A name of the IANA database such as Asia/Shanghai. Raises 400."""
    try:
        ZoneInfo(clean_line(name, 60, field=field))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise bad_input({field: "没有这个时区 / no such time zone"}) from error
    return name


def _languages(values: list[str]) -> list[str]:
    if not values:
        raise bad_input({"languages": "至少一种 / at least one"})
    return list(dict.fromkeys(values))


def _words(words: Words, most: int, field: str) -> dict[str, Any]:
    for text in (words.zh, words.en):
        if text is not UNSET:
            clean_text(text, most, field=field)
    return _plain(words)


def _questions(lists: Lists) -> dict[str, Any]:
    for items in (lists.zh, lists.en):
        given: list[str] = [] if items is UNSET else items
        if len(given) > MOST_QUESTIONS:
            raise bad_input({"suggested_questions": f"最多 {MOST_QUESTIONS} 个 / at most {MOST_QUESTIONS}"})
        for text in given:
            clean_line(text, 100, field="suggested_questions", min_chars=1)
    return _plain(lists)


def _privacy(privacy: Privacy) -> dict[str, Any]:
    clean_line(privacy.version, 40, field="privacy", min_chars=1)
    read_web_url(privacy.url, "privacy")
    _words(privacy.text, 4000, "privacy")
    return _plain(privacy)


def _look(look: Look) -> dict[str, Any]:
    clean_line(look.launcher, 40, field="look")
    clean_line(look.title, 40, field="look")
    read_web_url(look.logo_url, "look")
    return _plain(look)


def _assistant(assistant: ShopAssistant) -> dict[str, Any]:
    clean_line(assistant.name, 40, field="assistant", min_chars=1)
    read_web_url(assistant.avatar, "assistant")
    return _plain(assistant)


def read_web_url(value: str | UnsetType | None, field: str) -> None:
    """None, a path of ours, or an http(s) address: never a script."""
    if value is None or value is UNSET or value == "":
        return
    text = clean_line(value, 500, field=field)
    if text.startswith("/") and not text.startswith(("//", "/\\")):
        return
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web:
        raise bad_input({field: "只能是 http(s) 网址 / an http(s) address"})


def _plain(value: Any) -> dict[str, Any]:
    plain = msgspec.to_builtins(value)
    assert isinstance(plain, dict)
    return plain
