"""What a tool has to know, read out of a customer's words or his session."""

import re
import unicodedata
from datetime import date

from yingke.assistants.own_tools.config import LONGEST_VALUE, OwnInput
from yingke.assistants.own_tools.read_day import read_day
from yingke.assistants.own_tools.shape import pattern_of
from yingke.assistants.told.phones import find_phones, mask_phone
from yingke.commerce.order_numbers import find_order_numbers
from yingke.kit.redact import mask

_NUMBER = re.compile(r"(?<![A-Za-z0-9.])-?\d{1,12}(?:\.\d{1,4})?(?![A-Za-z0-9])")
_LEAD = re.compile(
    r"^(?:(?:好的?|嗯+|哦|那个|我?的?(?:是|叫|在)|就是|应该是|it'?s|it is|my \w+ is)[\s,，:：、]*)+", re.IGNORECASE
)
_TAIL = re.compile(r"[\s。.!！~～]+$")
MOST_MASKED = 2


def read_input(wanted: OwnInput, text: str, today: date, *, is_asked: bool) -> str | None:
    """The value as it is sent; None where `text` tells none. A customer is told by the session alone, and words without
    a shape of their own count only where they were asked for."""
    said = unicodedata.normalize("NFKC", text)
    if wanted.kind == "order_number":
        return next(iter(find_order_numbers(text)), None)
    if wanted.kind == "phone":
        found, _ = find_phones(said, is_asked=is_asked)
        return found[0].number if found else None
    if wanted.kind == "choice":
        return _choice(wanted.choices, said)
    if wanted.kind == "date":
        day = read_day(said, today)
        return day.isoformat() if day is not None else None
    if wanted.kind == "number":
        number = _NUMBER.search(said) if is_asked else None
        return number[0] if number is not None else None
    return _text(wanted, said, is_asked) if wanted.kind == "text" else None


def bare(text: str) -> str:
    """An answer without what people say before and behind it: 「是 3 号楼。」 is 3 号楼."""
    line = " ".join(text.split())
    return _TAIL.sub("", _LEAD.sub("", line)).strip()[:LONGEST_VALUE]


def check_value(wanted: OwnInput, value: str, today: date) -> str | None:
    """What somebody else filled in (an agent, a model) as it is sent; None where it is none of the kind."""
    line = " ".join(value.split())[:LONGEST_VALUE]
    if wanted.kind == "product":
        return line or None
    if wanted.kind == "text" and not wanted.shape:
        return line or None
    return read_input(wanted, line, today, is_asked=True)


def masked(wanted: OwnInput, value: str) -> str:
    """As the trace may show it."""
    if wanted.kind == "phone":
        return mask_phone(value)
    if wanted.kind == "customer":
        return f"{value[:MOST_MASKED]}***"
    return mask(value)[:60]


def _choice(choices: list[str], said: str) -> str | None:
    """The longest one that stands in the words; a mere number names its place in the list."""
    plain = said.casefold()
    found = [one for one in choices if one.casefold() in plain]
    if found:
        return max(found, key=len)
    place = plain.strip(" 第个号.、。")
    return choices[int(place) - 1] if place.isdecimal() and 1 <= int(place) <= len(choices) else None


def _text(wanted: OwnInput, said: str, is_asked: bool) -> str | None:
    if wanted.shape:
        found = pattern_of(wanted.shape).search(said)
        return found[0].upper() if found is not None and _is_upper(wanted.shape) else found[0] if found else None
    return (bare(said) or None) if is_asked else None


def _is_upper(shape: str) -> bool:
    """Letters are sent in capitals unless the shape itself has small ones."""
    return not any(mark.islower() for mark in shape)
