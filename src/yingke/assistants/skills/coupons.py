"""Coupons: which there are, and the one that the shop lets its assistants give to who asks."""

import re
from typing import Any, ClassVar

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.kit.expression import expression

_COUPON = expression(r"券|卷(?=吗|么|没|$)|\bcoupons?\b|\bvouchers?\b|\b(?:discount|promo) ?codes?\b", re.IGNORECASE)
_WHICH = expression(
    r"有(?:没有|啥|什么|哪些|无|木有)?.{0,6}(?:券|卷)|(?:券|卷).{0,3}(?:有(?:没有|吗|么|哪些)|还有)|哪些?.{0,3}券|什么.{0,3}券|我的.{0,4}券|券.{0,4}(?:在哪|哪里|哪儿)"
    r"|\b(?:any|have|got|which|what|my|are there)\b.{0,24}\b(?:coupon|voucher|code)",
    re.IGNORECASE,
)
_GET = expression(
    r"(?:领|送|给|发|要|来|抢|拿)(?:取|我|个|一?张|点|些|这张|那张|俩|两张){0,3}.{0,6}(?:券|卷)|(?:券|卷).{0,6}(?:领|给我|发我|送我)"
    r"|\b(?:get|give|claim|send|want|need|apply)\b.{0,24}\b(?:coupon|voucher|code)",
    re.IGNORECASE,
)
_CLAIM = expression(
    r"^[\s,，。!！~]*(?:领取?|我?要领|领了|领吧|帮我领|claim(?: it)?)[\s,，。!！~吧啊呀的了]*$", re.IGNORECASE
)
_RULES = expression(
    r"叠加|同时用|一起用|用不了|不能用|不可用|过期|失效|退(?:回|还|款|货)|怎么算|扣|规则|\bstack|\bcombine|\bexpire|\bnot work",
    re.IGNORECASE,
)


class Coupons(Skill):
    name = "coupons"
    says = ("优惠券", "Coupons")
    tools: ClassVar[tuple[str, ...]] = ("find_coupons",)

    def claims(self, work: Work, request: Request) -> float:
        if work.talk.skill == self.name and _CLAIM.match(request.text):
            return 0.95
        if not _COUPON.search(request.text) or _RULES.search(request.text):
            return 0.0
        return 0.88 if _WHICH.search(request.text) or _GET.search(request.text) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        found = await work.belt.run("find_coupons", {})
        if found.problem is not None:
            return Served(None)
        usable, givable = found.data["usable"], found.data["givable"]
        wants_one = _GET.search(request.text) is not None or _CLAIM.match(request.text) is not None
        if wants_one and givable and work.belt.has("give_coupon"):
            return await self._give(work, givable[0])
        if not usable and not givable:
            key = "no_coupons" if found.data["is_signed_in"] else "no_coupons_here"
            return Served(work.say(key))
        said = [work.say("coupons", coupons="\n".join(_line(one, work) for one in usable))] if usable else []
        if givable and work.belt.has("give_coupon"):
            said.append(work.say("coupon_to_give", coupon=_line(givable[0], work)))
        return Served("\n".join(said) or None)

    async def _give(self, work: Work, coupon: dict[str, Any]) -> Served:
        given = await work.belt.run("give_coupon", {"coupon_id": coupon["id"]})
        if given.problem is not None:
            return Served(work.say("coupon_not_given"), offers_person=True)
        return Served(work.say("coupon_given", coupon=_line(coupon, work)))


def _line(coupon: dict[str, Any], work: Work) -> str:
    parts = [work.say("coupon_line" if coupon["from"] else "coupon_line_any", **coupon)]
    if coupon["code"]:
        parts.append(work.say("coupon_code", code=coupon["code"]))
    if coupon["until"]:
        parts.append(work.say("coupon_until", until=coupon["until"]))
    if not coupon["stacks"]:
        parts.append(work.say("coupon_alone"))
    return "，".join(parts) if work.is_chinese else work.listed(parts)
