"""Measures a configured chat endpoint on the invented shops: does the answer say what it must, and refuse what it must?

Run: YINGKE_EVAL_CHAT_URL=… YINGKE_EVAL_CHAT_MODEL=… [YINGKE_EVAL_CHAT_KEY=…] .venv/bin/python evals/chat.py. At most
`MOST` questions of each shop, one after the other. An emulator stands in for the protocol only: its figures mean nothing.
"""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

sys.path[:0] = [str(Path(__file__).parent)]

from shop_questions import Asked, Shop, load_shop, shop_names  # noqa: E402

from yingke.assistants.engine import Otherwise, Question, Reply  # noqa: E402
from yingke.assistants.engines.chat import ChatEngine  # noqa: E402
from yingke.kit.db import Database  # noqa: E402
from yingke.kit.http import Outgoing  # noqa: E402
from yingke.knowledge.encoder import Encoder  # noqa: E402
from yingke.knowledge.library import Library  # noqa: E402
from yingke.models.breaker import Breaker  # noqa: E402
from yingke.models.line import Line  # noqa: E402
from yingke.models.providers.openai_compatible import OpenAICompatible  # noqa: E402
from yingke.models.ready_model import ReadyModel  # noqa: E402

MOST = 40


def is_configured() -> bool:
    return bool(os.environ.get("YINGKE_EVAL_CHAT_URL") and os.environ.get("YINGKE_EVAL_CHAT_MODEL"))


async def chat(encoder: Encoder) -> dict[str, Any]:
    """Per shop: the share answered right, of near neighbours and strangers refused, and of answers that stepped down."""
    outgoing = Outgoing()
    model = OpenAICompatible(
        outgoing,
        base_url=os.environ["YINGKE_EVAL_CHAT_URL"],
        api_key=os.environ.get("YINGKE_EVAL_CHAT_KEY", ""),
        model=os.environ["YINGKE_EVAL_CHAT_MODEL"],
        allow_private=True,
    )
    # Every question brings its own index, so the library is asked for nothing but the encoder.
    line = Line(1, {"answer": (ReadyModel(model, Breaker()),)})
    engine = ChatEngine(Library(cast(Database, None), encoder), line, {})
    out: dict[str, Any] = {"engine": f"chat: {os.environ['YINGKE_EVAL_CHAT_MODEL']}"}
    try:
        for name in shop_names():
            with tempfile.TemporaryDirectory() as folder:
                out[name] = await _of_shop(engine, await load_shop(encoder, name, Path(folder)))
    finally:
        await outgoing.close()
    return out


async def _of_shop(engine: ChatEngine, shop: Shop) -> dict[str, Any]:
    rows = [(one, await _answer(engine, shop, one)) for one in shop.asked[:: max(1, len(shop.asked) // MOST)]]
    right = [one.wanted in reply.text for one, reply in rows if one.kind == "+"]
    refused = [reply.gap is not None for one, reply in rows if one.kind != "+"]
    return {
        "questions": len(rows),
        "answered_right": round(sum(right) / max(1, len(right)), 4),
        "refused": round(sum(refused) / max(1, len(refused)), 4),
        "stepped_down": sum(reply.degraded_level > 0 for _, reply in rows),
    }


async def _answer(engine: ChatEngine, shop: Shop, asked: Asked) -> Reply:
    question = Question(1, 1, 1, 1, (asked.question,), (), "zh-CN", otherwise=Otherwise(index=shop.index))
    return await engine.answer(question, lambda _: True)


async def main() -> None:
    if not is_configured():
        sys.exit("set YINGKE_EVAL_CHAT_URL and YINGKE_EVAL_CHAT_MODEL")
    with tempfile.TemporaryDirectory() as folder:
        encoder = await Encoder.start(Path(folder) / "encoder.sock")
        try:
            print(json.dumps(await chat(encoder), ensure_ascii=False, indent=2))
        finally:
            await encoder.close()


if __name__ == "__main__":
    asyncio.run(main())
