"""Asks the knowledge of a workspace: understand, encode, search, decide, compose."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from yingke.knowledge.answerable import THRESHOLD, decide
from yingke.knowledge.compose import Composed, Finding, compose
from yingke.knowledge.contradictions.prefer import prefer
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.large.find import find, recall
from yingke.knowledge.read_question import read_question
from yingke.knowledge.similar_together import SimilarTogether
from yingke.knowledge.small_talk import small_talk

_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Consulted:
    """What was found question by question, and the answer."""

    findings: tuple[Finding, ...]
    composed: Composed

    @property
    def confidence(self) -> float:
        """Of the weakest question."""
        return min((finding.decision.confidence for finding in self.findings), default=0.0)


async def consult(
    index: KnowledgeIndex,
    encoder: Encoder,
    texts: Sequence[str],
    *,
    scope: Scope,
    language: str = "zh",
    cited: Sequence[int] = (),
    threshold: float = THRESHOLD,
    together: SimilarTogether | None = None,
) -> Consulted:
    """Answers the unanswered messages `texts`. `cited` are passage ids quoted before, most recent first.

    `together` is given by a busy process, so that concurrent questions share their matrix product.
    """
    await recall(index, cited)
    asks = read_question(texts, subjects(index, cited)).asks
    if not asks:
        said = Composed(small_talk(list(texts), language), (), (), offers_person=False)
        return Consulted((), said)
    vectors = await encoder.encode([fold(ask.search) for ask in asks])
    queries = [query_for(ask.search, vector) for ask, vector in zip(asks, vectors, strict=True)]
    found = await find(index, queries, scope=scope, limit=_CANDIDATES, together=together)
    findings = tuple(
        Finding(ask, tuple(hits), decide(ask, hits, index.words.rarity, threshold=threshold))
        for ask, hits in zip(asks, (prefer(hits)[0] for hits in found), strict=True)
    )
    return Consulted(findings, compose(findings, language))


def subjects(index: KnowledgeIndex, cited: Sequence[int]) -> list[str]:
    """What the cited passages are about: the first product's name, nothing where all are plain text."""
    return list(islice(filter(None, map(index.thing_of, cited)), 1))
