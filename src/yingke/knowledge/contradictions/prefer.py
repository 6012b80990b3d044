"""Which of two hits that contradict each other may speak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from yingke.knowledge.contradictions.find_clashes import Clash, Statement, find_clashes
from yingke.knowledge.entry import Entry, Hit

LOOKED_AT = 6
"""Hits further down are no evidence of anything."""
_NEAR = 0.55
"""A hit whose score is below this share of the best is about something else."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Overruled:
    """A hit that was taken out, the passage that answers in its place, and what they disagree on."""

    hit: Hit
    by: int
    clash: Clash


def prefer(hits: Sequence[Hit], own_names: tuple[str, ...] = ()) -> tuple[list[Hit], list[Overruled]]:
    """The hits without those that a better one contradicts, and those. Order and ranks of the others stay as they were.

    A QA pair counts more than any document, then the document of higher rank, then the newer one. The winner takes the
    place and the score of what it overruled where that stood above it. Pure; well below a millisecond for texts seen
    before, a few milliseconds for six long ones.
    """
    kept = list(hits)
    gone: list[Overruled] = []
    best = kept[0].score if kept else 0.0
    near = [hit for hit in kept[:LOOKED_AT] if hit.score >= best * _NEAR]
    if all(hit.entry.document_id is None for hit in near):
        # Pairs stand alike among themselves: a person has looked at each.
        return kept, gone
    for at, one in enumerate(near):
        for other in near[at + 1 :]:
            if {one.entry.id, other.entry.id} & {past.hit.entry.id for past in gone}:
                continue
            clash = _clash(one.entry, other.entry, own_names)
            if clash is not None:
                winner, loser = (one, other) if standing(one.entry) >= standing(other.entry) else (other, one)
                gone.append(Overruled(loser, winner.entry.id, clash))
                kept = _take_over(kept, winner.entry.id, loser.entry.id)
    return kept, gone


def standing(entry: Entry) -> tuple[int, datetime]:
    """The greater one is right."""
    return 2 if entry.document_id is None else entry.rank, entry.document_at or _LONG_AGO


def statement_of(entry: Entry) -> Statement:
    row = tuple(entry.row.items()) if entry.row else None
    return Statement(entry.kind, entry.heading, entry.text, entry.document_title, row)


def _clash(one: Entry, other: Entry, own_names: tuple[str, ...]) -> Clash | None:
    if one.document_id == other.document_id and one.document_id is not None:
        return None
    found = find_clashes(statement_of(one), statement_of(other), own_names)
    return found[0] if found else None


def _take_over(hits: list[Hit], winner_id: int, loser_id: int) -> list[Hit]:
    at = {hit.entry.id: position for position, hit in enumerate(hits)}
    winner, loser = hits[at[winner_id]], hits[at[loser_id]]
    first = min(at[winner_id], at[loser_id])
    raised = replace(winner, score=max(winner.score, loser.score), rank=min(winner.rank, loser.rank))
    rest = [hit for hit in hits if hit.entry.id not in (winner_id, loser_id)]
    return [*rest[:first], raised, *rest[first:]]
