"""Who I am: everything the workbench needs before its first screen."""

import msgspec

from yingke import __version__
from yingke.kit.db import Transaction
from yingke.kit.errors import unauthorized
from yingke.kit.ids import show_id
from yingke.kit.secrets import Secrets
from yingke.workspaces.agents import get_agent
from yingke.workspaces.caller import Caller
from yingke.workspaces.shapes import Me, SetupView, ShopName, WorkspaceSettings, WorkspaceView

# What holds until somebody chooses otherwise.
_SETTINGS = {"amber_seconds": 100, "red_seconds": 180}
_SETUP = {"step": "", "skipped": False, "done": []}


async def get_me(tx: Transaction, secrets: Secrets, caller: Caller, *, insecure: bool) -> Me:
    """Raises 401 for a program: it is nobody's "me"."""
    if caller.agent_id is None:
        raise unauthorized()
    shops = await tx.fetch("select id, name, site_key from shops where archived_at is null order by id limit 500")
    return Me(
        agent=await get_agent(tx, secrets, caller.agent_id, with_settings=True),
        workspace=await get_workspace(tx),
        shops=[ShopName(show_id(row["id"]), row["name"], row["site_key"]) for row in shops],
        csrf_token=caller.csrf_token,
        version=__version__,
        insecure=insecure,
    )


async def get_workspace(tx: Transaction) -> WorkspaceView:
    """The workspace of the open transaction."""
    row = await tx.fetchrow("select id, name, time_zone, language, is_demo, settings, setup from workspaces")
    return WorkspaceView(
        id=show_id(row["id"]),
        name=row["name"],
        time_zone=row["time_zone"],
        language=row["language"],
        is_demo=row["is_demo"],
        settings=msgspec.convert(_SETTINGS | row["settings"], WorkspaceSettings, strict=False),
        setup=msgspec.convert(_SETUP | row["setup"], SetupView, strict=False),
    )
