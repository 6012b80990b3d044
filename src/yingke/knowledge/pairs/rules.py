"""Makes pairs from passages without a model."""

from yingke.knowledge.pairs.draft import Draft, Source
from yingke.knowledge.pairs.from_qa import pairs_of_qa
from yingke.knowledge.pairs.from_row import pairs_of_row
from yingke.knowledge.pairs.from_text import pairs_of_text


def rules(source: Source) -> list[Draft]:
    """What the passage's structure and sentences give; often nothing."""
    if source.kind == "qa":
        return pairs_of_qa(source)
    if source.kind == "row":
        return pairs_of_row(source)
    return pairs_of_text(source)
