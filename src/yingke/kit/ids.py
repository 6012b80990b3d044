"""Ids cross the wire as opaque strings and are 64-bit numbers inside."""

from yingke.kit.errors import not_found

_LARGEST = 2**63 - 1


def read_id(text: str) -> int:
    """The number behind an id from outside; raises the 404 Problem when it cannot be one."""
    if not text.isascii() or not text.isdigit() or len(text) > 19:
        raise not_found()
    number = int(text)
    if number > _LARGEST:
        raise not_found()
    return number


def show_id(number: int) -> str:
    return str(number)
