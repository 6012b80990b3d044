"""Pairs from a question that stands with its answer in the document."""

from yingke.knowledge.pairs.draft import Draft, Source, in_script_of, language_of
from yingke.knowledge.pairs.from_text import same_question


def pairs_of_qa(source: Source) -> list[Draft]:
    """One: the question as written with its listed phrasings, and one of shoppers' own where the topic is plain."""
    row = source.row or {}
    question = (row.get("问题") or source.heading).strip()
    listed = [line.strip() for line in row.get("相似问法", "").splitlines() if line.strip()]
    answer = source.text.strip()
    if not question or not answer:
        return []
    added = same_question(question, language_of(question))
    if language_of(question) == "zh":
        added = in_script_of(source.text, added)
    return [Draft(tuple(dict.fromkeys((question, *listed, *added))), answer, answer, "rule:faq")]
