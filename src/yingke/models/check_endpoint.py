"""The check button: one real, tiny call that says in a sentence whether an endpoint works."""

import time
from dataclasses import dataclass
from typing import Any

from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.models.breaker import Breaker
from yingke.models.call import CallLimits, Text, call
from yingke.models.contract import ChatMessage
from yingke.models.location import Location
from yingke.models.providers.openai_compatible import OpenAICompatible

LIMITS = CallLimits(first_token_s=15.0, total_s=20.0, max_tokens=50)
# Nothing of a customer or a shop leaves with a check.
PROBE = (ChatMessage("user", "请只回复两个字：你好"),)


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
    outgoing: Outgoing, base_url: str, model: str, api_key: str, location: Location, *, allow_private: bool
) -> Checked:
    """Calls the endpoint once. Every failure is an answer too; nothing is raised for it."""
    client = OpenAICompatible(outgoing, base_url=base_url, api_key=api_key, model=model, allow_private=allow_private)
    began = time.monotonic()
    answered = ""
    try:
        async for step in call(client, PROBE, breaker=Breaker(), limits=LIMITS):
            if isinstance(step, Text):
                answered += step.text
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
    seconds = time.monotonic() - began
    return _checked(
        began,
        location,
        None,
        f"可以用，{seconds:.1f} 秒答完。{location.zh}",
        f"It works: {seconds:.1f} s. {location.en}",
    )


def _checked(began: float, location: Location, reason: str | None, zh: str, en: str) -> Checked:
    return Checked(reason is None, location.place, reason, round((time.monotonic() - began) * 1000), zh, en)
