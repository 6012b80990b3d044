"""Gives a program its key: shown once, stored as a hash."""

from collections.abc import Sequence

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.kit.ids import show_id
from yingke.kit.secrets import token, token_hash
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.permissions import SCOPES


async def create_api_key(tx: Transaction, caller: Caller, name: str, scopes: Sequence[str]) -> tuple[int, str]:
    """(id, key). Raises 400 for an unknown scope or none."""
    name = clean_line(name, 80, field="name", min_chars=1)
    wanted = sorted(set(scopes))
    if not wanted or any(scope not in SCOPES for scope in wanted):
        raise bad_input({"scopes": "请选择权限 / choose from: " + ", ".join(SCOPES)})
    key = token("yk_")
    key_id = await tx.fetchval(
        "insert into api_keys (workspace_id, name, token_hash, hint, scopes, created_by)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        caller.workspace_id,
        name,
        token_hash(key),
        key[:6] + "…" + key[-4:],
        wanted,
        caller.agent_id,
    )
    await record_audit(tx, caller, "api_key.created", f"api_key:{show_id(key_id)}", {"name": name, "scopes": wanted})
    return key_id, key
