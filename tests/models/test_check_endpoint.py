"""The settings page learns whether an endpoint works, and why not."""

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing
from yingke.models.check_endpoint import check_endpoint
from yingke.models.location import judge_location


@pytest.mark.parametrize(
    ("behaviour", "reason", "word"),
    [
        ("normal", None, "可以用"),
        ("empty", "empty", "。"),
        ("unauthorized", "401:invalid_api_key", "密钥"),
        ("no_balance", "402:invalid_request_error", "余额"),
        ("not_found", "404:model_not_found", "模型名称"),
        ("wrong_type", "content_type", "接口地址"),
        ("cut", "cut", "接口地址"),
    ],
)
async def test_the_check_says_what_is_wrong(
    outgoing: Outgoing, endpoint: ChatEndpoint, behaviour: str, reason: str | None, word: str
) -> None:
    address = endpoint.base_url
    check = await check_endpoint(outgoing, address, behaviour, "k", judge_location(address), allow_private=True)
    assert (check.ok, check.reason) == (reason is None, reason)
    assert word in check.zh
    assert check.en
    assert 0 <= check.milliseconds < 15_000
