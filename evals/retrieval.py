"""Measures retrieval with the embedded engine on question sets kept beside the repository; prints JSON.

Run: .venv/bin/python evals/retrieval.py --data FOLDER (a folder that holds faq_retrieval, docqa and knowledge_docs).
`everything.py` measures this and all the rest.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from baselines import bm25, first_try

from yingke.knowledge.answerable import THRESHOLD, decide
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Entry, Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.parse import Parsed, Section, parse
from yingke.knowledge.split import split
from yingke.knowledge.understand import understand

NOW = Scope(at=datetime.now(UTC))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


async def faq_index(encoder: Encoder, questions: Sequence[str]) -> KnowledgeIndex:
    vectors = await encoder.encode_many([fold(question) for question in questions])
    return KnowledgeIndex.build(
        [
            Entry(id=at, text="", search_text=question, vector=vectors[at], kind="qa", row={"问题": question})
            for at, question in enumerate(questions)
        ]
    )


async def document_index(encoder: Encoder, parsed: Sequence[Parsed]) -> KnowledgeIndex:
    passages = [(document, passage) for document, one in enumerate(parsed) for passage in split(one)]
    vectors = await encoder.encode_many([fold(passage.vector_text) for _, passage in passages])
    return KnowledgeIndex.build(
        [
            Entry(
                id=at, text=passage.text, search_text=passage.search_text, vector=vectors[at], heading=passage.heading,
                kind=passage.kind, row=passage.row, document_id=document, document_title=parsed[document].title,
            )
            for at, (document, passage) in enumerate(passages)
        ]
    )  # fmt: skip


async def ask(encoder: Encoder, index: KnowledgeIndex, questions: Sequence[str]) -> list[list[Hit]]:
    vectors = await encoder.encode_many([fold(question) for question in questions])
    return [
        index.search(query_for(question, vector), scope=NOW, limit=12)
        for question, vector in zip(questions, vectors, strict=True)
    ]


def sure(index: KnowledgeIndex, questions: Sequence[str], hits: Sequence[list[Hit]]) -> list[float]:
    """The confidence that the whole question is answered: that of its weakest part."""
    return [
        min((decide(part, one, index.words.rarity).confidence for part in understand([question])), default=0.0)
        for question, one in zip(questions, hits, strict=True)
    ]


def recall(found: Sequence[Sequence[int]], gold: Sequence[set[int]]) -> dict[str, float]:
    shares = {
        f"R@{depth}": float(np.mean([bool(wanted & set(ids[:depth])) for ids, wanted in zip(found, gold, strict=True)]))
        for depth in (1, 5)
    }
    return {key: round(value, 4) for key, value in shares.items()}


def area(kept: Sequence[float], refused: Sequence[float]) -> float:
    """Area under the curve: how often an answerable question scores above one that is not."""
    order = np.concatenate([kept, refused]).argsort().argsort() + 1.0
    ranks = order[: len(kept)].sum()
    return round(float((ranks - len(kept) * (len(kept) + 1) / 2) / (len(kept) * len(refused))), 4)


async def faq(encoder: Encoder, data: Path, folders: Sequence[Path]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    strangers = [row["query"] for row in lines(data / "out_of_scope_queries.jsonl")]
    for folder in folders:
        corpus, queries = lines(folder / "corpus.jsonl"), lines(folder / "queries.jsonl")
        index = await faq_index(encoder, [row["question"] for row in corpus])
        position = {row["id"]: at for at, row in enumerate(corpus)}
        hits = await ask(encoder, index, [row["query"] for row in queries])
        gold = [{position[wanted] for wanted in row["relevant_ids"]} for row in queries]
        out[folder.name] = recall([[hit.entry.id for hit in one] for one in hits], gold)
        out[folder.name]["plainer"] = await plainer(encoder, corpus, queries, gold)
        kept = sure(index, [row["query"] for row in queries], hits)
        refused = sure(index, strangers, await ask(encoder, index, strangers))
        out[folder.name]["out_of_scope_auc"] = area(kept, refused)
        out[folder.name]["answered"] = round(float(np.mean(np.array(kept) >= THRESHOLD)), 4)
        out[folder.name]["strangers_answered"] = round(float(np.mean(np.array(refused) >= THRESHOLD)), 4)
    return out


async def plainer(
    encoder: Encoder, corpus: Sequence[dict[str, Any]], queries: Sequence[dict[str, Any]], gold: Sequence[set[int]]
) -> dict[str, dict[str, float]]:
    """The same questions by plain methods, to compare with."""
    stored, asked = [row["question"] for row in corpus], [row["query"] for row in queries]
    vectors = await encoder.encode_many([fold(text) for text in [*asked, *stored]])
    near = vectors[: len(asked)] @ vectors[len(asked) :].T
    scores = {"bm25": bm25(stored, asked), "encoder_and_n_grams": first_try(stored, asked, near)}
    return {name: recall([row.argsort()[::-1][:5].tolist() for row in rows], gold) for name, rows in scores.items()}


async def documents(encoder: Encoder, data: Path) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in ("cmrc2018", "drcd_traditional"):
        rows, questions = lines(data / name / "documents.jsonl"), lines(data / name / "questions.jsonl")
        parsed = [Parsed(row["title"], [Section((), row["context"])], "txt", "zh", False) for row in rows]
        index = await document_index(encoder, parsed)
        position = {row["id"]: at for at, row in enumerate(rows)}
        hits = await ask(encoder, index, [row["question"] for row in questions])
        found = [list(dict.fromkeys(hit.entry.document_id or 0 for hit in one)) for one in hits]
        out[name] = recall(found, [{position[row["doc_id"]]} for row in questions])
    rows, questions = lines(data / "ecom_faq_answers/corpus.jsonl"), lines(data / "ecom_faq_answers/queries.jsonl")
    parsed = [Parsed("", [Section((), row["text"])], "txt", "zh", False) for row in rows]
    index = await document_index(encoder, parsed)
    position = {row["id"]: at for at, row in enumerate(rows)}
    hits = await ask(encoder, index, [row["query"] for row in questions])
    found = [list(dict.fromkeys(hit.entry.document_id or 0 for hit in one)) for one in hits]
    out["ecom_faq_answers"] = recall(found, [{position[wanted] for wanted in row["relevant_ids"]} for row in questions])
    return out


async def prices(encoder: Encoder, data: Path) -> dict[str, Any]:
    """The first hit must be the row of the product, and its cell the right figure."""
    rows = lines(data / "docqa/catalogue_price_qa.jsonl")
    right = 0
    for name in sorted({row["file"] for row in rows}):
        index = await document_index(encoder, [await parse(data / "knowledge_docs" / name, name)])
        asked = [row for row in rows if row["file"] == name]
        hits = await ask(encoder, index, [row["question"] for row in asked])
        right += sum(
            (one[0].entry.row or {}).get(row["field"]) == row["answer"] for one, row in zip(hits, asked, strict=True)
        )
    return {"row_and_figure": round(right / len(rows), 4)}


async def speed(encoder: Encoder, data: Path) -> dict[str, Any]:
    questions = [row["query"] for row in lines(data / "ant_atec_afqmc/queries.jsonl")]
    index = await faq_index(encoder, [row["question"] for row in lines(data / "ant_atec_afqmc/corpus.jsonl")])
    began = time.perf_counter()
    vectors = np.concatenate(await asyncio.gather(*(encoder.encode([fold(question)]) for question in questions)))
    encoded = time.perf_counter() - began
    began = time.perf_counter()
    queries = [query_for(question, vector) for question, vector in zip(questions, vectors, strict=True)]
    cut = time.perf_counter() - began
    began = time.perf_counter()
    for query in queries:
        index.search(query, scope=NOW)
    alone = time.perf_counter() - began
    began = time.perf_counter()
    for at in range(0, len(queries), 32):
        index.search_many(queries[at : at + 32], scopes=[NOW] * len(queries[at : at + 32]))
    count = len(questions)
    return {
        "entries": len(index.entries),
        "encode_per_second": round(count / encoded),
        "query_us": round(cut / count * 1e6),
        "search_us": round(alone / count * 1e6),
        "search_batched_us": round((time.perf_counter() - began) / count * 1e6),
        "index_megabytes": round(index.memory_bytes / 1e6, 1),
    }


async def main(data: Path) -> None:
    folders = sorted(path for path in (data / "faq_retrieval").iterdir() if path.is_dir())
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            out = {
                "engine": "embedded",
                "faq": await faq(encoder, data / "faq_retrieval", folders),
                "documents": await documents(encoder, data / "docqa"),
                "catalogue_prices": await prices(encoder, data),
                "speed": await speed(encoder, data / "faq_retrieval"),
            }
        finally:
            await encoder.close()
    print(json.dumps(out, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    asyncio.run(main(arguments.parse_args().data))
