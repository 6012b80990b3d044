"""Measures questions in other languages, and in other words, against the Chinese knowledge of a shop; prints JSON.

Run: .venv/bin/python evals/languages.py. `languages.tsv` is our own writing: question, answer, the question in other
Chinese words, then in English, Japanese, Korean and Spanish; lines with two cells are neighbours that nobody asks for.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent)]

import numpy as np  # noqa: E402
from retrieval import ask, document_index, recall  # noqa: E402

from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.entry import Entry  # noqa: E402
from yingke.knowledge.fold import fold  # noqa: E402
from yingke.knowledge.index import KnowledgeIndex  # noqa: E402
from yingke.knowledge.parse import Parsed, Section  # noqa: E402

SPOKEN = ("zh", "en", "ja", "ko", "es")


def shop_rows() -> list[list[str]]:
    """Cells of each line, those with questions first."""
    text = Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8")
    return sorted((line.split("\t") for line in text.splitlines()), key=lambda cells: -len(cells))


async def pair_index(encoder: Encoder, rows: Sequence[Sequence[str]]) -> KnowledgeIndex:
    vectors = await encoder.encode_many([fold(cells[0]) for cells in rows])
    return KnowledgeIndex.build(
        [
            Entry(
                id=at, text=cells[1], search_text=cells[0], vector=vectors[at], kind="qa", heading=cells[0],
                row={"问题": cells[0], "答案": cells[1]},
            )
            for at, cells in enumerate(rows)
        ]
    )  # fmt: skip


async def languages(encoder: Encoder) -> dict[str, Any]:
    """Questions of five languages → pairs; Chinese questions → answers whose question is not stored."""
    rows = shop_rows()
    asked = [cells for cells in rows if len(cells) > 2]
    gold = [{at} for at in range(len(asked))]
    index = await pair_index(encoder, rows)
    out: dict[str, Any] = {"entries": len(rows), "questions": len(asked)}
    for column, language in enumerate(SPOKEN, start=2):
        hits = await ask(encoder, index, [cells[column] for cells in asked])
        out[language] = recall([[hit.entry.id for hit in one] for one in hits], gold)
    others = [out[language]["R@1"] for language in SPOKEN[1:]]
    out["other_languages"] = {"R@1": round(float(np.mean(others)), 4)}
    passages = [Parsed("", [Section((), cells[1])], "txt", "zh", False) for cells in rows]
    answers = await document_index(encoder, passages)
    hits = await ask(encoder, answers, [cells[0] for cells in asked])
    out["answers"] = recall([list(dict.fromkeys(hit.entry.document_id or 0 for hit in one)) for one in hits], gold)
    return out


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            out = {"engine": "embedded", "languages": await languages(encoder)}
        finally:
            await encoder.close()
    print(json.dumps(out, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
