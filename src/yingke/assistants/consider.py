"""The part that every engine shares: read the turn, refuse what must be refused, look up what the knowledge says."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.calls.call_of import Call, call_of
from yingke.assistants.countries import with_what_was_asked
from yingke.assistants.engine import Question
from yingke.assistants.follow_up import follow_up
from yingke.assistants.guard import guard
from yingke.assistants.intents.classify import Intent, classify
from yingke.assistants.intents.features import needs_before
from yingke.assistants.introduce import introduce
from yingke.assistants.mood.sense import Mood, sense
from yingke.assistants.needs_person import needs_person
from yingke.assistants.spoken_of import spoken_of
from yingke.assistants.topics.look_again import is_open, look_again
from yingke.commerce.words.in_chinese import in_chinese
from yingke.kit.errors import Problem
from yingke.knowledge.answerable import decide
from yingke.knowledge.calibration.settings import Answering
from yingke.knowledge.compose import Finding
from yingke.knowledge.contradictions.prefer import prefer
from yingke.knowledge.correcting.confusions_of import confusions_of
from yingke.knowledge.correcting.correct import Correction
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.entry import Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.languages import read_language
from yingke.knowledge.large.find import find, recall
from yingke.knowledge.library import Library
from yingke.knowledge.read_question import read_question
from yingke.knowledge.small_talk import small_talk
from yingke.knowledge.understand import Ask

CANDIDATES = 12
LONGEST_BEFORE = 40
"""The end of the other side's line; a whole answer would cost more to encode than the question."""
LONGEST_MESSAGE = 1000
CALLED = "call:"
"""How the label of a shortcut begins that calls a person; asked or a danger topic follows."""
_MOST_OF_IT = 0.5
_OF_PEOPLE, _OF_GOODS = (
    ("人工", "客服", "投诉"),
    ("有货", "多少钱", "重量", "防水", "尺寸", "尺码", "多厚", "保修", "包邮", "运费"),
)
CHAT = Intent("chitchat_ack", 1.0)
"""Of a question that means nothing but to be said."""


@dataclass(slots=True)
class Considered:
    """What is known before anything is said. `shortcut` is a whole answer that needs no knowledge: (label, text)."""

    question: Question
    text: str
    tag: str
    """The customer's language: zh, zh-Hant, en, ja …; the own words decide."""
    started: float
    steps: list[dict[str, Any]] = field(default_factory=list)
    shortcut: tuple[str, str] | None = None
    need: str | None = None
    """order or complaint, see `needs_person`."""
    findings: tuple[Finding, ...] = ()
    is_follow_up: bool = False
    """A few words that were understood by what was spoken of before."""
    is_encoder_down: bool = False
    corrections: tuple[Correction, ...] = ()
    answering: Answering = field(default_factory=Answering)
    intent: Intent | None = None
    """What the message wants; None for mere politeness and while the encoder is away."""
    intents: tuple[Intent | None, ...] = ()
    """What each question wants, in the order of `findings`."""
    mood: Mood | None = None
    call: Call | None = None
    """Why a person is called, heard in the vector where no rule knew the words."""
    vectors: NDArray[np.float32] | None = None
    """One row of length one for each question; zeros while the encoder is away."""
    index: KnowledgeIndex | None = None
    """The knowledge that was asked."""

    @property
    def language(self) -> str:
        """zh or en, for the sentences that exist in these two."""
        return "zh" if self.tag.startswith("zh") else "en"

    @property
    def hits(self) -> list[Hit]:
        """All candidates, the best of each question first, each passage once."""
        if len(self.findings) == 1:
            return list(self.findings[0].hits[:CANDIDATES])
        found: dict[int, Hit] = {}
        for rank in range(CANDIDATES):
            for finding in self.findings:
                if rank < len(finding.hits):
                    hit = finding.hits[rank]
                    found.setdefault(hit.entry.id, hit)
        return list(found.values())

    @property
    def confidence(self) -> float:
        return min((finding.decision.confidence for finding in self.findings), default=0.0)

    def step(self, name: str, since: float) -> float:
        """Notes how long a step took; returns the moment it ended."""
        now = time.perf_counter()
        self.steps.append({"name": name, "milliseconds": round((now - since) * 1000, 2)})
        return now


async def consider(library: Library, question: Question) -> Considered:
    """Raises the 503 Problem when the database cannot be reached; a dead encoder only narrows the search."""
    started = time.perf_counter()
    text = "\n".join(question.texts)
    considered = Considered(question, text, read_language(text, question.language), started)
    considered.shortcut = _shortcut(considered)
    now = considered.step("guard", started)
    if considered.shortcut is not None or not question.texts:
        return considered
    considered.need = needs_person(text)
    otherwise = question.otherwise
    index = otherwise.index or library.at_hand(question.workspace_id, question.knowledge_version)
    if index is None:
        index = await library.index_for(question.workspace_id, question.knowledge_version)
        now = considered.step("load", now)
    considered.index = index
    cited = [passage for said in reversed(question.history) for passage in said.cited]
    await recall(index, cited)
    texts = question.texts
    if considered.tag == "en":
        texts = tuple(with_what_was_asked(one, question.history) for one in texts)
    understood = read_question(texts, spoken_of(index, question, cited), confusions_of(index, index.entries))
    considered.corrections = understood.corrections
    if any(correction.kind == "pinyin" for correction in understood.corrections):
        considered.tag = read_language(" ".join(understood.texts), question.language)
    now = considered.step("understand", now)
    if not (asks := understood.asks):
        considered.shortcut = ("small_talk", small_talk(list(understood.texts), considered.tag))
        return considered
    vectors = considered.vectors = await _encode(library, asks, considered)
    now = considered.step("encode", now)
    if considered.call is not None:
        considered.shortcut = (f"{CALLED}{considered.call}", "")
        return considered
    scope = Scope(otherwise.at or datetime.now(UTC), question.shop_id, otherwise.audience)
    queries = [query_for(ask.search, vector) for ask, vector in zip(asks, vectors, strict=True)]
    found = await find(index, queries, scope=scope, limit=CANDIDATES, together=library.together)
    now = considered.step("search", now)
    considered.answering = Answering.of(index.answering if otherwise.answering is None else otherwise.answering)
    threshold = considered.answering.threshold
    heard = [prefer(hits)[0] for hits in found]
    considered.findings = tuple(
        Finding(ask, tuple(hits), decide(ask, hits, index.words.rarity, threshold=threshold))
        for ask, hits in zip(asks, heard, strict=True)
    )
    now = considered.step("decide", now)
    if considered.language == "zh" or considered.tag == "en":
        await _in_other_words(considered, library, index, scope, threshold)
        considered.step("look_again", now)
    return considered


async def _in_other_words(
    considered: Considered, library: Library, index: KnowledgeIndex, scope: Scope, threshold: float
) -> None:
    """What leaves out its subject is asked of the document quoted last, what found nothing in plain words."""
    found, language = considered.findings, considered.language
    is_chat = considered.intent is not None and considered.intent.label == CHAT.label
    if language == "zh":
        considered.findings = await follow_up(
            library, index, considered.question, found, scope, threshold, is_chat=is_chat
        )
    considered.is_follow_up = considered.findings is not found
    if considered.findings is found and considered.vectors is not None and any(is_open(one, language) for one in found):
        again = await look_again(library, index, found, considered.vectors, scope, threshold, language=language)
        considered.findings = again.findings
        considered.intents = tuple(CHAT if at in again.chat else one for at, one in enumerate(considered.intents))


def _shortcut(considered: Considered) -> tuple[str, str] | None:
    for text in considered.question.texts:
        refusal = guard(text)
        if refusal is not None:
            return f"护栏:{refusal.label}", refusal.sentence(considered.tag)
    introduction = introduce(considered.text, considered.tag)
    return ("who_are_you", introduction) if introduction is not None else None


async def _encode(library: Library, asks: Sequence[Ask], considered: Considered) -> Any:
    """The vectors of the questions; with them in the same batch what is needed to say what the message wants."""
    text, before = _wanted_of(considered.question)
    lines = [fold(ask.search) for ask in asks]
    stands_for = _stands_for(text, asks)
    own = [] if stands_for is not None else [fold(text)]
    behind = [fold(before)] if before and needs_before(text) else []
    try:
        vectors = await library.encoder.encode([*lines, *own, *behind])
    except Problem:
        considered.is_encoder_down = True
        considered.mood = sense(text, None)
        considered.intents = (None,) * len(asks)
        return np.zeros((len(asks), DIMENSIONS), dtype=np.float32)
    before_vector = vectors[-1] if behind else None
    vector = vectors[len(lines) if stands_for is None else stands_for]
    considered.intent = classify(text, vector, before, before_vector)
    considered.mood = sense(text, vector)
    considered.call = _heard_call(call_of(text, vector), text, considered.tag)
    considered.intents = (
        (considered.intent,)
        if len(asks) == 1
        else tuple(classify(ask.search, row) for ask, row in zip(asks, vectors, strict=False))
    )
    return vectors[: len(asks)]


def _heard_call(call: Call | None, text: str, tag: str) -> Call | None:
    """A question of shopping in a language that the model was not taught calls nobody, unless people are spoken of."""
    heard = in_chinese(text, tag) if call == "asked" and not tag.startswith(("zh", "en")) else ""
    of_goods, of_people = (any(word in heard for word in words) for words in (_OF_GOODS, _OF_PEOPLE))
    return None if of_goods and not of_people else call


def _stands_for(text: str, asks: Sequence[Ask]) -> int | None:
    """Which question is as good as the whole message: the message itself, or all of it but 你好 and 谢谢."""
    if len(asks) == 1 and not asks[0].subject and len(asks[0].text) >= _MOST_OF_IT * len(text):
        return 0
    return next((at for at, ask in enumerate(asks) if fold(ask.search) == fold(text)), None)


def _wanted_of(question: Question) -> tuple[str, str]:
    """The message and the other side's line before it, as the intent is told from them."""
    before = next((said.text for said in reversed(question.history) if said.author != "contact"), "")
    return "\n".join(question.texts)[:LONGEST_MESSAGE], before[-LONGEST_BEFORE:]
