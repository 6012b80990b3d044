"""An agent writes down what he learned about a contact."""

from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.text import clean_line, clean_text

MOST_TAGS = 30


@dataclass(frozen=True)
class ContactChange:
    """None = leave as it is; an empty text takes the value away."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    tags: list[str] | None = None
    notes: str | None = None


async def change_contact(tx: Transaction, workspace_id: int, contact_id: int, change: ContactChange) -> None:
    """Raises 400 for what cannot be stored, 404 for another workspace's."""
    found = await tx.fetchval(
        "update contacts set name = case when $3::text is null then name else nullif($3, '') end,"
        " email = case when $4::text is null then email else nullif($4, '') end,"
        " phone = case when $5::text is null then phone else nullif($5, '') end,"
        " tags = coalesce($6, tags), notes = coalesce($7, notes) where workspace_id = $1 and id = $2 returning id",
        workspace_id,
        contact_id,
        _line(change.name, 80, "name"),
        _line(change.email, 254, "email"),
        _line(change.phone, 40, "phone"),
        _tags(change.tags),
        None if change.notes is None else clean_text(change.notes, 5000, field="notes"),
    )
    if found is None:
        raise not_found()
    await record_event(tx, workspace_id, "contact_updated", {"contact_id": show_id(contact_id)})


def _line(value: str | None, most: int, field: str) -> str | None:
    return None if value is None else clean_line(value, most, field=field)


def _tags(tags: list[str] | None) -> list[str] | None:
    """Trimmed, each once, in the order given."""
    if tags is None:
        return None
    if len(tags) > MOST_TAGS:
        raise bad_input({"tags": f"最多 {MOST_TAGS} 个 / at most {MOST_TAGS}"})
    return list(dict.fromkeys(clean_line(tag, 30, field="tags", min_chars=1) for tag in tags))
