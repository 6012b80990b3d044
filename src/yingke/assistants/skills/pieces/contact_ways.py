"""The ways to reach somebody in words, what they are for, and what is asked for next."""

from collections.abc import Sequence
from typing import Any

from yingke.assistants.skills.pieces.work import Work

_WAYS = {
    "phone": ("手机号", "phone number"),
    "wechat": ("微信号", "WeChat ID"),
    "email": ("邮箱", "e-mail address"),
}
_FOR = {
    "no_answer": ("把答案告诉您", "to get the answer to you"),
    "bulk": ("给您报价", "to send you a quote"),
    "notify": ("有消息时告诉您", "to tell you when there is news"),
    "call": ("给您回电", "to call you back"),
    "value": ("给您更细的建议", "to give you closer advice"),
}
_DOES = {
    "no_answer": ("答复您的问题", "answer your question"),
    "bulk": ("给您报价", "send you a quote"),
    "notify": ("有消息时告诉您", "tell you when there is news"),
    "call": ("给您回电", "call you back"),
    "value": ("联系您", "get in touch"),
}
MOST_OFFERED = 2


def ways_left(work: Work) -> list[str]:
    """In the version's order, less what was refused; others than Chinese are not asked for WeChat, and e-mail goes first."""
    ways: list[str] = [*work.contact.ways]
    if not work.is_chinese:
        ways = sorted((one for one in ways if one != "wechat"), key=lambda one: one != "email")
    refused = work.talk.contact.get("no", [])
    return [one for one in ways if one not in refused]


def in_words(ways: Sequence[str], work: Work) -> str:
    """「手机号或微信号」."""
    return work.word("or", "或", " or ").join(work.word(f"way_{one}", *_WAYS[one]) for one in ways)


def purpose(work: Work) -> str:
    reason = _reason(work) if _reason(work) in _FOR else "value"
    return work.word(f"for_{reason}", *_FOR[reason])


def what_follows(work: Work) -> str:
    reason = _reason(work) if _reason(work) in _DOES else "value"
    return work.word(f"does_{reason}", *_DOES[reason])


def _reason(work: Work) -> str:
    return str(work.talk.contact.get("reason", ""))


def remember(work: Work, **changes: Any) -> None:
    """Into the talk, where nothing is an absent name."""
    kept = work.talk.contact | changes
    work.talk.contact = {name: value for name, value in kept.items() if value not in ("", None, 0, [], False)}


def is_over(work: Work) -> bool:
    """Nothing more is asked for in this conversation."""
    return bool(work.talk.contact.get("over"))
