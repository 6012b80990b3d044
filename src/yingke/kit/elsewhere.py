"""Who waits for somebody else's machine gives up his place among those who work here, and takes it again afterwards."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

holder: ContextVar[Callable[[int], None] | None] = ContextVar("holder", default=None)
"""Told 1 when its holder begins to wait and -1 when he comes back; both may come several times, also at once."""


@contextlib.contextmanager
def waiting_elsewhere() -> Iterator[None]:
    """Around every call over the network."""
    tell = holder.get()
    if tell is None:
        yield
        return
    tell(1)
    try:
        yield
    finally:
        tell(-1)
