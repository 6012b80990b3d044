"""An agent changes their password; every other session ends."""

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.passwords import Passwords, check_password
from yingke.workspaces.sessions import end_sessions


async def change_password(
    db: Database, secrets: Secrets, rates: Rates, passwords: Passwords, caller: Caller, current: str, new: str
) -> None:
    """Raises 403 `wrong_password` when `current` is wrong, 400 for a weak `new`, 429 after many tries."""
    rates.check(f"password:{caller.owner}", rate=1 / 20, burst=6)
    check_password(new, "new")
    async with db.transaction(caller.workspace_id) as tx:
        stored = await tx.fetchval("select password_hash from agents where id = $1", caller.agent_id)
    if not await passwords.is_right(current, stored):
        raise Problem(
            403,
            "wrong_password",
            "当前密码不对。",
            "The current password is wrong.",
            fields={"current": "密码不对 / wrong"},
        )
    fresh = await passwords.hash(new)
    async with db.transaction(caller.workspace_id) as tx:
        changed = await tx.fetchval(
            "update agents set password_hash = $2 where id = $1 and password_hash = $3 returning true",
            caller.agent_id,
            fresh,
            stored,
        )
        if not changed:
            raise Problem(
                409, "password_changed", "密码刚刚被修改过，请重试。", "The password has just been changed. Try again."
            )
        await end_sessions(tx, caller.workspace_id, caller.agent_id or 0, keep=caller.session_id)
        await record_audit(tx, caller, "password.changed", f"agent:{caller.agent_id}")
