"""Sessions of agents: begin, list, end."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction, after_commit
from yingke.kit.errors import not_found
from yingke.kit.secrets import token, token_hash
from yingke.workspaces.known_callers import forget_agent


@dataclass(frozen=True)
class Browser:
    """What a request tells about where it comes from."""

    user_agent: str
    address: str


@dataclass(frozen=True)
class Session:
    id: int
    user_agent: str
    address: str
    created_at: datetime
    seen_at: datetime


async def begin_session(tx: Transaction, workspace_id: int, agent_id: int, browser: Browser) -> str:
    """A new session, always with a new token, which is returned and never stored."""
    secret = token("yks_")
    await tx.execute(
        "insert into agent_sessions (token_hash, workspace_id, agent_id, user_agent, address, expires_at)"
        " values ($1, $2, $3, $4, $5, now() + interval '7 days')",
        token_hash(secret),
        workspace_id,
        agent_id,
        browser.user_agent[:300].replace("\0", ""),
        browser.address,
    )
    return secret


async def list_sessions(tx: Transaction, agent_id: int) -> list[Session]:
    rows = await tx.fetch(
        "select id, user_agent, address, created_at, seen_at from agent_sessions"
        " where agent_id = $1 and expires_at > now() order by seen_at desc, id desc limit 200",
        agent_id,
    )
    return [Session(**dict(row)) for row in rows]


async def end_session(tx: Transaction, workspace_id: int, agent_id: int, session_id: int) -> None:
    """Ends one session of that agent. Raises 404 for another's."""
    if not await tx.fetchval(
        "delete from agent_sessions where id = $1 and agent_id = $2 returning true", session_id, agent_id
    ):
        raise not_found()
    after_commit(lambda: forget_agent(workspace_id, agent_id))


async def end_sessions(tx: Transaction, workspace_id: int, agent_id: int, *, keep: int | None = None) -> None:
    """Ends all sessions of that agent but `keep`."""
    await tx.execute("delete from agent_sessions where agent_id = $1 and id is distinct from $2", agent_id, keep)
    after_commit(lambda: forget_agent(workspace_id, agent_id))
