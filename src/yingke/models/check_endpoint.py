"""Tries out an endpoint's settings with one tiny question, for the settings page."""

import time
from contextlib import aclosing
from dataclasses import dataclass

from yingke.models.contract import ChatMessage, ChatModel, ModelError

PATIENCE_S = 15.0
MOST_TOKENS = 64


@dataclass(frozen=True, slots=True)
class EndpointCheck:
    """`cause` is a short code, empty when all is well; `milliseconds` is the time to the end of the short answer."""

    ok: bool
    cause: str
    milliseconds: int
    zh: str
    en: str


async def check_endpoint(model: ChatModel) -> EndpointCheck:
    """One real exchange without customers' data; never raises for what the endpoint does."""
    began = time.monotonic()
    question = [ChatMessage("user", "请只回复“好”。")]
    try:
        async with aclosing(
            model.stream(question, max_tokens=MOST_TOKENS, temperature=0.2, deadline=began + PATIENCE_S)
        ) as deltas:
            async for _ in deltas:
                pass
    except ModelError as problem:
        return EndpointCheck(False, problem.cause, _milliseconds(began), problem.zh, problem.en)
    took = _milliseconds(began)
    return EndpointCheck(True, "", took, f"连接成功,用时 {took} 毫秒。", f"Connected in {took} ms.")


def _milliseconds(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
