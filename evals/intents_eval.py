"""Measures the intent classifier on labelled messages kept beside the repository; prints JSON.

Run: .venv/bin/python evals/intents_eval.py --data FOLDER (a folder that holds intent/zh_ecom_customer_service.jsonl).
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from yingke.assistants.intents.classify import classify
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold

# The data holds signs where a name, number or place stood; a real message holds the thing itself.
_SIGNS = (
    (re.compile(r"\[(?:ORDERID_\d+|订单编号[^\]]*)\]"), "20240912004411"), (re.compile(r"\[电话x\]"), "13800001234"),
    (re.compile(r"\[身份证号x\]"), "330100199001011234"), (re.compile(r"\[姓名x\]"), "王先生"),
    (re.compile(r"\[地址x\]"), "科技路1号"), (re.compile(r"\[链接x\]"), "https://a.example.com/1"),
    (re.compile(r"\[组织机构x\]"), "某某公司"), (re.compile(r"\[[^\]]*x\]"), "3"), (re.compile(r"#E-s\d*|&nbsp;"), " "),
)  # fmt: skip


def clean(text: str) -> str:
    for sign, thing in _SIGNS:
        text = sign.sub(thing, text)
    return text


async def intents(encoder: Encoder, data: Path) -> dict[str, Any]:
    """Accuracy over all messages, over those that need the line before, and what is taken for what."""
    path = data / "intent/zh_ecom_customer_service.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    texts = [clean(row["text"]) for row in rows]
    befores = [clean(row.get("context_prev_turn") or "") for row in rows]
    vectors = await encoder.encode_many([fold(text) for text in texts])
    behind = await encoder.encode_many([fold(text) for text in befores])
    told = [classify(*one).label for one in zip(texts, vectors, befores, behind, strict=True)]
    right = [label == row["label"] for label, row in zip(told, rows, strict=True)]
    leaning = [one for one, row in zip(right, rows, strict=True) if row["needs_context"]]
    mistaken = Counter(
        f"{row['label']} → {label}" for label, row in zip(told, rows, strict=True) if label != row["label"]
    )
    return {
        "messages": len(rows),
        "accuracy": round(sum(right) / len(rows), 4),
        "accuracy_with_line_before": round(sum(leaning) / max(1, len(leaning)), 4),
        "mistaken": dict(mistaken.most_common(8)),
    }


async def main(data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            out = {"engine": "embedded", "intents": await intents(encoder, data)}
        finally:
            await encoder.close()
    sys.stdout.write(json.dumps(out, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True)
    asyncio.run(main(arguments.parse_args().data))
