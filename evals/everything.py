"""Measures the quality of answers with the embedded engine and, where one is configured, with a chat endpoint.

Run: .venv/bin/python evals/everything.py [--data FOLDER] [--out FILE]; `make eval` does. The sets of our own are always
measured; question sets of others only where a folder holds them (faq_retrieval, docqa, knowledge_docs, intent).
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from answerable import answerable  # noqa: E402
from attacks import attacks  # noqa: E402
from chat import chat, is_configured  # noqa: E402
from guards import guards  # noqa: E402
from intents_eval import intents  # noqa: E402
from languages import languages  # noqa: E402
from mood import mood  # noqa: E402
from own import own  # noqa: E402
from person import person  # noqa: E402
from retrieval import documents, faq, prices, speed  # noqa: E402
from scenarios import figures as scenario_figures  # noqa: E402
from scenarios import scenarios  # noqa: E402
from scenarios import unseen as unseen_scenarios  # noqa: E402
from unseen import unseen  # noqa: E402
from which_language import which_language  # noqa: E402

from yingke.knowledge.encoder import Encoder  # noqa: E402


async def measure(data: Path | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            out: dict[str, Any] = {
                "engine": "embedded",
                "own": await own(encoder),
                "languages": await languages(encoder),
                "answerable": await answerable(encoder, data),
                "mood": await mood(encoder, data),
                "person": person(),
                "unseen": await unseen(encoder),
                "which_language": which_language(data),
            }
            if data is not None:
                folders = sorted(path for path in (data / "faq_retrieval").iterdir() if path.is_dir())
                out |= {
                    "faq": await faq(encoder, data / "faq_retrieval", folders),
                    "documents": await documents(encoder, data / "docqa"),
                    "catalogue_prices": await prices(encoder, data),
                    "intents": await intents(encoder, data),
                    "speed": await speed(encoder, data / "faq_retrieval"),
                }
            out["scenarios"] = scenario_figures(await scenarios())
            out["scenarios_unseen"] = await unseen_scenarios()
            out["scenarios_elsewhere"] = await unseen_scenarios(is_elsewhere=True)
            out |= {"guards": guards(), "attacks": attacks(data)}
            if is_configured():
                out["chat"] = await chat(encoder)
            return out
        finally:
            await encoder.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--out", type=Path)
    wish = arguments.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    machine = {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2)}
    out = {
        "bench": "eval",
        "commit": commit.strip(),
        "command": "make eval",
        "machine": machine,
        "figures": asyncio.run(measure(wish.data)),
    }
    text = json.dumps(out, ensure_ascii=False, indent=2)
    print(text)
    if wish.out:
        wish.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
