"""What a question may speak of that does not name it: 「那个」, or nothing at all."""

from collections.abc import Sequence

from yingke.assistants.engine import Question
from yingke.kit.expression import expression
from yingke.knowledge.consult import subjects
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.places import find_destination
from yingke.knowledge.understand import telling_words

_OF_SENDING = expression(r"几天|多久|多长时间|什么时候|啥时候|几时|几号|运费|邮费|包邮|快递|能[发寄送到]|[发寄送到]吗")
_LATELY = 4


def spoken_of(index: KnowledgeIndex, question: Question, cited: Sequence[int]) -> list[str]:
    """Most recent first: where something is to be sent if it is asked about that, the things last quoted, or what the
    customer named and got no answer to. `cited` are passages, the last quoted first."""
    named = subjects(index, cited)
    region = _region(question)
    if region:
        return [region, *named]
    for said in reversed(question.history):
        if said.cited:
            break
        if said.author == "contact" and (telling := telling_words(said.text)):
            return [telling, *named]
    return named


def _region(question: Question) -> str:
    if not _OF_SENDING.search("".join(question.texts)):
        return ""
    lately = [said.text for said in question.history if said.author == "contact"][-_LATELY:]
    places = (find_destination(fold(text)) for text in reversed(lately))
    return next((place.region for place in places if place is not None), "")
