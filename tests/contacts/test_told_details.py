"""What a customer tells of himself stands beside his contact: once, as his word, and gone when he takes it back."""

from tests.conftest import Ground
from yingke.contacts.forget_details import forget_details, leave_alone
from yingke.contacts.keep_details import MOST_OF_A_KIND, keep_details
from yingke.contacts.on_file import on_file
from yingke.contacts.queries import get_contact

PHONE = ("phone", "13800000417")


async def _contact_of(ground: Ground, identity_id: int) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(await tx.fetchval("select contact_id from identities where id = $1", identity_id))


async def _events(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(
            await tx.fetchval(
                "select count(*) from events where workspace_id = $1 and type = 'contact_updated'", ground.workspace_id
            )
        )


async def test_the_same_detail_told_twice_is_kept_once_and_announced_once(ground: Ground) -> None:
    conversation_id, identity_id = await ground.new_conversation()
    for seq in (1, 3):
        async with ground.db.transaction(ground.workspace_id) as tx:
            new = await keep_details(tx, ground.workspace_id, conversation_id, seq, [PHONE, PHONE])
        assert new == ([PHONE] if seq == 1 else [])
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from told_details where identity_id = $1", identity_id) == 1
    assert await _events(ground) == 1


async def test_a_claimed_number_never_becomes_the_number_by_which_orders_are_matched(ground: Ground) -> None:
    conversation_id, identity_id = await ground.new_conversation()
    contact_id = await _contact_of(ground, identity_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await keep_details(tx, ground.workspace_id, conversation_id, 1, [PHONE, ("city", "杭州")])
        contact = await get_contact(tx, ground.workspace_id, contact_id, None)
    assert contact.row["phone"] is None
    assert contact.self_reported == {"phone": "13800000417", "city": "杭州"}


async def test_what_the_shop_vouches_for_goes_before_what_was_told(ground: Ground) -> None:
    conversation_id, identity_id = await ground.new_conversation()
    contact_id = await _contact_of(ground, identity_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update contacts set phone = '13911112222' where id = $1", contact_id)
        await keep_details(tx, ground.workspace_id, conversation_id, 1, [PHONE, ("wechat", "wang_8899")])
        known = await on_file(tx, ground.workspace_id, identity_id)
    assert known.values == {"phone": "13911112222", "wechat": "wang_8899"}
    assert known.can_be_reached


async def test_the_newest_of_a_kind_stay(ground: Ground) -> None:
    conversation_id, identity_id = await ground.new_conversation()
    for at in range(MOST_OF_A_KIND + 3):
        async with ground.db.transaction(ground.workspace_id) as tx:
            await keep_details(tx, ground.workspace_id, conversation_id, at, [("phone", f"1380000000{at}")])
    async with ground.db.transaction(ground.workspace_id) as tx:
        kept = await tx.fetch("select value from told_details where identity_id = $1", identity_id)
    assert {row["value"] for row in kept} == {f"1380000000{at}" for at in range(3, MOST_OF_A_KIND + 3)}


async def test_what_is_taken_back_is_gone_and_who_wants_no_contact_is_noted_once(ground: Ground) -> None:
    conversation_id, identity_id = await ground.new_conversation()
    async with ground.db.transaction(ground.workspace_id) as tx:
        await keep_details(tx, ground.workspace_id, conversation_id, 1, [PHONE])
        assert await forget_details(tx, ground.workspace_id, conversation_id) == 1
        assert await forget_details(tx, ground.workspace_id, conversation_id) == 0
        await leave_alone(tx, ground.workspace_id, conversation_id)
    before = await _events(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await leave_alone(tx, ground.workspace_id, conversation_id)
        known = await on_file(tx, ground.workspace_id, identity_id)
    assert known.values == {}
    assert known.wants_no_contact
    assert await _events(ground) == before
