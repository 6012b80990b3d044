"""Finds questions with their answers in running text: `问:`/`答:` lines, and lists of questions that are each answered."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from yingke.knowledge.sections import Section

_ASKED = re.compile(
    r"^\s*(?:\d{1,3}\s*[.、)）]\s*)?(?:问题?|提问|Q(?:uestion)?|FAQ)\s*\d{0,3}\s*[:：.、]\s*(?P<words>\S.*)$",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"^\s*(?:答案?|回答|解答|答复|回复|A(?:nswer)?)\s*\d{0,3}\s*[:：.、]\s*(?P<words>.*)$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"^\s*(?:\d{1,3}\s*[.、)）]|[(（]\d{1,3}[)）]|[一二三四五六七八九十]{1,3}\s*、|[-•·●■◆*])?\s*(?P<words>\S.*[?？])\s*$"
)
_INLINE_ANSWER = re.compile(r"(?<=\S)\s*(?=(?:答案?|回答|Answer|A)\s*[:：])")
_LONGEST_QUESTION = 80
_LONGEST_ANSWER = 1200
_FEWEST = 2


def find_questions(sections: list[Section]) -> list[Section]:
    """The same sections in the same order, with those that ask and answer turned into kind "qa".

    Text cut only by blank lines is looked at together, because the answer often stands below one.
    """
    found: list[Section] = []
    for (kind, _), group in groupby(sections, key=lambda section: (section.kind, section.heading_path)):
        together = list(group)
        pairs = _pairs(together) if kind == "text" else None
        found += together if pairs is None else pairs
    return found


def _pairs(sections: list[Section]) -> list[Section] | None:
    lines = [(line, section) for section in sections for whole in section.text.splitlines() for line in _halves(whole)]
    labelled = any(_ASKED.match(line) for line, _ in lines) and any(_ANSWERED.match(line) for line, _ in lines)
    pattern = _ASKED if labelled else _NUMBERED
    starts = [at for at, (line, _) in enumerate(lines) if len(line) <= _LONGEST_QUESTION and pattern.match(line)]
    if not labelled and (len(starts) < _FEWEST or starts[0] > 1 or _is_rhetoric(starts, len(lines))):
        return None
    if not starts:
        return None
    return [*_before(lines[: starts[0]]), *_cut(lines, starts, pattern)]


def _halves(line: str) -> list[str]:
    """`问:…答:…` on one line is two lines."""
    return _INLINE_ANSWER.split(line, maxsplit=1) if _ASKED.match(line) else [line]


def _is_rhetoric(starts: list[int], count: int) -> bool:
    """Questions without an answer below them, or lost in prose."""
    ends = [*starts[1:], count]
    answered = sum(end - start > 1 for start, end in zip(starts, ends, strict=True))
    longest = max(end - start for start, end in zip(starts, ends, strict=True))
    return answered < len(starts) * 0.8 or longest > 12


def _before(lines: list[tuple[str, Section]]) -> Iterator[Section]:
    if lines:
        yield replace(lines[0][1], text="\n".join(line for line, _ in lines))


def _cut(lines: list[tuple[str, Section]], starts: list[int], pattern: re.Pattern[str]) -> Iterator[Section]:
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        line, section = lines[start]
        asked = pattern.match(line)
        question = (asked.group("words") if asked else line).strip()
        body = [_ANSWERED.sub(r"\g<words>", text) for text, _ in lines[start + 1 : end]]
        answer = "\n".join(text for text in body if text.strip())
        if answer and len(answer) <= _LONGEST_ANSWER:
            yield replace(section, text=f"{question}\n{answer}", kind="qa", row={"问题": question, "答案": answer})
        else:
            yield replace(section, text="\n".join(text for text, _ in lines[start:end]))
