"""The workspace's own chat endpoint, for texts that nobody waits for."""

from contextlib import aclosing
from dataclasses import dataclass

import structlog

from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.ids import show_id
from yingke.kit.secrets import SealBroken, Secrets
from yingke.kit.settings import Settings
from yingke.models.breaker import Breakers
from yingke.models.call import CallLimits, Text
from yingke.models.contract import ChatMessage
from yingke.models.endpoints import find_enabled_endpoint, make_model
from yingke.models.ready_model import ReadyModel
from yingke.models.switchboard import Switchboard

log = structlog.get_logger("pairs")

LIMITS = CallLimits(first_token_s=20.0, total_s=60.0, max_tokens=1500, max_characters=12_000)


@dataclass(frozen=True, slots=True)
class Writer:
    """An endpoint that may be called now, with what is known of its health."""

    ready: ReadyModel

    @property
    def name(self) -> str:
        return self.ready.model.model

    async def write(self, messages: list[ChatMessage]) -> str:
        """The whole answer. Raises ModelError, BreakerOpen among them. Never inside a transaction."""
        parts: list[str] = []
        async with aclosing(self.ready(messages, limits=LIMITS)) as progress:
            async for step in progress:
                if isinstance(step, Text):
                    parts.append(step.text)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class ModelDoor:
    """One per process."""

    outgoing: Outgoing
    secrets: Secrets
    settings: Settings
    breakers: Breakers
    switchboard: Switchboard | None = None
    """The process's own: what is written is counted, and nothing is once the budget is spent."""

    async def find_writer(self, db: Database, workspace_id: int, purpose: str = "pairs") -> Writer | None:
        """None where no endpoint is enabled for it, its key cannot be opened, or the budget is spent."""
        if self.switchboard is not None:
            line = await self.switchboard.line_of(workspace_id)
            models = line.of(purpose) if line.why_not() is None else ()
            return Writer(models[0]) if models else None
        async with db.transaction(workspace_id) as tx:
            endpoint = await find_enabled_endpoint(tx, purpose)
        if endpoint is None:
            return None
        try:
            model = make_model(endpoint, self.outgoing, self.secrets, self.settings)
        except SealBroken:
            log.warning("model key cannot be opened", endpoint=endpoint.id)
            return None
        provider = f"{workspace_id}:{show_id(endpoint.id)}:{endpoint.base_url}"
        return Writer(ReadyModel(model, self.breakers.of(provider, endpoint.model)))
