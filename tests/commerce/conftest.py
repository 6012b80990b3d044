"""A workspace with the twelve products of the demo."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.conftest import Ground, NewGround
from yingke.app.demo.calendar import Calendar
from yingke.app.demo.catalog import demo_products
from yingke.commerce.store.put_products import put_products


@dataclass(frozen=True)
class Camp:
    ground: Ground
    calendar: Calendar

    @property
    def workspace_id(self) -> int:
        return self.ground.workspace_id


@pytest.fixture
async def camp(new_ground: NewGround) -> Camp:
    ground, calendar = await new_ground(), Calendar(datetime.now(UTC))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await put_products(tx, ground.workspace_id, None, demo_products(calendar))
    return Camp(ground, calendar)
