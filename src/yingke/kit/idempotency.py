"""Idempotency-Key: a creating request that is sent twice creates once and gets the first result again."""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, conflict
from yingke.kit.secrets import Secrets

LONGEST_KEY = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Sending:
    """One creating request. `owner` says who sent it ("agent:1", "key:2"); `target` is method and path."""

    workspace_id: int
    owner: str
    key: str | None
    target: str
    body: Any

    def digest(self) -> bytes:
        body = msgspec.json.encode(self.body, order="deterministic")
        return hashlib.sha256(self.target.encode() + b"\0" + body).digest()


@dataclass(frozen=True)
class Result(Generic[T]):
    """The answer, and whether this very request created it (201) or an earlier one did (200)."""

    answer: T
    is_first: bool

    @property
    def status(self) -> int:
        return 201 if self.is_first else 200


async def run_once(
    db: Database,
    sending: Sending,
    shape: type[T],
    work: Callable[[Transaction], Awaitable[T]],
    *,
    seal: Secrets | None = None,
) -> Result[T]:
    """Runs `work` in one transaction together with the key, or returns what the first sending got.

    `shape` is the type of the answer. Of two at once one works and the other waits for its result. Nothing is kept
    of work that failed. With `seal` the kept answer is encrypted: for answers that show a secret.
    Raises 409 `idempotency_key_reused` for another body under the same key, and whatever `work` raises.
    """
    key = _checked(sending.key)
    async with db.transaction(sending.workspace_id) as tx:
        if key is None:
            return Result(await work(tx), True)
        digest = sending.digest()
        is_first = await tx.fetchval(
            "insert into idempotency (workspace_id, owner, key, body_hash) values ($1, $2, $3, $4)"
            " on conflict do nothing returning true",
            sending.workspace_id,
            sending.owner,
            key,
            digest,
        )
        if not is_first:
            return Result(await _earlier(tx, sending, digest, shape, seal), False)
        answer = await work(tx)
        await tx.execute(
            "update idempotency set status = 201, answer = $4 where workspace_id = $1 and owner = $2 and key = $3",
            sending.workspace_id,
            sending.owner,
            key,
            _kept(answer, seal),
        )
        return Result(answer, True)


async def _earlier(tx: Transaction, sending: Sending, digest: bytes, shape: type[T], seal: Secrets | None) -> T:
    row = await tx.fetchrow(
        "select body_hash, answer from idempotency where workspace_id = $1 and owner = $2 and key = $3",
        sending.workspace_id,
        sending.owner,
        sending.key,
    )
    if row is None or row["body_hash"] != digest:
        raise conflict(
            "idempotency_key_reused",
            "这个 Idempotency-Key 已用于另一份内容，请换一个新的。",
            "This Idempotency-Key was used with another body. Use a new one.",
        )
    kept = row["answer"]
    if "sealed" in kept:
        if seal is None:
            raise ValueError("a sealed answer needs its seal")
        return msgspec.json.decode(seal.open(base64.b64decode(kept["sealed"])), type=shape)
    return msgspec.convert(kept["value"], shape)


def _kept(answer: Any, seal: Secrets | None) -> dict[str, Any]:
    if seal is None:
        return {"value": msgspec.to_builtins(answer)}
    return {"sealed": base64.b64encode(seal.seal(msgspec.json.encode(answer))).decode()}


def _checked(key: str | None) -> str | None:
    if key is None:
        return None
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Problem(
            400,
            "bad_idempotency_key",
            f"Idempotency-Key 应为 1 到 {LONGEST_KEY} 个可打印的 ASCII 字符。",
            f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.",
        )
    return key
