"""What a call costs, counted so finely that nothing is lost by rounding."""

from dataclasses import dataclass

from yingke.models.contract import Usage

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Minor units of `currency` for a million tokens; None where nobody told. Cached input costs `cached`, else `incoming`."""

    currency: str = "CNY"
    incoming: int | None = None
    cached: int | None = None
    outgoing: int | None = None

    def cost_micro(self, usage: Usage) -> int:
        """Millionths of a minor unit: tokens times price for a million."""
        incoming, outgoing = self.incoming or 0, self.outgoing or 0
        cached = self.cached if self.cached is not None else incoming
        fresh = usage.prompt_tokens - usage.cached_tokens
        return fresh * incoming + usage.cached_tokens * cached + usage.completion_tokens * outgoing


UNPRICED = Price()


def minor_of(cost_micro: int) -> int:
    """Whole minor units, half up."""
    return (cost_micro + MICRO // 2) // MICRO
