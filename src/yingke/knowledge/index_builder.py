"""Has indexes built by a process beside the server, which then finds them among its snapshots."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import msgspec

from yingke.knowledge.build_child import Built, Place, Wish

_ATTEMPTS = 2
_PATIENCE_SECONDS = 60.0
_LONGEST_LINE = 1 << 22


class IndexBuilder:
    """One per process; its child comes with the first wish and goes after a minute without one."""

    def __init__(self, dsn: str, folder: Path) -> None:
        """`dsn` logs in as `yingke_app`; `folder` is that of the snapshots."""
        self._place = Place(dsn, str(folder))
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def build(self, workspace_id: int) -> Built | None:
        """None when the child cannot do it: the caller builds the index itself."""
        async with self._turn:
            for _ in range(_ATTEMPTS):
                with contextlib.suppress(OSError, EOFError):
                    return await self._ask(workspace_id)
        return None

    async def close(self) -> None:
        """Ends the child, whatever it does."""
        await self._end()

    async def _ask(self, workspace_id: int) -> Built | None:
        is_answered = False
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                built = await self._exchange(workspace_id)
            is_answered = True
            return built
        finally:
            # Half an answer may be under way.
            if not is_answered:
                await self._end()

    async def _exchange(self, workspace_id: int) -> Built | None:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._spawn()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(Wish(workspace_id)) + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        return msgspec.json.decode(line, type=Built | None)

    async def _spawn(self) -> asyncio.subprocess.Process:
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        keep = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        keep["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yingke.knowledge.build_child", str(os.getpid()),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=keep | threads, start_new_session=True, limit=_LONGEST_LINE,
        )  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(self._place) + b"\n")
        return process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()
