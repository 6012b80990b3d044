"""The models of one workspace in the order in which they are asked, and whether it may still spend."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from yingke.models.budget import INPUT_TOKENS, OUTPUT_TOKENS, UNLIMITED, Budget, is_spent
from yingke.models.meter import Meter
from yingke.models.ready_model import ReadyModel

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Line:
    """`models` by purpose, first asked first. `utc_offset_s`: where the workspace's day begins."""

    workspace_id: int
    models: Mapping[str, tuple[ReadyModel, ...]] = field(default_factory=dict)
    budget: Budget = UNLIMITED
    meter: Meter | None = None
    utc_offset_s: int = 0
    has_lost_keys: bool = False
    """A key was sealed by another installation; that endpoint is left out."""

    def of(self, purpose: str) -> tuple[ReadyModel, ...]:
        return self.models.get(purpose, ())

    @property
    def input_tokens(self) -> int:
        return self.budget.input_tokens or INPUT_TOKENS

    @property
    def output_tokens(self) -> int:
        return self.budget.output_tokens or OUTPUT_TOKENS

    def why_not(self, conversation_id: int = 0) -> str | None:
        """Why nothing may be spent now: budget, visitor; None when it may."""
        if self.meter is None:
            return None
        if is_spent(self.budget, self.meter.spent(self.workspace_id)):
            return "budget"
        most = self.budget.visitor_tokens_day
        if most and conversation_id:
            used = self.meter.visitor_spent(self.workspace_id, conversation_id, self._day())
            return "visitor" if used >= most else None
        return None

    def note_visitor(self, conversation_id: int, tokens: int) -> None:
        if self.meter is not None and conversation_id and self.budget.visitor_tokens_day:
            self.meter.note_visitor(self.workspace_id, conversation_id, self._day(), tokens)

    def _day(self) -> int:
        return int((time.time() + self.utc_offset_s) // SECONDS_A_DAY)
