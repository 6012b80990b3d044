"""`yingke migrate` and `yingke workspace create`."""

from dataclasses import asdict
from typing import Any

from yingke.app.commands.ground import any_ground, bring_up_to_date
from yingke.app.migrate import read_revision
from yingke.kit.db import Database
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.workspaces.create import create_workspace


async def migrate(settings: Settings) -> str:
    async with any_ground(settings) as ground:
        await bring_up_to_date(ground, settings)
        return str(await read_revision(ground.admin))


async def create(settings: Settings, name: str, owner: str, language: str) -> dict[str, Any]:
    async with any_ground(settings) as ground:
        await bring_up_to_date(ground, settings)
        db = await Database.open(ground.app, 2)
        try:
            created = await create_workspace(db, Secrets.load(settings), name, owner, language=language)
        finally:
            await db.close()
    return {key: str(value) if isinstance(value, int) else value for key, value in asdict(created).items()}
