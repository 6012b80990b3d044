"""Is this the right answer? Rules that a person can follow, no second model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingke.assistants.engine import Reply
from yingke.kit.db import Transaction
from yingke.knowledge.fold import fold


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` where it is not right: refused, answered, handed_off, not_handed_off, lacks, says, wrong_source;
    `detail`: the piece that is missing or too much."""

    is_passed: bool
    reason: str = ""
    detail: str = ""


def judge(golden: Mapping[str, Any], reply: Reply, pairs: Mapping[int, int | None]) -> Verdict:
    """`golden` is a row of golden_questions; `pairs` maps cited passages to the pair they belong to."""
    is_handed = is_handed_over(reply)
    is_answered = bool(reply.trace.get("decision", {}).get("answer")) and not is_handed
    expects = golden["expects"]
    if expects == "hand_off":
        if not is_handed:
            return Verdict(False, "not_handed_off")
    elif is_handed:
        return Verdict(False, "handed_off")
    elif expects == "refusal" and is_answered:
        return Verdict(False, "answered")
    elif expects == "answer" and not is_answered:
        return Verdict(False, "refused")
    return _judge_words(golden, reply) or _judge_source(golden, reply, pairs) or Verdict(True)


def is_handed_over(reply: Reply) -> bool:
    """In a conversation a person would follow these words."""
    return bool(reply.trace.get("hand_off")) or reply.trace.get("need") in ("order", "complaint")


def _judge_words(golden: Mapping[str, Any], reply: Reply) -> Verdict | None:
    said = squeeze(reply.text)
    for piece in golden["must_say"]:
        if not any(squeeze(part) in said for part in piece.split("|") if part.strip()):
            return Verdict(False, "lacks", piece)
    for piece in golden["must_not_say"]:
        for part in piece.split("|"):
            if part.strip() and squeeze(part) in said:
                return Verdict(False, "says", part.strip())
    return None


def _judge_source(golden: Mapping[str, Any], reply: Reply, pairs: Mapping[int, int | None]) -> Verdict | None:
    if golden["expects"] != "answer":
        return None
    cited = reply.citations
    if golden["document_id"] is not None and not any(
        citation.get("document_id") == str(golden["document_id"]) for citation in cited
    ):
        return Verdict(False, "wrong_source")
    if golden["qa_pair_id"] is not None and not any(
        pairs.get(int(citation["passage_id"])) == golden["qa_pair_id"]
        for citation in cited
        if citation.get("passage_id")
    ):
        return Verdict(False, "wrong_source")
    return None


def squeeze(text: str) -> str:
    """Width, case, script and spaces make no difference."""
    return "".join(fold(text).split())


async def pairs_of(tx: Transaction, workspace_id: int, replies: Sequence[Reply]) -> dict[int, int | None]:
    """Cited passage → its pair."""
    ids = {
        int(citation["passage_id"]) for reply in replies for citation in reply.citations if citation.get("passage_id")
    }
    rows = await tx.fetch(
        "select id, qa_pair_id from passages where workspace_id = $1 and id = any($2)", workspace_id, sorted(ids)
    )
    return {row["id"]: row["qa_pair_id"] for row in rows}
