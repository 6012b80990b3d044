"""Why a request cannot be made, in words that may be said to the customer."""

from yingke.kit.errors import Problem


class RequestRefused(Problem):
    """A rule of the shop says no. `is_for_person`: a person may decide otherwise."""

    def __init__(self, code: str, zh: str, en: str, *, is_for_person: bool = False) -> None:
        super().__init__(409, code, zh, en)
        self.is_for_person = is_for_person


def person_needed() -> RequestRefused:
    return RequestRefused("person_needed", "这类申请需要人工办理。", "A person has to do this.", is_for_person=True)


def not_open_here() -> RequestRefused:
    """The order was not shown to be this customer's: the same answer whether it exists or not."""
    return RequestRefused(
        "order_not_verified", "请先核对订单号和手机尾号。", "Please confirm the order number and phone ending first."
    )


def no_seven_days(title: str) -> RequestRefused:
    return RequestRefused(
        "no_seven_days",
        f"{title}属于下单时已确认不支持七天无理由退货的商品；有质量问题可以申请售后。",
        f"{title} was sold without free returns, as confirmed at checkout. Faulty items can still be sent back.",
        is_for_person=True,
    )


def too_late(days: int) -> RequestRefused:
    return RequestRefused(
        "too_late",
        f"已超过签收后 {days} 天的期限，需要人工确认。",
        f"More than {days} days have passed since delivery; a person has to confirm.",
        is_for_person=True,
    )


def wrong_state(zh: str, en: str) -> RequestRefused:
    return RequestRefused("wrong_order_state", zh, en, is_for_person=True)


def asked_already() -> RequestRefused:
    return RequestRefused(
        "asked_already", "同样的申请已经提交过了，不用重复提交。", "This was asked for already; no need to ask again."
    )


def decided_already() -> Problem:
    return Problem(
        409, "decided_already", "这条申请已经处理过了，请刷新。", "Somebody has dealt with it already. Reload."
    )
