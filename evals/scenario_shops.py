"""The invented shops of `shops/`, opened in a running product as their merchants would: over the public API alone."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import msgspec
import yaml

from tests.app.desk import Desk

SHOPS = Path(__file__).parent / "shops"
DATA = "shop.yaml"
NOT_DOCUMENTS = (DATA, "questions.txt")
ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = re.compile(r"\{(?:D([+-]\d+) (?:(\d\d):(\d\d)|-(\d+))|NEXT (\d+))\}")
"""`{D-2 17:10}`: two days ago at that time; `{D-0 -60}`: an hour ago; `{NEXT 12}`: the next 12th of a month at 10:00."""
FIRST_COPY = 5000
TAIL = 4
"""How many digits at the end of an order number count the copies of it."""


class ShopCustomer(msgspec.Struct, forbid_unknown_fields=True):
    """`claims` of the shop's token, without `sub`; without any he is a stranger. He owns fresh copies of `orders`."""

    claims: dict[str, str] = {}
    orders: list[str] = []


class ShopData(msgspec.Struct, forbid_unknown_fields=True):
    """What `shop.yaml` holds, in the shapes of the API."""

    name: str
    products: list[dict[str, Any]]
    promotions: list[dict[str, Any]]
    coupons: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    customers: dict[str, ShopCustomer]
    hours: dict[str, str] | None = None
    """{from, to} of every day."""

    def order_like(self, number: str, count: int) -> dict[str, Any]:
        """The order of that number with a number of its own."""
        like = next(one for one in self.orders if one["number"] == number)
        return like | {"number": f"{number[:-TAIL]}{FIRST_COPY + count:0{TAIL}d}"}

    @property
    def numbers(self) -> list[str]:
        return [one["number"] for one in self.orders]


def load_shop_data(name: str) -> ShopData:
    """Raises FileNotFoundError for a shop that nobody has written."""
    text = MOMENT.sub(_moment, (SHOPS / name / DATA).read_text("utf-8"))
    return msgspec.convert(yaml.safe_load(text), ShopData)


def shop_documents(name: str) -> list[Path]:
    return sorted(path for path in (SHOPS / name).iterdir() if path.name not in NOT_DOCUMENTS)


async def open_shop(session: aiohttp.ClientSession, address: str, name: str) -> tuple[Desk, ShopData]:
    """Signs up, brings in what is sold and on offer, and uploads the documents; back when they are learned."""
    data = load_shop_data(name)
    owner = Desk(session, address)
    who = {"name": "店主", "email": f"owner@{name}.example", "password": f"{name}-a-long-password"}
    await owner.sign_in("/v1/auth/sign-up", workspace_name=data.name, language="zh-CN", **who)
    if data.hours is not None:
        await _set_hours(owner, data.hours)
    await _bring(owner, "products", data.products)
    await _bring(owner, "orders", data.orders)
    for kind, offers in (("promotions", data.promotions), ("coupons", data.coupons)):
        for offer in offers:
            await owner.post(f"/v1/{kind}", offer)
    for path in shop_documents(name):
        await owner.upload(path.name, path.read_bytes())
    return owner, data


async def _bring(owner: Desk, what: str, items: Sequence[dict[str, Any]]) -> None:
    told = await owner.post(f"/v1/{what}/import", {what: list(items)})
    assert told["added"] == len(items), told


async def _set_hours(owner: Desk, hours: dict[str, str]) -> None:
    body = {"hours": {"time_zone": str(ZONE), "days": [{"day": day, **hours} for day in range(1, 8)]}}
    for shop in (await owner.get("/v1/shops"))["items"]:
        url = f"{owner.address}/v1/shops/{shop['id']}"
        async with owner.session.patch(url, json=body, headers=owner.headers) as answer:
            assert answer.status == 200, await answer.text()


def _moment(found: re.Match[str]) -> str:
    now = datetime.now(ZONE)
    days, hour, minute, ago, next_day = found.groups()
    if next_day:
        at = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0)
        while at.day != int(next_day):
            at += timedelta(days=1)
    elif ago:
        at = now - timedelta(minutes=int(ago))
    else:
        at = (now + timedelta(days=int(days))).replace(hour=int(hour), minute=int(minute), second=0)
    return at.isoformat(timespec="seconds")
