"""Any endpoint that speaks the OpenAI chat completions protocol, streamed."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import msgspec

from yingke.kit.http import Outgoing
from yingke.models.chat_answer import Answer
from yingke.models.contract import ChatMessage, ChatModel, Delta, ToolSpec
from yingke.models.exchange import Request, exchange
from yingke.models.quirks import Quirk, find_quirk
from yingke.models.wire_messages import openai_messages, openai_tools


class OpenAICompatible(ChatModel):
    """`base_url` as the provider prints it (".../v1"), with or without "/chat/completions".

    `allow_private` opens the machine itself and private networks (Ollama, vLLM, llama-server), never metadata
    services. `kind` names a row of the quirk table; by default the host decides. After the first text, pieces that
    arrive within `gather_s` seconds become one delta: nobody reads faster, and every delta costs a wake-up.
    """

    def __init__(
        self,
        outgoing: Outgoing,
        *,
        base_url: str,
        api_key: str,
        model: str,
        allow_private: bool = False,
        kind: str | None = None,
        gather_s: float = 0.05,
    ) -> None:
        self.quirk: Quirk = find_quirk(base_url, kind)
        self.provider = self.quirk.kind
        self.model = model
        self._outgoing = outgoing
        self._url = base_url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._allow_private = allow_private
        self._gather_s = gather_s
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "text/event-stream",
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
        body = self._body(messages, max_tokens, temperature, tools)
        request = Request(self._url, self._headers, body, self.quirk, self._allow_private, self._gather_s)
        async with aclosing(exchange(self._outgoing, request, Answer(self.quirk), deadline)) as deltas:
            async for delta in deltas:
                yield delta

    def _body(
        self, messages: Sequence[ChatMessage], max_tokens: int, temperature: float, tools: Sequence[ToolSpec]
    ) -> bytes:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": openai_messages(messages, with_reasoning=self.quirk.wants_reasoning_back),
            "stream": True,
            self.quirk.tokens_field: max_tokens,
            **self.quirk.extra_for(self.model),
        }
        allowed = self.quirk.temperature_for(self.model, temperature)
        if allowed is not None:
            body["temperature"] = allowed
        if self.quirk.wants_usage:
            body["stream_options"] = {"include_usage": True}
        if tools:
            body["tools"] = openai_tools(tools)
            body |= self.quirk.tool_extra
        return msgspec.json.encode(body)
