"""The messages protocol (Anthropic's, also offered by DeepSeek, SiliconFlow, Kimi and others): text and tools, streamed."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import msgspec

from yingke.kit.http import Outgoing
from yingke.models.block_answer import BlockAnswer
from yingke.models.contract import ChatMessage, ChatModel, Delta, ToolSpec
from yingke.models.exchange import Request, exchange
from yingke.models.quirks import Quirk, find_quirk
from yingke.models.wire_messages import as_object

VERSION = "2023-06-01"


class Messages(ChatModel):
    """`base_url` as the provider prints it, with or without "/messages" and the "/v1" before it."""

    def __init__(
        self,
        outgoing: Outgoing,
        *,
        base_url: str,
        api_key: str,
        model: str,
        allow_private: bool = False,
        kind: str | None = "messages",
        gather_s: float = 0.05,
    ) -> None:
        self.quirk: Quirk = find_quirk(base_url, kind)
        self.provider = self.quirk.kind
        self.model = model
        self._outgoing = outgoing
        bare = base_url.rstrip("/").removesuffix("/messages").removesuffix("/v1")
        self._url = f"{bare}/v1/messages"
        self._allow_private = allow_private
        self._gather_s = gather_s
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
            "anthropic-version": VERSION,
            **self.quirk.key_headers(api_key),
        }

    async def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        max_tokens: int,
        temperature: float,
        deadline: float,
        tools: Sequence[ToolSpec] = (),
    ) -> AsyncGenerator[Delta, None]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": block_messages(messages),
            "max_tokens": max_tokens,
            "stream": True,
        }
        system = "\n\n".join(message.content for message in messages if message.role == "system")
        if system:
            body["system"] = system
        allowed = self.quirk.temperature_for(self.model, temperature)
        if allowed is not None:
            body["temperature"] = min(allowed, 1.0)
        if tools:
            body["tools"] = [
                {"name": tool.name, "description": tool.description, "input_schema": tool.parameters} for tool in tools
            ]
        request = Request(
            self._url, self._headers, msgspec.json.encode(body), self.quirk, self._allow_private, self._gather_s
        )
        async with aclosing(exchange(self._outgoing, request, BlockAnswer(self.quirk), deadline)) as deltas:
            async for delta in deltas:
                yield delta


def block_messages(messages: Sequence[ChatMessage]) -> list[dict[str, Any]]:
    """Roles must alternate, and results of tools belong to the user's side, all of one round in one message."""
    told: list[dict[str, Any]] = []
    for message in messages:
        if message.role == "system":
            continue
        role = "assistant" if message.role == "assistant" else "user"
        blocks = _blocks(message)
        if told and told[-1]["role"] == role:
            told[-1]["content"] += blocks
        else:
            told.append({"role": role, "content": blocks})
    return told


def _blocks(message: ChatMessage) -> list[dict[str, Any]]:
    if message.role == "tool":
        return [{"type": "tool_result", "tool_use_id": message.tool_call_id, "content": message.content}]
    blocks: list[dict[str, Any]] = [{"type": "text", "text": message.content}] if message.content else []
    return blocks + [
        {"type": "tool_use", "id": call.id, "name": call.name, "input": as_object(call.arguments) or {}}
        for call in message.tool_calls
    ]
