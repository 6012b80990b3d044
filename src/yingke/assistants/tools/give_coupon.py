"""Gives this customer a coupon that the shop lets its assistants give."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id
from yingke.assistants.tools.pieces.who import who_is
from yingke.commerce.requests.give_coupon import Giving, give_coupon
from yingke.commerce.requests.refusals import RequestRefused


class GiveCoupon(Tool):
    name = "give_coupon"
    needs = "products"
    changes = True
    says = (
        "把一张店铺允许 AI 送出的优惠券送给这位已登录的客户，每人一次。只在客户开口要时用。",
        "Give this signed-in customer a coupon that the shop lets assistants give; once each, and only when he asks.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"coupon_id": {"type": "string", "description": "one of find_coupons' givable"}},
        "required": ["coupon_id"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """The key is the turn and the step, so that a repeated turn gives once. A stranger gets `not_signed_in`."""
        coupon_id = read_id(arguments, "coupon_id")
        if coupon_id is None:
            raise WrongArguments("coupon_id is missing")
        async with session.db.transaction(session.workspace_id) as tx:
            who = await who_is(tx, session.workspace_id, session.conversation_id)
            if who.contact_id is None or not who.is_signed_in:
                return ToolResult(problem="not_signed_in")
            giving = Giving(
                session.workspace_id,
                f"{session.conversation_id}:{session.through_seq}:{step}",
                coupon_id,
                who.contact_id,
                session.conversation_id,
            )
            try:
                given = await give_coupon(tx, giving)
            except RequestRefused as refused:
                return ToolResult({"why": refused.spoken(session.language)}, problem=refused.code)
        return ToolResult({"name": given.details["name"], "state": given.state})
