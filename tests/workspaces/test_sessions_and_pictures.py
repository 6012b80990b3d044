"""How long a session lives, and who may see the picture of an agent."""

import base64
from collections.abc import AsyncIterator

from tests.workspaces.conftest import Door
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.settings import Settings
from yingke.workspaces.authenticate import touch_session

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


async def test_a_session_ends_a_week_after_its_last_use_and_a_month_after_its_beginning(
    door: Door, db: Database
) -> None:
    owner = await door.owner()
    workspace_id = int(owner.me["workspace"]["id"])
    session_id = int((await owner.get("/v1/sessions"))["items"][0]["id"])
    days = "select extract(epoch from expires_at - now()) / 86400 from agent_sessions where id = $1"
    async with db.transaction(workspace_id) as tx:
        assert 6.9 < await tx.fetchval(days, session_id) <= 7
        await tx.execute("update agent_sessions set created_at = now() - interval '28 days' where id = $1", session_id)
        await touch_session(tx, session_id, "203.0.113.9")
        assert 1.9 < await tx.fetchval(days, session_id) <= 2
        await tx.execute("update agent_sessions set expires_at = now() where id = $1", session_id)
    door.app.state.authenticate.known.drop(lambda caller: caller.workspace_id == workspace_id)
    assert (await owner.call("GET", "/v1/me")).status_code == 401


async def test_a_picture_of_an_agent_is_open_to_who_has_its_link_and_to_nobody_else(
    door: Door, db: Database, settings: Settings
) -> None:
    owner, stranger = await door.owner(), await door.owner()
    workspace_id, agent_id = int(owner.me["workspace"]["id"]), int(owner.me["agent"]["id"])

    async def chunks() -> AsyncIterator[bytes]:
        yield PIXEL

    stored = await Files(settings.data_dir / "files", b"k" * 32).save(workspace_id, chunks(), 10_000)
    async with db.transaction(workspace_id) as tx:
        file_id = await tx.fetchval(
            "insert into files (workspace_id, sha256, name, media_type, size, owner_kind, owner_id)"
            " values ($1, $2, 'me.png', $3, $4, 'agent', $5) returning id",
            workspace_id,
            stored.sha256,
            stored.media_type,
            stored.size,
            agent_id,
        )
    theft = await stranger.call("PATCH", "/v1/me", json={"avatar_file_id": str(file_id)})
    assert theft.status_code == 400
    url = (await owner.patch("/v1/me", {"avatar_file_id": str(file_id)}))["agent"]["avatar_url"]
    seen = await door.browser().call("GET", url)
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/png")
    assert seen.headers["x-content-type-options"] == "nosniff"
    for forged in (url[:-1], url[:-1] + ("0" if url[-1] != "0" else "1"), url.replace(".", ".1", 1), "/avatars/1.2"):
        assert (await door.browser().call("GET", forged)).status_code == 404
    await owner.patch("/v1/me", {"avatar_file_id": None})
    assert (await door.browser().call("GET", url)).status_code == 404
