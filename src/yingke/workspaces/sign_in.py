"""An agent signs in with e-mail and password."""

from collections.abc import Mapping
from typing import Any

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.ids import show_id
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.guess_limits import Attempt, clear_attempts, count_attempt
from yingke.workspaces.passwords import LONGEST, Passwords
from yingke.workspaces.sessions import Browser, begin_session

MOST_WORKSPACES = 10


class ChooseWorkspace(Problem):
    """The password opens several workspaces; ask again with `workspace_id`. `workspaces`: [{id, name}]."""

    def __init__(self, workspaces: list[Mapping[str, str]]) -> None:
        super().__init__(
            409,
            "choose_workspace",
            "您在多个企业中都有账号，请选择一个。",
            "You have an account in several workspaces. Choose one.",
        )
        self.extra = {"workspaces": workspaces}


def wrong_password() -> Problem:
    """The same for an unknown e-mail, a disabled agent and a wrong password."""
    return Problem(401, "wrong_password", "邮箱或密码不对。", "The e-mail or the password is wrong.")


async def sign_in(
    db: Database,
    secrets: Secrets,
    passwords: Passwords,
    rates: Rates,
    attempt: Attempt,
    password: str,
    workspace_id: int | None,
    browser: Browser,
) -> tuple[int, str]:
    """(workspace id, session token). Raises 401, 409 ChooseWorkspace, 429 with Retry-After."""
    count_attempt(rates, secrets, attempt)
    found = await _matching(db, passwords, attempt.email, password[: LONGEST + 1], workspace_id)
    if not found:
        raise wrong_password()
    clear_attempts(rates, secrets, attempt)
    if len(found) > 1:
        raise ChooseWorkspace(
            [{"id": show_id(login["workspace_id"]), "name": login["workspace_name"]} for login in found]
        )
    workspace, agent = int(found[0]["workspace_id"]), int(found[0]["agent_id"])
    async with db.transaction(workspace) as tx:
        role = await tx.fetchval("select role from agents where id = $1 and disabled_at is null", agent)
        if role is None:
            raise wrong_password()
        session = await begin_session(tx, workspace, agent, browser)
        await record_audit(
            tx, Caller(workspace, agent, None, role, address=browser.address), "session.begun", f"agent:{agent}"
        )
    return workspace, session


async def _matching(
    db: Database, passwords: Passwords, email: str, password: str, workspace_id: int | None
) -> list[Mapping[str, Any]]:
    """The accounts that this password opens; always at least one password is worked on."""
    async with db.system() as tx:
        rows = await tx.fetch("select * from find_logins($1) order by workspace_id", email)
    logins = [dict(row) for row in rows if workspace_id is None or row["workspace_id"] == workspace_id]
    if not logins:
        await passwords.is_right(password, None)
    return [login for login in logins[:MOST_WORKSPACES] if await passwords.is_right(password, login["password_hash"])]
