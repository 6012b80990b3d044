"""Takes the chosen fields out of an answer, cleans them, and says the merchant's sentence with them."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yingke.assistants.guarding.clean_output import clean_output
from yingke.assistants.guarding.planted import without_planted
from yingke.assistants.own_tools.config import OwnField, Said
from yingke.assistants.own_tools.fill import HOLE, holes_of
from yingke.commerce.providers.pieces.read import plain
from yingke.knowledge.not_knowing import shown_in

LONGEST = 120
MOST_LISTED = 5
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")


def steps_of(path: str) -> list[str]:
    """/data/0/name, data.0.name and data[0].name are the same way."""
    if path.startswith("/"):
        return [one.replace("~1", "/").replace("~0", "~") for one in path[1:].split("/")]
    return [one for one in re.sub(r"\[(\d+)\]", r".\1", path).split(".") if one]


def find_at(value: Any, path: str) -> Any:
    """None where the way breaks off."""
    for step in steps_of(path):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def pick_fields(answer: Any, fields: Sequence[OwnField], tag: str) -> dict[str, str]:
    """Name → what may be said of it: one short line without links, markup or orders to an assistant; empty for nothing."""
    return {field.name: _field(find_at(answer, field.path), field, tag) for field in fields}


def is_empty(sentence: str, found: Mapping[str, str]) -> bool:
    """True where a field that the sentence needs holds nothing."""
    return any(found.get(name, "-") == "" for name in holes_of(sentence))


def say(said: Said, values: Mapping[str, str], tag: str) -> str:
    """In the customer's language as far as the merchant wrote it; a name that nothing is known of stays empty."""
    is_chinese = tag.startswith("zh")
    sentence = said.zh if is_chinese else said.en or said.zh
    spoken = HOLE.sub(lambda hole: values.get(hole[1], ""), sentence)
    return shown_in(spoken, tag) if is_chinese else spoken


def _field(value: Any, field: OwnField, tag: str) -> str:
    code = value if isinstance(value, str) else _as_code(value)
    return field.values.get(code) or _clean(_as_text(value, tag)) or field.if_empty


def _as_code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _as_text(value: Any, tag: str) -> str:
    is_chinese = tag.startswith("zh")
    if isinstance(value, bool):
        return ("是" if value else "否") if is_chinese else ("yes" if value else "no")
    if isinstance(value, list):
        told = [text for one in value[:MOST_LISTED] if (text := _as_text(one, tag))]
        return ("、" if is_chinese else ", ").join(told)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return _day(value, is_chinese=is_chinese) if isinstance(value, str) else ""


def _day(text: str, *, is_chinese: bool) -> str:
    """2027-03-01 as people say it; any other text as it is. The time is the one that the other system wrote."""
    bare = _MIDNIGHT.sub("", text.strip())
    if not (_ISO_DAY.fullmatch(bare) or _ISO_TIME.fullmatch(bare)):
        return text
    try:
        moment = datetime.fromisoformat(bare.replace("Z", "+00:00"))
    except ValueError:
        return text
    day = f"{moment.year}年{moment.month}月{moment.day}日" if is_chinese else f"{moment.day} {moment:%b %Y}"
    return day if len(bare) == len("2027-03-01") else f"{day} {moment:%H:%M}"


def _clean(text: str) -> str:
    """What an answer of another system may bring into a sentence: words, and no braces, links, markup or orders."""
    line = " ".join(plain(text, LONGEST * 4).split())
    line = without_planted(clean_output(line)).replace("{", "").replace("}", "").strip()
    line = "".join(mark for mark in line if mark.isprintable())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
