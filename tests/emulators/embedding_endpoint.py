"""A server that speaks the OpenAI embeddings and the common reranking protocol and can be told to misbehave.

Vectors are counts of characters scattered over a few hundred places: texts that share characters lie close. Good
enough to prove the protocol; never to be reported as quality.
"""

import asyncio
import hashlib
from typing import Any, Self

import numpy as np
from aiohttp import web

BEHAVIOURS = ("normal", "unauthorized", "rate_limited", "server_error", "hang", "wrong_size", "wrong_count", "garbage")


class EmbeddingEndpoint:
    """Use as an async context manager; `base_url` ends in /v1. `embedded` and `reranked` keep what was asked."""

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.embedded: list[str] = []
        self.reranked: list[dict[str, Any]] = []
        self.asked_dimensions: list[int | None] = []
        self.largest_batch = 0
        self.calls = 0
        self.hang_s = 30.0
        self._behaviour = "normal"
        self._failures = 0
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def behave(self, behaviour: str, times: int = 1_000_000) -> None:
        """For so many calls; then it is normal again. Raises ValueError for a behaviour that does not exist."""
        BEHAVIOURS.index(behaviour)
        self._behaviour, self._failures = behaviour, times

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/embeddings", self._embed)
        app.router.add_post("/v1/rerank", self._rerank)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def vector(self, text: str, dimensions: int | None = None) -> list[float]:
        row = np.full(dimensions or self.dimensions, 0.01, dtype=np.float64)
        for character in text:
            row[int.from_bytes(hashlib.blake2b(character.encode(), digest_size=4).digest(), "big") % len(row)] += 1
        return [float(number) for number in row]

    async def _embed(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        refusal = await self._misbehave()
        if refusal is not None:
            return refusal
        texts: list[str] = body["input"]
        self.embedded += texts
        self.asked_dimensions.append(body.get("dimensions"))
        self.largest_batch = max(self.largest_batch, len(texts))
        size = 7 if self._is("wrong_size") else body.get("dimensions")
        data = [{"index": at, "embedding": self.vector(text, size)} for at, text in enumerate(texts)]
        if self._is("wrong_count"):
            data = data[:-1]
        self._used()
        data.reverse()
        return web.json_response({"data": data, "usage": {"total_tokens": sum(map(len, texts))}})

    async def _rerank(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        refusal = await self._misbehave()
        if refusal is not None:
            return refusal
        self.reranked.append(body)
        asked = np.array(self.vector(body["query"]))
        scores = [float(asked @ np.array(self.vector(text))) / (1 + len(text)) for text in body["documents"]]
        results = [{"index": at, "relevance_score": score} for at, score in enumerate(scores)]
        if self._is("wrong_count"):
            results = results[:-1]
        self._used()
        return web.json_response({"results": sorted(results, key=lambda one: -one["relevance_score"])})

    async def _misbehave(self) -> web.StreamResponse | None:
        self.calls += 1
        if self._is("unauthorized"):
            return self._refuse(401, {"error": {"message": "bad key", "code": "invalid_api_key"}})
        if self._is("rate_limited"):
            return self._refuse(429, {"error": {"code": "rate_limit_exceeded"}}, {"Retry-After": "2"})
        if self._is("server_error"):
            return self._refuse(500, {"error": {"message": "oops"}})
        if self._is("hang"):
            self._used()
            await asyncio.sleep(self.hang_s)
        if self._is("garbage"):
            self._used()
            return web.Response(text="<html>", content_type="text/html")
        return None

    def _refuse(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> web.Response:
        self._used()
        return web.json_response(body, status=status, headers=headers)

    def _is(self, behaviour: str) -> bool:
        return self._behaviour == behaviour and self._failures > 0

    def _used(self) -> None:
        self._failures -= 1
