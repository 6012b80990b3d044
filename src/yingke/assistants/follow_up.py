"""A few words after an answer from a document are asked of that document first: 「金的呢」, 「要等多久」, 「苏州呢」."""

import re
from collections.abc import Sequence
from dataclasses import replace

from yingke.assistants.engine import Question
from yingke.assistants.topics.meant_behind import meant_behind
from yingke.assistants.topics.rule_behind import rule_behind
from yingke.commerce.finding.need import names_a_thing
from yingke.kit.errors import Problem
from yingke.knowledge.answerable import decide
from yingke.knowledge.compose import Finding
from yingke.knowledge.concepts import find_asked, lexicon
from yingke.knowledge.contradictions.prefer import prefer
from yingke.knowledge.entry import Entry, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.large.find import find
from yingke.knowledge.library import Library
from yingke.knowledge.places import find_places
from yingke.knowledge.terms import codes
from yingke.knowledge.understand import Ask, about

LONGEST = 14
LATELY = 6
CANDIDATES = 12
_LEFT_OUT = re.compile(
    r"^(?:那|那么|要是|如果|万一|换成)?.{1,8}(?:呢|的话|咧|嘞)[?？。！!~～\s]*$|^那(?!你|就|好|行|我|算)[^，,。]{1,6}[?？]?$"
)
_SMALL = re.compile(r"[那呢吗么的话到寄发往去要是如果换成\W]")
_VAGUE = frozenset(("多久", "多长时间", "开始", "自己", "分别", "几折", "哪里", "在哪", "大概", "一般", "具体", "不好"))
_OF_GOODS = frozenset(("price", "stock", "color", "size", "weight", "waterproof", "load", "battery", "material"))
"""What is asked of things: the goods answer that, whatever a document spoke of."""


async def follow_up(
    library: Library,
    index: KnowledgeIndex,
    question: Question,
    findings: tuple[Finding, ...],
    scope: Scope,
    line: float,
    *,
    is_chat: bool = False,
) -> tuple[Finding, ...]:
    """The findings; where one short question leaves out what it is about, what the document quoted last says to it.

    `line`: from which confidence on something is an answer; `is_chat`: the words mean to be polite, as far as they tell.
    """
    if len(findings) != 1:
        return findings
    entry = _quoted_last(index, question)
    asked = findings[0].ask
    if rule := rule_behind(question, asked.text):
        known = await _asked_anew(library, index, asked, rule, scope, line)
        if known is not None:
            # It stays his own wish, however the rule is asked for.
            return (replace(known, ask=replace(known.ask, search=asked.search)),)
    if plain := meant_behind(question, asked, entry):
        answered = await _asked_anew(library, index, asked, plain, scope, line)
        if answered is not None:
            return (answered,)
    if entry is None or not _leaves_out(asked, index, entry, is_chat):
        return findings
    ask = _laid_upon(asked, entry, question)
    try:
        vectors = await library.encoder.encode([fold(ask.search)])
    except Problem:
        return findings
    found = await find(
        index, [query_for(ask.search, vectors[0])], scope=scope, limit=CANDIDATES, together=library.together
    )
    own = [hit for hit in found[0] if _is_of(hit.entry, entry)]
    decision = decide(ask, own, index.words.rarity, threshold=line)
    return (Finding(ask, tuple(own), decision),) if decision.answer else findings


async def _asked_anew(
    library: Library, index: KnowledgeIndex, asked: Ask, plain: str, scope: Scope, line: float
) -> Finding | None:
    """What the whole knowledge says to the plain question, told in the customer's words; None where it is silent."""
    places = find_places(fold(asked.text))
    ask = replace(about(f"{places[0].region}{plain}" if places else plain, ""), text=asked.text)
    try:
        vectors = await library.encoder.encode([fold(ask.search)])
    except Problem:
        return None
    query = query_for(ask.search, vectors[0])
    hits = prefer((await find(index, [query], scope=scope, limit=CANDIDATES, together=library.together))[0])[0]
    decision = decide(ask, hits, index.words.rarity, threshold=line)
    return Finding(ask, tuple(hits), decision) if decision.answer else None


def _quoted_last(index: KnowledgeIndex, question: Question) -> Entry | None:
    """The passage of a text that the line before quotes first; None where that line quotes none, or a thing's row."""
    said = next((one for one in reversed(question.history) if one.author != "contact"), None)
    entry = index.find_entry(said.cited[0]) if said is not None and said.cited else None
    return entry if entry is not None and entry.kind != "row" else None


def _leaves_out(ask: Ask, index: KnowledgeIndex, entry: Entry, is_chat: bool) -> bool:
    """Short, of no thing, order or code, and with no word that the document does not know."""
    text = ask.text.strip()
    if len(text) > LONGEST or names_a_thing(text) or codes(fold(text)):
        return False
    names = lexicon().names
    if {names[position] for position in ask.concepts} & _OF_GOODS:
        return False
    if places := find_places(fold(text)):
        return len(_SMALL.sub("", fold(text).replace(places[0].name, ""))) < 2
    if _LEFT_OUT.search(text):
        return True
    if is_chat or not (ask.content or ask.concepts):
        return False
    told = "".join(f"{one.heading}{one.text}" for one in index.beside(entry))
    return all(len(word) < 2 or word in _VAGUE or word in told for word in ask.content)


def _is_of(one: Entry, entry: Entry) -> bool:
    return one.id == entry.id or (entry.document_id is not None and one.document_id == entry.document_id)


def _laid_upon(ask: Ask, entry: Entry, question: Question) -> Ask:
    """The question with what it left out: for another place the former question, otherwise what the passage is about."""
    places = find_places(fold(ask.text))
    if places and (former := _former_of_place(question)) is not None:
        asked, place = former
        return replace(about(asked.replace(place, places[0].name), ""), text=ask.text)
    topic = entry.search_text.partition("\n")[0] if entry.kind == "qa" else entry.heading.split(" › ")[-1]
    return replace(about(ask.text, topic.strip()), text=ask.text)


def _former_of_place(question: Question) -> tuple[str, str] | None:
    """The last message that asked something of a place, and how it named the place."""
    lately: Sequence[str] = [fold(said.text) for said in question.history if said.author == "contact"][-LATELY:]
    for text in reversed(lately):
        places = find_places(text)
        if places and find_asked(text.replace(places[0].name, "")):
            return text, places[0].name
    return None
