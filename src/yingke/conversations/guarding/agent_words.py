"""What an agent is told before his words leave: change them, or say that they are meant so."""

from typing import Any

from yingke.conversations.guarding.check_words import Checked, check_words
from yingke.conversations.guarding.heard.claims_of import Heard
from yingke.conversations.guarding.load_words import Guarding
from yingke.conversations.guarding.promises import Promise, PromiseKind, find_promises
from yingke.conversations.guarding.word import WEIGHT
from yingke.kit.errors import Problem

PROMISED: dict[PromiseKind, tuple[str, str]] = {
    "compensation": ("答应赔偿或退钱，店铺就要做到；建议记成跟进事项", "Promises money back: the shop is bound by it. Consider noting a follow-up"),
    "gift": ("答应送东西，店铺就要做到；建议记成跟进事项", "Promises a gift: the shop is bound by it. Consider noting a follow-up"),
    "waiver": ("答应免除费用或放宽规则，店铺就要做到", "Gives up a fee or a rule: the shop is bound by it"),
}  # fmt: skip
"""Of what people promise these are asked about; prices and delivery times are their daily work."""


class WordsStopped(Problem):
    """422. `checked` says which words, and what may be said instead."""

    def __init__(self, checked: Checked, text: str) -> None:
        code, zh, en = _told(checked)
        super().__init__(422, code, zh, en)
        self.checked = checked
        self.text = text
        self.extra = {"words": {"level": checked.level, "found": list(checked.found), "text": checked.text}}


def _told(checked: Checked) -> tuple[str, str, str]:
    said = "、".join(f"「{one['said']}」" for one in checked.found[:3])
    named = ", ".join(f"“{one['said']}”" for one in checked.found[:3])
    if checked.level == "block":
        return "words_blocked", f"{said}不能发送，请改一下再发。", f"{named} cannot be sent. Please say it otherwise."
    return (
        "words_need_a_look",
        f"{said}建议改一下；确认就这么说，请再发一次。",
        f"{named}: better said otherwise. Send again to confirm that you mean it so.",
    )


def check_agent(guarding: Guarding, text: str, *, channel: str, shop_id: int, heard: Heard = ()) -> Checked:
    """Words and contact policy as for everybody; what he promises is a warning, never a block."""
    promises = [one for one in find_promises(text) if one.kind in PROMISED]
    unnamed = tuple(claim for claim in heard if not any(claim.said in one.sentence for one in promises))
    checked = check_words(guarding, text, channel=channel, shop_id=shop_id, heard=unnamed)
    promised = [_shape(one, text) for one in promises]
    if not promised:
        return checked
    level = checked.level if WEIGHT[checked.level] else "warn"
    return Checked(level, (*checked.found, *promised), checked.text)


def stopped(checked: Checked, text: str, *, is_confirmed: bool) -> WordsStopped | None:
    """None when the words may leave: nothing was found, or the agent has confirmed what is not blocked."""
    if checked.is_ok or (is_confirmed and checked.level != "block"):
        return None
    return WordsStopped(checked, text)


def _shape(promise: Promise, text: str) -> dict[str, Any]:
    zh, en = PROMISED[promise.kind]
    start = text.find(promise.said)
    return {
        "entry": f"promise/{promise.kind}",
        "words": promise.said,
        "said": promise.said,
        "start": start,
        "end": start + len(promise.said),
        "level": "warn",
        "proposal": "",
        "reason_zh": zh,
        "reason_en": en,
        "source": "",
    }
