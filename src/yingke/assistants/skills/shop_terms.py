"""Terms in figures for customers whose language the documents do not speak: returns, exchanges, shipping."""

import re
from typing import ClassVar

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.commerce.words.foreign_terms import terms_in
from yingke.kit.expression import expression

_RETURNS = expression(
    r"\breturn polic|\brefund polic|\breturns?\b.{0,20}\b(?:accept|allow|possible|policy|how long|days|window)|\b(?:can|could|may) i (?:return|send it back|exchange|get a refund)"
    r"|\bif (?:i|it|they) (?:do ?n.?t|does ?n.?t|is ?n.?t) (?:like|fit|suit)|\bhow (?:long|many days).{0,20}\b(?:return|exchange)|\bexchange polic|\bwhat if .{0,24}\b(?:fit|like)",
    re.IGNORECASE,
)
_SHIPPING = expression(
    r"\bfree (?:shipping|delivery)|\bshipping (?:fee|cost|charge)|\bhow much (?:is|for) (?:the )?(?:shipping|delivery|postage)|\bpostage\b|\bdelivery (?:fee|cost|charge)",
    re.IGNORECASE,
)
_ABROAD = expression(
    r"\b(?:to|in) (?!the\b|my\b|me\b|a\b)[A-Z][a-z]+|\babroad\b|\boverseas\b|\binternational", re.UNICODE
)
_ORDER = expression(
    r"\bmy order\b|\border (?:number|no)|\d{4,}|\bbroken|\bdamaged|\bwrong\b|\bmissing\b", re.IGNORECASE
)


class ForeignTerms(Skill):
    name = "shop_terms"
    says = ("条款（外语）", "Terms in other languages")
    tools: ClassVar[tuple[str, ...]] = ("shop_terms",)

    def claims(self, work: Work, request: Request) -> float:
        if work.is_chinese or _ORDER.search(request.text):
            return 0.0
        return 0.94 if _wanted(work, request) else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        found = await work.belt.run("shop_terms", {})
        if found.problem is not None:
            return Served(None)
        wanted, terms = _wanted(work, request), found.data
        said = [work.say("terms_returns", **terms)] if "returns" in wanted else []
        if "shipping" in wanted and terms["shipping"] and not _ABROAD.search(request.text):
            said.append(work.say("terms_shipping", shipping=terms["shipping"]))
        return Served("\n".join(said) or None)


def _wanted(work: Work, request: Request) -> frozenset[str]:
    found = set(terms_in(request.text, work.tag))
    found |= {"returns"} if _RETURNS.search(request.text) else set()
    found |= {"shipping"} if _SHIPPING.search(request.text) else set()
    return frozenset(found)
