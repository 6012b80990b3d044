"""Asks an endpoint which models it serves, so that nobody has to type a name from memory."""

from typing import Any

import msgspec

from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.models.endpoint_errors import error_of_status
from yingke.models.quirks import find_quirk

MOST_NAMES = 400
NOT_FOR_TALK = ("embed", "rerank", "whisper", "tts", "speech", "image", "video", "ocr", "moderation", "dall-e", "sora")


async def list_models(outgoing: Outgoing, base_url: str, api_key: str, kind: str, *, allow_private: bool) -> list[str]:
    """Names in order, without those that cannot talk. Raises a Problem that says what is wrong."""
    quirk = find_quirk(base_url, kind or None)
    headers = {"Accept": "application/json", **quirk.key_headers(api_key)}
    bare = base_url.rstrip("/").removesuffix("/chat/completions").removesuffix("/messages")
    if quirk.protocol == "messages":
        bare = f"{bare.removesuffix('/v1')}/v1"
        headers["anthropic-version"] = "2023-06-01"
    reply = await outgoing.request(
        "GET", f"{bare}/models", headers=headers, timeout_s=10.0, max_bytes=2_000_000, allow_private=allow_private
    )
    if reply.status != 200:
        raise error_of_status(quirk, reply.status, reply.headers, reply.body)
    names = _names(reply.body)
    if not names:
        raise Problem(
            502,
            "no_model_list",
            "这个地址没有给出模型列表，请直接填写模型名。",
            "This address gives no list of models. Enter the name yourself.",
        )
    return names


def _names(body: bytes) -> list[str]:
    try:
        found: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    data = found.get("data") or found.get("models") if isinstance(found, dict) else found
    items = data if isinstance(data, list) else []
    names = {str(item.get("id") or item.get("name") or "") for item in items if isinstance(item, dict)}
    # Gemini writes "models/name" and takes both.
    plain = {name.removeprefix("models/")[:120] for name in names if name}
    return sorted(name for name in plain if not any(word in name.lower() for word in NOT_FOR_TALK))[:MOST_NAMES]
