"""Where providers of chat models differ: one row a provider, each with the page that says so.

Read in July to November 2026; nothing here was tried with a real account, and `unverified` says what no page told.
`extra` holds request fields by model-name prefix (the longest prefix wins, "" is any): mostly the switch that turns
reasoning off, because a customer waits for the first visible word.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from yarl import URL

TokensField = Literal["max_tokens", "max_completion_tokens"]
Extra = Mapping[str, Mapping[str, Any]]

THINKING_OFF: Mapping[str, Any] = {"thinking": {"type": "disabled"}}
TEMPLATE_OFF: Mapping[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}


@dataclass(frozen=True, slots=True)
class Quirk:
    """How to speak to one provider. Error codes are compared in lower case, by prefix."""

    kind: str
    hosts: tuple[str, ...] = ()
    port: int | None = None
    tokens_field: TokensField = "max_tokens"
    highest_temperature: float = 2.0
    lowest_temperature: float = 0.0
    no_temperature: tuple[str, ...] = ()
    wants_usage: bool = True
    extra: Extra = field(default_factory=dict)
    content_codes: tuple[str, ...] = ()
    balance_codes: tuple[str, ...] = ()
    busy_codes: tuple[str, ...] = ()
    key_codes: tuple[str, ...] = ()
    protocol: Literal["chat", "messages"] = "chat"
    key_header: Literal["authorization", "api-key", "x-api-key"] = "authorization"
    wants_reasoning_back: bool = False
    tool_extra: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    def key_headers(self, api_key: str) -> dict[str, str]:
        if not api_key:
            return {}
        return (
            {"Authorization": f"Bearer {api_key}"} if self.key_header == "authorization" else {self.key_header: api_key}
        )

    def serves(self, host: str) -> bool:
        """A host of the row itself, or below one that begins with a dot."""
        return any(host == name or (name.startswith(".") and host.endswith(name)) for name in self.hosts)

    def extra_for(self, model: str) -> Mapping[str, Any]:
        """Request fields for `model`; none when no prefix fits."""
        fitting = [prefix for prefix in self.extra if model.lower().startswith(prefix)]
        return self.extra[max(fitting, key=len)] if fitting else {}

    def temperature_for(self, model: str, wanted: float) -> float | None:
        """`wanted` brought into the allowed range; None when the model accepts no temperature."""
        if model.lower().startswith(self.no_temperature or ("\0",)):
            return None
        return min(max(wanted, self.lowest_temperature), self.highest_temperature)


GENERIC = Quirk("generic", content_codes=("content_filter",), balance_codes=("insufficient_quota",))
QUIRKS = (
    # Thinks by default; sends ": keep-alive" comments while a request waits in its queue; 402 is an empty account.
    Quirk(
        "deepseek",
        hosts=("api.deepseek.com",),
        extra={"": THINKING_OFF, "deepseek-reasoner": {}},
        content_codes=("content_filter",),
        wants_reasoning_back=True,
        sources=(
            "https://api-docs.deepseek.com/quick_start/error_codes",
            "https://api-docs.deepseek.com/quick_start/rate_limit",
            "https://api-docs.deepseek.com/guides/thinking_mode",
            "https://github.com/vercel/ai/pull/13203",
        ),
    ),
    Quirk(
        "qwen",
        hosts=("dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com"),
        extra={
            prefix: {"enable_thinking": False}
            for prefix in ("qwen-plus", "qwen-flash", "qwen-turbo", "qwen3", "qwen3.5-", "qwen3.6-")
        }
        | {"qwen3-max-thinking": {}, "qwen3-next-80b-a3b-thinking": {}},
        content_codes=("data_inspection_failed", "datainspectionfailed"),
        balance_codes=("arrearage", "allocationquota", "insufficient_quota"),
        busy_codes=("throttling", "limit_requests", "limit_burst_rate"),
        key_codes=("invalid_api_key", "invalidapikey"),
        sources=(
            "https://www.alibabacloud.com/help/en/model-studio/deep-thinking",
            "https://www.alibabacloud.com/help/en/model-studio/error-code",
        ),
        unverified=("whether several tools are called at once without parallel_tool_calls",),
    ),
    Quirk(
        "doubao",
        hosts=("ark.cn-beijing.volces.com", "ark.ap-southeast.bytepluses.com"),
        extra={"doubao-seed": THINKING_OFF},
        content_codes=("sensitivecontentdetected", "inputtextsensitive", "outputtextsensitive", "inputtextrisk"),
        balance_codes=("accountoverdue", "quotaexceeded"),
        busy_codes=("ratelimitexceeded", "serveroverloaded", "modelaccountrpm", "modelaccounttpm"),
        sources=(
            "https://www.volcengine.com/docs/82379/1299023",
            "https://docs.byteplus.com/en/docs/Byteplus_LAS/Chat_API",
        ),
        unverified=("the shape of streamed tool calls; read as the protocol's own",),
    ),
    # finish_reason may also be `sensitive` or `network_error`; GLM-Z1 puts <think> into the text. Tool arguments come in
    # one piece unless `tool_stream` is asked for; usage comes without being asked for, and stream_options is unknown.
    Quirk(
        "glm",
        hosts=("open.bigmodel.cn", "api.z.ai"),
        highest_temperature=1.0,
        wants_usage=False,
        extra={"glm-4.5": THINKING_OFF, "glm-4.6": THINKING_OFF, "glm-4.7": THINKING_OFF, "glm-5": THINKING_OFF},
        content_codes=("1301",),
        balance_codes=("1113",),
        busy_codes=("1302", "1303", "1305"),
        key_codes=("1000", "1001", "1002", "1003", "1004"),
        sources=(
            "https://docs.z.ai/api-reference/api-code",
            "https://docs.bigmodel.cn/api-reference/模型-api/查询异步结果",
            "https://docs.infini-ai.com/gen-studio/api/text-generation/tutorial-reasoning/glm.html",
            "https://docs.z.ai/guides/tools/stream-tool",
            "https://java.agentscope.io/v2/en/integration/model/glm",
        ),
    ),
    # Kimi K2.5 and later answer 400 to any temperature but their own; K3 cannot be told not to think.
    Quirk(
        "kimi",
        hosts=("api.moonshot.cn", "api.moonshot.ai"),
        highest_temperature=1.0,
        no_temperature=("kimi-k2.", "kimi-k3", "kimi-latest", "kimi-thinking"),
        extra={"kimi-k2.5": THINKING_OFF, "kimi-k2.6": THINKING_OFF},
        content_codes=("content_filter",),
        balance_codes=("exceeded_current_quota",),
        busy_codes=("engine_overloaded", "rate_limit_reached"),
        wants_reasoning_back=True,
        sources=(
            "https://platform.kimi.com/docs/api/models-overview",
            "https://github.com/anomalyco/opencode/issues/27796",
            "https://docs.rs/crate/harn-vm/latest/source/src/llm/capability_sources/20-providers/35-moonshot.toml",
        ),
    ),
    # Errors come with status 200 and a base_resp; the temperature must be above 0.
    Quirk(
        "minimax",
        hosts=("api.minimaxi.com", "api.minimax.io", "api.minimax.chat"),
        tokens_field="max_completion_tokens",
        lowest_temperature=0.01,
        highest_temperature=1.0,
        extra={"minimax-m": {"reasoning_split": True}, "minimax-m3": {"reasoning_split": True, **THINKING_OFF}},
        content_codes=("1026", "1027", "1039"),
        balance_codes=("1008", "1028", "1030"),
        busy_codes=("1000", "1001", "1002", "1024"),
        key_codes=("1004", "2049"),
        sources=(
            "https://platform.minimax.io/docs/api-reference/text-chat",
            "https://platform.minimax.io/docs/api-reference/text-openai-api",
            "https://platform.minimax.io/docs/api-reference/errorcode",
        ),
        unverified=("reasoning_details are not sent back between tool calls: the chain of thought begins anew",),
    ),
    # Reasoning families answer 400 to max_tokens and to any temperature.
    Quirk(
        "openai",
        hosts=("api.openai.com",),
        tokens_field="max_completion_tokens",
        no_temperature=("o1", "o3", "o4", "gpt-5"),
        content_codes=("content_filter", "content_policy_violation"),
        balance_codes=("insufficient_quota", "billing"),
        busy_codes=("rate_limit_exceeded",),
        key_codes=("invalid_api_key",),
        sources=(
            "https://github.com/openai/openai-python/issues/2046",
            "https://platform.openai.com/docs/api-reference/chat/create",
        ),
    ),
    # The same protocol under a resource's own host (…/openai/v1), the deployment's name as model. A first chunk without
    # choices carries the verdict on the prompt; chunks without a delta carry later ones.
    Quirk(
        "azure",
        hosts=(".openai.azure.com", ".openai.azure.cn", ".services.ai.azure.com"),
        tokens_field="max_completion_tokens",
        no_temperature=("o1", "o3", "o4", "gpt-5"),
        content_codes=("content_filter", "responsibleaipolicyviolation"),
        balance_codes=("insufficient_quota",),
        busy_codes=("ratelimitreached", "rate_limit_exceeded", "429"),
        key_codes=("invalid_api_key", "access_denied", "401", "permissiondenied"),
        key_header="api-key",
        sources=(
            "https://learn.microsoft.com/en-us/azure/foundry/openai/api-version-lifecycle",
            "https://github.com/microsoft/autogen/issues/6465",
            "https://github.com/langchain-ai/langchain/issues/18977",
        ),
        unverified=("the same path in the cloud of 21Vianet (openai.azure.cn)",),
    ),
    # Errors come as a list of one. Tool calls have no index, end with "stop" and carry a signature that must go back.
    Quirk(
        "gemini",
        hosts=("generativelanguage.googleapis.com",),
        extra={"gemini-2.5-flash": {"reasoning_effort": "none"}, "gemini-3": {"reasoning_effort": "low"}},
        content_codes=("content_filter", "prohibited_content"),
        busy_codes=("resource_exhausted", "unavailable"),
        key_codes=("unauthenticated", "permission_denied"),
        sources=(
            "https://ai.google.dev/gemini-api/docs/openai",
            "https://github.com/THU-MAIC/OpenMAIC/issues/1556",
            "https://github.com/open-webui/computer/issues/224",
        ),
        unverified=("how little gemini-3 thinks with reasoning_effort low",),
    ),
    # Many models behind one key; names are "maker/model". max_tokens does not count the reasoning.
    Quirk(
        "siliconflow",
        hosts=("api.siliconflow.cn", "api.siliconflow.com"),
        extra={
            prefix: {"enable_thinking": False}
            for prefix in (
                "qwen/qwen3",
                "zai-org/glm-",
                "pro/zai-org/glm-",
                "deepseek-ai/deepseek-v",
                "pro/deepseek-ai/deepseek-v",
            )
        },
        content_codes=("content_filter",),
        balance_codes=("30001", "insufficient"),
        sources=(
            "https://docs.siliconflow.cn/docs/api/chat-completions-post",
            "https://docs.siliconflow.cn/docs/userguide/quickstart",
        ),
        unverified=("which model families accept enable_thinking", "the code of an empty account"),
    ),
    Quirk(
        "openrouter",
        hosts=("openrouter.ai",),
        extra={"": {"reasoning": {"exclude": True}}},
        balance_codes=("402", "insufficient_credits"),
        sources=("https://openrouter.ai/docs/api-reference/overview",),
        unverified=("every oddity of the providers behind it",),
    ),
    # Another protocol: named events, blocks of content, tool arguments as partial JSON; system text beside the messages.
    Quirk(
        "messages",
        hosts=("api.anthropic.com",),
        protocol="messages",
        key_header="x-api-key",
        busy_codes=("overloaded_error", "rate_limit_error", "api_error"),
        key_codes=("authentication_error", "permission_error"),
        balance_codes=("billing_error",),
        sources=(
            "https://hexdocs.pm/anthropic_gleam/anthropic/streaming.html",
            "https://docs.siliconflow.cn/cn/docs/api/messages-post",
            "https://learn.microsoft.com/en-us/microsoft-cloud/dev/dev-proxy/concepts/anthropic-529-overloaded-error",
        ),
        unverified=("reasoning blocks are left off; models that insist on getting them back are not served",),
    ),
    # Since 0.12 reasoning comes in `reasoning` instead of `reasoning_content`; both are ignored here.
    Quirk(
        "vllm",
        extra={"qwen3": TEMPLATE_OFF, "qwen/qwen3": TEMPLATE_OFF, "zai-org/glm-4": TEMPLATE_OFF},
        sources=("https://docs.vllm.ai/en/stable/features/reasoning_outputs/",),
        unverified=("tools need the server's own switch --enable-auto-tool-choice",),
    ),
    # Serves /v1 on port 11434 and ignores the key. Tool calls come whole, every one with index 0, and end with "stop".
    Quirk(
        "ollama",
        port=11434,
        extra={"qwen3": {"reasoning_effort": "none"}, "deepseek-r1": {"reasoning_effort": "none"}},
        sources=(
            "https://docs.ollama.com/api/openai-compatibility",
            "https://github.com/ollama/ollama/issues/7881",
            "https://github.com/BerriAI/litellm/pull/37792",
        ),
    ),
    # Answers 503 while the model file is still loading.
    Quirk(
        "llama-server",
        extra={"qwen3": TEMPLATE_OFF},
        busy_codes=("unavailable_error",),
        sources=("https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",),
    ),
)
KINDS = frozenset(quirk.kind for quirk in QUIRKS)


def find_quirk(base_url: str, kind: str | None = None) -> Quirk:
    """The row for an endpoint: by `kind` when somebody chose one, else by host or port, else the generic row."""
    url = URL(base_url)
    for quirk in QUIRKS:
        if kind == quirk.kind:
            return quirk
        if not kind and (quirk.serves(url.host or "") or (quirk.port is not None and url.port == quirk.port)):
            return quirk
    return GENERIC
