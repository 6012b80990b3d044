"""What a workspace has chosen for searching: an embedding endpoint, a reranker, both or neither."""

import base64
import hashlib
from typing import Any, Literal

import msgspec

from yingke.kit.db import Transaction
from yingke.models.location import Place

Part = Literal["embedding", "reranker"]


class Endpoint(msgspec.Struct, kw_only=True):
    """One endpoint as it is stored; `api_key` is sealed and in Base64. `is_allowed`: not abroad, or somebody agreed."""

    base_url: str
    model: str
    api_key: str = ""
    location: Place = "abroad"
    abroad_confirmed: bool = False

    @property
    def is_allowed(self) -> bool:
        return self.location != "abroad" or self.abroad_confirmed

    @property
    def sealed(self) -> bytes | None:
        return base64.b64decode(self.api_key) if self.api_key else None


class EmbeddingChoice(Endpoint, kw_only=True):
    """It is searched by as soon as every passage has a vector; `tokens` is what learning them has cost so far.

    `failed` is the sentence pair of what stopped the learning, None while all is well.
    """

    dimensions: int | None = None
    is_ready: bool = False
    tokens: int = 0
    failed: dict[str, str] | None = None

    @property
    def space(self) -> str:
        """Names what makes two vectors comparable: the place, the model and the size that was asked for."""
        name = f"{self.base_url}\n{self.model}\n{self.dimensions}"
        return hashlib.blake2b(name.encode(), digest_size=12).hexdigest()


class SearchChoice(msgspec.Struct, kw_only=True):
    """`knowledge_settings.search`."""

    embedding: EmbeddingChoice | None = None
    reranker: Endpoint | None = None


def read_choice(stored: Any) -> SearchChoice:
    """From the decoded jsonb; {} is neither."""
    return msgspec.convert(stored or {}, SearchChoice)


async def lock_choice(tx: Transaction, workspace_id: int) -> SearchChoice:
    """The choice, locked until the transaction ends."""
    await tx.execute(
        "insert into knowledge_settings (workspace_id) values ($1) on conflict (workspace_id) do nothing", workspace_id
    )
    stored = await tx.fetchval("select search from knowledge_settings where workspace_id = $1 for update", workspace_id)
    return read_choice(stored)


async def write_choice(tx: Transaction, workspace_id: int, choice: SearchChoice) -> None:
    await tx.execute(
        "update knowledge_settings set search = $2, updated_at = now() where workspace_id = $1",
        workspace_id,
        msgspec.to_builtins(choice),
    )
