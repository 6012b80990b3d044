"""Several wishes about orders in one message: while one waits for an answer of the customer the others wait for it."""

from typing import Final

from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.work import Served, Work

MOST: Final = 3
LONGEST: Final = 200
SHOWN: Final = 20
RESUMED: Final = "resumed"
"""Under this name the talk keeps which question was put a second time."""
OPENING: Final = ("order_number", "phone_tail", "which_order")
_GOES_ON: Final = (
    "order_number",
    "phone_tail",
    "confirm",
    "which_item",
    "which_order",
    "address",
    "invoice",
    "tax_number",
    "email",
)


def put_off(work: Work, skill: str, text: str) -> Served:
    """Keeps a wish for later and says so."""
    work.talk.waiting = [*work.talk.waiting, {"skill": skill, "text": text[:LONGEST]}][-MOST:]
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return Served(work.say("put_off", what=" ".join(shown.split())))


def next_waiting(talk: Talk) -> dict[str, str] | None:
    """The wish whose turn it is, taken off the list; None while something is being asked."""
    if talk.asked is not None or not talk.waiting:
        return None
    first, *talk.waiting = talk.waiting
    return first


def resume(work: Work, before: Talk) -> str:
    """Puts again, once, what was asked before the customer asked something else; empty where nothing is to be put."""
    talk = work.talk
    asked = before.asked
    if asked not in _GOES_ON or talk.pending != before.pending or talk.asked not in (None, asked):
        return ""
    if talk.asked is None and (asked in OPENING or talk.pending is None):
        return ""
    if talk.collected.get(RESUMED) == f"{asked} {talk.wish}":
        return ""
    talk.collected[RESUMED] = f"{asked} {talk.wish}"
    talk.asked = asked
    return work.say(f"resume_{asked}" if asked in ("confirm", "order_number", "phone_tail", "address") else "resume")
