"""How sure the assistant must be before it answers: look, try, save, take back."""

from typing import Annotated, Literal

from litestar import get, post, put
from msgspec import Meta, Struct

from yingke.kit.db import Database, Transaction
from yingke.kit.ids import show_id
from yingke.knowledge.calibration.calibrate import calibrate, measured, preview, read_answering, take_back
from yingke.knowledge.calibration.settings import HIGHEST, LOWEST, OF_MANNER, Answering
from yingke.knowledge.calibration.tune import Outcome, is_enough
from yingke.knowledge.document_routes import READ, WRITE
from yingke.workspaces.caller import Caller

TAGS = ["answering"]
Threshold = Annotated[float, Meta(ge=LOWEST, le=HIGHEST)]
MannerName = Literal["careful", "balanced", "bold"]


class AnsweringWish(Struct):
    """`threshold` None: found on the golden questions, or the manner's usual one while there are too few."""

    manner: MannerName = "balanced"
    threshold: Threshold | None = None
    follows: bool = False


class AnsweringView(Struct):
    """`items`: golden questions behind the line; `measured` of them have a result, `unmeasured` none yet."""

    manner: MannerName
    threshold: float
    usual: dict[str, float]
    items: int
    follows: bool
    tuned_at: str | None
    can_undo: bool
    measured: int
    unmeasured: int
    is_enough: bool


class AnsweringOutcome(Struct):
    right: int
    wrong_answers: int
    wrong_refusals: int


class AnsweringGolden(Struct):
    """A golden question that would come out otherwise."""

    id: str
    question: str
    confidence: float
    will_answer: bool
    is_better: bool


class AnsweringQuestion(Struct):
    question: str
    confidence: float
    will_answer: bool


class AnsweringAsked(Struct):
    """Customers' real questions of the last seven days."""

    total: int
    newly_answered: int
    newly_refused: int
    examples: list[AnsweringQuestion]


class AnsweringPreview(Struct):
    threshold: float
    items: int
    unmeasured: int
    before: AnsweringOutcome
    after: AnsweringOutcome
    changes: list[AnsweringGolden]
    asked: AnsweringAsked


@get("/v1/knowledge/answering", guards=READ, tags=TAGS)
async def get_answering(db: Database, caller: Caller) -> AnsweringView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _view(tx, caller.workspace_id)


@post("/v1/knowledge/answering/preview", guards=READ, tags=TAGS, status_code=200)
async def post_preview(data: AnsweringWish, db: Database, caller: Caller) -> AnsweringPreview:
    """What would change, before anything is saved."""
    async with db.transaction(caller.workspace_id) as tx:
        found = await preview(tx, caller.workspace_id, data.manner, data.threshold)
    return AnsweringPreview(
        threshold=found.threshold,
        items=found.items,
        unmeasured=found.unmeasured,
        before=_outcome(found.before),
        after=_outcome(found.after),
        changes=[
            AnsweringGolden(show_id(one.id), one.question, one.confidence, one.confidence >= found.threshold, is_better)
            for one, is_better in found.changes
        ],
        asked=AnsweringAsked(
            found.asked.total,
            found.asked.newly_answered,
            found.asked.newly_refused,
            [AnsweringQuestion(*one) for one in found.asked.examples],
        ),
    )


@put("/v1/knowledge/answering", guards=WRITE, tags=TAGS)
async def put_answering(data: AnsweringWish, db: Database, caller: Caller) -> AnsweringView:
    """Holds for the next question; the golden questions are asked again behind it."""
    async with db.transaction(caller.workspace_id) as tx:
        await calibrate(tx, caller, data.manner, data.threshold, follows=data.follows)
        return await _view(tx, caller.workspace_id)


@post("/v1/knowledge/answering/undo", guards=WRITE, tags=TAGS, status_code=200)
async def post_undo(db: Database, caller: Caller) -> AnsweringView:
    """Back to what stood before the last change."""
    async with db.transaction(caller.workspace_id) as tx:
        await take_back(tx, caller)
        return await _view(tx, caller.workspace_id)


async def _view(tx: Transaction, workspace_id: int) -> AnsweringView:
    kept = await read_answering(tx, workspace_id)
    items, unmeasured = await measured(tx, workspace_id)
    now = Answering.of(kept)
    return AnsweringView(
        manner=now.manner,
        threshold=now.threshold,
        usual={str(manner): line for manner, line in OF_MANNER.items()},
        items=now.items,
        follows=bool(kept.get("follows")),
        tuned_at=kept.get("tuned_at"),
        can_undo="previous" in kept,
        measured=len(items),
        unmeasured=unmeasured,
        is_enough=is_enough(items),
    )


def _outcome(outcome: Outcome) -> AnsweringOutcome:
    return AnsweringOutcome(outcome.right, outcome.wrong_answers, outcome.wrong_refusals)


ROUTES = [get_answering, post_preview, put_answering, post_undo]
