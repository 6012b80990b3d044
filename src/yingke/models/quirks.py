"""Where providers of the OpenAI chat protocol differ: one row a provider, each with the page that says so.

Read in July to November 2026. `extra` holds request fields by model-name prefix (the longest prefix wins, "" is any):
mostly the switch that turns reasoning off, because a customer waits for the first visible word.
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
    sources: tuple[str, ...] = ()

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
        sources=(
            "https://api-docs.deepseek.com/quick_start/error_codes",
            "https://api-docs.deepseek.com/quick_start/rate_limit",
            "https://api-docs.deepseek.com/guides/thinking_mode",
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
    ),
    # finish_reason may also be `sensitive` or `network_error`; GLM-Z1 puts <think> into the text.
    Quirk(
        "glm",
        hosts=("open.bigmodel.cn", "api.z.ai"),
        highest_temperature=1.0,
        extra={"glm-4.5": THINKING_OFF, "glm-4.6": THINKING_OFF, "glm-4.7": THINKING_OFF, "glm-5": THINKING_OFF},
        content_codes=("1301",),
        balance_codes=("1113",),
        busy_codes=("1302", "1303", "1305"),
        key_codes=("1000", "1001", "1002", "1003", "1004"),
        sources=(
            "https://docs.z.ai/api-reference/api-code",
            "https://docs.bigmodel.cn/api-reference/模型-api/查询异步结果",
            "https://docs.infini-ai.com/gen-studio/api/text-generation/tutorial-reasoning/glm.html",
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
        sources=(
            "https://platform.kimi.com/docs/api/models-overview",
            "https://github.com/anomalyco/opencode/issues/27796",
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
    # Since 0.12 reasoning comes in `reasoning` instead of `reasoning_content`; both are ignored here.
    Quirk(
        "vllm",
        extra={"qwen3": TEMPLATE_OFF, "qwen/qwen3": TEMPLATE_OFF, "zai-org/glm-4": TEMPLATE_OFF},
        sources=("https://docs.vllm.ai/en/stable/features/reasoning_outputs/",),
    ),
    # Serves /v1 on port 11434 and ignores the key.
    Quirk(
        "ollama",
        port=11434,
        extra={"qwen3": {"reasoning_effort": "none"}, "deepseek-r1": {"reasoning_effort": "none"}},
        sources=("https://docs.ollama.com/api/openai-compatibility",),
    ),
    # Answers 503 while the model file is still loading.
    Quirk(
        "llama-server",
        extra={"qwen3": TEMPLATE_OFF},
        busy_codes=("unavailable_error",),
        sources=("https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",),
    ),
)


def find_quirk(base_url: str, kind: str | None = None) -> Quirk:
    """The row for an endpoint: by `kind` when somebody chose one, else by host or port, else the generic row."""
    url = URL(base_url)
    for quirk in QUIRKS:
        if kind == quirk.kind:
            return quirk
        if kind is None and (url.host in quirk.hosts or (quirk.port is not None and url.port == quirk.port)):
            return quirk
    return GENERIC
