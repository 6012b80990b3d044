"""Asks the knowledge once more in plain words what it found no answer to in the customer's own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.topics.rules import rule_of
from yingke.assistants.topics.topics import Topic, topics_of
from yingke.kit.errors import Problem
from yingke.knowledge.answerable import decide
from yingke.knowledge.compose import Finding, can_be_read
from yingke.knowledge.contradictions.prefer import prefer
from yingke.knowledge.entry import Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.large.find import find
from yingke.knowledge.library import Library
from yingke.knowledge.places import find_destination
from yingke.knowledge.understand import Ask, understand

NEAR = {"zh": (0.57, 0.63, 0.54), "en": (0.46, 0.55, 0.44)}
"""How near (a cosine) the question lies to a line of the topic; nearer where it names a thing of the shop; to be chat."""
_NAMED = 0.4
_OF_TRADE = re.compile(
    r"订|单|快递|物流|退|换|坏|修|票|多少|几[个件条样天]|价|券|优惠|货|尺码|发不|寄|付|取消|地址|电话|投诉"
    r"|\b(?:order|ship|parcel|refund|return|price|cost|much|many|pay|buy|size|stock|discount|coupon|address|complain|broken|where|when|which)",
    re.IGNORECASE,
)
"""Whoever says one of these does not merely chat."""
CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Again:
    """`chat`: which findings are of words that are said to be said."""

    findings: tuple[Finding, ...]
    chat: frozenset[int] = frozenset()


async def look_again(
    library: Library,
    index: KnowledgeIndex,
    findings: tuple[Finding, ...],
    vectors: NDArray[np.float32],
    scope: Scope,
    threshold: float,
    *,
    language: str = "zh",
) -> Again:
    """The findings, those without an answer replaced where their topic has one. `vectors`: one row for each finding."""
    unknown = [at for at, finding in enumerate(findings) if is_open(finding, language)]
    chat: frozenset[int] = frozenset()
    if not unknown:
        return Again(findings)
    try:
        topics = await topics_of(library.encoder, language)
        # What happened to somebody's own purchase is heard in Chinese only.
        rules = {at: topics.named(rule_of(findings[at].ask, vectors[at]) if language == "zh" else "") for at in unknown}
        nearest = {at: topics.nearest(vectors[at]) for at in unknown}
        chat = frozenset(at for at, (topic, near) in nearest.items() if _is_chat(findings[at], topic, near, language))
        meant = {at: topic for at, (topic, near) in nearest.items() if _is_meant(findings[at], topic, near, language)}
        meant |= {at: topic for at, topic in rules.items() if topic is not None and at not in meant}
        if not meant:
            return Again(findings, chat)
        asks = {at: _plain(topic, findings[at].ask) for at, topic in meant.items()}
        encoded = await library.encoder.encode([fold(ask.search) for ask in asks.values()])
    except Problem:
        return Again(findings, chat)
    queries = [query_for(ask.search, vector) for ask, vector in zip(asks.values(), encoded, strict=True)]
    found = await find(index, queries, scope=scope, limit=CANDIDATES, together=library.together)
    told = list(findings)
    for (at, ask), hits in zip(asks.items(), found, strict=True):
        kept = prefer(hits)[0]
        decision = decide(ask, kept, index.words.rarity, threshold=threshold)
        if decision.answer:
            # No surer than that this topic is meant at all.
            sure = max(threshold, min(decision.confidence, nearest[at][1]))
            told[at] = Finding(ask, tuple(kept), replace(decision, confidence=sure))
    return Again(tuple(told), chat)


def is_open(finding: Finding, language: str = "zh") -> bool:
    """Without an answer, with one in another language, or with no better one than all that is written of the thing named."""
    decision = finding.decision
    if language != "zh" and not can_be_read(decision.evidence, language):
        return True
    return not decision.answer or (not finding.ask.required and decision.evidence[0].entry.kind == "row")


def _is_chat(finding: Finding, topic: Topic, nearness: float, language: str) -> bool:
    is_near = topic.name == "chat" and nearness >= NEAR[language][2]
    return is_near and not finding.decision.answer and not _OF_TRADE.search(finding.ask.text)


def _is_meant(finding: Finding, topic: Topic, nearness: float, language: str) -> bool:
    if not topic.ask or topic.words.search(finding.ask.text) is None:
        return False
    names_thing = not finding.decision.answer and any(hit.name_score >= _NAMED for hit in finding.hits)
    return nearness >= NEAR[language][1 if names_thing else 0]


def _plain(topic: Topic, asked: Ask) -> Ask:
    """The topic's own question, with the place that the customer named, told in the customer's words."""
    place = find_destination(fold(asked.text))
    plain: Sequence[Ask] = understand([f"{place.region}{topic.ask}" if place is not None else topic.ask])
    search = " ".join(ask.search for ask in plain)
    return replace(plain[0], text=asked.text, search=search)
