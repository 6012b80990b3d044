"""Finds out who is calling, from the session cookie or the API key."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection

from yingke.kit.client_address import client_address
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, unauthorized
from yingke.kit.secrets import Secrets, token_hash
from yingke.kit.settings import Settings
from yingke.workspaces.caller import Caller
from yingke.workspaces.known_callers import KnownCallers
from yingke.workspaces.passwords import Passwords
from yingke.workspaces.same_origin import READING, check_body_type, check_origin
from yingke.workspaces.session_cookie import read_cookie

Connection = ASGIConnection[Any, Any, Any, Any]

LONGEST_TOKEN = 200
TOUCH_SESSION = timedelta(minutes=5)
TOUCH_KEY = timedelta(minutes=1)


class Authenticate:
    """One per process, kept as `app.state.authenticate`."""

    def __init__(
        self, db: Database, settings: Settings, secrets: Secrets, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.db = db
        self.settings = settings
        self.secrets = secrets
        self.known = KnownCallers(clock)
        self.passwords = Passwords()

    async def caller(self, connection: Connection) -> Caller:
        """Who sent this request. Raises 401 for nobody, 403 for a foreign page or a missing CSRF token, 415."""
        scheme, _, key = connection.headers.get("authorization", "").partition(" ")
        is_writing = connection.scope.get("method", "GET") not in READING
        if is_writing:
            check_body_type(connection)
        if scheme:
            if scheme.lower() != "bearer":
                raise unauthorized()
            return await self.caller_by_key(key.strip())
        caller = await self.caller_by_cookie(connection)
        if is_writing:
            check_origin(connection, self.settings)
            self._check_csrf_token(connection, caller)
        return caller

    async def caller_by_cookie(self, connection: Connection) -> Caller:
        """The agent of a session. A WebSocket calls this after `check_origin`. Raises 401."""
        token = read_cookie(connection, self.settings)
        if token is None or len(token) > LONGEST_TOKEN:
            raise unauthorized()
        return await self.caller_by_session(token, client_address(connection, self.settings))

    async def caller_by_session(self, token: str, address: str = "") -> Caller:
        """The agent of a session token. Raises 401."""
        key = token_hash(token)
        return self.known.find(key) or await self._find_session(key, address)

    async def caller_by_key(self, text: str) -> Caller:
        """The program behind an API key. Raises 401."""
        if not text or len(text) > LONGEST_TOKEN:
            raise unauthorized()
        key = token_hash(text)
        return self.known.find(key) or await self._find_api_key(key)

    def csrf_token(self, session_hash: bytes) -> str:
        """Bound to one session: another session's token is refused."""
        return self.secrets.sign("csrf", session_hash)

    def _check_csrf_token(self, connection: Connection, caller: Caller) -> None:
        token = read_cookie(connection, self.settings) or ""
        sent = connection.headers.get("x-csrf-token", "")
        if not self.secrets.is_signed("csrf", token_hash(token), sent):
            raise Problem(
                403,
                "csrf_token_needed",
                "页面已过期，请刷新后再试。",
                "This page is out of date. Reload it and try again (X-CSRF-Token is missing or wrong).",
            )

    async def _find_session(self, key: bytes, address: str) -> Caller:
        async with self.db.crossing() as tx:
            row = await tx.fetchrow("select * from find_session($1)", key)
        if row is None:
            raise unauthorized()
        if datetime.now(UTC) - row["seen_at"] > TOUCH_SESSION:
            async with self.db.transaction(row["workspace_id"]) as tx:
                await touch_session(tx, row["session_id"], address)
        caller = Caller(
            workspace_id=row["workspace_id"],
            agent_id=row["agent_id"],
            api_key_id=None,
            role=row["role"],
            session_id=row["session_id"],
            csrf_token=self.csrf_token(key),
        )
        self.known.keep(key, caller)
        return caller

    async def _find_api_key(self, key: bytes) -> Caller:
        async with self.db.crossing() as tx:
            row = await tx.fetchrow("select * from find_api_key($1)", key)
        if row is None:
            raise unauthorized()
        used = row["last_used_at"]
        if used is None or datetime.now(UTC) - used > TOUCH_KEY:
            async with self.db.transaction(row["workspace_id"]) as tx:
                await tx.execute("update api_keys set last_used_at = now() where id = $1", row["api_key_id"])
        caller = Caller(
            workspace_id=row["workspace_id"],
            agent_id=None,
            api_key_id=row["api_key_id"],
            role="program",
            scopes=frozenset(row["scopes"]),
        )
        self.known.keep(key, caller)
        return caller


async def touch_session(tx: Transaction, session_id: int, address: str) -> None:
    """A session ends 7 days after its last use and 30 days after its beginning, whichever is sooner."""
    await tx.execute(
        "update agent_sessions set seen_at = now(), address = $2,"
        " expires_at = least(created_at + interval '30 days', now() + interval '7 days') where id = $1",
        session_id,
        address,
    )


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The dependency `caller`; the guard of the route has already found it."""
    caller = request.scope.get("caller")
    if not isinstance(caller, Caller):
        raise unauthorized()
    return caller


async def provide_passwords(request: Request[Any, Any, Any]) -> Passwords:
    """The dependency `passwords`: one queue for all hashing of the process."""
    passwords: Passwords = request.app.state.authenticate.passwords
    return passwords
