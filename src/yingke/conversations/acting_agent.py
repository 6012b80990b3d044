"""In whose name a caller acts: an agent in his own, a program in that of the agent it names."""

from yingke.kit.errors import bad_input
from yingke.kit.ids import read_id
from yingke.workspaces.caller import Caller


def acting_agent(caller: Caller, named: str | None) -> int:
    """The agent's id. Raises 400 when a program names nobody; an agent cannot act for another."""
    if caller.agent_id is not None:
        return caller.agent_id
    if named is None:
        raise bad_input({"agent_id": "程序须指明以哪位客服的名义 / a program must say in which agent's name it acts"})
    return read_id(named)


def may_force(caller: Caller, wish: bool) -> bool:
    """Only owners and admins take a conversation from a colleague."""
    return wish and caller.role in ("owner", "admin")
