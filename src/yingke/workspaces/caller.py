"""Who is calling: an agent with a session, or a program with an API key. Always of exactly one workspace."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Caller:
    """Made by `authenticate` alone; routes trust nothing else about who is speaking."""

    workspace_id: int
    agent_id: int | None
    api_key_id: int | None
    role: str
    """owner, admin or agent; "program" for an API key."""
    scopes: frozenset[str] = field(default_factory=frozenset)
    """What an API key may do; empty for agents, whose role decides."""
    session_id: int | None = None
    csrf_token: str = ""
    """Expected in X-CSRF-Token on every write of this session; empty for an API key."""
    address: str = ""
    """Where this request came from, for the audit log."""

    @property
    def owner(self) -> str:
        """Whose requests these are, for idempotency and rates."""
        return f"agent:{self.agent_id}" if self.agent_id is not None else f"key:{self.api_key_id}"
