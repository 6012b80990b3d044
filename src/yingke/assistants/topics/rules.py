"""Which rule of the shop belongs to what happened to a customer's own purchase."""

import re

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.concerns.concern_of import concern_of
from yingke.knowledge.understand import Ask

OWN, SURE = 0.75, 0.45
_OF_ITS_TIME = re.compile(r"保修|质保|修|[一二两三四五六七八九十半\d]个?(?:多)?[月年]|管[不吗么]|负责")
"""Long in use, or asked of repair: the warranty, not the first weeks."""
_RETURN_FEE = re.compile(r"运费|邮费|快递费|路费|费用")
_RULES = {
    "return": "returns", "exchange": "returns", "wrong": "quality", "missing": "quality", "broken": "quality",
    "quality": "quality", "repair": "warranty", "address": "change_address", "refund_state": "refund_time",
    "invoice": "invoice", "price": "price_protection", "late": "ship_time",
}  # fmt: skip


def rule_of(ask: Ask, vector: NDArray[np.float32]) -> str:
    """The name of a topic in `topics.toml`; empty where it is not sure that something of one's own is spoken of."""
    concern = concern_of(ask.search, vector)
    if concern.own < OWN or concern.sure < SURE:
        return ""
    if concern.name in ("return", "exchange") and _RETURN_FEE.search(ask.text):
        return "return_fee"
    if concern.name == "broken" and _OF_ITS_TIME.search(ask.text):
        return "warranty"
    return _RULES.get(concern.name, "")
