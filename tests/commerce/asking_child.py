"""A process that asks the shop and can be killed while it does: `python -m tests.commerce.asking_child <json>`."""

import asyncio
import json
import sys

from tests.commerce.stub_shop import StubProvider, StubShops
from yingke.commerce.requests.carry_on import carry_on
from yingke.kit.db import Database


async def main(dsn: str, workspace_id: int, request_id: int, port: int) -> None:
    db = await Database.open(dsn, 2)
    await carry_on(db, StubShops(StubProvider(port, wait=60)), workspace_id, request_id)


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
