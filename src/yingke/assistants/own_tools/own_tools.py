"""The tools of the merchants that this process serves: read when they change, one way out for all of them."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yingke.assistants.own_tools.call import OwnCaller
from yingke.assistants.own_tools.config import OwnToolConfig, read_config
from yingke.assistants.own_tools.likeness import Examples, Vectors, examples_of, ordinary
from yingke.assistants.own_tools.own_tool import OwnTool, ReadyTool, make_tool
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

MOST_KEPT = 1_000
_SERVING = (
    "select id, version, config, secret, vectors from own_tools"
    " where workspace_id = $1 and is_on and deleted_at is null order by id"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: str
    tools: tuple[OwnTool, ...]


class OwnTools:
    """One per process."""

    def __init__(
        self, db: Database, encoder: Encoder, outgoing: Outgoing, secrets: Secrets, settings: Settings
    ) -> None:
        self._db = db
        self._encoder = encoder
        self._secrets = secrets
        self.caller = OwnCaller(outgoing, allow_private=settings.allow_private_urls)
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._ordinary: Vectors | None = None

    async def of(self, workspace_id: int, stamp: str | None) -> tuple[OwnTool, ...]:
        """Those that are on, as of `stamp`, which changes with every change of them; None: there are none.

        While the database or the encoder is away those known before go on.
        """
        if stamp is None:
            self._kept.pop(workspace_id, None)
            return ()
        known = self._kept.get(workspace_id)
        if known is not None and known.stamp == stamp:
            return known.tools
        try:
            tools = await self.read(workspace_id, is_heard=True)
        except Problem:
            return known.tools if known is not None else ()
        self._kept[workspace_id] = _Kept(stamp, tools)
        self._kept.move_to_end(workspace_id)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return tools

    async def read(self, workspace_id: int, *, is_heard: bool = False) -> tuple[OwnTool, ...]:
        """As they are this moment; `is_heard`: with what tells them in customers' words. Raises the 503 Problem."""
        others = await self._others() if is_heard else None
        async with self._db.reading(workspace_id) as tx:
            rows = await tx.fetch(_SERVING, workspace_id)
        found = [
            self._ready(workspace_id, row, config, others) for row in rows if (config := read_config(row["config"]))
        ]
        return tuple(make_tool(one, self.caller, self._secrets) for one in found)

    async def encode(self, examples: Sequence[str]) -> bytes:
        """What is stored of the examples. Raises the 503 Problem while the encoder is away."""
        return (await self._encoder.encode([*map(fold, examples)])).astype(np.float16).tobytes()

    async def _others(self) -> Vectors:
        if self._ordinary is None:
            self._ordinary = await self._encoder.encode([*map(fold, ordinary())])
        return self._ordinary

    def _ready(self, workspace_id: int, row: Any, config: OwnToolConfig, others: Vectors | None) -> ReadyTool:
        return ReadyTool(
            workspace_id,
            row["id"],
            row["version"],
            config,
            row["secret"],
            None if config.shop_ids is None else frozenset(map(int, config.shop_ids)),
            _examples(config, row["vectors"], others) if others is not None else None,
        )


def _examples(config: OwnToolConfig, stored: bytes, others: Vectors) -> Examples | None:
    """None where the vectors are of another encoder."""
    if len(stored) != len(config.examples) * DIMENSIONS * 2:
        return None
    rows = np.frombuffer(stored, dtype=np.float16).astype(np.float32).reshape(-1, DIMENSIONS)
    return examples_of(config.examples, rows, others)
