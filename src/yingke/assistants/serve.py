"""The team at work: which skill takes which part of a turn, and one answer out of all parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.consider import Considered
from yingke.assistants.considered_trace import trace_of
from yingke.assistants.engine import Reply
from yingke.assistants.goods.shelf import Shelf
from yingke.assistants.hear_foreign import (
    ENGLISH,
    heard_once,
    heard_texts,
    heard_whole,
    in_one_sentence,
    is_heard_in_chinese,
    is_of_what_was_spoken_of,
    speaks_past,
)
from yingke.assistants.say import ENGINE, say
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.ask_contact import SKILL as CONTACT
from yingke.assistants.skills.pieces.ask_contact import after_answer
from yingke.assistants.skills.pieces.beside import add_beside
from yingke.assistants.skills.pieces.closing import closing
from yingke.assistants.skills.pieces.contact_words import BARGAINS
from yingke.assistants.skills.pieces.focus import keep_focus
from yingke.assistants.skills.pieces.halves import are_wishes, halves_of
from yingke.assistants.skills.pieces.hearing import ABOUT_ORDERS, MAY_ASK_FIRST
from yingke.assistants.skills.pieces.problems import asks_rules, asks_when, matter_of
from yingke.assistants.skills.pieces.refer import narrow_focus
from yingke.assistants.skills.pieces.supposing import tells_of_own
from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.waiting import OPENING, next_waiting, put_off, resume
from yingke.assistants.skills.pieces.words import Wordings
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.assistants.told.read_told import read_told
from yingke.assistants.told.taking import AS_BUILT, ContactTaking
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.assistants.topics.rule_behind import tells_use
from yingke.kit.redact import mask
from yingke.knowledge.compose import Finding, can_be_read
from yingke.knowledge.names import name_of

KNOWLEDGE = "knowledge"
CONTINUES = 0.95
WHOLE = 0.975
"""From here on a skill takes the whole message, whether it asked or not."""
KNOWLEDGE_CLAIMS = 0.5
CLEARLY = 0.1
COMPLAINT = "complaint"
ORDER = "order"
PAYMENT = "payment"
AFTER_SALES = "after_sales"
HAVE_RULES = (AFTER_SALES, COMPLAINT)
OF_PARCELS = ("late", "not_received")
_NEVER = ("护栏", "who_are_you", "call:")
_OFF_PLATFORM = "护栏:off_platform"
_COMMAS = re.compile(r"[\s,，、~～]+")
_MARK = re.compile(r"\[(\d{1,2})\]")


@dataclass(slots=True)
class _Part:
    """A request with the findings that stand for it in the knowledge, and the skill that takes it."""

    request: Request
    findings: tuple[Finding, ...]
    skill: Skill | None
    served: Served | None = None
    continues: bool = False
    """Answers what had been asked."""


async def serve(
    considered: Considered,
    belt: ToolBelt,
    skills: Sequence[Skill],
    wordings: Wordings | None = None,
    degraded_level: int = 0,
    contact: ContactTaking = AS_BUILT,
    shelf: Shelf | None = None,
) -> Reply:
    """The answer of the team; of the knowledge alone where no skill has anything to say. `wordings` replace our own."""
    talk = Talk.of(considered.question.talk)
    before, asked_before = talk.shown(), Talk.of(considered.question.talk)
    usable = [skill for skill in skills if skill.is_usable(belt)]
    question = considered.question
    work = Work(
        belt,
        talk,
        considered.tag,
        heard_texts(question.texts, considered.tag),
        wordings,
        contact=contact,
        language_before=question.language,
    )
    work.has_attachment, work.shelf = question.has_attachment, shelf
    work.before = next((said.text for said in reversed(question.history) if said.author == "contact"), "")
    narrow_focus(work)
    if not usable or _is_settled(considered, work, usable):
        return say(considered, degraded_level=degraded_level)
    parts = _plan(considered, work, usable)
    await _serve_all(work, usable, parts)
    resumed = "" if any(_goes_on(part, talk) for part in parts) else resume(work, asked_before)
    reply = _join(considered, parts, belt, degraded_level)
    if resumed and reply.hand_off is None:
        reply.text = "\n".join(filter(None, (reply.text, resumed)))
    keep_focus(work, reply, before.get("product_ids", []))
    await add_beside(work, considered, reply, is_first=not before.get("product_ids"))
    if any(skill.name == CONTACT for skill in usable):
        served = [part.served for part in parts if part.served is not None]
        await after_answer(work, considered, reply, served, [_who(part) for part in parts if not _is_left(part)])
        reply.facts = tuple(dict.fromkeys((*reply.facts, *belt.facts)))
    _note(reply, parts, belt)
    if reply.text and reply.hand_off is None and talk.asked is None and any(map(_is_served, parts)):
        reply.text += closing(work)
    if not resumed and not any(part.skill for part in parts) and talk.asked == "confirm":
        # Something else came in between: a later yes would be a yes to that.
        talk.asked = talk.pending = None
    if (after := talk.shown()) != before:
        reply.talk = after
    return reply


async def _serve_all(work: Work, skills: Sequence[Skill], parts: list[_Part]) -> None:
    """One after the other. A wish about orders waits while another one of this turn has asked something."""
    talk, asking = work.talk, False
    for part in [part for part in parts if part.skill is not None]:
        skill = cast(Skill, part.skill)
        if asking and skill.name in ABOUT_ORDERS:
            part.served = put_off(work, skill.name, part.request.text)
            continue
        if not part.continues and skill.name in ABOUT_ORDERS and talk.asked in OPENING:
            # Another wish, no bad answer to what was asked.
            talk.asked, talk.times_asked = None, 0
        part.served = await skill.serve(work, part.request)
        talk.skill = skill.name
        asking = asking or (skill.name in MAY_ASK_FIRST and talk.asked is not None)
    while (waited := next_waiting(talk)) is not None:
        later = next((one for one in skills if one.name == waited["skill"]), None)
        if later is None or any(part.served is not None and part.served.hand_off for part in parts):
            continue
        request = Request(waited["text"], waited["text"])
        parts.append(_Part(request, (), later, await later.serve(work, request)))
        talk.skill = later.name


def _goes_on(part: _Part, talk: Talk) -> bool:
    """It answers what had been asked, or has asked the same for itself."""
    is_order = part.skill is not None and part.skill.name in ABOUT_ORDERS
    return part.continues or (is_order and talk.asked in OPENING)


def _is_settled(considered: Considered, work: Work, skills: Sequence[Skill]) -> bool:
    """A refusal stands; politeness does too, unless somebody was asked something or a skill is sure that it is meant.

    Who gives an id of his own in order to be reached asks for nothing that has to be refused.
    """
    if considered.shortcut is None:
        shows_damage = work.has_attachment and "matter" in work.talk.collected
        return not considered.question.texts and not shows_damage
    whole = Request(work.text, work.text, considered.intent)
    if considered.shortcut[0] == _OFF_PLATFORM:
        is_given = read_told(work.text).of("wechat") is not None and not BARGAINS.search(work.text)
        return not is_given or _sure(work, skills, whole) is None
    if considered.shortcut[0].startswith(_NEVER):
        return True
    return work.talk.asked is None and _sure(work, skills, whole) is None


def _sure(work: Work, skills: Sequence[Skill], whole: Request) -> Skill | None:
    """The skill that takes all of the message unasked, if there is one."""
    return next((one for one in skills if one.takes_whole and one.claims(work, whole) >= WHOLE), None)


def _plan(considered: Considered, work: Work, skills: Sequence[Skill]) -> list[_Part]:
    whole = Request(work.text, work.text, considered.intent, vector=_vector_of_whole(considered, work))
    is_aside = considered.is_follow_up and not tells_of_own(work.text)
    if work.talk.asked is not None and not (is_aside and asks_rules(work.text)):
        claim, best = _best(work, skills, whole)
        if claim >= CONTINUES:
            return [_Part(whole, (), best, continues=True)]
    if (sure := _sure(work, skills, whole)) is not None:
        return [_Part(whole, (), sure)]
    if is_aside:
        return [_Part(request, findings, None) for request, findings in _requests(considered)]
    parts = [_taken(work, skills, request, findings) for request, findings in _requests(considered)]
    if not parts:
        return [_Part(whole, (), None if considered.question.texts else _taker(work, skills, whole))]
    return _merged(_with_rules(_without_sighs(_with_second_wishes(work, skills, parts))))


def _vector_of_whole(considered: Considered, work: Work) -> NDArray[np.float32] | None:
    """While a change is under way a customer may say in any words what became of it; numbers and names need none."""
    is_one = len(considered.findings) == 1 and considered.vectors is not None and not considered.is_encoder_down
    return (
        considered.vectors[0] if is_one and considered.vectors is not None and work.talk.pending is not None else None
    )


def _with_second_wishes(work: Work, skills: Sequence[Skill], parts: list[_Part]) -> list[_Part]:
    """「椅子想退，顺便问问桌子有没有货」 is one question to the knowledge and two wishes to the skills."""
    found: list[_Part] = []
    for part in parts:
        found.append(part)
        if part.skill is None or part.skill.name not in ABOUT_ORDERS:
            continue
        if (cut := halves_of(part.request.text)) is None:
            continue
        bare = replace(part.request, intent=None, is_known=False, vector=None)
        former, other = (replace(bare, text=text, search=text) for text in cut[:2])
        its, mine = _claim(work, skills, other), _claim(work, skills, former) if cut.is_plain else (1.0, part.skill)
        if its[1] is None or mine[1] is None or its[1] is mine[1]:
            continue
        if not cut.is_plain or are_wishes((mine[1].name, its[1].name), min(mine[0], its[0])):
            part.request, part.skill = replace(part.request, text=cut.first, search=cut.first), mine[1]
            found.append(_Part(other, (), its[1]))
    return found


def _with_rules(parts: list[_Part]) -> list[_Part]:
    """Who asks what the rule is, or what is to be done, hears the rule first, then what is done about his own."""
    found: list[_Part] = []
    for part in parts:
        name = part.skill.name if part.skill is not None and not part.continues and part.request.is_known else ""
        text = part.request.text
        is_invoice = name == PAYMENT and ("票" in text or "税" in text)
        is_of_rules = name in HAVE_RULES and (asks_rules(text) or (name == AFTER_SALES and tells_use(text)))
        if is_invoice or is_of_rules or (name == ORDER and asks_when(text)):
            found.append(_Part(part.request, part.findings, None))
        found.append(part)
    return found


def _without_sighs(parts: list[_Part]) -> list[_Part]:
    """Beside a complaint, words that nobody can answer are part of it: 「少发了一个，太让人失望了」."""
    complaint = next((part for part in parts if part.skill is not None and part.skill.name == COMPLAINT), None)
    if complaint is None:
        return parts
    sighs = [part for part in parts if part.skill is None and not part.request.is_known]
    if matter_of(complaint.request.text) in OF_PARCELS:
        sighs += [part for part in parts if part.skill is not None and part.skill.name == ORDER]
    if sighs:
        whole = "，".join(part.request.text for part in parts if part is complaint or part in sighs)
        complaint.request = replace(complaint.request, text=whole)
    return [part for part in parts if part not in sighs]


def _requests(considered: Considered) -> list[tuple[Request, tuple[Finding, ...]]]:
    """What was asked for, one by one; the questions that a sum was taken apart into are one again."""
    found: list[tuple[Request, tuple[Finding, ...]]] = []
    summed: list[Finding] = []
    vectors = considered.vectors if not considered.is_encoder_down else None
    is_one = len(considered.findings) == 1
    whole = "\n".join(heard_texts(considered.question.texts, considered.tag))
    for at, finding in enumerate(considered.findings):
        if finding.ask.wants_total:
            summed.append(finding)
            if not finding.ask.wants_rules:
                continue
            found.append((Request(whole, whole, considered.intent), tuple(summed)))
            summed = []
        else:
            decision = finding.decision
            tag = considered.tag
            request = Request(
                _as_written(finding.ask.text, whole) if is_one else finding.ask.text,
                finding.ask.search,
                considered.intents[at] if at < len(considered.intents) else considered.intent,
                decision.answer and (tag.startswith("zh") or can_be_read(decision.evidence, tag)),
                bool(decision.evidence) and bool(name_of(decision.evidence[0].entry.row)),
                " ".join(f"{hit.entry.heading} {hit.entry.text}" for hit in decision.evidence[:2]),
                vectors[at] if vectors is not None else None,
            )
            each = in_one_sentence(request, finding.ask.subject) if tag == ENGLISH else [request]
            found += [(one, (finding,)) for one in each]
    if found and is_heard_in_chinese(considered.tag):
        first = replace(found[0][0], is_known=any(request.is_known for request, _ in found))
        heard = heard_whole(first, considered.tag, considered.text, considered.findings[0].ask.subject)
        return [(one, considered.findings) for one in heard] or found
    return found


def _as_written(text: str, whole: str) -> str:
    """A question that differs from the message in nothing but commas is asked as the message was: it is read already."""
    return whole if _COMMAS.sub("", text) == _COMMAS.sub("", whole) else text


def _taken(work: Work, skills: Sequence[Skill], request: Request, findings: tuple[Finding, ...]) -> _Part:
    """English is heard in Chinese as well, unless the knowledge knows it: whichever is understood clearly better."""
    sure, skill = _claim(work, skills, request)
    if work.tag == ENGLISH and (not request.is_known or speaks_past(request, ENGLISH)):
        heard = heard_once(request, ENGLISH, work.text)
        surer, better = _claim(work, skills, heard) if heard is not request else (0.0, None)
        if better is not None and (surer > sure + CLEARLY or is_of_what_was_spoken_of(heard)):
            request, skill = heard, better
    return _Part(request, findings, skill)


def _taker(work: Work, skills: Sequence[Skill], request: Request) -> Skill | None:
    return _claim(work, skills, request)[1]


def _claim(work: Work, skills: Sequence[Skill], request: Request) -> tuple[float, Skill | None]:
    """The surest skill and how sure it is; none where the knowledge is surer."""
    claim, best = _best(work, skills, request)
    return claim, best if claim > KNOWLEDGE_CLAIMS else None


def _best(work: Work, skills: Sequence[Skill], request: Request) -> tuple[float, Skill]:
    """The highest claim, and the first who makes it."""
    claims = [skill.claims(work, request) if skill.at_most >= 1 else 0.0 for skill in skills]
    most = max(claims)
    for place, skill in enumerate(skills):
        if most <= skill.at_most < 1:
            claims[place] = skill.claims(work, request)
    most = max(claims)
    return most, skills[claims.index(most)]


def _merged(parts: list[_Part]) -> list[_Part]:
    """Parts of one skill about one order are one: nobody is asked for a number twice."""
    kept: dict[str, _Part] = {}
    merged: list[_Part] = []
    for part in parts:
        name = part.skill.name if part.skill is not None else ""
        first = kept.get(name) if name in ABOUT_ORDERS else None
        if first is None:
            kept.setdefault(name, part)
            merged.append(part)
        else:
            joined = f"{first.request.text}，{part.request.text}"
            first.request = replace(first.request, text=joined)
            first.findings += part.findings
    return merged


def _join(considered: Considered, parts: Sequence[_Part], belt: ToolBelt, degraded_level: int) -> Reply:
    left = tuple({id(finding): finding for part in parts if _is_left(part) for finding in part.findings}.values())
    said = list(dict.fromkeys(part.served.text for part in parts if part.served is not None and part.served.text))
    quoted = [one for part in parts if part.served is not None and part.served.text for one in part.served.citations]
    if not said:
        return say(considered, degraded_level=degraded_level)
    if left:
        rest = replace(considered, findings=left, need=None, shortcut=None)
        reply = say(rest, degraded_level=degraded_level, is_beside=True)
        first = next(place for place, part in enumerate(parts) if _is_left(part))
        said.insert(sum(1 for part in parts[:first] if not _is_left(part)), reply.text)
    else:
        reply = Reply("", dict(ENGINE), degraded_level=degraded_level)
        reply.trace = trace_of(considered, reply, answered=True, reasons=())
    reply.text = "\n".join(filter(None, said))
    if quoted:
        _add_quoted(reply, parts, quoted)
    served = [part.served for part in parts if part.served is not None]
    reply.offers_person = reply.offers_person or any(one.offers_person for one in served)
    reply.hand_off = next((one.hand_off for one in served if one.hand_off), None)
    reply.settles_order = any(part.skill is not None and part.skill.name in MAY_ASK_FIRST for part in parts)
    reply.cards = [*belt.cards]
    reply.facts = tuple(belt.facts)
    return reply


def _add_quoted(reply: Reply, parts: Sequence[_Part], quoted: list[dict[str, Any]]) -> None:
    """Passages that a skill quotes go behind those of the knowledge; their marks are counted on."""
    behind = len(reply.citations)
    for part in parts:
        text = part.served.text if part.served is not None else None
        if part.served is None or not text or not part.served.citations:
            continue
        shifted = _MARK.sub(lambda match, by=behind: f"[{int(match[1]) + by}]", text)  # type: ignore[misc]
        reply.text = reply.text.replace(text, shifted, 1)
        reply.citations += [one | {"n": one["n"] + behind} for one in part.served.citations]
        behind = len(reply.citations)
    reply.cited = (*reply.cited, *(int(one["passage_id"]) for one in quoted if one.get("passage_id")))


def _is_served(part: _Part) -> bool:
    """By a skill that had something to tell; thanks need no closing."""
    return not _is_left(part) and part.skill is not None and bool(part.skill.tools)


def _is_left(part: _Part) -> bool:
    return part.served is None or part.served.text is None


def _who(part: _Part) -> str:
    return KNOWLEDGE if part.skill is None or _is_left(part) else part.skill.name


def _note(reply: Reply, parts: Sequence[_Part], belt: ToolBelt) -> None:
    """Who answered what and with which tools, for the trace."""
    reply.trace["skills"] = [[mask(part.request.text)[:80], _who(part)] for part in parts]
    reply.trace |= belt.trace()
