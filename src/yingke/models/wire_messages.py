"""Messages and tools as the OpenAI chat protocol spells them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from yingke.models.contract import ChatMessage, ToolCall, ToolSpec


def openai_messages(messages: Sequence[ChatMessage], *, with_reasoning: bool = False) -> list[dict[str, Any]]:
    """`with_reasoning`: an assistant's reasoning goes back beside its tool calls, even an empty one (DeepSeek, Kimi)."""
    return [_message(message, with_reasoning) for message in messages]


def openai_tools(tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
        }
        for tool in tools
    ]


def as_object(arguments: str) -> dict[str, Any] | None:
    """The arguments of a call, None when they are no JSON object. Several providers refuse broken ones in the history."""
    try:
        found = msgspec.json.decode(arguments)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _message(message: ChatMessage, with_reasoning: bool) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.content}
    if not message.tool_calls:
        return {"role": message.role, "content": message.content}
    body: dict[str, Any] = {
        "role": "assistant",
        "content": message.content or None,
        "tool_calls": [_call(call) for call in message.tool_calls],
    }
    if with_reasoning:
        body["reasoning_content"] = message.reasoning or ""
    return body


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = call.arguments if as_object(call.arguments) is not None else "{}"
    body: dict[str, Any] = {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": arguments},
    }
    return body | {"extra_content": call.extra} if call.extra else body
