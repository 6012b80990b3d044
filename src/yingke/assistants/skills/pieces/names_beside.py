"""What a message says beside the names of goods."""

import re

from yingke.assistants.goods.shelf import Good
from yingke.commerce.words.cut import class_spans

FILLERS = re.compile(r"那个|这个|那款|这款|还有|你们|你家|请问|[的呢啊呀吗嘛哦和跟与、，,。.!！?？\s]")
ASKS_FOR = re.compile(
    FILLERS.pattern
    + r"|有没有|有木有|卖不卖|有卖|有啥|有什么|有哪些|[有卖啥买想要看找我个款种]|什么|哪些|看看|了解|介绍|一下"
)


def without_names(text: str, named: list[Good]) -> str:
    """A 充气垫 is not asked how it is blown up because its name says so."""
    kinds = {kind for good in named for kind in good.things}
    marks = list(text)
    for token, _, (start, end) in class_spans(text):
        if token in kinds and end - start > 1:
            marks[start:end] = [" "] * (end - start)
    return "".join(marks)


def is_bare(text: str, named: list[Good]) -> bool:
    """Nothing but a name or a kind stands in the words."""
    return len(left_beside(text, named, FILLERS)) <= 1


def left_beside(text: str, named: list[Good], fillers: re.Pattern[str], only: str = "tqc") -> str:
    """What is said beside the names, and beside known words of the kinds in `only`."""
    left = text
    for start, end in sorted((span for token, _, span in class_spans(text) if token[0] in only), reverse=True):
        left = left[:start] + left[end:]
    letters = {letter for good in named for piece in good.pieces for letter in piece}
    left = "".join(letter for letter in left if letter not in letters)
    return fillers.sub("", left)
