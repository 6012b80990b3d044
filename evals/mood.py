"""Measures how surely moods, sentiment and discontent are told; prints JSON.

Run: .venv/bin/python evals/mood.py [--data FOLDER]. `mood/own.tsv` is our own writing and in no training file.
The sets of others are only measured, never learned from, and only where a folder holds them (sentiment, dialogues, intent).
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "tools")]

import numpy as np  # noqa: E402
from mood_lines import plain_lines  # noqa: E402

from yingke.assistants.mood.dissatisfaction import Line, dissatisfaction  # noqa: E402
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once  # noqa: E402
from yingke.assistants.mood.sense import hear, sense, sentiment_of  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.fold import fold  # noqa: E402

LONGEST = 1000
REVIEWS = ("zh_online_shopping", "zh_waimai", "zh_eprstmt")
UPSET = ("disappointed", "angry")


async def mood(encoder: Encoder, data: Path | None) -> dict[str, Any]:
    """Rows of `own.tsv`: mood, sentence; then what the folder holds."""
    rows = [line.split("\t") for line in plain_lines(HERE / "mood/own.tsv")]
    vectors = await _encode(encoder, [text for _, text in rows])
    felt = [sense(text, vector).label for (_, text), vector in zip(rows, vectors, strict=True)]
    calm = [label for (wanted, _), label in zip(rows, felt, strict=True) if wanted == "calm"]
    upset = [label for (wanted, _), label in zip(rows, felt, strict=True) if wanted in UPSET]
    out: dict[str, Any] = {
        "own": {
            "sentences": len(rows),
            "accuracy": round(
                float(np.mean([wanted == label for (wanted, _), label in zip(rows, felt, strict=True)])), 4
            ),
            "upset_recall": round(sum(label in UPSET for label in upset) / len(upset), 4),
            "false_alarms": round(sum(label in UPSET for label in calm) / len(calm), 4),
        },
        "microseconds": _speed([text for _, text in rows], vectors),
    }
    if data is not None:
        out |= {
            "complaints": await _complaints(encoder, data / "intent/zh_ecom_customer_service.jsonl"),
            "sentiment_auc": {name: await _reviews(encoder, data / f"sentiment/{name}.jsonl") for name in REVIEWS},
            "dissatisfaction_auc": await _helpdesk(encoder, data / "dialogues/zh_weibo_helpdesk_satisfaction.jsonl"),
        }
    return out


async def _encode(encoder: Encoder, texts: Sequence[str]) -> list[Any]:
    return list(await encoder.encode_many([fold(text)[:LONGEST] for text in texts]))


def _speed(texts: Sequence[str], vectors: Sequence[Any]) -> dict[str, float]:
    began = time.perf_counter()
    for text, vector in zip(texts, vectors, strict=True):
        sense(text, vector)
    between = time.perf_counter()
    for text in texts:
        is_angry_at_once(text)
    ended = time.perf_counter()
    return {
        "sense": round((between - began) / len(texts) * 1e6, 1),
        "rules": round((ended - between) / len(texts) * 1e6, 1),
    }


async def _complaints(encoder: Encoder, path: Path) -> dict[str, Any]:
    """Caught: disappointed or angry. False alarms: of the messages with any other intent."""
    rows = _read(path)
    vectors = await _encode(encoder, [row["text"] for row in rows])
    felt = [sense(row["text"], vector).label in UPSET for row, vector in zip(rows, vectors, strict=True)]
    wanted = [row["label"] == "complaint" for row in rows]
    caught = [is_felt for is_felt, is_so in zip(felt, wanted, strict=True) if is_so]
    wrong = [is_felt for is_felt, is_so in zip(felt, wanted, strict=True) if not is_so]
    return {
        "complaints": len(caught),
        "recall": round(float(np.mean(caught)), 4),
        "false_alarms": round(float(np.mean(wrong)), 4),
    }


async def _reviews(encoder: Encoder, path: Path) -> float:
    rows = _read(path)
    vectors = await _encode(encoder, [row["text"] for row in rows])
    scores = [sentiment_of(row["text"], vector) for row, vector in zip(rows, vectors, strict=True)]
    return auc([row["label"] == "positive" for row in rows], scores)


async def _helpdesk(encoder: Encoder, path: Path) -> float:
    rows = _read(path)
    texts = list(dict.fromkeys(turn["text"] for row in rows for turn in row["turns"] if turn["role"] == "customer"))
    known = dict(zip(texts, await _encode(encoder, texts), strict=True))
    scores = []
    for row in rows:
        lines = [
            Line(True, turn["text"], hear(turn["text"], known[turn["text"]]))
            if turn["role"] == "customer"
            else Line(False, turn["text"])
            for turn in row["turns"]
        ]
        scores.append(dissatisfaction(lines))
    return auc([row["label"] == "dissatisfied" for row in rows], scores)


def auc(wanted: Sequence[bool], scores: Sequence[float]) -> float:
    """The chance that one that is wanted scores above one that is not."""
    _, places, counts = np.unique(np.array(scores), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    yes = np.array(wanted)
    found = (ranks[yes].sum() - yes.sum() * (yes.sum() + 1) / 2) / (yes.sum() * (~yes).sum())
    return round(float(found), 4)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    wish = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            print(json.dumps(await mood(encoder, wish.data), ensure_ascii=False, indent=2))
        finally:
            await encoder.close()


if __name__ == "__main__":
    asyncio.run(main())
