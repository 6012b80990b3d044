"""One running product for the journeys that do not break it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from benchmarks.product import Product
from tests.journeys.lent import lend_product
from tests.journeys.people import Agent, Visitor, all_leave


@pytest.fixture(scope="session")
async def product() -> AsyncIterator[Product]:
    async with lend_product() as running:
        yield running


@pytest.fixture(autouse=True)
async def nobody_is_left() -> AsyncIterator[None]:
    yield
    await all_leave()


@pytest.fixture
async def owner(product: Product) -> AsyncIterator[Agent]:
    agent = Agent(product)
    await agent.sign_up()
    yield agent
    await agent.close()


OpenVisitor = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def open_visitor(product: Product) -> AsyncIterator[OpenVisitor]:
    opened: list[Visitor] = []

    async def make(site_key: str, **wish: object) -> Visitor:
        visitor = Visitor(product, site_key)
        opened.append(visitor)
        return await visitor.open(**wish)

    yield make
    for visitor in opened:
        await visitor.close()
