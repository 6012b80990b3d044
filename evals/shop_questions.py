"""Loads the invented shops beside this file: their documents as an index, their questions with what they expect."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

sys.path[:0] = [str(Path(__file__).parent)]

from retrieval import NOW, document_index  # noqa: E402
from scenario_shops import SHOPS, shop_documents  # noqa: E402

from yingke.app.demo.calendar import Calendar  # noqa: E402
from yingke.app.demo.files import demo_files  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.entry import Hit  # noqa: E402
from yingke.knowledge.fold import fold  # noqa: E402
from yingke.knowledge.index import KnowledgeIndex, query_for  # noqa: E402
from yingke.knowledge.parse import Parsed, parse  # noqa: E402
from yingke.knowledge.understand import Ask, understand  # noqa: E402

Kind = Literal["+", "~", "-"]
CANDIDATES = 12


@dataclass(frozen=True)
class Asked:
    """`kind`: + answered by `wanted`, ~ a near neighbour without the answer, - out of scope."""

    kind: Kind
    question: str
    wanted: str
    found: tuple[tuple[Ask, tuple[Hit, ...]], ...]

    def without_answer(self) -> "Asked":
        """The same question had the passages that answer it never been written."""
        kept = tuple((ask, tuple(hit for hit in hits if self.wanted not in hit.entry.text)) for ask, hits in self.found)
        return Asked("~", self.question, self.wanted, kept)


@dataclass(frozen=True)
class Shop:
    name: str
    index: KnowledgeIndex
    asked: list[Asked]


async def load_shop(encoder: Encoder, name: str, scratch: Path) -> Shop:
    """`name` is a folder of `shops`; the demo shop's own documents come from the product."""
    index = await document_index(encoder, await _documents(name, scratch))
    lines = [line for line in (SHOPS / name / "questions.txt").read_text("utf-8").splitlines() if line.strip()]
    cut = [(line[0], *line[2:].partition(" => ")[::2]) for line in lines]
    return Shop(name, index, await ask_all(encoder, index, cut))


async def ask_all(encoder: Encoder, index: KnowledgeIndex, rows: Sequence[tuple[str, str, str]]) -> list[Asked]:
    """Understands and searches all questions, (kind, question, wanted)."""
    asks = [understand([question]) for _, question, _ in rows]
    flat = [ask for one in asks for ask in one]
    vectors = iter(await encoder.encode_many([fold(ask.search) for ask in flat]))
    found = [
        tuple(
            (ask, tuple(index.search(query_for(ask.search, next(vectors)), scope=NOW, limit=CANDIDATES))) for ask in one
        )
        for one in asks
    ]
    return [
        Asked(kind, question, wanted, hits)  # type: ignore[arg-type]
        for (kind, question, wanted), hits in zip(rows, found, strict=True)
    ]


def shop_names() -> list[str]:
    return sorted(folder.name for folder in SHOPS.iterdir() if folder.is_dir())


async def _documents(name: str, scratch: Path) -> list[Parsed]:
    if name != "camp":
        return [await parse(path, path.name) for path in shop_documents(name)]
    parsed = []
    for file in demo_files(Calendar(datetime.now(UTC))):
        if file.shop != 1 and file.audience != "staff":
            (scratch / file.name).write_bytes(file.data)
            parsed.append(await parse(scratch / file.name, file.name))
    return parsed
