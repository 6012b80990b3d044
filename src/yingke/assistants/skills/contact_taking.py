"""How somebody can be reached: taken as it is told, asked for with a reason, never against his will."""

from typing import ClassVar

from yingke.assistants.guarding.danger import is_of_minor
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.ask_contact import TOOL, ask_words, noted, take, taken_words
from yingke.assistants.skills.pieces.contact_ways import (
    MOST_OFFERED,
    in_words,
    is_over,
    purpose,
    remember,
    ways_left,
)
from yingke.assistants.skills.pieces.contact_words import (
    ASKS,
    BARGAINS,
    BULK,
    CALL,
    FORGET,
    LEAVE_ALONE,
    LOOKS_UP,
    MOST_AROUND,
    NOT_CALL,
    NOTIFY,
    REFUSES,
    STOPS,
    WHY,
    is_mostly_told,
)
from yingke.assistants.skills.pieces.wishes import order_wish, says_no, says_yes
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.assistants.told.read_told import REACHES, Told, read_told
from yingke.knowledge.fold import fold

WHOLE = 0.98
LONGEST_NO = 12
MOST_MORE = 2
"""So many further details are asked for in a conversation."""


class ContactTaking(Skill):
    name = "contact_taking"
    says = ("留资", "Contact taking")
    tools: ClassVar[tuple[str, ...]] = (TOOL, "known_contact")
    takes_whole = True

    def claims(self, work: Work, request: Request) -> float:
        text = request.text
        if work.talk.contact.get("minor"):
            return 0.0
        if LEAVE_ALONE.search(text) or FORGET.search(text):
            return WHOLE
        is_asked = work.talk.asked == "contact"
        if LOOKS_UP.search(work.text):
            return 0.0
        told = _told(work, text)
        if (told.reaches or told.wrong or (is_asked and told.details)) and _is_mostly(told):
            return 1.0 if is_asked else WHOLE
        if told.reaches and _is_left_for_us(told, text):
            return WHOLE
        if work.talk.contact.get("given") and told.details and len(text) <= LONGEST_NO and _is_mostly(told):
            return WHOLE
        if is_over(work) and work.talk.skill == self.name and says_no(text) and len(text) <= LONGEST_NO:
            return WHOLE
        if is_asked and not told.details and not is_mere_question(text):
            return 0.97 if REFUSES.search(text) or STOPS.search(text) or WHY.search(text) or says_yes(text) else 0.0
        if is_asked and WHY.search(text):
            return 0.97
        return 0.9 if _wish(text) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        text, talk = request.text, work.talk
        if is_of_minor(work.text):
            return Served(None)
        if FORGET.search(text):
            return await _take_back(work, "forget")
        if LEAVE_ALONE.search(text):
            return await _take_back(work, "leave_alone")
        told = _told(work, text)
        if _is_only_told(told) and work.language_before:
            work.tag = work.language_before
        if told.details and (_is_mostly(told) or (told.reaches and (_wish(text) or _is_left_for_us(told, text)))):
            return await self._take(work, told)
        if told.wrong:
            return _ask_again(work, told)
        if talk.asked == "contact" and (answer := _go_on(work, text)) is not None:
            return answer
        if is_over(work) and says_no(text):
            return Served(work.say("contact_no_more"))
        reason = _wish(text)
        return await self._ask(work, reason, text) if reason else Served(None)

    async def _take(self, work: Work, told: Told) -> Served:
        if reason := _wish(work.text):
            remember(work, reason=work.talk.contact.get("reason") or reason)
        work.talk.asked = None
        taken = await take(work, [(one.kind, one.value) for one in told.details])
        said = taken_words(work, taken)
        if not said:
            return Served(work.say("contact_not_kept"), offers_person=True)
        return Served(f"{said}{_more(work, taken)}")

    async def _ask(self, work: Work, reason: str, text: str) -> Served:
        """He wishes to be told or called: asked at once, unless it is known how, or this channel forbids it."""
        known = await work.belt.run("known_contact", {})
        if known.problem is not None:
            return Served(None)
        about = " ".join(text.split())[:80]
        if known.data["is_staffed"] and reason == "call":
            return Served(work.say("contact_to_person"), hand_off="call_back")
        if known.data["can_reach"]:
            return Served(await noted(work, reason, about))
        if known.data["may_ask"] != "text" or not ways_left(work):
            return Served(work.say("contact_not_here"), offers_person=True)
        return Served(ask_words(work, reason, about))


def is_mere_question(text: str) -> bool:
    """About something else than the detail that was asked for."""
    return bool(ASKS.search(text)) and not (WHY.search(text) or STOPS.search(text) or REFUSES.search(text))


def _told(work: Work, text: str) -> Told:
    kind = str(work.talk.contact.get("kind", "")) if work.talk.asked == "contact" else ""
    return read_told(text, kind)


def _is_mostly(told: Told) -> bool:
    return is_mostly_told(told.text, _spans(told))


def _is_left_for_us(told: Told, text: str) -> bool:
    """Some words around it, and neither a question nor a wish that another skill serves."""
    is_free = not BULK.search(text) and order_wish(text) is None and not BARGAINS.search(text)
    return is_free and is_mostly_told(told.text, _spans(told), MOST_AROUND)


def _spans(told: Told) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in told.details] + [(start, end) for *_, start, end in told.wrong]


def _is_only_told(told: Told) -> bool:
    """No word of any language stands beside it, so that it says nothing of the language either."""
    marks = list(told.text)
    for start, end in _spans(told):
        marks[start:end] = " " * (end - start)
    return bool(told.details or told.wrong) and not any(mark.isalpha() for mark in marks)


def _wish(text: str) -> str:
    """notify, call, or nothing; in either script."""
    plain = fold(text)
    if NOTIFY.search(plain):
        return "notify"
    return "call" if CALL.search(plain) and not NOT_CALL.search(plain) else ""


def _go_on(work: Work, text: str) -> Served | None:
    """An answer without a detail: a refusal, a question back, a mere yes."""
    if STOPS.search(text):
        return _stop(work)
    if WHY.search(text):
        return Served(work.say("contact_why", purpose=purpose(work)))
    if REFUSES.search(text):
        return _refused(work, text)
    return Served(work.say("contact_go_on")) if says_yes(text) else None


def _refused(work: Work, text: str) -> Served:
    """Once another way is offered; a second no is the last word. Of what goes beyond the way itself, the first is."""
    contact = work.talk.contact
    if contact.get("kind") != "reach":
        remember(work, more=MOST_MORE, kind="")
        work.talk.asked = None
        return Served(work.say("contact_no_more"))
    refused = [way for way in contact.get("ways", []) if way in _named(text)] or contact.get("ways", [])
    remember(work, no=sorted({*contact.get("no", []), *refused}))
    left = ways_left(work)[:MOST_OFFERED]
    if contact.get("refused") or not left:
        return _stop(work)
    remember(work, refused=1, ways=left)
    words = {"refused": in_words(refused, work), "ways": in_words(left, work), "purpose": purpose(work)}
    return Served(work.say("contact_other_way", **words))


def _named(text: str) -> list[str]:
    plain = text.lower()
    words = {"phone": ("电话", "手机", "号码", "phone", "number", "call"), "wechat": ("微信", "wx", "wechat", "v信")}
    named = [way for way, said in words.items() if any(one in plain for one in said)]
    return named + (["email"] if any(one in plain for one in ("邮箱", "邮件", "mail")) else [])


def _stop(work: Work) -> Served:
    remember(work, over=True, kind="")
    work.talk.asked = None
    return Served(work.say("contact_stop"))


def _ask_again(work: Work, told: Told) -> Served:
    """A number that cannot be one is asked back once."""
    kind, digits, *_ = told.wrong[0]
    if work.talk.contact.get("wrong"):
        remember(work, kind="", over=True)
        work.talk.asked = None
        return Served(work.say("contact_wrong_again"))
    ways = work.talk.contact.get("ways") or [kind]
    remember(work, wrong=1, kind="reach", asked=True, ways=ways)
    work.talk.asked = "contact"
    return Served(
        work.say("contact_wrong_phone", digits=digits) if kind == "phone" else work.say("contact_wrong_email")
    )


def _more(work: Work, taken: dict[str, object]) -> str:
    """The next thing worth knowing, where the version asks for it; one at a time."""
    contact = work.talk.contact
    given = contact.get("given", [])
    can_reach = any(kind in given for kind in REACHES)
    left = [kind for kind in work.contact.more if kind not in given and kind not in contact.get("tried", [])]
    if not can_reach or not left or is_over(work) or contact.get("more", 0) >= MOST_MORE or not taken.get("may_repeat"):
        return ""
    remember(work, more=contact.get("more", 0) + 1, kind=left[0], tried=[*contact.get("tried", []), left[0]])
    work.talk.asked = "contact"
    return f"\n{work.say(f'contact_next_{left[0]}')}"


async def _take_back(work: Work, what: str) -> Served:
    done = await work.belt.run(TOOL, {"take_back": what})
    work.talk.asked = None
    work.talk.contact = {}
    remember(work, over=True)
    if done.problem is not None:
        return Served(work.say("contact_not_kept"), offers_person=True)
    return Served(work.say("contact_forgotten" if what == "forget" else "contact_left_alone"))
