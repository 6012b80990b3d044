"""The camping shop with products, offers and an order, and a customer who talks to its assistants."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from tests.commerce.offers import COUPON, PROMOTIONS
from tests.commerce.things import order
from tests.conftest import Ground
from tests.learning import Learning
from tests.no_shops import NoShops
from yingke.app.demo.calendar import Calendar
from yingke.app.demo.catalog import demo_products
from yingke.assistants.engine import Otherwise, Question, Reply, Said
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.assistants.team import Team
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products

ORDER, TAIL = "QX-D0001", "0417"


async def stock_camp(ground: Ground) -> None:
    """Products, promotions without an end, the coupon, and order QX-D0001 of a phone that ends in 0417."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        await put_products(tx, ground.workspace_id, None, demo_products(Calendar(datetime.now(UTC))))
        for one in PROMOTIONS:
            await tx.execute(
                "insert into promotions (workspace_id, name, kind, terms, priority, only_codes, excluded_codes)"
                " values ($1, $2, $3, $4, $5, $6, $7)",
                ground.workspace_id,
                one.name,
                KINDS[type(one.terms).__name__],
                msgspec.to_builtins(one.terms),
                one.priority,
                sorted(one.scope.only_codes),
                sorted(one.scope.excluded_codes),
            )
        await tx.execute(
            "insert into coupons (workspace_id, name, code, threshold_minor, off_minor, stacks) values ($1, $2, $3, $4, $5, true)",
            ground.workspace_id,
            COUPON.name,
            COUPON.code,
            COUPON.threshold_minor,
            COUPON.off_minor,
        )
        await put_orders(tx, ground.workspace_id, None, [order(ORDER)])


KINDS = {
    "MemberPrice": "member_price",
    "EveryReduce": "every_reduce",
    "Gift": "gift",
    "Presale": "presale",
    "Shipping": "shipping",
}


@dataclass
class Customer:
    """Says one thing after the other; the assistants remember what they would remember in a conversation."""

    ground: Ground
    learning: Learning
    engine: EmbeddedEngine
    conversation_id: int
    language: str = "zh-CN"
    seq: int = 0
    talk: dict[str, Any] = field(default_factory=dict)
    history: list[Said] = field(default_factory=list)
    at: datetime | None = None
    """When he says it; None = now."""

    async def says(self, *texts: str) -> Reply:
        self.seq += len(texts)
        question = Question(
            workspace_id=self.ground.workspace_id,
            shop_id=self.ground.shop_id,
            knowledge_version=await self.learning.version(self.ground),
            conversation_id=self.conversation_id,
            texts=texts,
            history=tuple(self.history[-8:]),
            language=self.language,
            through_seq=self.seq,
            talk=self.talk,
            otherwise=Otherwise(at=self.at),
        )
        reply = await self.engine.answer(question, lambda _: True)
        self.seq += 1
        self.history += [Said("contact", text) for text in texts] + [Said("assistant", reply.text, reply.cited)]
        if reply.talk is not None:
            self.talk = reply.talk
        return reply


async def new_customer(ground: Ground, learning: Learning, *, is_signed_in: bool = False, level: str = "") -> Customer:
    """A stranger, or the buyer of QX-D0001 signed in by the shop, with a level if one is given."""
    conversation_id, identity_id = await ground.new_conversation()
    if is_signed_in:
        async with ground.db.transaction(ground.workspace_id) as tx:
            await tx.execute(
                "update identities set external_id = 'buyer-1', is_verified = true where id = $1", identity_id
            )
            await tx.execute(
                "update contacts set level = nullif($2, ''), claims_verified = true where id ="
                " (select contact_id from identities where id = $1)",
                identity_id,
                level,
            )
    engine = EmbeddedEngine(learning.library, Team(ground.db, NoShops(), learning.encoder))
    return Customer(ground, learning, engine, conversation_id)
