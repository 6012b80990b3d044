"""Why an answer came from a step further down the ladder, in one word: for metrics and for the trace."""

from typing import Any

REASONS = (
    "budget",
    "visitor",
    "key",
    "balance",
    "request",
    "busy",
    "breaker",
    "slow",
    "tools",
    "answer",
    "broken",
    "crowd",
)
"""What is spent; what the provider refused (key, balance, model name or content) or could not take (busy); the breaker is
open; no word in time; wrong tool calls; an answer that was none; anything else; too many customers at once."""
_BY_CAUSE = {
    "breaker_open": "breaker", "queue": "busy", "first_token": "slow", "total": "slow", "stalled": "slow",
    "language": "answer", "excuse": "answer", "raw": "answer", "human": "answer",
    "too_long": "answer", "too_large": "answer", "empty": "answer",
}  # fmt: skip
_BY_STATUS = {"401": "key", "403": "key", "402": "balance", "429": "busy", "503": "busy", "529": "busy"}


def reason_of(trace: dict[str, Any]) -> str | None:
    """One of REASONS, or None where nothing stepped down."""
    labels = (trace.get("decision") or {}).get("reasons") or []
    label = next((one for one in labels if one.startswith("model_") or one == "crowd"), "")
    if label in ("crowd", "model_budget", "model_visitor"):
        return label.removeprefix("model_")
    return of_cause(label.removeprefix("model_failed:")) if label.startswith("model_failed:") else None


def of_cause(cause: str) -> str:
    """`cause` as a ModelError tells it: first_token, 401:invalid_api_key, tool_arguments …"""
    if cause in _BY_CAUSE:
        return _BY_CAUSE[cause]
    status, _, code = cause.partition(":")
    if "quota" in code or "balance" in code or "credit" in code:
        return "balance"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status.isdecimal() and status.startswith("4"):
        return "request"
    return "tools" if cause.startswith("tool_") else "broken"
