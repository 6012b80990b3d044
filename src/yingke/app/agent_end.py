"""What the parts of the agents' stream know of one open socket."""

from abc import abstractmethod

from yingke.app.event_tail import Listener
from yingke.kit.live import SocketEnd


class AgentEnd(SocketEnd, Listener):
    """`agent_id` is None for a program; `shops` None = every shop of the workspace."""

    shops: list[int] | None

    @property
    @abstractmethod
    def may_read(self) -> bool:
        """Conversations, not only that something happened in them."""

    @abstractmethod
    def link(self, file_id: int, name: str) -> str:
        """The address under which a file of this workspace opens."""

    @abstractmethod
    def team_changed(self) -> None:
        """Somebody's rights or shops have changed, perhaps this agent's."""
