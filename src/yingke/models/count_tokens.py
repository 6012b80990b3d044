"""Guesses how many tokens a text is, for providers that do not say and for caps before a call.

A Chinese character is about 0.6 tokens and a Latin one about 0.3 (api-docs.deepseek.com/quick_start/token_usage);
other models differ by a third either way, so the guess leans to the high side.
"""

import math
import re
from collections.abc import Sequence

from yingke.models.contract import ChatMessage, Usage

WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")
WIDE_TOKENS, OTHER_TOKENS = 0.7, 0.33
MESSAGE_TOKENS = 4


def count_tokens(text: str) -> int:
    """At least 1 for any text."""
    wide = len(WIDE.findall(text))
    return math.ceil(wide * WIDE_TOKENS + (len(text) - wide) * OTHER_TOKENS)


def count_messages(messages: Sequence[ChatMessage]) -> int:
    return sum(
        count_tokens(message.content)
        + MESSAGE_TOKENS
        + sum(count_tokens(call.arguments) + MESSAGE_TOKENS for call in message.tool_calls)
        for message in messages
    )


def estimate_usage(messages: Sequence[ChatMessage], written: str) -> Usage:
    return Usage(count_messages(messages), count_tokens(written) if written else 0, 0, is_estimated=True)
