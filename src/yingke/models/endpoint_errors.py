"""Reads what went wrong from a provider's status, headers and error body."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from yingke.models.chat_chunk import Chunk
from yingke.models.contract import ModelBroken, ModelBusy, ModelError, ModelRefused
from yingke.models.quirks import Quirk

LONGEST_WAIT_S = 600.0


def error_of_status(quirk: Quirk, status: int, headers: Mapping[str, str], body: bytes) -> ModelError:
    """The error for an answer whose status is not 200."""
    codes = _codes(_decoded(body))
    cause = _cause(status, codes)
    by_code = _by_code(quirk, codes, cause, retry_after(headers))
    if by_code is not None:
        return by_code
    if status in (429, 503, 529):
        return ModelBusy(cause, retry_after(headers))
    if status in (401, 403):
        return ModelRefused("key", cause)
    if status == 402:
        return ModelRefused("balance", cause)
    if 400 <= status < 500 and status not in (408, 409):
        return ModelRefused("request", cause)
    return ModelBroken(cause)


def error_in_body(quirk: Quirk, chunk: Chunk) -> ModelError | None:
    """The error that a 200 stream carries inside a chunk; None when its status code says success."""
    found: list[Any] = []
    if chunk.base_resp is not None and chunk.base_resp.status_code:
        found.append(chunk.base_resp.status_code)
    if chunk.has_error:
        found.append(_decoded(bytes(chunk.error)) or "error")
    if chunk.code not in (None, 0, 200, "0", "200", ""):
        found.append(chunk.code)
    if not found:
        return None
    codes = [code for item in found for code in _codes({"error": item})]
    cause = _cause(200, codes)
    return _by_code(quirk, codes, cause, None) or ModelBroken(cause)


def error_of_event(quirk: Quirk, error: bytes) -> ModelError:
    """The error that an event of a running stream carries."""
    codes = _codes({"error": _decoded(error) or "error"})
    cause = _cause(200, codes)
    return _by_code(quirk, codes, cause, None) or ModelBroken(cause)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from a Retry-After header (RFC 9110 §10.2.3, a number or a date), at most ten minutes.

    Azure and OpenAI also send retry-after-ms, which is finer.
    """
    milliseconds = headers.get("retry-after-ms", "").strip()
    if milliseconds.isdecimal():
        return min(int(milliseconds) / 1000, LONGEST_WAIT_S)
    written = headers.get("retry-after", "").strip()
    try:
        seconds = float(written)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if math.isfinite(seconds) else None


def _by_code(quirk: Quirk, codes: list[str], cause: str, wait: float | None) -> ModelError | None:
    for code in codes:
        if code.startswith(quirk.content_codes or ("\0",)):
            return ModelRefused("content", cause)
        if code.startswith(quirk.balance_codes or ("\0",)):
            return ModelRefused("balance", cause)
        if code.startswith(quirk.key_codes or ("\0",)):
            return ModelRefused("key", cause)
        if code.startswith(quirk.busy_codes or ("\0",)):
            return ModelBusy(cause, wait)
    return None


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _codes(body: Any) -> list[str]:
    """`code`, `type` and `base_resp.status_code` wherever the providers put them, lower case."""
    if isinstance(body, list) and body:
        # Gemini wraps its error in a list.
        body = body[0]
    if not isinstance(body, dict):
        return []
    inner = body.get("error")
    deeper = inner.get("innererror") if isinstance(inner, dict) else None
    places: list[Any] = [body, inner, deeper, body.get("base_resp")]
    found: list[str] = [str(inner).lower()] if isinstance(inner, int | str) else []
    for place in places:
        if isinstance(place, dict):
            values = (place.get(name) for name in ("code", "type", "status", "status_code"))
            found += [str(value).lower() for value in values if isinstance(value, int | str) and value]
    return found


def _cause(status: int, codes: list[str]) -> str:
    """A short trace code. Only code-like words pass: a provider may quote the conversation in its messages."""
    plain = [code for code in codes if re.fullmatch(r"[a-z0-9_.\-]{1,48}", code)]
    return ":".join([str(status), *plain[:1]])
