"""Asks the shop to do something with an order, for the assistant or for an agent."""

from yingke.commerce.contract import Shops
from yingke.commerce.requests.carry_on import carry_on
from yingke.commerce.requests.claim_request import Asked, claim_request
from yingke.commerce.requests.request_view import RequestView
from yingke.kit.db import Database


async def ask_for(db: Database, shops: Shops, asked: Asked) -> RequestView:
    """Claim, call, record. Asked again under the same key it gives the same request and does nothing twice.

    State afterwards: waiting_approval, open (a person goes on), done, failed (the shop refused), uncertain (nobody
    knows; a person looks), calling (the shop is down; tried again by itself). Raises RequestRefused, 400, 404.
    """
    async with db.transaction(asked.workspace_id) as tx:
        request = await claim_request(tx, asked)
    if request.state == "calling":
        return await carry_on(db, shops, asked.workspace_id, request.id)
    return request
