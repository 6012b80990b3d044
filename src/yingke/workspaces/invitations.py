"""Colleagues come in by a link: made, listed, taken back, accepted once."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.secrets import token, token_hash
from yingke.kit.text import clean_line
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.email import clean_email
from yingke.workspaces.passwords import Passwords, check_password
from yingke.workspaces.sessions import Browser, begin_session

VALID_DAYS = 7
LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Invitation:
    id: int
    role: str
    email: str | None
    expires_at: datetime
    accepted_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class OpenInvitation:
    """What somebody who holds the link may know before accepting."""

    workspace_id: int
    invitation_id: int
    workspace_name: str
    role: str
    email: str | None


@dataclass(frozen=True)
class Newcomer:
    name: str
    work_name: str
    email: str
    password: str


async def create_invitation(tx: Transaction, caller: Caller, role: str, email: str | None) -> tuple[Invitation, str]:
    """(invitation, token of its link, shown once). Valid for a week; with `email` only for that address."""
    address = clean_email(email) if email else None
    secret = token("yki_")
    row = await tx.fetchrow(
        "insert into invitations (workspace_id, token_hash, role, email, invited_by, expires_at)"
        " values ($1, $2, $3, $4, $5, now() + make_interval(days => $6))"
        " returning id, role, email, expires_at, accepted_at, created_at",
        caller.workspace_id,
        token_hash(secret),
        role,
        address,
        caller.agent_id,
        VALID_DAYS,
    )
    invitation = Invitation(**dict(row))
    await record_audit(tx, caller, "invitation.created", f"invitation:{show_id(invitation.id)}", {"role": role})
    return invitation, secret


async def list_invitations(tx: Transaction) -> list[Invitation]:
    """Those that were accepted or still can be, newest first."""
    rows = await tx.fetch(
        "select id, role, email, expires_at, accepted_at, created_at from invitations"
        " where revoked_at is null and (accepted_at is not null or expires_at > now()) order by id desc limit 200"
    )
    return [Invitation(**dict(row)) for row in rows]


async def revoke_invitation(tx: Transaction, caller: Caller, invitation_id: int) -> None:
    """Raises 404 for one that is unknown, accepted or revoked."""
    if not await tx.fetchval(
        "update invitations set revoked_at = now() where id = $1 and revoked_at is null and accepted_at is null"
        " returning true",
        invitation_id,
    ):
        raise not_found()
    await record_audit(tx, caller, "invitation.revoked", f"invitation:{show_id(invitation_id)}")


async def find_open_invitation(db: Database, secret: str) -> OpenInvitation:
    """Raises 404 for a link that is unknown, used, revoked or over its time."""
    async with db.system() as tx:
        row = await tx.fetchrow("select * from find_invitation($1)", token_hash(secret[:LONGEST_TOKEN]))
    if row is None:
        raise Problem(
            404,
            "invitation_over",
            "这个邀请链接已失效，请让管理员重新邀请您。",
            "This invitation is no longer valid. Ask an admin for a new one.",
        )
    return OpenInvitation(**dict(row))


async def accept_invitation(
    db: Database, passwords: Passwords, secret: str, newcomer: Newcomer, browser: Browser
) -> tuple[int, str]:
    """(workspace id, session token). Raises 404 for a used link, 403 for another e-mail, 409 for a known one."""
    open_one = await find_open_invitation(db, secret)
    email = clean_email(newcomer.email)
    if open_one.email is not None and open_one.email.lower() != email.lower():
        raise Problem(
            403,
            "other_email",
            "这份邀请是发给另一个邮箱的，请用收到邀请的邮箱。",
            "This invitation is for another e-mail address. Use the one that was invited.",
        )
    name = clean_line(newcomer.name, 60, field="name", min_chars=1)
    work_name = clean_line(newcomer.work_name, 40, field="work_name") or name
    password_hash = await passwords.hash(check_password(newcomer.password))
    async with db.transaction(open_one.workspace_id) as tx:
        agent_id = await _join(tx, open_one, email, name, work_name, password_hash)
        session = await begin_session(tx, open_one.workspace_id, agent_id, browser)
        caller = Caller(open_one.workspace_id, agent_id, None, open_one.role, address=browser.address)
        await record_audit(tx, caller, "invitation.accepted", f"invitation:{show_id(open_one.invitation_id)}")
        await record_event(tx, open_one.workspace_id, "agent_updated", {"agent_id": show_id(agent_id)})
    return open_one.workspace_id, session


async def _join(
    tx: Transaction, open_one: OpenInvitation, email: str, name: str, work_name: str, password_hash: str
) -> int:
    """The row lock lets exactly one of many acceptances through."""
    is_mine = await tx.fetchval(
        "update invitations set accepted_at = now() where id = $1 and accepted_at is null and revoked_at is null"
        " and expires_at > now() returning true",
        open_one.invitation_id,
    )
    if not is_mine:
        raise not_found()
    agent_id = await tx.fetchval(
        "insert into agents (workspace_id, email, password_hash, name, work_name, role) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (workspace_id, lower(email)) do nothing returning id",
        open_one.workspace_id,
        email,
        password_hash,
        name,
        work_name,
        open_one.role,
    )
    if agent_id is None:
        raise conflict(
            "known_email", "这个邮箱已在本企业中，请直接登录。", "This e-mail has an account here already. Sign in."
        )
    await tx.execute("update invitations set accepted_by = $2 where id = $1", open_one.invitation_id, agent_id)
    return int(agent_id)
