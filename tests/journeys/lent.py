"""One running product for all tests of a worker that do not break it, journeys and browser tests alike."""

import contextlib
from collections.abc import AsyncIterator

from benchmarks.product import Product, run_product

_stack = contextlib.AsyncExitStack()
_lent: list[Product] = []


@contextlib.asynccontextmanager
async def lend_product() -> AsyncIterator[Product]:
    """Starts it for the first who asks, ends it with the last who gives it back."""
    if _lent:
        product = _lent[0]
    else:
        settings = {"YINGKE_ALLOW_PRIVATE_URLS": "1"}
        product = await _stack.enter_async_context(run_product("up", settings=settings, needs_workspace=False))
    _lent.append(product)
    try:
        yield product
    finally:
        _lent.remove(product)
        if not _lent:
            await _stack.aclose()
