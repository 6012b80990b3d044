"""Passwords: Argon2id, in a thread, at most two at once so that guessing cannot starve the rest."""

import asyncio

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from yingke.kit.errors import bad_input, busy
from yingke.kit.text import clean_text

SHORTEST = 8
LONGEST = 200
AT_ONCE = 2
MOST_WAITING = 40

# Argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet.
_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_NOBODY = _hasher.hash("the password of nobody")


class Passwords:
    """One per process."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Raises 503 when too many wait already."""
        return await self._in_turn(password, None)

    async def is_right(self, password: str, stored: str | None) -> bool:
        """False for a wrong password, and, after the same work, for nobody (`stored` is None)."""
        answer = await self._in_turn(password, stored or _NOBODY)
        return answer == "right" and stored is not None

    async def _in_turn(self, password: str, stored: str | None) -> str:
        if self._waiting >= MOST_WAITING:
            raise busy(2.0)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(_work, password, stored)
        finally:
            self._waiting -= 1


def check_password(password: str, field: str = "password") -> str:
    """A password that may be set: 8 to 200 characters. Raises 400."""
    if len(password) < SHORTEST:
        raise bad_input({field: f"密码至少 {SHORTEST} 位 / at least {SHORTEST} characters"})
    return clean_text(password, LONGEST, field=field)


def _work(password: str, stored: str | None) -> str:
    if stored is None:
        return _hasher.hash(password)
    try:
        return "right" if _hasher.verify(password, stored) else "wrong"
    except UnknownHashError:
        return "wrong"
