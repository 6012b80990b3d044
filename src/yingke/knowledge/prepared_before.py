"""What was prepared for the index before is taken again for entries that are still the same."""

from collections.abc import Callable, Mapping
from typing import Any

from yingke.knowledge.entry import Entry
from yingke.knowledge.index import Prepared, prepare

_SAME = tuple(name for name in Entry.__slots__ if name != "vector")


def content_of(entry: Entry) -> tuple[Any, ...]:
    """Everything of an entry but its vector, to be compared or hashed."""
    values = (getattr(entry, name) for name in _SAME)
    return tuple(tuple(value.items()) if isinstance(value, dict) else value for value in values)


def prepared_before(before: Mapping[int, tuple[Entry, Prepared]]) -> Callable[[Entry], Prepared]:
    """As `prepare`, at the cost of a comparison for what `before` has under the same id."""

    def prepare_new(entry: Entry) -> Prepared:
        known = before.get(entry.id)
        return known[1] if known is not None and content_of(known[0]) == content_of(entry) else prepare(entry)

    return prepare_new
