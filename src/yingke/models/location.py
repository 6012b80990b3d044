"""Judges from a model endpoint's host whether customers' words would leave mainland China.

Basis: Personal Information Protection Law art. 38-40; an endpoint abroad stays off for mainland shops until
somebody confirms it. Hosts as printed in the providers' own documentation.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from yarl import URL

from yingke.kit.address_guard import judge_private_too, judge_public, parse_address

Place = Literal["mainland", "abroad", "local"]

# Longest suffix wins: Alibaba, Volcengine and Azure run the same product on both sides of the border.
HOSTS: dict[str, tuple[Place, str]] = {
    "api.deepseek.com": ("mainland", "DeepSeek"),
    "dashscope.aliyuncs.com": ("mainland", "阿里云百炼"),
    "cn-beijing.maas.aliyuncs.com": ("mainland", "阿里云百炼"),
    "dashscope-intl.aliyuncs.com": ("abroad", "Alibaba Cloud Model Studio"),
    "dashscope-us.aliyuncs.com": ("abroad", "Alibaba Cloud Model Studio"),
    "ap-southeast-1.maas.aliyuncs.com": ("abroad", "Alibaba Cloud Model Studio"),
    "ark.cn-beijing.volces.com": ("mainland", "火山方舟"),
    "bytepluses.com": ("abroad", "BytePlus"),
    "open.bigmodel.cn": ("mainland", "智谱"),
    "api.z.ai": ("abroad", "Z.ai"),
    "api.moonshot.cn": ("mainland", "月之暗面"),
    "api.moonshot.ai": ("abroad", "Moonshot AI"),
    "api.minimaxi.com": ("mainland", "MiniMax"),
    "api.minimax.io": ("abroad", "MiniMax"),
    "qianfan.baidubce.com": ("mainland", "百度千帆"),
    "api.hunyuan.cloud.tencent.com": ("mainland", "腾讯混元"),
    "spark-api-open.xf-yun.com": ("mainland", "讯飞星火"),
    "api.siliconflow.cn": ("mainland", "硅基流动"),
    "api.siliconflow.com": ("abroad", "SiliconFlow"),
    "api.stepfun.com": ("mainland", "阶跃星辰"),
    "openai.azure.cn": ("mainland", "Azure 中国（世纪互联）"),
    "openai.azure.com": ("abroad", "Azure"),
    "openai.com": ("abroad", "OpenAI"),
    "googleapis.com": ("abroad", "Google"),
    "api.mistral.ai": ("abroad", "Mistral"),
    "api.groq.com": ("abroad", "Groq"),
    "openrouter.ai": ("abroad", "OpenRouter"),
    "api.together.xyz": ("abroad", "Together"),
    "ollama.com": ("abroad", "Ollama"),
}
LOCAL_ENDINGS = ("localhost", "local", "internal", "lan", "intranet", "home.arpa")


@dataclass(frozen=True, slots=True)
class Location:
    """`place` with the sentence that the settings page shows; `is_sure` is False where a person must decide."""

    place: Place
    is_sure: bool
    provider: str
    zh: str
    en: str


def judge_location(base_url: str) -> Location:
    """Where `base_url` processes data. Raises ValueError when it is not a URL with a host."""
    host = (URL(base_url).host or "").rstrip(".").lower()
    if not host:
        raise ValueError("a URL with a host is needed")
    if parse_address(host) is not None:
        return _of_address(host)
    if "." not in host or host.endswith(tuple(f".{ending}" for ending in LOCAL_ENDINGS)):
        return _local(host)
    for suffix in _suffixes(host):
        if suffix in HOSTS:
            place, provider = HOSTS[suffix]
            if place == "mainland":
                return Location(place, True, provider, f"境内：{provider}", f"Mainland China: {provider}")
            zh = f"境外：{provider}。客户的话会离开中国大陆，需要确认。"
            en = f"Abroad: {provider}. Customers' words leave mainland China; confirm this first."
            return Location(place, True, provider, zh, en)
    return _unknown(host)


def _of_address(host: str) -> Location:
    if ip_address(host).is_loopback or (judge_private_too(host) is None and judge_public(host) is not None):
        return _local(host)
    return _unknown(host)


def _local(host: str) -> Location:
    return Location(
        "local",
        True,
        host,
        f"本机或内网：{host}，数据不出您的网络。",
        f"This machine or your own network: {host}. Data stays inside.",
    )


def _unknown(host: str) -> Location:
    return Location(
        "abroad",
        False,
        host,
        f"不认识 {host}，在您确认它位于境内之前按境外处理。",
        f"{host} is unknown and counts as abroad until you confirm that it is in mainland China.",
    )


def _suffixes(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]
