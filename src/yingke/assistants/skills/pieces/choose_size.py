"""Which row of a size table fits a body; where two fit, or none, that is said instead of guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from yingke.assistants.skills.pieces.body import Body

Fit = Literal["one", "two", "apart", "outside"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """`rows` are those of the table that say it. one: it is that size · two: on the line between, either fits · apart:
    height says the first, weight the second · outside: the table has no such body, the nearest row is given."""

    fit: Fit
    rows: tuple[dict[str, Any], ...]


def choose_size(rows: Sequence[dict[str, Any]], body: Body) -> Chosen | None:
    """`rows` as the tool shows them, smallest first. None where the table tells nothing of what is known of the body."""
    told = {kind: figure for kind, figure in (("height", body.height), ("weight", body.weight)) if figure is not None}
    known = {kind: figure for kind, figure in told.items() if any(kind in row["ranges"] for row in rows)}
    if not known:
        return None
    by_kind = {kind: [row for row in rows if _is_in(row, kind, figure)] for kind, figure in known.items()}
    both = [row for row in rows if all(row in fitting for fitting in by_kind.values())]
    if both:
        return Chosen("one" if len(both) == 1 else "two", tuple(both[:2]))
    if len(known) == 2 and all(by_kind.values()):
        return Chosen("apart", (by_kind["height"][0], by_kind["weight"][-1]))
    kind = next(kind for kind, fitting in by_kind.items() if not fitting)
    figure = known[kind]
    nearest = min(
        (row for row in rows if kind in row["ranges"]), key=lambda row: _distance(row["ranges"][kind], figure)
    )
    return Chosen("outside", (nearest,))


def _is_in(row: dict[str, Any], kind: str, figure: float) -> bool:
    span = row["ranges"].get(kind)
    return span is not None and span[0] <= figure <= span[1]


def _distance(span: Sequence[float], figure: float) -> float:
    return max(span[0] - figure, figure - span[1], 0.0)
