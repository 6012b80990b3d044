"""One small JSON call to a model endpoint: guarded address, breaker, time-out, and errors that say what to do."""

from typing import Any

import msgspec

from yingke.kit.http import Outgoing, OutgoingFailed, OutgoingRefused, OutgoingTimeout, ResponseTooLarge
from yingke.models.breaker import Breaker
from yingke.models.contract import ModelBroken, ModelError, ModelRefused, ModelTimeout
from yingke.models.endpoint_errors import error_of_status
from yingke.models.quirks import find_quirk

LARGEST_ANSWER = 16_000_000


async def call_outside(
    outgoing: Outgoing,
    url: str,
    api_key: str,
    body: dict[str, Any],
    *,
    breaker: Breaker,
    timeout_s: float,
    allow_private: bool,
) -> Any:
    """The decoded answer. Raises BreakerOpen without calling, else ModelRefused, ModelBusy, ModelTimeout, ModelBroken."""
    permit = breaker.enter()
    try:
        answer = await _call(outgoing, url, api_key, body, timeout_s, allow_private)
        permit.succeed()
        return answer
    except ModelError as problem:
        if problem.is_failure:
            permit.fail()
        raise
    finally:
        permit.forget()


async def _call(
    outgoing: Outgoing, url: str, api_key: str, body: dict[str, Any], timeout_s: float, allow_private: bool
) -> Any:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if api_key:
        headers["Authorization"] = f"Bearer {api_key}"
    try:
        reply = await outgoing.request(
            "POST",
            url,
            headers=headers,
            body=msgspec.json.encode(body),
            timeout_s=timeout_s,
            max_bytes=LARGEST_ANSWER,
            allow_private=allow_private,
        )
    except OutgoingTimeout as problem:
        raise ModelTimeout("deadline") from problem
    except OutgoingRefused as problem:
        raise ModelRefused("place", problem.reason) from problem
    except OutgoingFailed as problem:
        raise ModelBroken(problem.reason) from problem
    except ResponseTooLarge as problem:
        raise ModelBroken("too_large") from problem
    if reply.status != 200:
        raise error_of_status(find_quirk(url), reply.status, reply.headers, reply.body)
    try:
        return msgspec.json.decode(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise ModelBroken("not_json") from problem
