"""Words by which a file shows that it was not written for customers, and where they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from yingke.knowledge.parse import Parsed, Section

Where = Literal["name", "heading", "column", "text"]
# In a file's name one word is enough.
_NAME = re.compile(
    r"内部(?!结构|材质|空间|尺寸|构造|容量|隔层|口袋|清洁|清洗)|仅客服|客服专用|底价|赔付口径|赔付标准|成本(?!低|高|更低)|进货价|供货价|采购价|出厂价|拿货价"
    r"|毛利|利润|提成|保密(?!发货|包装|配送|寄)|机密|勿外传|不对外|internal (?:only|use)|confidential|cost price|margins?\b",
    re.IGNORECASE,
)
# A heading or a sheet's name: 企业内部沟通 is a feature that a product has, and questions of customers are headings too.
_HEADING = re.compile(
    r"仅限?内部|内部(?:资料|文件|使用|口径|规定|参考|培训|专用|价|版|公开)|^内部(?!结构|材质|空间|尺寸|构造|容量|隔层|口袋|清洁|清洗|布局|系统|网络|员工福利)|仅客服|客服专用|底价|赔付口径|赔付标准|(?:进货|采购)?成本(?:价|表|核算|明细|单)?$"
    r"|进货价|供货价|采购价|出厂价|拿货价|毛利|提成|保密(?!发货|包装|配送|寄)|机密|勿外传|不对外|internal (?:only|use)|confidential|cost price",
    re.IGNORECASE,
)
_COLUMN = re.compile(r"成本|进货价|供货价|采购价|出厂价|拿货价|底价|毛利|利润|提成|cost price|margin", re.IGNORECASE)
# In running text only what is said about the text itself.
_TEXT = re.compile(
    r"内部(?:资料|文件|使用|口径|规定|参考|培训)|仅限?内部|仅供内部|仅客服(?:可见|使用|查看|参考)|客服(?:内部|专用)|勿外传|请勿外泄|不得外传"
    r"|不要(?:告诉|透露给|发给)客[户人]|严禁外泄|for internal use|internal use only|do not share with customers|company confidential",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"赔付口径|成本价|进货价|底价|保密(?!发货|包装|配送|寄)|confidential|internal only", re.IGNORECASE
)
_BEGINNING_SECTIONS, _BEGINNING_CHARS = 3, 120
_ASKED = re.compile(r"[?？吗呢]\s*$")
_MOST = 6
_PLACES: dict[Where, tuple[str, str]] = {
    "name": ("文件名", "the file name"),
    "heading": ("标题或工作表", "a heading or sheet"),
    "column": ("表头", "a column"),
    "text": ("正文", "the text"),
}


@dataclass(frozen=True)
class InternalWord:
    word: str
    where: Where


def find_internal_words(name: str, parsed: Parsed) -> list[InternalWord]:
    """At most six different words, in reading order; empty for what looks fit for customers."""
    found: dict[str, InternalWord] = {}
    for word, where in _look(name, parsed):
        found.setdefault(word.lower(), InternalWord(word, where))
        if len(found) == _MOST:
            break
    return list(found.values())


def looks_internal(found: list[InternalWord]) -> dict[str, Any]:
    """The reason a document is held: {code, zh, en, words}."""
    zh = "、".join(f"{_PLACES[one.where][0]}里有「{one.word}」" for one in found)
    en = ", ".join(f"“{one.word}” in {_PLACES[one.where][1]}" for one in found)
    return {
        "code": "looks_internal",
        "zh": f"这个文件看起来是内部资料（{zh}）。请确认：给客户看（对客），还是只给客服看（仅客服）？确认前不会用它回答任何人。",
        "en": f"This looks like internal material ({en}). Decide whether customers or only your agents may see it; "
        "until then nobody is answered from it.",
        "words": [one.word for one in found],
    }


def _look(name: str, parsed: Parsed) -> Iterator[tuple[str, Where]]:
    yield from _all(_NAME, name, "name")
    seen: set[str] = set()
    for number, section in enumerate(parsed.sections):
        for heading in _fresh(section.heading_path, seen):
            if not _ASKED.search(heading):
                yield from _all(_HEADING, heading, "heading")
        if section.kind == "row" and section.row is not None:
            for column in _fresh(section.row, seen):
                yield from _all(_COLUMN, column, "column")
        elif section.kind == "text":
            yield from _in_text(number, section)


def _in_text(number: int, section: Section) -> Iterator[tuple[str, Where]]:
    if number < _BEGINNING_SECTIONS:
        yield from _all(_BEGINNING, section.text[:_BEGINNING_CHARS], "text")
    yield from _all(_TEXT, section.text, "text")


def _fresh(words: Any, seen: set[str]) -> Iterator[str]:
    """Each heading and column once: a sheet of ten thousand rows repeats them on every row."""
    for word in words:
        if word not in seen:
            seen.add(word)
            yield word


def _all(pattern: re.Pattern[str], text: str, where: Where) -> Iterator[tuple[str, Where]]:
    for match in pattern.finditer(text):
        yield match.group(), where
