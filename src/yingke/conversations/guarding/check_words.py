"""The one check that every sentence of ours passes, whoever says it: words, then the contact policy of the channel."""

from dataclasses import dataclass
from typing import Any

from yingke.conversations.guarding.contact_policy import ContactFound, MayAsk, find_contacts, without_contacts
from yingke.conversations.guarding.load_words import Guarding
from yingke.conversations.guarding.word import Found, Judged

CONTACT_REASONS = {
    "card": (
        "这个渠道只能用平台的名片或留资卡收集联系方式，文字里不能要、也不能写",
        "On this channel contact details are asked for with the platform's own card only, never in words",
    ),
    "never": (
        "这个渠道不允许交换联系方式和站外链接",
        "This channel allows no exchange of contact details or outside links",
    ),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """`text`: what may be said instead, None when only other words help. `found`: see `shape_found`."""

    level: Judged
    found: tuple[dict[str, Any], ...]
    text: str | None

    @property
    def is_ok(self) -> bool:
        return self.level == "ok"


def check_words(guarding: Guarding, text: str, *, channel: str = "website", shop_id: int | None = None) -> Checked:
    """Nothing is sent, stored or changed here; microseconds, linear in the length of `text`."""
    verdict = guarding.words.check(text, channel=channel, shop_id=shop_id)
    found = [shape_found(one) for one in verdict.found]
    level: Judged = verdict.level
    mended: str | None = verdict.text if verdict.is_mended else None
    policy = guarding.may_ask(channel)
    if policy != "text" and (contacts := find_contacts(text)):
        level = "block"
        found += [_shape_contact(one, policy) for one in contacts]
        hidden = without_contacts(mended) if mended is not None else None
        mended = hidden if hidden is not None and not find_contacts(hidden) else None
    return Checked(level, tuple(found), mended)


def shape_found(one: Found) -> dict[str, Any]:
    """As it is kept and shown: {entry, words, said, start, end, level, proposal, reason: {zh, en}, source}."""
    word = one.word
    return {
        "entry": word.entry,
        "words": word.words,
        "said": one.said,
        "start": one.start,
        "end": one.end,
        "level": word.level,
        "proposal": word.proposal,
        "reason_zh": word.reason_zh,
        "reason_en": word.reason_en,
        "source": word.source,
    }


def _shape_contact(one: ContactFound, policy: MayAsk) -> dict[str, Any]:
    zh, en = CONTACT_REASONS[policy]
    return {
        "entry": f"contact/{one.kind}",
        "words": one.said,
        "said": one.said,
        "start": -1,
        "end": -1,
        "level": "block",
        "proposal": "",
        "reason_zh": zh,
        "reason_en": en,
        "source": "",
    }
