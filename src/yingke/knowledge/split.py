"""Cuts a parsed document into passages: findable pieces that can be quoted by themselves."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from yingke.knowledge.parse import Kind, Parsed, Section
from yingke.knowledge.rows import row_meaning

_QUESTION_LINE = re.compile(
    r"^\s*(?:\d{1,3}\s*[.、)）]\s*)?(?:[问Q]|FAQ|提问|问题|Question)\s*\d{0,3}\s*[:：.、]\s*(.+)$", re.IGNORECASE
)
_ANSWER_LINE = re.compile(r"^\s*(?:[答A]|回答|答案|解答|答复|Answer)\s*\d{0,3}\s*[:：.、]\s*(.*)$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])(?![”」』）)])|(?<=[a-z)]\.)\s+(?=[A-Z])")
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百千\d]{1,6}条")
_TAGGED = re.compile(r"^\s*[\[【(（][^\]】)）]{1,20}[\]】)）]\s*")
_MAX_QA_ANSWER = 900


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is what is shown and quoted, `search_text` what lexical search reads, `vector_text` what is encoded.

    `heading` is the way to the passage, joined by " › ". `content_hash` (16 bytes) changes when any of it changes, so
    an unchanged passage of a new version needs no new vector.
    """

    text: str
    search_text: str
    vector_text: str
    heading: str
    kind: Kind
    row: dict[str, str] | None
    page: int | None
    ordinal: int
    content_hash: bytes


def split(parsed: Parsed, *, target_chars: int = 300) -> list[Passage]:
    """Passages in reading order: one a table row, one a question with its answer, prose in pieces of `target_chars`."""
    passages: list[Passage] = []
    for section in parsed.sections:
        for piece in _pieces(section, target_chars):
            passages.append(_passage(piece, parsed.title, len(passages)))
    return passages


def _pieces(section: Section, target: int) -> Iterator[Section]:
    if section.kind != "text":
        yield section
        return
    pairs = _qa_pairs(section)
    if pairs:
        yield from pairs
        return
    heading = section.heading_path[-1] if section.heading_path else ""
    asked = _TAGGED.sub("", heading)
    if asked.endswith(("?", "？")) and len(section.text) <= _MAX_QA_ANSWER:
        row = {"问题": asked, "答案": section.text}
        yield Section(section.heading_path[:-1], section.text, "qa", row, section.page)
        return
    for text in _packed(section.text, target):
        yield Section(section.heading_path, text, "text", None, section.page)


def _qa_pairs(section: Section) -> list[Section]:
    """Question and answer lines such as `问:` / `答:`; text before the first question stays text."""
    lines = section.text.splitlines()
    starts = [index for index, line in enumerate(lines) if _QUESTION_LINE.match(line)]
    if not starts or not any(_ANSWER_LINE.match(line) for line in lines):
        return []
    found = []
    if starts[0] > 0:
        found.append(Section(section.heading_path, "\n".join(lines[: starts[0]]), page=section.page))
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        matched = _QUESTION_LINE.match(lines[start])
        question = matched.group(1).strip() if matched else lines[start]
        body = [_ANSWER_LINE.sub(r"\1", line) for line in lines[start + 1 : end]]
        answer = "\n".join(line for line in body if line.strip())
        if answer:
            row = {"问题": question, "答案": answer}
            found.append(Section(section.heading_path, answer, "qa", row, section.page))
    return found


def sentences(text: str) -> list[str]:
    """The sentences of `text`, each with its closing mark; a line end closes one too."""
    parts: list[str] = []
    for line in text.splitlines():
        for found in _SENTENCE_END.split(line):
            if found.strip():
                parts.append(found.strip())
    return parts


def _packed(text: str, target: int) -> Iterator[str]:
    """Paragraphs joined up to `target` characters; articles of a statute and longer paragraphs stand alone."""
    held: list[str] = []
    for paragraph in text.splitlines():
        article = bool(_ARTICLE.match(paragraph))
        if held and (article or sum(map(len, held)) + len(paragraph) > target):
            yield "\n".join(held)
            held = []
        if len(paragraph) <= target * 1.5:
            held.append(paragraph)
            continue
        yield from _cut_long(paragraph, target)
    if held:
        yield "\n".join(held)


def _cut_long(paragraph: str, target: int) -> Iterator[str]:
    held = ""
    for sentence in sentences(paragraph):
        if held and len(held) + len(sentence) > target:
            yield held
            held = ""
        while len(sentence) > target * 3:
            yield sentence[: target * 2]
            sentence = sentence[target * 2 :]
        held += sentence if not held or not held[-1].isascii() else f" {sentence}"
    if held:
        yield held


def _passage(piece: Section, title: str, ordinal: int) -> Passage:
    heading = " › ".join(piece.heading_path)
    row = piece.row
    if piece.kind == "qa" and row is not None:
        text = row["答案"]
        asked = "\n".join(filter(None, (row["问题"], row.get("相似问法", ""))))
        search_text, vector_text = asked, row["问题"]
        shown_heading = row["问题"]
    elif piece.kind == "row" and row is not None:
        text, shown_heading = piece.text, heading
        search_text = f"{piece.text}\n{heading}"
        # Figures and codes are found by their letters; without them the variants of one product share a vector.
        vector_text = f"{heading} {row_meaning(row)}".strip() or piece.text
    else:
        text, shown_heading = piece.text, heading
        search_text = f"{heading or title}\n{piece.text}"
        vector_text = f"{piece.heading_path[-1] if piece.heading_path else title} {piece.text}"
    digest = hashlib.blake2b("\x1f".join((piece.kind, title, heading, text, search_text)).encode(), digest_size=16)
    return Passage(
        text=text,
        search_text=search_text,
        vector_text=vector_text[:600],
        heading=shown_heading,
        kind=piece.kind,
        row=row,
        page=piece.page,
        ordinal=ordinal,
        content_hash=digest.digest(),
    )
