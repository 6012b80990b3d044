"""The one place where a stored row becomes the conversation that agents and programs see."""

from collections.abc import Mapping
from typing import Any

from yingke.conversations.shape_message import AVATAR, LinkFile
from yingke.kit.ids import show_id

SELECT = """
select c.id, c.shop_id, ch.channel, c.status, c.handled_by, c.generation, c.agent_id, a.work_name, a.avatar_file_id,
  t.id as contact_id, t.name as contact_name, t.number as contact_number, t.level as contact_level,
  i.source->>'time_zone' as contact_zone, t.claims_verified, c.last_seq, c.contact_messages, c.waiting_since, c.queued_at, c.hand_off_reason, c.last_message_at,
  c.last_preview, c.last_from, c.language, c.understood, c.subject, c.created_at, c.closed_at, r.score,
  c.group_id, c.priority, c.assignment, c.assigned_at, c.overflow
from conversations c
join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
join contacts t on t.workspace_id = c.workspace_id and t.id = i.contact_id
join channel_accounts ch on ch.workspace_id = c.workspace_id and ch.id = c.channel_account_id
left join agents a on a.workspace_id = c.workspace_id and a.id = c.agent_id
left join ratings r on r.workspace_id = c.workspace_id and r.conversation_id = c.id
"""
"""To be followed by `where c.workspace_id = …`."""


def shape_conversation(row: Mapping[str, Any], read_contact_messages: int | None, link: LinkFile) -> dict[str, Any]:
    """`read_contact_messages`: how many of the contact's messages this agent has read; None for a program."""
    unread = max(0, row["contact_messages"] - (read_contact_messages or 0))
    return {
        "id": show_id(row["id"]),
        "shop_id": show_id(row["shop_id"]),
        "channel": row["channel"],
        "status": row["status"],
        "handled_by": row["handled_by"],
        "generation": row["generation"],
        "agent": _agent(row, link),
        "contact": {
            "id": show_id(row["contact_id"]),
            "name": row["contact_name"],
            "number": row["contact_number"],
            "level": row["contact_level"],
            "is_verified": row["claims_verified"],
            "time_zone": row["contact_zone"],
        },
        "last_seq": row["last_seq"],
        "contact_messages": row["contact_messages"],
        "unread": 0 if read_contact_messages is None else unread,
        "waiting_since": row["waiting_since"],
        "queued_at": row["queued_at"],
        "hand_off_reason": row["hand_off_reason"],
        "last_message_at": row["last_message_at"],
        "preview": row["last_preview"],
        "last_from": row["last_from"],
        "language": row["language"],
        "subject": row["subject"],
        "created_at": row["created_at"],
        "closed_at": row["closed_at"],
        "rating": row["score"],
        "routing": _routing(row),
        "understood": _understood(row["understood"]),
    }


def _understood(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """None until anything was understood of the talk."""
    if not stored:
        return None
    moods = [{"seq": seq, "mood": label} for seq, label in stored.get("moods", [])]
    return {"intent": stored.get("intent"), "mood": stored.get("mood"), "moods": moods}


def _agent(row: Mapping[str, Any], link: LinkFile) -> dict[str, Any] | None:
    if row["agent_id"] is None:
        return None
    avatar = row["avatar_file_id"]
    return {
        "id": show_id(row["agent_id"]),
        "work_name": row["work_name"],
        "avatar_url": link(avatar, AVATAR) if avatar is not None else None,
    }


def _routing(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Why it is where it is, in codes; None for what never waited for a person."""
    reason: dict[str, Any] = row["assignment"] or {}
    if not reason and row["priority"] is None and row["group_id"] is None:
        return None
    return {
        "by": reason.get("by"),
        "group": reason.get("group"),
        "group_id": show_id(row["group_id"]) if row["group_id"] is not None else None,
        "marks": reason.get("marks", []),
        "intent": reason.get("intent"),
        "order": reason.get("order"),
        "priority": row["priority"] or 0,
        "has": reason.get("has"),
        "most": reason.get("most"),
        "source": reason.get("source"),
        "assigned_at": row["assigned_at"],
        "overflow": row["overflow"],
    }
