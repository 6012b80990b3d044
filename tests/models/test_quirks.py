"""What differs between providers reaches the wire, and their errors are understood."""

import time
from typing import Any

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing
from yingke.models.chat_answer import Answer
from yingke.models.contract import ChatMessage, ModelBroken, ModelBusy, ModelError, ModelRefused
from yingke.models.endpoint_errors import error_of_status, retry_after
from yingke.models.providers.openai_compatible import OpenAICompatible
from yingke.models.quirks import GENERIC, QUIRKS, find_quirk

KINDS = {
    "deepseek", "qwen", "doubao", "glm", "kimi", "minimax", "openai", "azure", "gemini", "siliconflow", "openrouter", "messages",
    "vllm", "ollama", "llama-server",
}  # fmt: skip


def test_every_provider_has_a_row_with_its_source() -> None:
    assert {quirk.kind for quirk in QUIRKS} == KINDS
    for quirk in QUIRKS:
        assert quirk.sources
        assert all(source.startswith("https://") for source in quirk.sources)


@pytest.mark.parametrize(
    ("base_url", "kind"),
    [
        ("https://api.deepseek.com", "deepseek"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen"),
        ("https://ark.cn-beijing.volces.com/api/v3", "doubao"),
        ("https://open.bigmodel.cn/api/paas/v4", "glm"),
        ("https://api.moonshot.cn/v1", "kimi"),
        ("https://api.minimaxi.com/v1", "minimax"),
        ("https://api.openai.com/v1", "openai"),
        ("http://127.0.0.1:11434/v1", "ollama"),
        ("http://127.0.0.1:8000/v1", "generic"),
    ],
)
def test_the_host_finds_the_row(base_url: str, kind: str) -> None:
    assert find_quirk(base_url).kind == kind


@pytest.mark.parametrize(
    ("kind", "model", "wanted", "absent"),
    [
        ("generic", "m", {"max_tokens": 9, "temperature": 0.2}, "thinking"),
        ("deepseek", "deepseek-flash", {"thinking": {"type": "disabled"}}, "max_completion_tokens"),
        ("qwen", "qwen3.6-plus", {"enable_thinking": False}, "thinking"),
        ("doubao", "doubao-seed-2.0-lite", {"thinking": {"type": "disabled"}}, "enable_thinking"),
        ("glm", "glm-5.1", {"thinking": {"type": "disabled"}}, "enable_thinking"),
        ("kimi", "kimi-k2.6", {"thinking": {"type": "disabled"}}, "temperature"),
        ("kimi", "kimi-k3.1-pro", {"max_tokens": 9}, "thinking"),
        ("minimax", "MiniMax-M2.7", {"max_completion_tokens": 9, "reasoning_split": True}, "max_tokens"),
        ("openai", "gpt-5.4", {"max_completion_tokens": 9}, "temperature"),
        ("vllm", "Qwen/Qwen3-8B", {"chat_template_kwargs": {"enable_thinking": False}}, "thinking"),
        ("ollama", "qwen3:8b", {"reasoning_effort": "none"}, "thinking"),
        ("llama-server", "any", {"max_tokens": 9}, "thinking"),
    ],
)
async def test_the_row_shapes_the_request(
    outgoing: Outgoing, endpoint: ChatEndpoint, kind: str, model: str, wanted: dict[str, Any], absent: str
) -> None:
    client = OpenAICompatible(
        outgoing, base_url=endpoint.base_url, api_key="", model=model, kind=kind, allow_private=True
    )
    deadline = time.monotonic() + 5
    async for _ in client.stream([ChatMessage("user", "?")], max_tokens=9, temperature=0.2, deadline=deadline):
        pass
    seen = endpoint.seen[-1]
    assert wanted.items() <= seen.body.items()
    assert absent not in seen.body
    assert "authorization" not in seen.headers


@pytest.mark.parametrize(
    ("kind", "status", "body", "error", "reason"),
    [
        ("qwen", 400, b'{"error":{"code":"data_inspection_failed"}}', ModelRefused, "content"),
        ("qwen", 400, b'{"error":{"code":"Arrearage"}}', ModelRefused, "balance"),
        ("qwen", 429, b'{"error":{"code":"limit_requests"}}', ModelBusy, None),
        ("doubao", 403, b'{"error":{"code":"AccountOverdueError"}}', ModelRefused, "balance"),
        ("doubao", 400, b'{"error":{"code":"SensitiveContentDetected.Violence"}}', ModelRefused, "content"),
        ("glm", 429, b'{"error":{"code":"1113","message":"x"}}', ModelRefused, "balance"),
        ("glm", 400, b'{"error":{"code":"1301"}}', ModelRefused, "content"),
        ("glm", 429, b'{"error":{"code":"1302"}}', ModelBusy, None),
        ("kimi", 429, b'{"error":{"type":"exceeded_current_quota_error"}}', ModelRefused, "balance"),
        ("kimi", 429, b'{"error":{"type":"engine_overloaded_error"}}', ModelBusy, None),
        ("deepseek", 402, b"", ModelRefused, "balance"),
        ("llama-server", 503, b'{"error":{"type":"unavailable_error"}}', ModelBusy, None),
        ("ollama", 404, b'{"error":{"message":"model not found"}}', ModelRefused, "request"),
        ("openai", 401, b"<html>", ModelRefused, "key"),
        ("openai", 502, b"<html>", ModelBroken, None),
        ("generic", 301, b"", ModelBroken, None),
    ],
)
def test_error_answers_are_told_apart(
    kind: str, status: int, body: bytes, error: type[ModelError], reason: str | None
) -> None:
    problem = error_of_status(find_quirk("http://x.test", kind), status, {}, body)
    assert type(problem) is error
    assert getattr(problem, "reason", None) == reason


@pytest.mark.parametrize(
    ("event", "error"),
    [
        (b'{"base_resp":{"status_code":1008,"status_msg":"x"}}', ModelRefused),
        (b'{"base_resp":{"status_code":1002}}', ModelBusy),
        (b'{"error":{"message":"m","code":500}}', ModelBroken),
        (b'{"error":"overloaded"}', ModelBroken),
        (b'{"code":"1013","message":"x"}', ModelBroken),
        (b"not json", ModelBroken),
        (b'{"choices":7}', ModelBroken),
    ],
)
def test_errors_inside_a_200_are_raised(event: bytes, error: type[ModelError]) -> None:
    with pytest.raises(error):
        Answer(find_quirk("http://x.test", "minimax")).read([event])


def test_harmless_oddities_are_read_over() -> None:
    answer = Answer(GENERIC)
    events = [
        b'{"choices":[],"base_resp":{"status_code":0}}',
        b'{"choices":null,"code":0}',
        b'{"choices":[{"delta":{"role":"assistant","reasoning":"no","reasoning_content":"no"}}]}',
        b'{"choices":[{"delta":{"content":null}}]}',
        b'{"choices":[{"delta":{"content":"a"}}]}\n{"choices":[{"delta":{"content":"b"}}]}',
        b'{"choices":[{"delta":{},"finish_reason":"length","usage":{"prompt_tokens":3,"completion_tokens":4}}]}',
    ]
    assert answer.read(events) == "ab"
    last = answer.end()[-1]
    assert last.finish_reason == "length"
    assert last.usage is not None
    assert last.usage.completion_tokens == 4


@pytest.mark.parametrize("reason", ["content_filter", "sensitive"])
def test_a_moderated_answer_is_refused_at_its_end(reason: str) -> None:
    answer = Answer(GENERIC)
    answer.read([b'{"choices":[{"delta":{"content":"a"},"finish_reason":"' + reason.encode() + b'"}]}'])
    with pytest.raises(ModelRefused):
        answer.end()


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("99999", 600.0), ("nan", None), ("soon", None), ("", None)],
)
def test_retry_after_is_read_with_care(written: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": written}) == seconds


def test_a_date_in_retry_after_becomes_seconds() -> None:
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
