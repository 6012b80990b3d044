"""How a request stands, in a sentence."""

from typing import Any

from yingke.assistants.skills.pieces.work import Work

NAMES = {
    "return": ("退货申请", "return request"),
    "exchange": ("换货申请", "exchange request"),
    "refund": ("退款申请", "refund request"),
    "repair": ("维修登记", "repair"),
    "cancel": ("取消订单", "cancellation"),
    "address": ("修改收货信息", "change of delivery details"),
    "invoice": ("开票申请", "invoice request"),
}


def standing(work: Work, one: dict[str, Any]) -> str:
    """`one` as my_requests gives it."""
    amount = one["amount"] or ""
    if amount:
        amount = work.word("amount_of", "，金额 {amount}", ", {amount}").format(amount=amount)
    values = {"what": name_of(one["kind"], work), "request": one["id"], "amount": amount}
    return work.say(f"standing_{one['state']}", asked=one["asked_at"], changed=one["changed_at"], **values)


def name_of(kind: str, work: Work) -> str:
    known = kind if kind in NAMES else "other"
    return work.word(f"kind_{known}", *NAMES.get(known, ("申请", "request")))
