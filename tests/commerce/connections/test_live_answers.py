"""An order as the assistants open it while its shop is well, slow, down, or knows more than the mirror."""

from datetime import UTC, datetime

from tests.commerce.connections.conftest import Connections, shop_named, workspace_of
from tests.emulators import shopify
from yingke.assistants.tools.contract import Session, ToolResult
from yingke.assistants.tools.open_order import OpenOrder
from yingke.commerce.connections.live import Live

TAIL = "0001"


async def _conversation(connections: Connections, workspace: int) -> tuple[int, int]:
    """(shop, conversation)"""
    async with connections.db.transaction(workspace) as tx:
        shop, account = await tx.fetchrow("select shop_id, id from channel_accounts limit 1")
        contact = await tx.fetchval("insert into contacts (workspace_id) values ($1) returning id", workspace)
        identity = await tx.fetchval(
            "insert into identities (workspace_id, contact_id, channel_account_id) values ($1, $2, $3) returning id",
            workspace,
            contact,
            account,
        )
        made = await tx.fetchval(
            "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id) values ($1, $2, $3, $4)"
            " returning id",
            workspace,
            shop,
            account,
            identity,
        )
        return shop, made


async def _session(connections: Connections, workspace: int, live: Live) -> Session:
    shop, conversation = await _conversation(connections, workspace)
    now = datetime.now(UTC)
    return Session(connections.db, connections.shops, workspace, shop, conversation, 1, "zh", now, live=live)


async def _open(session: Session, number: str, tail: str = TAIL) -> ToolResult:
    return await OpenOrder().run(session, {"number": number, "phone_tail": tail}, 0)


async def _age(connections: Connections, workspace: int) -> None:
    async with connections.db.transaction(workspace) as tx:
        await tx.execute("update orders set seen_at = now() - interval '2 hours'")


async def test_an_order_is_told_as_its_shop_has_it_now_or_with_the_time_of_the_mirror(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        live = Live(connections.db, connections.shops)
        session = await _session(connections, workspace, live)
        shop.book["70001"].state = "shipped"
        await _age(connections, workspace)
        opened = await _open(session, "70001")
        assert opened.data["order"]["state"] == "shipped"
        assert "as_of" not in opened.data["order"]
        shop.book["70001"].state = "delivered"
        await _age(connections, workspace)
        shop.faults += ["down"] * 4
        old = await _open(session, "70001")
        assert old.data["order"]["state"] == "shipped", "nothing is invented"
        assert old.data["order"]["as_of"]
        assert "as_of" not in old.cards[0]


async def test_an_order_made_after_the_last_sync_is_found_and_only_by_whose_it_is(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        live = Live(connections.db, connections.shops)
        session = await _session(connections, workspace, live)
        wrong = await _open(session, "70001", "9999")
        unknown = await _open(session, "88888", "9999")
        assert (wrong.problem, unknown.problem) == ("wrong", "wrong")
        assert "order" not in wrong.data
        right = await _open(session, "70001")
        assert right.data["order"]["number"].endswith("70001")


async def test_while_the_shop_is_dead_nothing_is_said_about_any_number(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        await _age(connections, workspace)
        shop.faults += ["down"] * 20
        session = await _session(connections, workspace, Live(connections.db, connections.shops))
        unknown, known = await _open(session, "88888", "9999"), await _open(session, "70001", "9999")
        assert (unknown.problem, known.problem) == ("shop_down", "shop_down")
        assert (await _open(session, "70001")).data["order"]["as_of"]
