"""Nested objects of a JSON file laid out as rows."""

import msgspec

from yingke.knowledge.refusals import Refused
from yingke.knowledge.rows import cell_text

MAX_ROWS = 500_000
_PARTS = ("variants", "skus", "sku_list", "skulist", "messages", "items", "规格", "规格列表", "消息")
_DEPTH = 8

Row = dict[str, str]


def read_json(text: str) -> object:
    """The value of the file, or a list of the values of its lines. Raises Refused(file_corrupt)."""
    text = text.lstrip("\ufeff \t\r\n")
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        pass
    try:
        return [msgspec.json.decode(line) for line in text.splitlines() if line.strip()]
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise Refused("file_corrupt") from error


def find_records(value: object) -> list[dict[str, object]] | None:
    """The list of objects that a file is about: itself, its longest list, or the objects below its keys."""
    if isinstance(value, list):
        records = [item for item in value if isinstance(item, dict)]
        return records if records and len(records) * 2 >= len(value) else None
    if not isinstance(value, dict):
        return None
    lists = [found for item in value.values() if (found := find_records(item))]
    if lists and any(isinstance(item, list) for item in value.values()):
        return max(lists, key=len)
    inner = [item for item in value.values() if isinstance(item, dict)]
    if len(inner) == len(value) > 1 and len(set.intersection(*(set(item) for item in inner))) > 0:
        return [{"id": key} | item for key, item in value.items() if isinstance(item, dict)]
    return lists[0] if lists else None


def lay_flat(records: list[dict[str, object]]) -> list[Row]:
    """One row a record; one a part where a record lists parts (variants, messages), the rest of it carried down.

    Column names are paths joined by a dot.
    """
    rows: list[Row] = []
    for record in records:
        rows += _rows(record, "", 0)
        if len(rows) > MAX_ROWS:
            raise Refused("file_too_much_text")
    return rows


def to_grid(rows: list[Row]) -> list[list[str]]:
    """A header line and a line a row, columns in the order in which they first appear."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return [columns, *([row.get(name, "") for name in columns] for row in rows)]


def _rows(record: dict[str, object], prefix: str, depth: int) -> list[Row]:
    own: Row = {}
    parts: tuple[str, list[dict[str, object]]] | None = None
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and depth < _DEPTH:
            for row in _rows(value, f"{name}.", depth + 1)[:1]:
                own |= row
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            listed = [item for item in value if isinstance(item, dict)]
            if parts is None or _is_parts(key, parts[0], len(listed) > len(parts[1])):
                parts = (name, listed)
        else:
            own[name] = _text(value)
    if parts is None or depth >= _DEPTH:
        return [own]
    name, listed = parts
    return [own | row for item in listed for row in _rows(item, f"{name}.", depth + 1)] or [own]


def _is_parts(key: str, before: str, longer: bool) -> bool:
    if before.rpartition(".")[2].lower() in _PARTS:
        return False
    return key.lower() in _PARTS or longer


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_text(item) for item in value if not isinstance(item, dict))
    if isinstance(value, bool):
        return "是" if value else "否"
    return cell_text(value)
