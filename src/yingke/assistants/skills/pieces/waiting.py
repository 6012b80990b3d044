"""Several wishes about orders in one message: while one waits for an answer of the customer the others wait for it."""

import re
from typing import Final

from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.wishes import says_yes
from yingke.assistants.skills.pieces.work import Served, Work

MOST: Final = 3
LONGEST: Final = 200
SHOWN: Final = 20
OPENING: Final = ("order_number", "phone_tail", "which_order")
_CONFIRMS: Final = re.compile(r"确[认定]|提交|办|申请|是的|confirm|submit|go ahead|\byes\b", re.IGNORECASE)
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
    "own_input",
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


def is_weak_yes(talk: Talk, text: str) -> bool:
    """「好的」 after something else came in between may be a yes to that; only a word of its own confirms then."""
    if talk.pending is None or talk.resumed != f"confirm {talk.pending.since}":
        return False
    return says_yes(text) and _CONFIRMS.search(text) is None


def resume(work: Work, before: Talk) -> str:
    """Puts again, once, what was asked before the customer asked something else; empty where nothing is to be put."""
    talk = work.talk
    asked = before.asked
    if asked not in _GOES_ON or talk.pending != before.pending or talk.asked not in (None, asked):
        return ""
    if talk.asked is None and (asked in OPENING or talk.pending is None):
        return ""
    since = talk.pending.since if talk.pending is not None else 0
    if talk.resumed == f"{asked} {since}":
        return ""
    talk.resumed, talk.asked = f"{asked} {since}", asked
    return work.say(f"resume_{asked}" if asked in ("confirm", "order_number", "phone_tail", "address") else "resume")
