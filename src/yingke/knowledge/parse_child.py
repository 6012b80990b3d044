"""The child process of `parse`: limits itself, recognises the format, runs one parser, writes the answer, ends."""

import os
import re
import sys
from pathlib import Path

import msgspec

from yingke.kit.limit_process import limit_process, raise_limits
from yingke.knowledge.faq import find_questions
from yingke.knowledge.find_parser import find_parser
from yingke.knowledge.parse_frames import ANSWER, FRAME, OCR, PROGRESS, REFUSED
from yingke.knowledge.parsers.contract import Draft
from yingke.knowledge.refusals import Refused
from yingke.knowledge.sections import Parsed, Section
from yingke.knowledge.sniff import sniff
from yingke.knowledge.watch import Watch

MAX_CHARS = 5_000_000
MAX_SECTIONS = 60_000
_INTERNAL = re.compile(r"内部|仅客服|底价|赔付口径|成本价|进货价|保密|internal only|confidential", re.IGNORECASE)


class PipeWatch(Watch):
    """Writes frames to the pipe that the parent reads."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def send(self, kind: bytes, content: bytes) -> None:
        rest = memoryview(FRAME.pack(kind, len(content)) + content)
        while rest:
            rest = rest[os.write(self._pipe, rest) :]

    def progress(self, done: int, total: int) -> None:
        self.send(PROGRESS, msgspec.msgpack.encode((done, total)))

    def begin_recognition(self) -> None:
        self.send(OCR, b"")
        raise_limits()


def main() -> None:
    """Arguments: wish, path, name, MB and CPU seconds, and the most of both while text is recognised."""
    wish, path, file_name = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    memory_mb, seconds, most_memory_mb, most_seconds = (float(text) for text in sys.argv[4:8])
    watch = PipeWatch(os.dup(1))
    # Libraries that print must not mix with the answer.
    os.dup2(2, 1)
    try:
        limits = (int(memory_mb), seconds, int(most_memory_mb), most_seconds)
        if wish == "table":
            answer = _read_table(path, file_name, limits)
        elif wish == "lines":
            answer = _read_lines(path, file_name, limits, watch)
        else:
            answer = _read(path, file_name, limits, watch)
        watch.send(ANSWER, answer)
    except Refused as refused:
        watch.send(REFUSED, msgspec.msgpack.encode((refused.code, refused.detail)))
    except MemoryError:
        watch.send(REFUSED, msgspec.msgpack.encode(("file_memory", "")))


def _read_table(path: Path, file_name: str, limits: tuple[int, float, int, float]) -> bytes:
    from yingke.knowledge.read_table import read_table

    limit_process(*limits)
    return msgspec.msgpack.encode(read_table(path, sniff(path, file_name)))


def _read_lines(path: Path, file_name: str, limits: tuple[int, float, int, float], watch: Watch) -> bytes:
    from yingke.knowledge.picture_lines import read_lines

    if sniff(path, file_name) != "picture":
        raise Refused("file_unsupported", file_name[-40:])
    limit_process(*limits)
    return msgspec.msgpack.encode([one for one in read_lines(path, watch) if _plain(one.text)])


def _read(path: Path, file_name: str, limits: tuple[int, float, int, float], watch: Watch) -> bytes:
    file_format = sniff(path, file_name)
    parser = find_parser(file_format)
    parser.watch = watch
    limit_process(*limits)
    draft = parser.parse(path)
    sections = find_questions(_cleaned(draft.sections))
    if not sections:
        raise Refused("file_no_text")
    if len(sections) > MAX_SECTIONS or sum(len(section.text) for section in sections) > MAX_CHARS:
        raise Refused("file_too_much_text")
    return msgspec.msgpack.encode(
        Parsed(
            title=_title(draft, file_name),
            sections=sections,
            format=file_format,
            language=_language(sections),
            looks_internal=_looks_internal(file_name, sections),
            notes=draft.notes,
        )
    )


_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    r"\U000e0000-\U000e01ef]"
)


def _plain(text: str) -> str:
    """No NUL, lone surrogate, direction mark or invisible letter: PostgreSQL refuses the first two, the others hide text."""
    return _CONTROL.sub("", text).strip()


def _cleaned(sections: list[Section]) -> list[Section]:
    kept = []
    for section in sections:
        text = _plain(section.text)
        if not text:
            continue
        row = {_plain(key): _plain(value) for key, value in section.row.items()} if section.row else None
        path = tuple(_plain(heading) for heading in section.heading_path if _plain(heading))
        kept.append(Section(path, text, section.kind, row, section.page))
    return kept


def _title(draft: Draft, file_name: str) -> str:
    return _plain(draft.title)[:200] or _plain(Path(file_name).stem)[:200] or "file"


def _language(sections: list[Section]) -> str:
    sample = " ".join(section.text for section in sections[:40])[:8000]
    han = len(re.findall(r"[\u4e00-\u9fff]", sample))
    kana = len(re.findall(r"[\u3040-\u30ff\uac00-\ud7af]", sample))
    latin = len(re.findall(r"[A-Za-z]+", sample))
    if kana > han / 4 and kana > 10:
        return "other"
    return "zh" if han * 2 >= latin else "en"


def _looks_internal(file_name: str, sections: list[Section]) -> bool:
    if _INTERNAL.search(file_name):
        return True
    first = [*sections[:3]]
    return any(_INTERNAL.search(" ".join((*section.heading_path, section.text[:120]))) for section in first)


if __name__ == "__main__":
    main()
