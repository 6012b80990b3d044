"""What is said in another language, as the skills can hear it: in Chinese shop words, one question after the other."""

import re
from collections.abc import Sequence
from dataclasses import replace

from yingke.assistants.skills.pieces.work import Request
from yingke.commerce.words.in_chinese import in_chinese, thing_of, things_in
from yingke.knowledge.understand import Ask, understand

ENGLISH = "en"
"""The skills know English themselves; it is heard in Chinese only where none of them understood."""

_JOINT = re.compile(
    r"\s*(?:,|\band\b|&|\bplus\b|\balso\b)\s+(?=(?:how|what|whats|when|where|which|who|why|is|are|do|does|can|could|will|any)\b)",
    re.IGNORECASE,
)
"""Between two questions of one sentence."""
_SO_MANY = re.compile(r"\d+个，?(?:一共)?多少钱")
_ASKING = ("?", "？", "؟")


def is_heard_in_chinese(tag: str) -> bool:
    return not tag.startswith(("zh", ENGLISH))


def heard_texts(texts: Sequence[str], tag: str) -> tuple[str, ...]:
    """The messages as the skills read them; those that no word is known of stay as they are."""
    return tuple(in_chinese(text, tag) or text for text in texts) if is_heard_in_chinese(tag) else tuple(texts)


def in_one_sentence(request: Request, subject: str = "") -> list[Request]:
    """English questions that one sentence joins, each for itself."""
    asks = understand([_JOINT.sub(", ", request.text)], [subject] if subject else [])
    return [replace(request, text=ask.search, search=ask.search) for ask in asks] if len(asks) > 1 else [request]


def heard_whole(request: Request, tag: str, said: str, subject: str = "") -> list[Request]:
    """All of the message `said` at once, since its questions lean on each other; none where nothing is heard."""
    heard = in_chinese(said, tag)
    asks = understand([heard], [subject] if subject else []) if heard else []
    if len(asks) == 1 or (heard and not asks):
        # Mere politeness is no question and yet all that is said.
        return [replace(request, text=heard, search=asks[0].search if asks else heard)]
    thing = thing_of(heard)
    return [replace(request, text=text, search=text) for text in (_of_thing(ask, thing) for ask in asks)]


def _of_thing(ask: Ask, thing: str) -> str:
    """With all that was said of the thing: 帐篷2人, where the knowledge carries on 帐篷."""
    return f"{thing}{ask.text}" if ask.subject and ask.subject.replace(" ", "") in thing else ask.search


def heard_once(request: Request, tag: str, said: str) -> Request:
    """`request` in Chinese as one thing; itself where none is heard."""
    heard = in_chinese(_as_asked(request.text, said), tag)
    return replace(request, text=heard, search=heard, is_known=False) if heard else request


def is_of_what_was_spoken_of(heard: Request) -> bool:
    """So many of it: 「I'd take three of them, what's the total」."""
    return _SO_MANY.fullmatch(heard.text) is not None


def speaks_past(request: Request, tag: str) -> bool:
    """A thing is named that the passage found does not name: how long delivery takes is not how long the table is."""
    things = things_in(request.text, tag)
    told = request.evidence.casefold()
    return bool(things) and not any(one in told for one in things)


def _as_asked(text: str, said: str) -> str:
    _, found, behind = said.partition(text)
    return f"{text}?" if found and behind.lstrip()[:1] in _ASKING else text
