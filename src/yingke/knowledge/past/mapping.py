"""What the columns of a file of past chats mean."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from yingke.kit.errors import bad_input
from yingke.kit.read_time import TimeFormat

Sender = Literal["contact", "agent", "assistant", "system"]
Meaning = Literal["conversation", "time", "sender", "text", "reply", "agent", "customer"]
Shape = Literal["messages", "transcripts"]
MOST_SENDERS = 500


class PastMapping(Struct, kw_only=True, forbid_unknown_fields=True):
    """`columns`: meaning → column name. `reply` is an answer in the same row as the customer's `text`.

    `senders`: value of the sender column (or the name before the colon in a transcript) → who that is; "skip" leaves
    such rows out. Values not listed are `other_senders`. `time_zone` (IANA) holds for times without an offset.
    """

    shape: Shape = "messages"
    columns: dict[Meaning, str] = {}
    senders: Annotated[dict[str, Literal[Sender, "skip"]], Meta(max_length=MOST_SENDERS)] = {}
    other_senders: Literal[Sender, "skip"] = "contact"
    time_format: TimeFormat = "auto"
    time_zone: str = "Asia/Shanghai"


def check_mapping(mapping: PastMapping, columns: Sequence[str]) -> None:
    """Raises 400 naming the field: an unknown column, no text, nobody to tell apart, nothing to group by."""
    fields = {
        f"columns.{meaning}": "no such column / 没有这一列"
        for meaning, column in mapping.columns.items()
        if column not in columns
    }
    if "text" not in mapping.columns:
        fields["columns.text"] = "choose the column with what was said / 请选择哪一列是聊天内容"
    if mapping.shape == "messages":
        if not {"conversation", "customer"} & set(mapping.columns):
            fields["columns.conversation"] = (
                "choose the conversation id or the customer / 请选择会话编号，没有就选客户昵称"
            )
        if not {"sender", "reply"} & set(mapping.columns):
            fields["columns.sender"] = "choose the column that says who spoke / 请选择哪一列说明是谁说的"
    if not _is_zone(mapping.time_zone):
        fields["time_zone"] = "no such time zone / 没有这个时区"
    if fields:
        raise bad_input(fields)


def hash_columns(columns: Sequence[str]) -> bytes:
    """The same for every file with these column names, in any order."""
    return hashlib.sha256("\x1f".join(sorted(columns)).encode("utf-8", "replace")).digest()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
