"""A new owner opens a workspace."""

from yingke.kit.db import Database
from yingke.kit.secrets import Secrets
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.create import Founding, check_founding, found_workspace
from yingke.workspaces.passwords import Passwords, check_password
from yingke.workspaces.sessions import Browser, begin_session


async def sign_up(
    db: Database, secrets: Secrets, passwords: Passwords, founding: Founding, password: str, browser: Browser
) -> tuple[int, str]:
    """(workspace id, session token). The same e-mail may own several workspaces. Raises 400."""
    founding = check_founding(founding)
    password_hash = await passwords.hash(check_password(password))
    async with db.system() as tx:
        founded = await found_workspace(tx, secrets, founding, password_hash)
        session = await begin_session(tx, founded.workspace_id, founded.agent_id, browser)
        caller = Caller(founded.workspace_id, founded.agent_id, None, "owner", address=browser.address)
        await record_audit(tx, caller, "workspace.created", f"agent:{founded.agent_id}")
    return founded.workspace_id, session
