"""Lets the carrier service tell by itself where the parcels under way are."""

from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.contract import ShopError, ShopUnauthorised
from yingke.commerce.providers.kuaidi100 import Kuaidi100
from yingke.commerce.shapes import Shipment
from yingke.kit.db import Database, Transaction
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job, enqueue
from yingke.kit.settings import Settings

SUBSCRIBE = "subscribe_parcels"
MOST_AT_ONCE = 50
_DUE = """
select s.tracking_number, max(s.carrier) as carrier, max(s.carrier_code) as carrier_code, max(s.phone_tail) as phone_tail
from shipments s join orders o on o.workspace_id = s.workspace_id and o.id = s.order_id
where s.workspace_id = $1 and s.tracking_number <> '' and s.state not in ('delivered', 'returned')
  and o.ordered_at > now() - interval '30 days' and not exists (select 1 from parcel_subscriptions p
    where p.workspace_id = $1 and p.connection_id = $2 and p.tracking_number = s.tracking_number)
group by s.tracking_number order by s.tracking_number limit $3
"""


async def queue_subscriptions(tx: Transaction, workspace_id: int) -> None:
    """Does nothing for a workspace without a carrier service."""
    carrier = await tx.fetchval(
        "select id from shop_connections where workspace_id = $1 and provider = $2 and deleted_at is null"
        " and state = 'ok' order by id limit 1",
        workspace_id,
        Kuaidi100.name,
    )
    if carrier is not None:
        data = {"connection_id": carrier}
        await enqueue(
            tx, workspace_id, kind=SUBSCRIBE, lane=f"shop:{carrier}", ref=str(carrier), data=data, priority=-10
        )


async def subscribe_parcels(db: Database, shops: ConnectedShops, settings: Settings, job: Job) -> None:
    """The handler of jobs of kind SUBSCRIBE. A parcel that the carrier does not take is not tried again."""
    workspace_id, connection_id = job.workspace_id, job.data["connection_id"]
    if not settings.public_url:
        return
    try:
        provider = await shops.open(workspace_id, connection_id)
    except ShopError:
        return
    if not isinstance(provider, Kuaidi100) or not provider.access.text("salt"):
        return
    callback = f"{settings.public_url.rstrip('/')}/inbound/shop/{show_id(connection_id)}"
    async with db.transaction(workspace_id) as tx:
        due = await tx.fetch(_DUE, workspace_id, connection_id, MOST_AT_ONCE)
    for row in due:
        try:
            parcel = Shipment(**dict(row))
            await provider.subscribe(parcel, callback)
        except ShopUnauthorised:
            return
        except ShopError as problem:
            if problem.advice == "retry":
                return
        async with db.transaction(workspace_id) as tx:
            await tx.execute(
                "insert into parcel_subscriptions (workspace_id, connection_id, tracking_number) values ($1, $2, $3)"
                " on conflict do nothing",
                workspace_id,
                connection_id,
                row["tracking_number"],
            )
