"""The test button: is the shop there, are the keys right, what is it called."""

from dataclasses import dataclass

from yingke.commerce.connections.say_problem import say_problem
from yingke.commerce.contract import ShopError
from yingke.commerce.providers.pieces.connected import Connected


@dataclass(frozen=True, slots=True)
class Tried:
    """`shop_name` as the shop calls itself; `problem` is {code, zh, en} when it did not work."""

    shop_name: str = ""
    problem: dict[str, str] | None = None


async def try_connection(provider: Connected) -> Tried:
    """Never raises for what the shop does."""
    try:
        return Tried(shop_name=(await provider.check())[:200])
    except ShopError as problem:
        return Tried(problem=say_problem(problem))
