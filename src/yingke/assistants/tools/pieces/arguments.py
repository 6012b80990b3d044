"""Reads the arguments of a tool, which a model may have written."""

from collections.abc import Mapping
from typing import Any

from yingke.assistants.tools.contract import WrongArguments


def read_text(arguments: Mapping[str, Any], name: str, most: int) -> str:
    """Raises WrongArguments for anything but words."""
    value = arguments.get(name)
    if not isinstance(value, str) or not value.strip():
        raise WrongArguments(f"{name} must be text")
    return value.strip()[:most]


def read_id(arguments: Mapping[str, Any], name: str) -> int | None:
    """Ids are strings of digits; None when it is left out."""
    value = arguments.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str | int) or not str(value).isdecimal() or len(str(value)) > 18:
        raise WrongArguments(f"{name} must be an id")
    return int(value)


def read_list(arguments: Mapping[str, Any], name: str, most: int) -> list[Any]:
    """At most `most`; left out is empty."""
    value = arguments.get(name) or []
    if not isinstance(value, list) or len(value) > most:
        raise WrongArguments(f"{name} must be a list of at most {most}")
    return value
