"""Questions of customers as the API shows them."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from yingke.kit.ids import show_id
from yingke.knowledge.entry import Audience
from yingke.knowledge.questions.add_asked import Outcome
from yingke.knowledge.questions.answer_cluster import Retest
from yingke.knowledge.questions.suggest import Suggestion


class AskedQuestionView(Struct):
    """One question as it was asked. `conversation_id` is null for one from a past chat."""

    id: str
    text: str
    outcome: Outcome
    asked_at: datetime
    conversation_id: str | None
    past_conversation_id: str | None
    seq: int


class ClusterView(Struct):
    """`times` in the days asked for, `times_before` in as many days before; `share` 0..1 of everything asked.
    `coverage`: covered, partly, none, unknown (not checked yet), by the knowledge of now."""

    id: str
    question: str
    times: int
    times_before: int
    share: float
    coverage: str
    confidence: float | None
    answered: int
    unanswered: int
    handed_off: int
    by_agent: int
    badly_rated: int
    last_at: datetime
    answered_at: datetime | None
    dismissed_at: datetime | None
    samples: list[AskedQuestionView]


class ClusterPage(Struct):
    """`total` questions were asked in these days, `covered` of them the knowledge answers now, `unsorted` wait to be
    sorted."""

    items: list[ClusterView]
    next: str | None
    total: int
    covered: int
    unsorted: int
    badly_rated: int


class SuggestionView(Struct):
    """What agents answered; `times` agents' answers say about the same."""

    answer: str
    times: int
    pair_id: str
    conversation_id: str | None


class ClusterDetail(Struct):
    id: str
    question: str
    coverage: str
    shop_id: str | None
    wordings: list[str]
    asked: list[AskedQuestionView]
    suggestions: list[SuggestionView]


class AnswerBody(Struct):
    """Without `questions` the pair gets the words in which customers asked. `shop_ids` null = every shop."""

    answer: str
    questions: list[str] | None = None
    audience: Audience = "customer"
    shop_ids: list[str] | None = None


class TriedView(Struct):
    question: str
    is_answered: bool
    confidence: float
    answer: str


class RetestView(Struct):
    pair_id: str | None
    answered: int
    tried: list[TriedView]


class MoveBody(Struct):
    """`asked_id`: the question that moves, null = all of them. `to_id` null = it stands alone from now on."""

    asked_id: str | None = None
    to_id: str | None = None


class MovedTo(Struct):
    id: str


def show_asked(row: Any) -> AskedQuestionView:
    return AskedQuestionView(
        show_id(row["id"]),
        row["text"],
        row["outcome"],
        row["asked_at"],
        _optional(row["conversation_id"]),
        _optional(row["past_conversation_id"]),
        row["seq"] or 0,
    )


def show_cluster(row: Any, total: int, samples: list[Any]) -> ClusterView:
    return ClusterView(
        id=show_id(row["id"]),
        question=row["question"],
        times=row["times"],
        times_before=row["times_before"],
        share=round(row["times"] / total, 4) if total else 0.0,
        coverage=row["coverage"],
        confidence=row["confidence"],
        answered=row["answered"],
        unanswered=row["unanswered"],
        handed_off=row["handed_off"],
        by_agent=row["by_agent"],
        badly_rated=row["badly_rated"],
        last_at=row["last_at"],
        answered_at=row["answered_at"],
        dismissed_at=row["dismissed_at"],
        samples=[show_asked(sample) for sample in samples],
    )


def show_suggestion(one: Suggestion) -> SuggestionView:
    return SuggestionView(one.answer, one.times, show_id(one.pair_id), _optional(one.conversation_id))


def show_retest(pair_id: int | None, retest: Retest) -> RetestView:
    tried = [TriedView(one.question, one.is_answered, round(one.confidence, 3), one.answer) for one in retest.tried]
    return RetestView(_optional(pair_id), retest.answered, tried)


def _optional(id: int | None) -> str | None:
    return None if id is None else show_id(id)
