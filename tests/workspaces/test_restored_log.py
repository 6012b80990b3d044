"""After a restore into another cluster nothing is skipped, and what comes twice has its old id."""

from tests.workspaces.conftest import Door
from yingke.app.backup.settle_log import settle_log
from yingke.kit.db import Database
from yingke.kit.events import record_event
from yingke.kit.postgres.run import Cluster
from yingke.workspaces.feed_webhooks import feed_webhooks, plain_data


async def test_webhooks_go_on_after_a_restore(door: Door, db: Database, cluster: Cluster) -> None:
    owner = await door.owner()
    workspace_id = int(owner.me["workspace"]["id"])
    body = {"url": "https://example.com/hook", "types": ["contact_updated"]}
    await owner.post("/v1/webhooks", body)

    async def ids() -> list[str]:
        await feed_webhooks(db, plain_data)
        async with db.transaction(workspace_id) as tx:
            return [row[0] for row in await tx.fetch("select event_id from webhook_deliveries order by id")]

    async def happen() -> None:
        async with db.transaction(workspace_id) as tx:
            await record_event(tx, workspace_id, "contact_updated")

    await happen()
    before = await ids()
    await happen()
    # As if all this came from a cluster that had counted much further.
    async with db.transaction(workspace_id) as tx:
        await tx.execute("update events set tx = (tx::text::bigint + 1000000000)::text::xid8")
        await tx.execute("update webhooks set cursor_tx = (cursor_tx::text::bigint + 1000000000)::text::xid8")
    await happen()
    assert await ids() == before
    await settle_log(cluster.dsn())
    await happen()
    after = await ids()
    assert after[:1] == before
    assert len(after) == len(set(after)) == 4
    expired = await owner.call("GET", "/v1/events?after=1000000001-5")
    assert (expired.status_code, expired.json()["code"]) == (410, "cursor_expired")
    assert len((await owner.get("/v1/events?limit=200"))["items"]) >= 4
