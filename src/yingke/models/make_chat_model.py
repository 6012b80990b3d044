"""The one place that decides which protocol an endpoint speaks."""

from yingke.kit.http import Outgoing
from yingke.models.contract import ChatModel
from yingke.models.providers.messages import Messages
from yingke.models.providers.openai_compatible import OpenAICompatible
from yingke.models.quirks import find_quirk


def make_chat_model(
    outgoing: Outgoing,
    *,
    base_url: str,
    api_key: str,
    model: str,
    kind: str = "",
    allow_private: bool = False,
    gather_s: float = 0.05,
) -> ChatModel:
    """`kind` names a row of the quirk table; empty lets the host decide."""
    maker = Messages if find_quirk(base_url, kind or None).protocol == "messages" else OpenAICompatible
    return maker(
        outgoing,
        base_url=base_url,
        api_key=api_key,
        model=model,
        kind=kind or None,
        allow_private=allow_private,
        gather_s=gather_s,
    )
