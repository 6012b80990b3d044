"""What of his own purchase a customer writes about: his words tell, and where they do not, or little, how it sounds."""

import re
from typing import Final, cast

from yingke.assistants.concerns.concern_of import Concern, Name, concern_of
from yingke.assistants.skills.pieces.money_wishes import MoneyWish, money_wish
from yingke.assistants.skills.pieces.problems import Matter, has_failed, has_leaked, matter_of
from yingke.assistants.skills.pieces.wishes import OrderWish, order_wish, takes_back
from yingke.assistants.skills.pieces.work import Request, Work
from yingke.assistants.topics.rule_behind import tells_use
from yingke.commerce.order_numbers import find_order_numbers
from yingke.kit.expression import Expression, expression

SURE, OWN = 0.5, 0.8
SURE_OF_ORDER, OWN_OF_ORDER = 0.35, 0.6
"""From these on the sound alone tells; less is enough while an order is spoken of."""
DENIED: Final = 0.15
"""Below it words do not count either: they speak of other things."""
READ_IN: Final = ("zh", "en")
ORDER_WISHES: Final = ("track", "state", "return", "exchange", "refund", "repair", "cancel", "address", "invoice")
MATTERS: Final = ("missing", "broken", "wrong", "late", "not_received", "quality", "service", "price", "extra")
MONEY: Final = ("invoice", "invoice_state", "invoice_fix", "refund_state", "paid_twice", "pay_failed")
DONE_ABOUT_IT: Final = ("return", "exchange", "refund", "repair", "cancel")
"""What somebody may want done about a matter: such words stay, whatever the matter."""
ABOUT_ORDERS: Final = ("order", "after_sales", "complaint", "payment")
MAY_ASK_FIRST: Final = (*ABOUT_ORDERS, "own_tools")
"""While one of these has asked something, wishes about orders wait."""
_ASKED_BY_ALL: Final = (
    "track",
    "state",
    "late",
    "carrier",
    "refund_state",
    "return",
    "refund",
    "exchange",
    "repair",
    "cancel",
    "address",
)
"""Who has nothing yet asks for the same in nearly the same words, and the knowledge answers."""
_OF_THINGS: Final = ("broken", "quality", "wrong", "missing", "repair", "exchange")
SURE_OF_THINGS: Final = 0.75
"""So sure it has to be where the words may as well ask what a thing is like."""
_MAY_ASK: Final = expression(r"[吗么吧呢嘛?？]\s*$|[不没]$|会不会|是不是|有没有|能不能|能[^，。]{0,6}不")
_EITHER_WAY: Final = expression(r"(\w)不\1")
"""「漏不漏」 asks what a thing is like, however much it sounds like one that leaks."""
_OWN: Final = expression(
    r"我的|我(?:那|这|家)|我(?:都|就)?(?:买|拍|订|下|收|付|申请|退|寄)[^，。]{0,2}了|(?:买|拍|订|收|退|寄回|申请)的|下(?:了|过|的)?单|[那这上]一?(?:单|笔)|订单|单子|昨|前天|前几天|上(?:周|次|个?月|个?礼拜|个?星期|回)|刚|才(?:收|买|用|到)|到手|收到了|还没|怎么还|咋还|没(?:收|见|到)"
    r"|\b(?:my|i (?:bought|ordered|got|received))\b",
    re.IGNORECASE,
)
_MISHAPS: Final = ("broken", "quality", "wrong", "missing")
_SUPPOSED: Final = expression(r"要是|如果|万一|假如|假设|倘若|若是")
_TO_BE_PLACED: Final = expression(
    r"(?<![昨前])(?<![昨前]天)(?:现在|马上|今[天儿晚夜]|晚上|明[天儿早晚]|半夜|凌晨|中午|下午|周[一二三四五六日末]|星期[一二三四五六日天]|[点时号])[^，。？?]{0,5}(?:下单|拍|付款|买|订)(?!了|的|过|完|好)"
)
_HAS_BEEN: Final = expression(r"还没|没(?:有)?(?:发|到|收|动)|已经|怎么还|咋还|昨|前天|上[周次个]")
_SHORT_OF: Final = expression(r"少(?:了|发|寄|给)(?:我)?(?:一|1|两|2|几|半|个)|漏(?:发|寄|装)|(?:发|寄|送)错|错发")
_NEEDED: Final[dict[Name, Expression]] = {
    "take_back": expression(
        r"[不别甭](?:想|用|要|再|打算|给我|帮我)?(?:去)?(?:退|换|修)|撤|收回|留着|留下|作废|取消|不(?:要|办|弄)了"
    ),
    "paid_twice": expression(r"两|二|2|三|重|双|多|又|都|一样|同样"),
    "carrier": expression(r"放|搁|送|派|存|门口|驿站|柜|物业|门卫|前台|电话|不在家|没人"),
    "address": expression(
        r"址|门牌|楼|号|单元|栋|幢|室|区|街|路|收货|收件|收的?人|名字|电话|手机|寄|送|发|搬|转|改|换"
    ),
    "invoice": expression(r"票|抬头|报销|报账|凭[据证]|收据|税"),
    "invoice_state": expression(r"票|抬头|税"),
    "invoice_fix": expression(r"票|抬头|税|单位|公司|名称"),
    "refund": expression(r"退|返|还|钱|款"),
    "cancel": expression(
        r"取消|撤|退|不(?:想)?(?:要|买)|别发|别寄|不用发|关|错|重|作废|停|拦|后悔|改主意|手滑|不小心|误"
    ),
    "exchange": expression(r"换|调"),
}
"""What has to be said as well, in Chinese: a sound alone confuses it with something of other people."""


_HEARD = "heard"


def wish_in(work: Work, request: Request) -> OrderWish | None:
    """What is to be done with an order of one's own."""
    words, heard = order_wish(request.text), heard_in(work, request)
    if heard is None or (heard in MATTERS and words in DONE_ABOUT_IT):
        return None if words is not None and is_denied(work, request) else words
    return heard if heard in ORDER_WISHES else None


def matter_in(work: Work, request: Request) -> Matter | None:
    """What went wrong with it."""
    words, heard = matter_of(request.text), heard_in(work, request)
    if words == "broken" and heard == "missing" and has_leaked(request.text):
        return words
    if heard is None or (words is not None and heard in DONE_ABOUT_IT):
        is_plain = has_failed(request.text) or bool(_SHORT_OF.search(request.text))
        is_other = words is not None and not is_plain and is_denied(work, request)
        return None if is_other else words
    return cast(Matter, heard) if heard in MATTERS else None


def money_in(work: Work, request: Request) -> MoneyWish | None:
    """What is asked of one's own money."""
    words, heard = money_wish(request.text), heard_in(work, request)
    if heard is None or words == "balance":
        return None if words not in (None, "balance") and is_denied(work, request) else words
    return cast(MoneyWish, heard) if heard in MONEY else None


def takes_back_in(work: Work, request: Request) -> bool:
    """Thinks better of what was asked for."""
    return takes_back(request.text) or heard_in(work, request) == "take_back"


def heard_in(work: Work, request: Request) -> Name | None:
    """As it sounds, where that is sure; None also while the encoder is away and in other languages."""
    if request.vector is None:
        return None
    key = (_HEARD, request, bool(work.talk.order_number), work.talk.skill)
    if key not in work.read:
        work.read[key] = _heard_in(work, request)
    found: Name | None = work.read[key]
    return found


def _heard_in(work: Work, request: Request) -> Name | None:
    concern = _concern(work, request)
    if concern is None:
        return None
    is_spoken_of = bool(work.talk.order_number) and work.talk.skill in ABOUT_ORDERS
    sure, own = (SURE_OF_ORDER, OWN_OF_ORDER) if is_spoken_of else (SURE, OWN)
    if concern.sure < sure or concern.own < own or _lacks_words(concern.name, request.text):
        return None
    if (
        concern.name in _OF_THINGS
        and not _OWN.search(request.text)
        and (_EITHER_WAY.search(request.text) or (concern.sure < SURE_OF_THINGS and _MAY_ASK.search(request.text)))
    ):
        return None
    if concern.name in _MISHAPS and _SUPPOSED.search(request.text) and not _OWN.search(request.text):
        return None
    if concern.name in _ASKED_BY_ALL and is_to_be_placed(request.text):
        return None
    is_general = request.is_known and not work.talk.order_number and not _OWN.search(request.text)
    return None if is_general and concern.name in _ASKED_BY_ALL else concern.name


def is_to_be_placed(text: str) -> bool:
    """Speaks of an order that he has not placed: 「晚上八点下单今天能发吗」."""
    return bool(_TO_BE_PLACED.search(text)) and not _HAS_BEEN.search(text)


def is_denied(work: Work, request: Request) -> bool:
    """It sounds like goods, prices or chat, or like a rule that the knowledge has."""
    concern = _concern(work, request)
    if concern is None or concern.own >= DENIED:
        return False
    is_rule = request.is_known and not tells_use(request.text)
    return is_rule or concern.rule < DENIED


def _lacks_words(name: Name, text: str) -> bool:
    wanted = _NEEDED.get(name)
    return wanted is not None and not text.isascii() and wanted.search(text) is None


def _concern(work: Work, request: Request) -> Concern | None:
    """A number in the message says nothing of it, and sounds like anything."""
    if request.vector is None or not work.tag.startswith(READ_IN) or find_order_numbers(request.text):
        return None
    key = ("concern", request.search)
    if key not in work.read:
        work.read[key] = concern_of(request.search, request.vector)
    return cast(Concern, work.read[key])
