"""Whether the end of an answer is the moment to ask how somebody can be reached: once, for a reason, never in anger."""

import contextlib
import re
from collections.abc import Sequence

from yingke.assistants.consider import Considered
from yingke.assistants.engine import Reply
from yingke.assistants.guarding.danger import is_of_minor
from yingke.assistants.skills.pieces.contact_ways import (
    MOST_OFFERED,
    in_words,
    is_over,
    purpose,
    remember,
    ways_left,
    what_follows,
)
from yingke.assistants.skills.pieces.work import Served, Work
from yingke.assistants.told.judge_soon import judge_soon
from yingke.assistants.told.read_told import read_told
from yingke.kit.errors import Problem

SKILL, TOOL, OWN_TOOLS = "contact_taking", "take_contact", "own_tools"
_BAD_MOODS = ("disappointed", "angry")
LONGEST_ABOUT = 80
HANDS_OVER = {"bulk": "bulk_order", "call": "call_back"}
"""Reasons for which somebody who is there takes over at once."""
_SHOP_TALK = re.compile(r"[\u3400-\u9fff]{3}|[a-z]{3,}", re.IGNORECASE)


async def keep_told(work: Work, reply: Reply, *, is_served: bool) -> None:
    """Details that came along with something else are kept, and said back where the channel allows it."""
    if is_served or not work.belt.has(TOOL):
        return
    told = read_told(work.text, str(work.talk.contact.get("kind", "")))
    if not told.details:
        return
    taken = await take(work, [(one.kind, one.value) for one in told.details])
    if not told.reaches or reply.hand_off is not None or work.talk.asked not in (None, "contact"):
        return
    if work.talk.asked == "contact":
        work.talk.asked = None
    said = taken_words(work, taken)
    if said and reply.text:
        reply.text = f"{reply.text}\n{said}"


async def take(work: Work, details: list[tuple[str, str]]) -> dict[str, object]:
    """Stores them with what the customer left them for; masked they go to the people too."""
    contact = work.talk.contact
    reason = contact.get("reason", "")
    taken = await work.belt.run(
        TOOL,
        {"details": [{"kind": kind, "value": value} for kind, value in details]}
        | ({"wish": reason, "about": contact.get("about", "")} if reason else {}),
    )
    remember(work, given=sorted({*contact.get("given", []), *(kind for kind, _ in details)}))
    return taken.data if taken.problem is None else {}


def taken_words(work: Work, taken: dict[str, object]) -> str:
    """What is said of details that were just kept; nothing when they could not be."""
    if not taken:
        return ""
    shown = taken.get("shown")
    if isinstance(shown, list) and shown:
        said = work.say("contact_taken", shown=work.listed(shown))
    else:
        said = work.say("contact_taken_plain")
    if taken.get("is_noted"):
        said = f"{said}{'' if work.is_chinese else ' '}{work.say('contact_passed_on', what=what_follows(work))}"
    return said


async def ask_contact(work: Work, considered: Considered, reply: Reply, reason: str) -> None:
    """Adds the question to `reply`, hands over where somebody is there for it, or says that what is on file will do."""
    if not _may(work, considered, reply, reason):
        return
    known = await work.belt.run("known_contact", {})
    if known.problem is not None:
        return
    if known.data["is_staffed"]:
        if reason in HANDS_OVER:
            reply.hand_off = HANDS_OVER[reason]
        if reason != "value":
            return
    about = " ".join(work.text.split())[:LONGEST_ABOUT]
    if known.data["can_reach"]:
        if reason not in ("value", "no_answer"):
            reply.text = join(reply.text, await noted(work, reason, about))
        return
    if known.data["wants_no_contact"] or known.data["may_ask"] != "text" or not ways_left(work):
        return
    reply.text = join(reply.text, ask_words(work, reason, about))


async def noted(work: Work, reason: str, about: str) -> str:
    """How he can be reached is known: the staff gets the note at once."""
    remember(work, reason=reason, about=about, over=True)
    taken = await take(work, [])
    shown = taken.get("shown")
    told = work.listed(shown) if isinstance(shown, list) and shown else ""
    key = "contact_known" if told else "contact_known_plain"
    return work.say(key, what=what_follows(work), **({"shown": told} if told else {}))


def ask_words(work: Work, reason: str, about: str) -> str:
    """The question; from now on an answer to it is waited for."""
    offered = ways_left(work)[:MOST_OFFERED]
    remember(work, reason=reason, about=about, asked=True, kind="reach", ways=offered)
    work.talk.asked = "contact"
    return work.say(f"contact_ask_{reason}", ways=in_words(offered, work), purpose=purpose(work))


def join(first: str, second: str) -> str:
    return f"{first}\n{second}" if first and second else first or second


def _unanswered(work: Work, considered: Considered, reply: Reply) -> str:
    """A first question that may be put otherwise is asked back by the knowledge, and that is enough for once."""
    if not reply.gap:
        return ""
    gaps = work.talk.contact.get("gaps", 0) + 1
    remember(work, gaps=gaps)
    asks_back = any(one.decision.band == "ask_back" for one in considered.findings if not one.decision.answer)
    return "no_answer" if gaps > 1 or not asks_back else ""


def _may(work: Work, considered: Considered, reply: Reply, reason: str) -> bool:
    """Without a query: not twice, not while something else is asked, not in anger, not a child, not of nothing."""
    if not work.belt.has(TOOL) or is_over(work) or work.talk.contact.get("asked") or work.talk.contact.get("given"):
        return False
    if reply.hand_off is not None or work.talk.asked is not None or considered.need is not None:
        return False
    if considered.mood is not None and considered.mood.label in _BAD_MOODS:
        return False
    if considered.intent is not None and considered.intent.label == "complaint" and reason in ("no_answer", "value"):
        return False
    return bool(_SHOP_TALK.search(work.text))


async def _tell_sellers(work: Work) -> None:
    """Who can be reached has written more: what he wants may make him a lead now."""
    session = work.belt.session
    with contextlib.suppress(Problem):
        async with session.db.transaction(session.workspace_id) as tx:
            await judge_soon(tx, session.workspace_id, session.conversation_id, session.through_seq)


def _is_minor(considered: Considered) -> bool:
    said = [*considered.question.texts, *(one.text for one in considered.question.history if one.author == "contact")]
    return any(map(is_of_minor, said))


async def after_answer(
    work: Work, considered: Considered, reply: Reply, served: Sequence[Served], skills: Sequence[str]
) -> None:
    """The last step of a turn: keeps what was told beside something else, and asks where that helps. `skills` served."""
    if work.talk.contact.get("given") and work.belt.has(TOOL):
        await _tell_sellers(work)
    if _is_minor(considered):
        remember(work, minor=True)
        return
    wanted = next((one.wants_contact for one in served if one.wants_contact), "")
    if wanted:
        remember(work, reason=wanted, about=" ".join(work.text.split())[:LONGEST_ABOUT])
    if OWN_TOOLS not in skills:
        # A number that something was looked up by was not given in order to be reached.
        await keep_told(work, reply, is_served=SKILL in skills)
    if SKILL in skills:
        # Who refuses is not to be comforted; he got what he wanted.
        reply.may_comfort = reply.may_comfort and list(skills) != [SKILL]
        return
    if work.talk.asked == "contact":
        # He speaks of something else: what he was asked is over, what it was for is not.
        work.talk.asked = None
    reason = wanted or _unanswered(work, considered, reply)
    if not reason and work.contact.after_answers and reply.text and not reply.gap and skills:
        answers = work.talk.contact.get("answers", 0) + 1
        remember(work, answers=answers)
        reason = "value" if answers >= work.contact.after_answers else ""
    if reason:
        await ask_contact(work, considered, reply, reason)
