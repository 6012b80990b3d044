"""The settings page learns whether an endpoint works, and why not."""

import pytest

from tests.emulators.chat_endpoint import ChatEndpoint
from yingke.kit.http import Outgoing
from yingke.models.check_endpoint import check_endpoint
from yingke.models.providers.openai_compatible import OpenAICompatible


@pytest.mark.parametrize(
    ("behaviour", "ok", "cause", "word"),
    [
        ("normal", True, "", "成功"),
        ("empty", True, "", "成功"),
        ("unauthorized", False, "401:invalid_api_key", "密钥"),
        ("no_balance", False, "402:invalid_request_error", "余额"),
        ("not_found", False, "404:model_not_found", "模型名称"),
        ("wrong_type", False, "content_type", "接口地址"),
        ("cut", False, "cut", "接口地址"),
    ],
)
async def test_the_check_says_what_is_wrong(
    outgoing: Outgoing, endpoint: ChatEndpoint, behaviour: str, ok: bool, cause: str, word: str
) -> None:
    model = OpenAICompatible(outgoing, base_url=endpoint.base_url, api_key="k", model=behaviour, allow_private=True)
    check = await check_endpoint(model)
    assert (check.ok, check.cause) == (ok, cause)
    assert word in check.zh
    assert check.en
    assert 0 <= check.milliseconds < 5000
