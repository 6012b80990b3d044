"""The check button: one real, tiny call that says in a sentence whether an endpoint works."""

import time
from dataclasses import dataclass
from typing import Any

from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits, Finished, call
from yingke.models.contract import ChatMessage, ChatModel, ModelError, ToolSpec
from yingke.models.location import Location
from yingke.models.make_chat_model import make_chat_model

LIMITS = CallLimits(first_token_s=15.0, total_s=20.0, max_tokens=50)
# Nothing of a customer or a shop leaves with a check.
PROBE = (ChatMessage("user", "请只回复两个字：你好"),)
TOOL_PROBE = (ChatMessage("user", "请调用工具 shop_time 查询店铺现在的时间，不要直接回答。"),)
TIME = ToolSpec("shop_time", "现在的时间。", {"type": "object", "properties": {}})


@dataclass(frozen=True)
class Checked:
    """`reason` is a short code, None when the endpoint answered."""

    ok: bool
    location: str
    reason: str | None
    milliseconds: int
    zh: str
    en: str

    def as_data(self) -> dict[str, Any]:
        """What is kept beside the endpoint."""
        return {
            "ok": self.ok,
            "location": self.location,
            "reason": self.reason,
            "milliseconds": self.milliseconds,
            "zh": self.zh,
            "en": self.en,
        }


async def check_endpoint(
    outgoing: Outgoing,
    base_url: str,
    model: str,
    api_key: str,
    location: Location,
    *,
    allow_private: bool,
    kind: str = "",
    with_tools: bool = False,
) -> Checked:
    """Calls the endpoint once, and with a tool once more. Every failure is an answer too; nothing is raised for it."""
    client = make_chat_model(
        outgoing, base_url=base_url, api_key=api_key, model=model, kind=kind, allow_private=allow_private
    )
    began = time.monotonic()
    try:
        async for _ in call(client, PROBE, breaker=Breaker(), limits=LIMITS):
            pass
        seconds = time.monotonic() - began
        tools = await _try_tool(client) if with_tools else ("", "")
    except Problem as problem:
        cause = str(getattr(problem, "cause", problem.code))[:80]
        if cause == "private":
            return _checked(
                began,
                location,
                cause,
                "这是本机或内网地址，默认不允许访问。请让管理员设置 YINGKE_ALLOW_PRIVATE_URLS=1。",
                "This is a private address, which is not allowed by default. Ask the operator to set "
                "YINGKE_ALLOW_PRIVATE_URLS=1.",
            )
        return _checked(began, location, cause, problem.zh, problem.en)
    return _checked(
        began,
        location,
        None,
        f"可以用，{max(seconds, 0.1):.1f} 秒答完。{tools[0]}{location.zh}",
        f"It works: {max(seconds, 0.1):.1f} s. {tools[1]}{location.en}",
    )


async def _try_tool(client: ChatModel) -> tuple[str, str]:
    """A sentence on whether tools can be called; an endpoint without them still answers from the material."""
    try:
        async for step in call(client, TOOL_PROBE, breaker=Breaker(), limits=LIMITS, tools=(TIME,)):
            if isinstance(step, Finished) and step.tool_calls:
                return "会调用工具。", "It calls tools. "
    except ModelError as problem:
        cause = problem.cause[:40]
        zh = f"但带上工具就出错（{cause}）：请关掉“调用工具”，或检查服务端的工具设置。"
        return zh, f"With tools it fails ({cause}): switch tools off here, or check the server's setting for tools. "
    return "这次没有调用工具。", "It called no tool this time. "


def _checked(began: float, location: Location, reason: str | None, zh: str, en: str) -> Checked:
    return Checked(reason is None, location.place, reason, round((time.monotonic() - began) * 1000), zh, en)
