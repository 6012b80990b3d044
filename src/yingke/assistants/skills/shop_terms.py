"""Terms in figures for customers whose language the documents do not speak: returns, exchanges, shipping."""

import re
from typing import ClassVar

from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.work import Request, Served, Work
from yingke.kit.expression import expression

_RETURNS = expression(
    r"\breturn polic|\brefund polic|\breturns?\b.{0,20}\b(?:accept|allow|possible|policy|how long|days|window)|\b(?:can|could|may) i (?:return|send it back|exchange|get a refund)"
    r"|\bif (?:i|it|they) (?:do ?n.?t|does ?n.?t|is ?n.?t) (?:like|fit|suit)|\bhow (?:long|many days).{0,20}\b(?:return|exchange)|\bexchange polic|\bwhat if .{0,24}\b(?:fit|like)|\b(?:refund|return|exchange) (?:window|period|deadline|time ?frame)|\bchanged? my mind|\bhow do(?:es)? (?:\w+ )?(?:returns?|exchanges?) work|\bhow (?:can|do) (?:i|we) (?:return|exchange)|\bnot happy with it|\bsend (?:it|them|things|something) back"
    r"|(?:几天|多久|什么时候)[^，。？]{0,8}[退换]货?|[退换](?:货|款)?[^，。？]{0,8}(?:几天|多久)|(?:可以|能)[^，。？]{0,6}[退换](?:货|款)?[^，。？]{0,4}吗|[退换](?:货|款)(?:可以)?吗|不喜欢[^，。？]{0,8}[退换]",
    re.IGNORECASE,
)
_SHIPPING = expression(
    r"\bfree (?:shipping|delivery)|\bshipping (?:fee|cost|charge)|\bhow much (?:is|for) (?:the )?(?:shipping|delivery|postage)|\bpostage\b|\bdelivery (?:fee|cost|charge)|运费|邮费|包邮",
    re.IGNORECASE,
)
_WARRANTY = expression(r"\bwarrant|\bguarantee\b|保修", re.IGNORECASE)
_WHO_PAYS = expression(r"\bwho(?:'?s| is| will)?\b.{0,12}\b(?:pay|cover)|谁付", re.IGNORECASE)
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
        wanted = _wanted(request)
        if wanted == {"returns"} and _WARRANTY.search(request.text) and not _RETURNS.search(request.text):
            # The thing's own warranty, where it is written of it, says more.
            return 0.6
        return 0.94 if wanted else 0.0

    async def serve(self, work: Work, request: Request) -> Served:
        found = await work.belt.run("shop_terms", {})
        if found.problem is not None:
            return Served(None)
        wanted, terms = _wanted(request), found.data
        said = [work.say("terms_returns", **terms)] if "returns" in wanted else []
        if "shipping" in wanted and terms["shipping"] and not _ABROAD.search(request.text):
            said.append(work.say("terms_shipping", shipping=work.phrase(terms["shipping"])))
        return Served("\n".join(said) or None)


def _wanted(request: Request) -> frozenset[str]:
    """Who pays for sending something back is no figure of the shop's terms."""
    text = request.text
    returns = _RETURNS.search(text) or _WARRANTY.search(text)
    shipping = _SHIPPING.search(text) and not _WHO_PAYS.search(text)
    return frozenset(name for name, is_asked in (("returns", returns), ("shipping", shipping)) if is_asked)
