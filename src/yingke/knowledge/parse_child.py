"""The child process of `parse`: limits itself, recognises the format, runs one parser, writes the answer, ends."""

import ctypes
import os
import re
import resource
import signal
import sys
from pathlib import Path

import msgspec

from yingke.knowledge.parse import ChildAnswer, Parsed, Section
from yingke.knowledge.parsers.contract import Draft
from yingke.knowledge.refusals import Refused
from yingke.knowledge.registry import find_parser
from yingke.knowledge.sniff import sniff

MAX_CHARS = 5_000_000
MAX_SECTIONS = 60_000
_INTERNAL = re.compile(r"内部|仅客服|底价|赔付口径|成本价|进货价|保密|internal only|confidential", re.IGNORECASE)
_PR_SET_PDEATHSIG = 1


def main() -> None:
    path, file_name, memory_mb, seconds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    # Libraries that print must not mix with the answer.
    answer_pipe = os.dup(1)
    os.dup2(2, 1)
    try:
        answer = ChildAnswer(parsed=_read(path, file_name, memory_mb, seconds))
    except Refused as refused:
        answer = ChildAnswer(refused=refused.code, detail=refused.detail)
    except MemoryError:
        answer = ChildAnswer(refused="file_memory")
    with os.fdopen(answer_pipe, "wb") as pipe:
        pipe.write(msgspec.msgpack.encode(answer))


def _read(path: Path, file_name: str, memory_mb: int, seconds: float) -> Parsed:
    file_format = sniff(path, file_name)
    parser = find_parser(file_format)
    _limit(memory_mb, seconds)
    draft = parser.parse(path)
    sections = _cleaned(draft.sections)
    if not sections:
        raise Refused("file_no_text")
    if len(sections) > MAX_SECTIONS or sum(len(section.text) for section in sections) > MAX_CHARS:
        raise Refused("file_too_much_text")
    return Parsed(
        title=_title(draft, file_name),
        sections=sections,
        format=file_format,
        language=_language(sections),
        looks_internal=_looks_internal(file_name, sections),
    )


def _limit(memory_mb: int, seconds: float) -> None:
    """`memory_mb` beyond what the process holds with its parser imported; CPU as many seconds as the clock may run."""
    with open("/proc/self/statm") as statm:
        held = int(statm.read().split()[0]) * resource.getpagesize()
    limit = held + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    cpu = max(1, int(seconds) + 1)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]")


def _plain(text: str) -> str:
    """No NUL, lone surrogate or invisible direction mark: PostgreSQL refuses the first two, the last one hides text."""
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
