"""The door at which shops speak to us: signed pushes, and the platform's test of the address."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post

from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.connections.pushes import find_shop, receive_push
from yingke.commerce.contract import PushRefused
from yingke.kit.client_address import client_address
from yingke.kit.errors import Problem
from yingke.kit.rates import Rates
from yingke.kit.settings import Settings

Asking = Request[Any, Any, Any]
DOOR = {"door": "shop"}
MOST_BYTES = 1_000_000


@post("/inbound/shop/{id:str}", opt=DOOR, status_code=200, include_in_schema=False)
async def post_push(id: str, request: Asking, shops: ConnectedShops, rates: Rates) -> Response[bytes]:
    """Answered as the platform wants it once what was told is stored; 401 for what the shop did not sign."""
    _hold_back(request, shops.settings, rates)
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise Problem(413, "too_big", "内容太大了。", "The body is too large.")
    row = await find_shop(shops, id)
    media_type, answer = await receive_push(shops, row, _told(request), body)
    return Response(answer.encode(), media_type=media_type, status_code=200)


@get("/inbound/shop/{id:str}", opt=DOOR, include_in_schema=False)
async def get_probe(id: str, request: Asking, shops: ConnectedShops, rates: Rates) -> Response[bytes]:
    _hold_back(request, shops.settings, rates)
    row = await find_shop(shops, id)
    echo = shops.provider(row).answer_probe(dict(request.query_params))
    if echo is None:
        raise PushRefused
    return Response(echo.encode(), media_type="text/plain", status_code=200)


def _hold_back(request: Asking, settings: Settings, rates: Rates) -> None:
    """Real shops send bursts; whoever guesses signatures is slowed down."""
    rates.check(f"shop_push:{client_address(request, settings)}", rate=100, burst=2000)


def _told(request: Asking) -> Mapping[str, str]:
    query = {f"?{name}": value for name, value in request.query_params.items()}
    return {name.lower(): value for name, value in request.headers.items() if not name.startswith("?")} | query


ROUTES = [post_push, get_probe]
