"""Whatever dies or is asked how often: the shop does a thing once, and only for whom it may."""

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.commerce.stub_shop import StubProvider, StubShop, StubShops
from tests.commerce.things import order, simple
from tests.conftest import Ground, NewGround
from yingke.commerce.contract import Shops
from yingke.commerce.orders.verify_order import verify_order
from yingke.commerce.requests.ask_for import ask_for
from yingke.commerce.requests.carry_on import carry_on, carry_on_later
from yingke.commerce.requests.claim_request import Asked, claim_request
from yingke.commerce.requests.decide import (
    approve_request,
    finish_request,
    refuse_request,
    withdraw_in_conversation,
    withdraw_request,
)
from yingke.commerce.requests.give_coupon import Giving, give_coupon
from yingke.commerce.requests.order_policy import OrderPolicy, load_policy, save_policy
from yingke.commerce.requests.refusals import RequestRefused
from yingke.commerce.requests.request_view import RequestView, get_request
from yingke.commerce.shapes import Order, OrderItem
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products
from yingke.kit.errors import Problem
from yingke.kit.jobs import Job, RetryJob
from yingke.kit.postgres.run import Cluster
from yingke.workspaces.caller import Caller

CONNECTION = 5


def delivered(number: str = "QS-D0002") -> Order:
    items = (OrderItem("露营灯", 2, 12000, sku="L1", product_external_id="L1"), OrderItem("桌", 1, 21115, sku="D3"))
    now = datetime.now(UTC)
    return order(number, state="delivered", items=items, total_minor=45115, paid_minor=45115, ordered_at=now - timedelta(days=6),
                 delivered_at=now - timedelta(days=2), shipments=())  # fmt: skip


class Scene:
    """A workspace, an order of a connected shop, and a conversation in which it was opened."""

    def __init__(self, ground: Ground, order_id: int, talk: int) -> None:
        self.ground, self.order_id, self.talk = ground, order_id, talk
        self.db, self.workspace_id = ground.db, ground.workspace_id

    def asked(self, key: str = "message:1:1", **changes: Any) -> Asked:
        values = {"kind": "return", "order_id": self.order_id, "conversation_id": self.talk, "lines": {1: 1}}
        return Asked(**{"workspace_id": self.workspace_id, "key": key, **values, **changes})

    def caller(self, role: str = "agent") -> Caller:
        return Caller(self.workspace_id, self.ground.agent_id, None, role)

    async def claim(self, asked: Asked) -> RequestView:
        async with self.db.transaction(self.workspace_id) as tx:
            return await claim_request(tx, asked)

    async def state(self, request_id: int) -> RequestView:
        async with self.db.transaction(self.workspace_id) as tx:
            return await get_request(tx, self.workspace_id, request_id)

    async def lease_over(self) -> None:
        async with self.db.transaction(self.workspace_id) as tx:
            await tx.execute("update order_requests set called_until = now() - interval '1 second'")

    async def count(self, statement: str) -> int:
        async with self.db.transaction(self.workspace_id) as tx:
            return int(await tx.fetchval(statement))


async def set_scene(new_ground: NewGround, *, connection: int | None = CONNECTION) -> Scene:
    ground = await new_ground()
    talk, _ = await ground.new_conversation()
    async with ground.db.transaction(ground.workspace_id) as tx:
        await put_products(tx, ground.workspace_id, connection, [simple("L1", "露营灯", 129)])
        await put_orders(tx, ground.workspace_id, connection, [delivered()])
        order_id = await tx.fetchval("select id from orders")
    await verify_order(ground.db, ground.workspace_id, talk, "QS-D0002", "0417")
    return Scene(ground, order_id, talk)


def shops_of(shop: StubShop, **how: Any) -> Shops:
    return StubShops(StubProvider(shop.port, **how))


async def test_a_request_is_made_called_and_recorded_once(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        for _ in range(3):
            request = await ask_for(scene.db, shops_of(shop), scene.asked())
            assert (request.state, request.external_id, request.amount_minor) == ("done", "R-message:1:1", 12000)
    assert shop.effects == {"message:1:1": 1}
    assert await scene.count("select count(*) from events where type = 'order_request_created'") == 1
    assert await scene.count("select count(*) from events where type = 'order_request_changed'") == 1
    assert await scene.count("select count(*) from audit_log where action = 'order_request.created'") == 1


@pytest.mark.parametrize(("finds", "repeats"), [(True, False), (False, True)])
async def test_killed_between_call_and_record_the_effect_stays_one(
    new_ground: NewGround, cluster: Cluster, finds: bool, repeats: bool
) -> None:
    scene = await set_scene(new_ground)
    request = await scene.claim(scene.asked())
    async with StubShop(hangs=True, dedupes=repeats) as shop:
        told = {
            "dsn": cluster.dsn("yingke_app"), "workspace_id": scene.workspace_id, "request_id": request.id, "port": shop.port,
        }  # fmt: skip
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.commerce.asking_child",
            json.dumps(told),
            env={**os.environ, "PYTHONPATH": "src:."},
        )
        await asyncio.wait_for(shop.done_one.wait(), 30)
        child.send_signal(signal.SIGKILL)
        assert await child.wait() == -signal.SIGKILL
        assert (await scene.state(request.id)).state == "calling"
        shop.hangs = False
        # While the dead one's lease runs nobody calls; afterwards whoever comes asks by the same key.
        shops = shops_of(shop, finds=finds, repeats_safely=repeats)
        assert (await carry_on(scene.db, shops, scene.workspace_id, request.id)).state == "calling"
        await scene.lease_over()
        after = await carry_on(scene.db, shops, scene.workspace_id, request.id)
    assert (after.state, after.external_id) == ("done", "R-message:1:1")
    assert shop.effects == {"message:1:1": 1}


async def test_where_the_shop_can_neither_be_asked_nor_repeats_safely_the_request_is_uncertain(
    new_ground: NewGround,
) -> None:
    scene = await set_scene(new_ground)
    async with StubShop(hangs=True, dedupes=False) as shop:
        request = await ask_for(scene.db, shops_of(shop, finds=False, wait=0.3), scene.asked())
        assert (request.state, request.may_have_happened) == ("uncertain", True)
        again = await ask_for(scene.db, shops_of(shop, finds=False), scene.asked())
        await carry_on(scene.db, shops_of(shop, finds=False), scene.workspace_id, again.id)
    assert shop.effects == {"message:1:1": 1}
    finished = await finish_request(scene.db, scene.caller(), request.id, "后台已有售后单", is_done=True)
    assert (finished.state, finished.outcome) == ("done", "后台已有售后单")


async def test_an_answer_that_never_came_is_asked_back_by_the_key(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop(hangs=True) as shop:
        request = await ask_for(scene.db, shops_of(shop, wait=0.3), scene.asked())
    assert (request.state, shop.effects) == ("done", {"message:1:1": 1})


async def test_a_shop_that_is_down_is_tried_again_and_then_left_to_a_person(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop(is_down=True) as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked())
        assert (request.state, request.may_have_happened) == ("calling", False)
        job = Job(1, scene.workspace_id, "", "", "", {"order_request_id": request.id}, 1)
        with pytest.raises(RetryJob):
            await carry_on_later(scene.db, shops_of(shop), job)
        async with scene.db.transaction(scene.workspace_id) as tx:
            await tx.execute("update order_requests set calls = 11")
        await carry_on_later(scene.db, shops_of(shop), job)
        assert (await scene.state(request.id)).state == "open"
        assert not shop.effects


async def test_the_job_of_a_request_that_went_well_finds_nothing_to_do(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked())
        assert await scene.count("select count(*) from jobs where kind = 'order_request' and run_at > now()") == 1
        calls = len(shop.calls)
        await carry_on_later(
            scene.db, shops_of(shop), Job(1, scene.workspace_id, "", "", "", {"order_request_id": request.id}, 1)
        )
        assert len(shop.calls) == calls


async def test_what_the_shop_refuses_fails_with_its_words(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop(refuses="超过售后期") as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked())
    assert (request.state, request.outcome) == ("failed", "超过售后期")


async def test_what_the_shop_cannot_do_by_program_waits_for_a_person(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked(kind="repair"))
    assert (request.state, shop.calls) == ("open", [])


async def test_in_the_built_in_shop_a_person_does_it(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground, connection=None)
    async with StubShop() as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked())
        assert (request.state, shop.calls) == ("open", [])
    done = await finish_request(scene.db, scene.caller(), request.id, "", is_done=True)
    assert done.state == "done"


async def test_of_fifty_refunds_at_once_exactly_one_is_made(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with scene.db.transaction(scene.workspace_id) as tx:
        await save_policy(tx, scene.workspace_id, OrderPolicy(assistant_kinds=("refund",), approval_kinds=()))
    async with StubShop(dedupes=False) as shop:
        shops = shops_of(shop)
        asked = [scene.asked(f"message:{n}:1", kind="refund", lines={2: 1}, amount_minor=15000) for n in range(50)]
        results = await asyncio.gather(*(ask_for(scene.db, shops, one) for one in asked), return_exceptions=True)
    made = [one for one in results if isinstance(one, RequestView)]
    refused = [one for one in results if isinstance(one, RequestRefused) and one.code == "asked_already"]
    assert (len(made), len(refused), sum(shop.effects.values())) == (1, 49, 1)


async def test_fifty_times_the_same_key_at_once_is_one_request_and_one_effect(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop(dedupes=False) as shop:
        shops = shops_of(shop)
        results = await asyncio.gather(*(ask_for(scene.db, shops, scene.asked()) for _ in range(50)))
    assert len({one.id for one in results}) == 1
    assert sum(shop.effects.values()) == 1


async def test_of_fifty_approvals_at_once_one_counts_and_the_shop_is_called_once(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop(dedupes=False) as shop:
        shops = shops_of(shop)
        request = await ask_for(scene.db, shops, scene.asked(lines={2: 1}))
        assert (request.state, request.approver, shop.calls) == ("waiting_approval", "agent", [])
        work = [approve_request(scene.db, shops, scene.caller(), request.id) for _ in range(50)]
        results = await asyncio.gather(*work, return_exceptions=True)
    assert sum(isinstance(one, RequestView) for one in results) == 1
    assert sum(shop.effects.values()) == 1
    assert await scene.count("select count(*) from audit_log where action = 'order_request.approved'") == 1


async def test_what_an_admin_must_approve_an_agent_cannot(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        shops = shops_of(shop)
        request = await ask_for(scene.db, shops, scene.asked(lines={1: 2, 2: 1}))
        assert request.approver == "admin"
        for verb in (approve_request(scene.db, shops, scene.caller(), request.id),
                     refuse_request(scene.db, scene.caller(), request.id, "不行")):  # fmt: skip
            with pytest.raises(Problem) as refused:
                await verb
            assert refused.value.status == 403
        assert (await approve_request(scene.db, shops, scene.caller("admin"), request.id)).state == "done"


async def test_a_refused_request_frees_its_goods_and_is_not_approved_afterwards(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        shops = shops_of(shop)
        request = await ask_for(scene.db, shops, scene.asked(lines={2: 1}))
        refused = await refuse_request(scene.db, scene.caller(), request.id, "桌面有使用痕迹")
        assert (refused.state, refused.outcome) == ("refused", "桌面有使用痕迹")
        with pytest.raises(Problem) as late:
            await approve_request(scene.db, shops, scene.caller(), request.id)
        assert late.value.code == "decided_already"
        again = await ask_for(scene.db, shops, scene.asked("message:2:1", lines={2: 1}))
    assert again.state == "waiting_approval"


async def test_a_customer_takes_back_what_he_asked_for_in_his_own_talk_only(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked(lines={2: 1}))
    other, _ = await scene.ground.new_conversation()
    with pytest.raises(Problem) as foreign:
        await withdraw_in_conversation(scene.db, scene.workspace_id, other, request.id)
    assert foreign.value.status == 404
    taken_back = await withdraw_in_conversation(scene.db, scene.workspace_id, scene.talk, request.id)
    assert taken_back.state == "withdrawn"
    with pytest.raises(Problem):
        await withdraw_request(scene.db, scene.caller(), request.id)


async def test_what_the_shop_has_done_cannot_be_taken_back_here(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        request = await ask_for(scene.db, shops_of(shop), scene.asked())
    with pytest.raises(Problem) as done:
        await withdraw_request(scene.db, scene.caller(), request.id)
    assert done.value.code == "decided_already"


async def test_the_assistant_asks_nothing_of_an_order_that_was_not_opened_in_this_talk(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    other, _ = await scene.ground.new_conversation()
    async with StubShop() as shop:
        for asked in (
            scene.asked(conversation_id=other),
            scene.asked(conversation_id=None),
            scene.asked(order_id=10**9),
        ):
            with pytest.raises(RequestRefused) as refused:
                await ask_for(scene.db, shops_of(shop), asked)
            assert refused.value.code == "order_not_verified"
        async with scene.db.transaction(scene.workspace_id) as tx:
            await tx.execute("update opened_orders set open_until = now()")
        with pytest.raises(RequestRefused):
            await ask_for(scene.db, shops_of(shop), scene.asked())
    assert shop.calls == []


async def test_an_agent_asks_for_any_order_of_the_workspace_and_no_other(new_ground: NewGround) -> None:
    scene, foreign = await set_scene(new_ground), await set_scene(new_ground)
    async with StubShop() as shop:
        request = await ask_for(
            scene.db, shops_of(shop), scene.asked(conversation_id=None, caller=scene.caller(), lines={2: 1})
        )
        assert (request.state, request.asked_by) == ("done", "agent")
        with pytest.raises(Problem) as missing:
            await ask_for(scene.db, shops_of(shop), scene.asked("k", order_id=foreign.order_id, caller=scene.caller()))
        assert missing.value.status == 404


async def test_a_key_used_for_another_request_is_refused(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with StubShop() as shop:
        await ask_for(scene.db, shops_of(shop), scene.asked())
        with pytest.raises(Problem) as reused:
            await ask_for(scene.db, shops_of(shop), scene.asked(kind="exchange"))
    assert reused.value.code == "idempotency_key_reused"


async def test_of_fifty_coupons_at_once_a_contact_gets_one(new_ground: NewGround) -> None:
    scene = await set_scene(new_ground)
    async with scene.db.transaction(scene.workspace_id) as tx:
        contact = await tx.fetchval("select contact_id from identities limit 1")
        coupon = await tx.fetchval(
            "insert into coupons (workspace_id, name, off_minor, is_public) values ($1, '补偿券', 1000, false) returning id",
            scene.workspace_id,
        )

    async def give(key: str) -> RequestView:
        async with scene.db.transaction(scene.workspace_id) as tx:
            return await give_coupon(tx, Giving(scene.workspace_id, key, coupon, contact, caller=scene.caller()))

    results = await asyncio.gather(*(give(f"k{n}") for n in range(50)), return_exceptions=True)
    [made] = [one for one in results if isinstance(one, RequestView)]
    assert (made.state, made.amount_minor) == ("done", 1000)
    assert await scene.count("select count(*) from given_coupons") == 1
    assert (await give(made.idempotency_key)).id == made.id
    async with scene.db.transaction(scene.workspace_id) as tx:
        with pytest.raises(RequestRefused):
            await give_coupon(tx, Giving(scene.workspace_id, "x", coupon, contact))


async def test_a_policy_is_kept_and_nonsense_is_refused(new_ground: NewGround) -> None:
    ground = await new_ground()
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await load_policy(tx, ground.workspace_id) == OrderPolicy()
        mine = OrderPolicy(assistant_kinds=("return",), agent_limit_minor=8000, link_days=5)
        await save_policy(tx, ground.workspace_id, mine)
        assert await load_policy(tx, ground.workspace_id) == mine
        for bad in (
            OrderPolicy(assistant_kinds=("burn",)),
            OrderPolicy(return_days=-1),
            OrderPolicy(agent_limit_minor=-1),
        ):
            with pytest.raises(Problem):
                await save_policy(tx, ground.workspace_id, bad)
