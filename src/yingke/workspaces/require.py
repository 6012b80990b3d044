"""The one line by which a route says who may call it. A route that says nothing is closed."""

from dataclasses import replace
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from yingke.kit.client_address import client_address
from yingke.kit.errors import forbidden
from yingke.workspaces.authenticate import Authenticate
from yingke.workspaces.caller import Caller
from yingke.workspaces.permissions import ROLES, SCOPES, is_role_enough
from yingke.workspaces.same_origin import READING, check_body_type, check_origin

Connection = ASGIConnection[Any, Any, Any, Any]


class Rule:
    """A guard of Litestar. Tests and documents read `role` and `scope` from it."""

    def __init__(self, role: str | None, scope: str | None, *, is_public: bool = False) -> None:
        self.role = role
        self.scope = scope
        self.is_public = is_public

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        authenticate: Authenticate = connection.app.state.authenticate
        if self.is_public:
            if connection.scope.get("method", "GET") not in READING:
                check_origin(connection, authenticate.settings)
                check_body_type(connection)
            return
        caller = await authenticate.caller(connection)
        if not self.allows(caller):
            raise forbidden()
        caller = replace(caller, address=client_address(connection, authenticate.settings))
        connection.scope["caller"] = caller  # type: ignore[typeddict-unknown-key]
        connection.state.caller = caller

    def allows(self, caller: Caller) -> bool:
        if caller.api_key_id is not None:
            return self.scope is not None and self.scope in caller.scopes
        return self.role is not None and is_role_enough(caller.role, self.role)


def require(*, role: str, scope: str | None = None) -> Rule:
    """People of at least `role`; programs whose key has `scope`, or no program at all without one."""
    if role not in ROLES or (scope is not None and scope not in SCOPES):
        raise ValueError(f"no such role or scope: {role} {scope}")
    return Rule(role, scope)


def require_scope(scope: str) -> Rule:
    """Programs whose key has `scope`, and people of the role that the table names beside it."""
    return require(role=SCOPES[scope], scope=scope)


def anyone() -> Rule:
    """Nobody has to be signed in; foreign pages and disguised bodies are refused all the same."""
    return Rule(None, None, is_public=True)


async def deny_undeclared(connection: Connection, handler: BaseRouteHandler) -> None:
    """For the whole application: a handler that declares no rule, and is not marked `opt={"door": …}`, is closed.

    `door` names another way of telling who is calling, such as "visitor" or "page".
    """
    if "door" in handler.opt or any(isinstance(guard, Rule) for guard in handler.resolve_guards()):
        return
    raise forbidden()
