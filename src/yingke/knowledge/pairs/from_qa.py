"""Pairs from a question that stands with its answer in the document."""

from yingke.knowledge.pairs.draft import Draft, Source, in_script_of, language_of
from yingke.knowledge.pairs.from_text import topic_of

MOST_ADDED = 2


def pairs_of_qa(source: Source) -> list[Draft]:
    """One: the question as written with its listed phrasings, and two of shoppers' own where the topic is plain."""
    row = source.row or {}
    question = (row.get("问题") or source.heading).strip()
    listed = [line.strip() for line in row.get("相似问法", "").splitlines() if line.strip()]
    answer = source.text.strip()
    if not question or not answer:
        return []
    language = language_of(question)
    topic = topic_of(question)
    added: tuple[str, ...] = ()
    if topic is not None and not topic.of_thing:
        added = tuple(text for text in topic.questions(language, "") if text not in (question, *listed))[:MOST_ADDED]
        added = in_script_of(source.text, added) if language == "zh" else added
    return [Draft(tuple(dict.fromkeys((question, *listed, *added))), answer, answer, "rule:faq")]
