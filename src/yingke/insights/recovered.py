"""Conversations that were going wrong and ended well: how the contact felt, message by message, in `understood.moods`."""

from typing import Final

_PATH = 'strict $.moods[*] ? (@[1] == "anxious" || @[1] == "disappointed" || @[1] == "angry")'
WAS_UPSET: Final = f"coalesce(jsonb_path_exists(c.understood, '{_PATH}', '{{}}', true), false)"
"""Over `conversations c`: worried, disappointed or angry in any of the last 20 messages that were sensed."""

ENDED_WELL: Final = "coalesce(c.understood->>'mood' in ('calm', 'satisfied'), false)"
"""The last message that was sensed is calm or satisfied."""

RECOVERED: Final = f"({WAS_UPSET} and {ENDED_WELL})"

BY_ASSISTANT: Final = (
    "当天开始的会话里，客户曾表现出焦虑、失望或愤怒，最后一次发言已平静或满意，且全程没有人工参与的会话数。情绪由系统判断，可能有误。",
    "Conversations in which the customer was anxious, disappointed or angry, was calm or satisfied in the last message, and"
    " no person took part. Moods are judged by the system and may be wrong.",
)
BY_PERSON: Final = (
    "当天开始的会话里，客户曾表现出焦虑、失望或愤怒，最后一次发言已平静或满意，且有人工参与（排过队或由客服接待）的会话数。情绪由系统判断，可能有误。",
    "The same, with a person: the conversation went to the queue or was handled by an agent. Moods are judged by the system"
    " and may be wrong.",
)
