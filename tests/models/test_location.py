"""Where an endpoint processes what customers say."""

import pytest

from yingke.models.location import HOSTS, judge_location


@pytest.mark.parametrize(
    ("base_url", "place", "is_sure"),
    [
        ("https://api.deepseek.com/v1", "mainland", True),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "mainland", True),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "abroad", True),
        ("https://ws1.ap-southeast-1.maas.aliyuncs.com/v1", "abroad", True),
        ("https://ark.cn-beijing.volces.com/api/v3", "mainland", True),
        ("https://ark.ap-southeast.bytepluses.com/api/v3", "abroad", True),
        ("https://open.bigmodel.cn/api/paas/v4", "mainland", True),
        ("https://api.z.ai/api/paas/v4", "abroad", True),
        ("https://api.moonshot.cn/v1", "mainland", True),
        ("https://api.moonshot.ai/v1", "abroad", True),
        ("https://API.MiniMaxi.com./v1", "mainland", True),
        ("https://api.openai.com/v1", "abroad", True),
        ("https://mine.openai.azure.com/v1", "abroad", True),
        ("https://mine.openai.azure.cn/v1", "mainland", True),
        ("http://127.0.0.1:8000/v1", "local", True),
        ("http://[::1]:8000/v1", "local", True),
        ("http://192.168.1.5:11434/v1", "local", True),
        ("http://10.0.0.8/v1", "local", True),
        ("http://100.64.1.1/v1", "local", True),
        ("http://localhost:8080/v1", "local", True),
        ("http://vllm:8000/v1", "local", True),
        ("http://gpu.lan/v1", "local", True),
        ("https://8.8.8.8/v1", "abroad", False),
        ("http://169.254.169.254/v1", "abroad", False),
        ("https://llm.example.com/v1", "abroad", False),
        ("https://api.deepseek.com.evil.test/v1", "abroad", False),
        ("https://notapi.deepseek.com/v1", "abroad", False),
        ("https://xopenai.com/v1", "abroad", False),
    ],
)
def test_the_host_decides_and_the_unknown_is_abroad(base_url: str, place: str, is_sure: bool) -> None:
    location = judge_location(base_url)
    assert (location.place, location.is_sure) == (place, is_sure)
    assert location.zh
    assert location.en


@pytest.mark.parametrize("base_url", ["", "not a url", "/v1", "https://"])
def test_something_without_a_host_is_an_error(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|Invalid|host"):
        judge_location(base_url)


def test_every_known_host_is_written_the_way_it_is_looked_up() -> None:
    assert all(host == host.lower().strip(".") for host in HOSTS)
