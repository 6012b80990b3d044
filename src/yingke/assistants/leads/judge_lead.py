"""Is somebody who can be reached worth a seller's call? By rules, each with a name that the screen shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from yingke.assistants.skills.pieces.contact_words import BULK, CALL, NOT_CALL
from yingke.knowledge.fold import fold

Grade = Literal["hot", "good"]
Reason = Literal["bulk", "many", "buys", "call", "budget", "asked_price", "asked_stock", "asked_goods", "saw_goods"]
POINTS: dict[Reason, int] = {
    "bulk": 4, "many": 4, "buys": 4, "call": 1, "budget": 1, "asked_price": 1, "asked_stock": 1, "asked_goods": 1, "saw_goods": 1,
}  # fmt: skip
GOOD, HOT = 1, 4
SURE = 0.35
"""An intent less certain than this counts for nothing."""
_INTENTS: dict[str, Reason] = {
    "price_promotion": "asked_price", "stock_availability": "asked_stock", "product_consult": "asked_goods",
}  # fmt: skip
_OF_BUYERS = frozenset((*_INTENTS, "payment", "provide_info", "chitchat_ack", "contact_human", "logistics_shipping"))
"""Intents that do not speak of a thing bought before."""
_PIECES = r"(?:个|件|套|台|张|把|盏|箱|瓶|支|盒|双|条|份|只|顶|袋|包|片)"
_MANY = re.compile(
    rf"(?<![\d.])(?:[2-9]\d|[1-9]\d{{2,4}}){_PIECES}|[二三四五六七八九]十(?:来|几|多)?{_PIECES}|[一二两三四五六七八九几上]+百(?:来|多)?{_PIECES}"
    r"|\b(?:[2-9]\d|[1-9]\d{2,4}) ?(?:pcs|pieces|units|sets|of (?:them|these|those))\b",
    re.IGNORECASE,
)
_BUYS = re.compile(
    rf"(?:我就?|想|要|准备|打算|直接|现在就)(?:要|来)?(?:买|下单|拍下|订购|定购|入手|付款|付定金|拿下)|(?:怎么|哪里|在哪|如何)(?:买|下单|拍|付款|订)|(?:给我|帮我)(?:留|来|订|定|拿)(?:一|两|几|\d){_PIECES}|就(?:要|买|拿)(?:这|那|它)|今天(?:就)?(?:能|可以)?(?:买|下单|定)"
    r"|\b(?:i(?:'d| would)? (?:like|want) to (?:buy|order)|how (?:do|can) i (?:buy|order)|i'?ll take|ready to (?:buy|order)|place an order)\b",
    re.IGNORECASE,
)
_BOUGHT = re.compile(
    r"(?:已经?|之前|昨天|前天|上(?:周|个?月|次)|刚)[^，。！？]{0,6}(?:买|拍|下单|收到)|(?:买|收|拍|用)(?:到|了|的|来)[^，。！？]{0,12}(?:坏|破|裂|碎|漏|掉|错|少|不(?:亮|转|动|工作|能用|好使))|订单[^，。！？]{0,4}\d|退(?:货|款|钱|了)|换货|投诉|赔|假货|维权|保修|维修|售后|\b(?:refund|return|broken|complain\w*|warranty|my order)\b",
    re.IGNORECASE,
)
_NO_BUYERS = re.compile(
    r"(?:代运营|刷(?:单|粉|好评|销量)|涨粉|引流|推广(?:服务|合作|一下)?|广告(?:投放|合作)|投流|直播(?:代播|带货合作|切片)|seo|做网站|建站|小程序开发|软件开发|贷款|信用卡|办卡|理财|保险|招聘|应聘|求职|兼职|面试|还招人|招人吗|实习|供应商|供货给|货源|厂家直供|我们(?:是|这边是)[^，。！？]{0,16}(?:工厂|厂家|公司|团队|机构|平台|物流|快递|包装)[^，。！？]{0,20}(?:合作|提供|服务|供)|(?:对接|联系|找)(?:一下)?(?:你们)?(?:的)?(?:老板|采购|商务|运营|市场部)|记者|采访|调查问卷|做个?(?:调研|问卷)|催债|打错)"
    r"|\b(?:we (?:are|offer|provide) (?:an? )?(?:agency|seo|marketing|factory|supplier|manufacturer)|guest post|backlink|job|hiring|vacanc\w+|press inquiry|your (?:marketing|purchasing) (?:team|manager))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a talk. `intents`: (label, confidence 0..1) of its turns; `details`: kinds he told of himself."""

    texts: Sequence[str]
    intents: Sequence[tuple[str, float]] = ()
    details: frozenset[str] = frozenset()
    products: Sequence[str] = ()
    wishes: frozenset[str] = frozenset()
    """Why he was asked how to reach him: bulk, call, notify, value, no_answer."""
    is_upset: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """`reasons`: the strongest first."""

    grade: Grade
    reasons: tuple[Reason, ...]


def judge_lead(heard: Heard) -> Lead | None:
    """None: nothing for a seller. He sells something himself, wants work, is upset, or writes about what he has bought."""
    texts = [fold(text) for text in heard.texts]
    if heard.is_upset or any(_NO_BUYERS.search(text) for text in texts):
        return None
    found = _reasons(heard, texts)
    is_new = bool({"bulk", "many", "buys"} & found)
    if not is_new and (any(_BOUGHT.search(text) for text in texts) or _is_about_bought(heard.intents)):
        return None
    points = sum(POINTS[one] for one in found)
    if points < GOOD:
        return None
    return Lead(
        "hot" if points >= HOT else "good",
        tuple(sorted(found, key=lambda one: (-POINTS[one], list(POINTS).index(one)))),
    )


def _reasons(heard: Heard, texts: Sequence[str]) -> set[Reason]:
    found = {_INTENTS[label] for label, sure in heard.intents if label in _INTENTS and sure >= SURE}
    checks: tuple[tuple[Reason, bool], ...] = (
        ("bulk", "bulk" in heard.wishes or any(BULK.search(text) for text in texts)),
        ("many", any(_MANY.search(text) for text in texts)),
        ("buys", any(_BUYS.search(text) and not _BOUGHT.search(text) for text in texts)),
        ("call", "call" in heard.wishes or any(CALL.search(text) and not NOT_CALL.search(text) for text in texts)),
        ("budget", "budget" in heard.details),
        ("saw_goods", bool(heard.products)),
        ("asked_stock", "notify" in heard.wishes),
    )
    return found | {name for name, holds in checks if holds}


def _is_about_bought(intents: Sequence[tuple[str, float]]) -> bool:
    """More of its turns speak of an order than of goods."""
    sure = [label for label, confidence in intents if confidence >= SURE]
    return sum(label not in _OF_BUYERS for label in sure) > sum(label in _INTENTS for label in sure)
