"""Opens a workspace: the fence, its owner, its first shop and, for programs, an API key."""

import secrets as random
from dataclasses import dataclass

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import bad_input
from yingke.kit.secrets import Secrets
from yingke.kit.text import clean_line
from yingke.workspaces.caller import Caller
from yingke.workspaces.create_api_key import create_api_key
from yingke.workspaces.create_shop import NewShop, create_shop
from yingke.workspaces.email import clean_email
from yingke.workspaces.passwords import Passwords, check_password
from yingke.workspaces.permissions import SCOPES

LANGUAGES = ("zh-CN", "en")


@dataclass(frozen=True)
class Founding:
    """What a new workspace begins with; already checked by `check_founding`."""

    workspace_name: str
    owner_name: str
    email: str
    language: str = "zh-CN"
    time_zone: str = "Asia/Shanghai"
    is_demo: bool = False


@dataclass(frozen=True)
class Founded:
    workspace_id: int
    agent_id: int
    shop: NewShop


@dataclass(frozen=True)
class Created:
    """Printed once by the command line; the secrets are not stored in clear."""

    workspace_id: int
    shop_id: int
    agent_id: int
    site_key: str
    site_secret: str
    api_key: str
    login: str
    password: str


async def create_workspace(
    db: Database,
    secrets: Secrets,
    name: str,
    owner_email: str,
    owner_password: str | None = None,
    language: str = "zh-CN",
    *,
    owner_name: str = "",
    is_demo: bool = False,
    time_zone: str = "Asia/Shanghai",
) -> Created:
    """For the command line and the demo. Without a password one is made. Raises 400 for bad input."""
    founding = check_founding(
        Founding(name, owner_name or owner_email.partition("@")[0], owner_email, language, time_zone, is_demo)
    )
    password = check_password(owner_password) if owner_password else random.token_urlsafe(9)
    password_hash = await Passwords().hash(password)
    async with db.system() as tx:
        founded = await found_workspace(tx, secrets, founding, password_hash)
        caller = Caller(founded.workspace_id, founded.agent_id, None, "owner")
        _, key = await create_api_key(tx, caller, "yingke workspace create", sorted(SCOPES))
    return Created(
        founded.workspace_id,
        founded.shop.shop_id,
        founded.agent_id,
        founded.shop.site_key,
        founded.shop.site_secret,
        key,
        founding.email,
        password,
    )


def check_founding(founding: Founding) -> Founding:
    """The same, trimmed. Raises 400."""
    if founding.language not in LANGUAGES:
        raise bad_input({"language": "zh-CN / en"})
    return Founding(
        clean_line(founding.workspace_name, 80, field="workspace_name", min_chars=1),
        clean_line(founding.owner_name, 60, field="name", min_chars=1),
        clean_email(founding.email),
        founding.language,
        founding.time_zone,
        founding.is_demo,
    )


async def found_workspace(tx: Transaction, secrets: Secrets, founding: Founding, password_hash: str) -> Founded:
    """All of it in one transaction that was opened without a workspace and continues inside the new one."""
    workspace_id = await tx.fetchval(
        "select create_workspace($1, $2, $3, $4)",
        founding.workspace_name,
        founding.language,
        founding.time_zone,
        founding.is_demo,
    )
    await tx.execute("select set_config('app.workspace_id', $1, true)", str(workspace_id))
    agent_id = await tx.fetchval(
        "insert into agents (workspace_id, email, password_hash, name, work_name, role)"
        " values ($1, $2, $3, $4, $4, 'owner') returning id",
        workspace_id,
        founding.email,
        password_hash,
        founding.owner_name,
    )
    shop = await create_shop(tx, secrets, workspace_id, founding.workspace_name)
    return Founded(workspace_id, agent_id, shop)
