"""Who may do what: the table that every guard reads. What is not listed here is denied."""

ROLES = ("agent", "admin", "owner")
"""From the least to the most that a person may do."""

SCOPES: dict[str, str] = {
    "conversations:read": "agent",
    "conversations:write": "agent",
    "knowledge:read": "agent",
    "knowledge:write": "admin",
    "commerce:read": "agent",
    "commerce:write": "admin",
    "orders:read": "agent",
    "orders:write": "agent",
    "contacts:read": "agent",
    "contacts:write": "agent",
    "shops:read": "agent",
    "shops:write": "admin",
    "events:read": "agent",
    "webhooks:write": "admin",
    "ask": "agent",
}
"""Scope of an API key → the least role of a person that may do the same."""


def is_role_enough(role: str, least: str) -> bool:
    """False for a role that is not in the ladder, such as a program's."""
    return role in ROLES and ROLES.index(role) >= ROLES.index(least)
