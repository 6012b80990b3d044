"""What the routes of pairs take and give, and who may call them."""

from typing import Annotated, Any, Literal

from litestar import Request
from msgspec import Meta, Struct

from yingke.kit.errors import bad_input
from yingke.kit.ids import read_id
from yingke.knowledge.entry import Audience
from yingke.knowledge.pairs.list_pairs import Filter, PairView, State
from yingke.knowledge.pairs.review import Decision
from yingke.knowledge.qa_pairs import Origin
from yingke.workspaces.require import require

Asking = Request[Any, Any, Any]
READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["knowledge"]
STATES = ("proposed", "live", "rejected", "retired")
ORIGINS = ("person", "import", "document", "agent", "gap", "past")
Ids = Annotated[list[str], Meta(max_length=200)]


class PairBody(Struct):
    """`answers` by language tag."""

    questions: Annotated[list[str], Meta(max_length=100)]
    answer: str
    external_id: str | None = None
    audience: Audience = "customer"
    shop_ids: list[str] | None = None
    answers: dict[str, str] | None = None


class PairBodies(Struct):
    items: list[PairBody]


class PairName(Struct):
    id: str
    external_id: str | None
    questions: list[str]
    answer: str


class RunView(Struct):
    """Pairs being made from a document: `done` of `total` passages are read, `made` pairs proposed so far."""

    document_id: str
    document: str
    done: int
    total: int
    made: int


class PairCounts(Struct):
    """`duplicates` counts groups that ask the same. `has_model`: a chat endpoint can translate and write."""

    proposed: int
    live: int
    rejected: int
    retired: int
    duplicates: int
    running: list[RunView]
    has_model: bool


class Wanted(Struct):
    """A filter of the list."""

    state: State | None = None
    origin: Origin | None = None
    document_id: str | None = None
    q: str = ""


class Review(Struct):
    """Either `ids` or a `filter`; 200 at once are decided about, the newest first."""

    decision: Decision
    ids: Ids | None = None
    filter: Wanted | None = None


class Reviewed(Struct):
    """`ids` changed; `left` more fit the filter."""

    ids: list[str]
    left: int


class Group(Struct):
    """Pairs that ask the same, the oldest first."""

    items: list[PairView]


class MergeBody(Struct):
    """`keep_id` goes on with `questions` and `answer`."""

    keep_id: str
    other_ids: Ids
    questions: Annotated[list[str], Meta(max_length=100)]
    answer: str


class Apart(Struct):
    ids: Ids
    are_distinct: bool = True


class Languages(Struct):
    languages: Annotated[list[str], Meta(max_length=20)]


Format = Literal["csv", "xlsx"]


def read_filter(
    state: str | None, origin: str | None, document_id: str | None, text: str | None, missing: str | None = None
) -> Filter:
    """Raises 400 for what is no state or origin. `state` "any": every state."""
    if state not in (None, "any", *STATES):
        raise bad_input({"state": ", ".join((*STATES, "any"))})
    if origin not in (None, *ORIGINS):
        raise bad_input({"origin": ", ".join(ORIGINS)})
    return Filter(
        None if state == "any" else state,  # type: ignore[arg-type]
        origin,  # type: ignore[arg-type]
        read_id(document_id) if document_id else None,
        " ".join((text or "").replace("\0", "").split())[:200],
        (missing or "")[:20],
    )
