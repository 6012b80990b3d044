"""Measures "does the knowledge answer this?" with the embedded engine; prints JSON.

Two kinds of questions that must not be answered: strangers' (out of scope) and near neighbours (in scope, but what
would answer them is not there). On the invented shops both are written out; on question sets beside the repository
(--data FOLDER with faq_retrieval) entries are held out, so that their queries lose the answer while neighbours stay.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path[:0] = [str(Path(__file__).parent)]

from retrieval import area, faq_index, lines  # noqa: E402
from shop_questions import Asked, Shop, ask_all, load_shop, shop_names  # noqa: E402

from yingke.knowledge.answerable import THRESHOLD, decide  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.index import KnowledgeIndex  # noqa: E402

KEPT = 0.9
HELD_OUT = 0.3


def refused_at(kept: Sequence[float], other: Sequence[float], share: float = KEPT) -> float:
    """The share of `other` that falls below the line above which `share` of `kept` lies."""
    if not len(kept) or not len(other):
        return 0.0
    return round(float(np.mean(np.array(other) < np.quantile(kept, 1 - share))), 4)


def surest(index: KnowledgeIndex, asked: Sequence[Asked]) -> list[float]:
    """The confidence in each message: that of its weakest question."""
    return [
        min((decide(ask, hits, index.words.rarity).confidence for ask, hits in one.found), default=0.0) for one in asked
    ]


def figures(kept: Sequence[float], near: Sequence[float], far: Sequence[float]) -> dict[str, float]:
    out: dict[str, float] = {"answerable_refused": _share(kept, below=True)}
    if len(near):
        out |= {
            "near_auc": area(kept, near), "near_refused_at_90": refused_at(kept, near),
            "near_answered": _share(near, below=False),
        }  # fmt: skip
    if len(far):
        out |= {"strangers_auc": area(kept, far), "strangers_answered": _share(far, below=False)}
    return out


def _share(scores: Sequence[float], *, below: bool) -> float:
    at_least = float(np.mean(np.array(scores) >= THRESHOLD)) if len(scores) else 0.0
    return round(1 - at_least if below else at_least, 4)


def of_shop(shop: Shop) -> dict[str, float]:
    by_kind = {kind: [one for one in shop.asked if one.kind == kind] for kind in "+~-"}
    kept = surest(shop.index, by_kind["+"])
    out = figures(kept, surest(shop.index, by_kind["~"]), surest(shop.index, by_kind["-"]))
    unwritten = surest(shop.index, [one.without_answer() for one in by_kind["+"]])
    out["unwritten_refused_at_90"] = refused_at(kept, unwritten)
    right = [
        bool(one.found) and all(decide(ask, hits, shop.index.words.rarity).answer for ask, hits in one.found)
        and any(one.wanted in hit.entry.text for ask, hits in one.found
                for hit in decide(ask, hits, shop.index.words.rarity).evidence)
        for one in by_kind["+"]
    ]  # fmt: skip
    out["answered_right"] = round(float(np.mean(right)), 4)
    return out


async def of_set(encoder: Encoder, folder: Path, strangers: Sequence[str]) -> dict[str, float]:
    corpus, queries = lines(folder / "corpus.jsonl"), lines(folder / "queries.jsonl")
    chance = random.Random(7)
    held = {row["id"] for row in corpus if chance.random() < HELD_OUT}
    whole = await faq_index(encoder, [row["question"] for row in corpus])
    asked = await ask_all(encoder, whole, [("+", row["query"], "") for row in queries])
    far = await ask_all(encoder, whole, [("-", text, "") for text in strangers])
    out = figures(surest(whole, asked), [], surest(whole, far))
    part = await faq_index(encoder, [row["question"] for row in corpus if row["id"] not in held])
    rows = [("~" if set(row["relevant_ids"]) <= held else "+", row["query"], "") for row in queries]
    left = await ask_all(encoder, part, rows)
    kept, near = (surest(part, [one for one in left if one.kind == kind]) for kind in "+~")
    return out | {key: value for key, value in figures(kept, near, []).items() if key.startswith("near")}


async def answerable(encoder: Encoder, data: Path | None) -> dict[str, Any]:
    """Per invented shop, their mean, and per question set below `data`."""
    with tempfile.TemporaryDirectory() as folder:
        shops = [await load_shop(encoder, name, Path(folder)) for name in shop_names()]
    each = {shop.name: of_shop(shop) for shop in shops}
    names = sorted({name for one in each.values() for name in one})
    out: dict[str, Any] = {
        "shops": each,
        "mean": {name: round(float(np.mean([one[name] for one in each.values()])), 4) for name in names},
    }
    if data is not None:
        strangers = [row["query"] for row in lines(data / "faq_retrieval/out_of_scope_queries.jsonl")]
        sets = sorted(path for path in (data / "faq_retrieval").iterdir() if path.is_dir())
        out["sets"] = {path.name: await of_set(encoder, path, strangers) for path in sets}
    return out


async def main(data: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            out = {"engine": "embedded", **await answerable(encoder, data)}
        finally:
            await encoder.close()
    print(json.dumps(out, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    asyncio.run(main(arguments.parse_args().data))
