"""The one check that every sentence of ours passes, whoever says it: words, the channel's contact policy, what is heard."""

from dataclasses import dataclass
from typing import Any

from yingke.conversations.guarding.contact_policy import ContactFound, MayAsk, find_contacts, without_contacts
from yingke.conversations.guarding.heard.claims_of import Claim, Heard
from yingke.conversations.guarding.load_words import Guarding
from yingke.conversations.guarding.word import WEIGHT, Found, Judged, Word

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
AWAY = ("private", "review")
"""These kinds are no matter on a channel where people may exchange what they like."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`text`: what may be said instead, None when only other words help. `found`: see `shape_found`."""

    level: Judged
    found: tuple[dict[str, Any], ...]
    text: str | None

    @property
    def is_ok(self) -> bool:
        return self.level == "ok"


def check_words(
    guarding: Guarding, text: str, *, channel: str = "website", shop_id: int | None = None, heard: Heard = ()
) -> Checked:
    """Nothing is sent, stored or changed here; microseconds, linear in the length of `text`.

    `heard`: what `WordGuards.hear` said of `text`; it counts where no word was found in the same sentence.
    """
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
    for claim in heard:
        word = guarding.kinds.get(claim.kind)
        if word is None or not _counts(word, shop_id) or (claim.kind in AWAY and policy == "text"):
            continue
        if not any(str(one["said"]) in claim.said for one in found):
            found.append(_shape_claim(word, claim, text))
            level = max(level, word.level, key=lambda one: WEIGHT[one])
            mended = None if word.level == "block" else mended
    return Checked(level, tuple(found), mended)


def _counts(word: Word, shop_id: int | None) -> bool:
    return not word.shops or shop_id is None or shop_id in word.shops


def _shape_claim(word: Word, claim: Claim, text: str) -> dict[str, Any]:
    """Nothing is put in its place: only other words help. A place of -1 where the text came in pieces."""
    start = text.find(claim.said)
    return shape_found(Found(word, claim.said, start, start + len(claim.said) if start >= 0 else -1))


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
