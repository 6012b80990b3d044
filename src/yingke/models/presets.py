"""What the screen offers to begin with: addresses, where the key is copied from, model names, prices to check.

Addresses and names from the providers' own pages, prices from DeepSeek's (peak hours), all read in November 2026. Prices
change; a preset is a beginning that a person looks over, never a bill.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Preset:
    """`kind` is a row of the quirk table. `prices`: model → (currency, input, cached input, output) in minor units for a
    million tokens. `lists_models`: GET /models tells the names."""

    kind: str
    zh: str
    en: str
    base_url: str
    key_zh: str
    key_en: str
    models: tuple[str, ...] = ()
    lists_models: bool = True
    needs_key: bool = True
    prices: tuple[tuple[str, str, int, int, int], ...] = ()

    def as_data(self, language: str) -> dict[str, Any]:
        is_english = language == "en"
        return {
            "kind": self.kind,
            "name": self.en if is_english else self.zh,
            "base_url": self.base_url,
            "key_hint": self.key_en if is_english else self.key_zh,
            "models": list(self.models),
            "lists_models": self.lists_models,
            "needs_key": self.needs_key,
        }


PRESETS = (
    Preset(
        "deepseek",
        "DeepSeek",
        "DeepSeek",
        "https://api.deepseek.com",
        "在 platform.deepseek.com 的“API keys”里新建并复制，以 sk- 开头。",
        'Create one under "API keys" at platform.deepseek.com; it begins with sk-.',
        ("deepseek-flash", "deepseek-v4-pro"),
        prices=(("deepseek-flash", "CNY", 200, 4, 800), ("deepseek-v4-pro", "CNY", 900, 30, 2700)),
    ),
    Preset(
        "qwen",
        "阿里云百炼（通义千问）",
        "Alibaba Cloud Model Studio (Qwen)",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "在百炼控制台（bailian.console.aliyun.com）的“API-KEY”里新建并复制。",
        'Create one under "API-KEY" in the Model Studio console.',
        ("qwen-plus", "qwen-flash", "qwen3-max"),
    ),
    Preset(
        "doubao",
        "火山方舟（豆包）",
        "Volcengine Ark (Doubao)",
        "https://ark.cn-beijing.volces.com/api/v3",
        "在火山方舟控制台的“API Key 管理”里新建并复制；模型名可填模型 ID，或 ep- 开头的接入点 ID。",
        'Create one under "API Key" in the Ark console; as model enter the model id or an endpoint id that begins with ep-.',
        ("doubao-seed-1-6-250615",),
        lists_models=False,
    ),
    Preset(
        "glm",
        "智谱（GLM）",
        "Zhipu (GLM)",
        "https://open.bigmodel.cn/api/paas/v4",
        "在 open.bigmodel.cn 的“API Keys”里新建并复制。",
        'Create one under "API Keys" at open.bigmodel.cn.',
        ("glm-4.7", "glm-5"),
        lists_models=False,
    ),
    Preset(
        "kimi",
        "月之暗面（Kimi）",
        "Moonshot AI (Kimi)",
        "https://api.moonshot.cn/v1",
        "在 platform.moonshot.cn 的“API Key 管理”里新建并复制，以 sk- 开头。境内站与国际站的密钥不通用。",
        "Create one in the console of the platform; keys of the mainland and the international site differ.",
        ("kimi-k2.6", "kimi-k2.5"),
    ),
    Preset(
        "minimax",
        "MiniMax",
        "MiniMax",
        "https://api.minimaxi.com/v1",
        "在 platform.minimaxi.com 的“接口密钥”里新建并复制。",
        "Create one under API keys in the console of the platform.",
        ("MiniMax-M2.1",),
        lists_models=False,
    ),
    Preset(
        "siliconflow",
        "硅基流动（聚合多家模型）",
        "SiliconFlow (many models)",
        "https://api.siliconflow.cn/v1",
        "在 cloud.siliconflow.cn 的“API 密钥”里新建并复制，以 sk- 开头。",
        'Create one under "API keys" in the console; it begins with sk-.',
        ("deepseek-ai/DeepSeek-V4-Flash", "Qwen/Qwen3-32B"),
    ),
    Preset(
        "openai",
        "OpenAI（境外）",
        "OpenAI (abroad)",
        "https://api.openai.com/v1",
        "在 platform.openai.com 的“API keys”里新建并复制，以 sk- 开头。",
        'Create one under "API keys" at platform.openai.com; it begins with sk-.',
        ("gpt-5.4",),
    ),
    Preset(
        "azure",
        "Azure OpenAI（境外）",
        "Azure OpenAI (abroad)",
        "https://YOUR-RESOURCE.openai.azure.com/openai/v1",
        "在 Azure 门户资源的“密钥和终结点”里复制；地址里的 YOUR-RESOURCE 换成资源名，模型名填部署名。",
        'Copy it from "Keys and Endpoint" of the resource; put its name into the address, and the deployment as model.',
        (),
        lists_models=False,
    ),
    Preset(
        "gemini",
        "Gemini（境外）",
        "Gemini (abroad)",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "在 Google AI Studio 的“API keys”里新建并复制。",
        "Create one in Google AI Studio.",
        ("gemini-3.5-flash",),
    ),
    Preset(
        "messages",
        "Messages 协议（Anthropic 式）",
        "Messages protocol (Anthropic style)",
        "https://api.anthropic.com/v1",
        "在服务商控制台新建并复制。DeepSeek、硅基流动等也提供这种协议，换成它们的地址即可。",
        "Create one in the provider's console. DeepSeek, SiliconFlow and others speak it too: enter their address.",
    ),
    Preset(
        "openrouter",
        "OpenRouter（境外，聚合）",
        "OpenRouter (abroad, many models)",
        "https://openrouter.ai/api/v1",
        "在 openrouter.ai 的“Keys”里新建并复制。",
        'Create one under "Keys" at openrouter.ai.',
    ),
    Preset(
        "ollama",
        "Ollama（本机）",
        "Ollama (this machine)",
        "http://127.0.0.1:11434/v1",
        "不需要密钥。先在那台机器上 ollama pull 好模型；内网地址要先设置 YINGKE_ALLOW_PRIVATE_URLS=1。",
        "No key. Pull the model there first; a private address needs YINGKE_ALLOW_PRIVATE_URLS=1.",
        needs_key=False,
    ),
    Preset(
        "vllm",
        "vLLM（自建）",
        "vLLM (your own)",
        "http://127.0.0.1:8000/v1",
        "填启动时 --api-key 的值，没有就留空。要用工具，启动时加 --enable-auto-tool-choice 和对应的解析器。",
        "The value of --api-key at its start, or empty. Tools need --enable-auto-tool-choice and a parser.",
        needs_key=False,
    ),
    Preset(
        "llama-server",
        "llama-server（自建）",
        "llama-server (your own)",
        "http://127.0.0.1:8081/v1",
        "填启动时 --api-key 的值，没有就留空。要用工具，启动时加 --jinja。",
        "The value of --api-key at its start, or empty. Tools need --jinja.",
        needs_key=False,
    ),
)
