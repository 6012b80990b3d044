"""The emulated chat endpoint in a process of its own."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from benchmarks.product import free_port


@contextlib.asynccontextmanager
async def run_endpoint() -> AsyncIterator[str]:
    """Yields its base address; the model named `load` gives the first token after 300 ms and 60 chunks in 1 s."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.emulators.chat_endpoint", "--port", str(port), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    try:
        yield address
    finally:
        process.terminate()
        await process.wait()
