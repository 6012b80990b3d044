"""What the assistants collected before a person came, so that nobody asks for it again."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from yingke.kit.db import Transaction

CODES = (
    "matter", "wants", "item", "pictures", "address", "invoice",
    "contact_wish", "name", "phone", "wechat", "email", "city", "budget", "call_time",
)  # fmt: skip
"""In the order shown; what else the talk remembers is the assistants' own."""
LONGEST = 200


class ToldView(Struct):
    """`value` of matter and wants is a code (broken, exchange …), of pictures a number, of the rest words."""

    code: str
    value: str


async def told_before(tx: Transaction, workspace_id: int, conversation_id: int) -> list[ToldView]:
    """Empty where no skill collected anything."""
    talk: Mapping[str, Any] | None = await tx.fetchval(
        "select talk from conversations where workspace_id = $1 and id = $2", workspace_id, conversation_id
    )
    collected = (talk or {}).get("collected") or {}
    return [ToldView(code, str(collected[code])[:LONGEST]) for code in CODES if collected.get(code)]
