"""An entry read once, so that weighing it against a question costs microseconds."""

import re
from dataclasses import dataclass

from yingke.knowledge.concepts import find_asked, find_said
from yingke.knowledge.entry import Entry, Reading
from yingke.knowledge.fold import fold
from yingke.knowledge.names import head_of, name_of
from yingke.knowledge.ranges import list_ranges

_LEAD = re.compile(r"(?:^|(?<=[\n。;]))[^\n:,。;]{2,10}(?=:)")


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded fields that lexical search is built from."""

    searched: str
    answered: str


def read_entry(entry: Entry) -> tuple[Folded, Reading]:
    """Folds the fields of `entry` and finds what it speaks of."""
    searched = fold(entry.search_text)
    text = fold(entry.text)
    told = "\n".join(dict.fromkeys((fold(entry.heading), fold(entry.document_title), text, searched)))
    titled = _titled(entry, searched, text)
    hinted = titled.union(find_said(told))
    # A heading far above the passage says what the chapter is about, not what this passage tells.
    near = f"{fold(entry.heading.rpartition(' › ')[2])}\n{text}"
    said = hinted if entry.kind == "qa" else titled.union(find_said(near))
    name = fold(name_of(entry.row))
    reading = Reading(told, said, hinted, titled, name, head_of(name), list_ranges(entry.row))
    return Folded(searched, text if entry.kind == "qa" else ""), reading


def _titled(entry: Entry, searched: str, text: str) -> frozenset[int]:
    """What a stored question asks, or what the nearest heading and the lead words before a colon announce."""
    if entry.kind == "row":
        return frozenset()
    if entry.kind == "qa":
        title = searched
    else:
        title = "\n".join((fold(entry.heading.rpartition(" › ")[2]), *_LEAD.findall(text)))
    return frozenset(find_asked(title) or find_said(title))
