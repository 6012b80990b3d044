"""Pictures of agents: shown to customers, so their links need no sign-in and cannot be guessed."""

import hmac

from yingke.kit.secrets import Secrets

MARK = 32


def avatar_url(secrets: Secrets, workspace_id: int, file_id: int | None) -> str | None:
    """A link that works for everybody who was given it; None without a picture."""
    if file_id is None:
        return None
    place = f"{workspace_id}.{file_id}"
    return f"/avatars/{place}.{secrets.sign('avatar', place)[:MARK]}"


def read_avatar_token(secrets: Secrets, token: str) -> tuple[int, int] | None:
    """(workspace id, file id) of a link of ours, else None."""
    parts = token.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[:2]):
        return None
    workspace_id, file_id = int(parts[0]), int(parts[1])
    expected = avatar_url(secrets, workspace_id, file_id) or ""
    return (workspace_id, file_id) if hmac.compare_digest(expected.encode(), f"/avatars/{token}".encode()) else None
