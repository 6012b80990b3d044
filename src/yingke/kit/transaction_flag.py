"""Whether the running task holds a database transaction open; `kit.db` sets it, `kit.http` reads it."""

from contextvars import ContextVar

transaction_open: ContextVar[bool] = ContextVar("transaction_open", default=False)
