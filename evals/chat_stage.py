"""A model made of rules behind the demo shop's assistants, so that every conversation is held through the chat engine too.

It proves tools, guards, steps down and hand-over of that engine; how well a real model answers it cannot tell. Set
YINGKE_EVAL_CHAT_URL, YINGKE_EVAL_CHAT_MODEL and YINGKE_EVAL_CHAT_KEY to play the same conversations on a real one.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.app.desk import Desk
from tests.emulators.chat_endpoint import ChatEndpoint

SETTINGS = {"YINGKE_ALLOW_PRIVATE_URLS": "1"}
"""What the product needs to call a model on this machine."""


@asynccontextmanager
async def connect_model(owner: Desk, behaviour: str = "mind") -> AsyncIterator[ChatEndpoint]:
    """The shop's assistants answer with it from now on."""
    async with ChatEndpoint() as emulated:
        emulated.behave(behaviour)
        address = os.environ.get("YINGKE_EVAL_CHAT_URL")
        wish = {
            "name": "m",
            "base_url": address or emulated.base_url,
            "model": os.environ.get("YINGKE_EVAL_CHAT_MODEL", "m-1"),
            "api_key": os.environ.get("YINGKE_EVAL_CHAT_KEY") or None,
            "is_enabled": True,
        }
        await owner.post("/v1/model-endpoints", wish | ({"abroad_confirmed": True} if address else {}))
        yield emulated
