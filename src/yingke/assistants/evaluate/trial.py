"""Engines that answer golden questions only: of an endpoint that customers do not meet yet."""

from dataclasses import dataclass

from yingke.assistants.engine import Engine
from yingke.assistants.engines.chat import ChatEngine
from yingke.assistants.engines.ladder import limits_of
from yingke.assistants.team_versions.config import read_config
from yingke.assistants.team_versions.version import TeamVersion
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, conflict
from yingke.kit.http import Outgoing
from yingke.kit.secrets import SealBroken, Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.library import Library
from yingke.models.endpoints import abroad_not_confirmed, endpoint_of, get_endpoint
from yingke.models.switchboard import Switchboard


@dataclass(frozen=True)
class TrialEngines:
    """One per process."""

    db: Database
    library: Library
    outgoing: Outgoing
    secrets: Secrets
    settings: Settings
    switchboard: Switchboard | None = None
    """The process's own, so that trials are counted and wait their turn."""

    async def engine_of(self, workspace_id: int, endpoint_id: int) -> Engine:
        """Enabled or not. Raises 404; 409 for an endpoint abroad that the owner has not agreed to, or a lost key."""
        async with self.db.transaction(workspace_id) as tx:
            row = await get_endpoint(tx, workspace_id, endpoint_id)
            names = {shop["id"]: shop["name"] for shop in await tx.fetch("select id, name from shops")}
        check_consent(row["location"], row["abroad_confirmed_at"])
        board = self.switchboard or Switchboard(self.db, self.outgoing, self.secrets, self.settings)
        await board.line_of(workspace_id)
        try:
            line = board.trial_of(workspace_id, endpoint_of(row))
        except SealBroken:
            raise unreadable_key() from None
        return ChatEngine(self.library, line, names, limits_of(self.settings))


@dataclass(frozen=True, slots=True)
class Tried:
    """What a run tries; None: as customers meet it."""

    endpoint_id: int | None
    team: TeamVersion | None


async def find_tried(tx: Transaction, workspace_id: int, run_id: int) -> Tried:
    """Another model is tried under the version of the team that is live, so that only the model differs."""
    row = await tx.fetchrow(
        "select r.endpoint_id, coalesce(r.settings->'team_config', t.config) as config,"
        " coalesce((r.settings->>'team')::int, t.number) as number"
        " from golden_runs r left join team_versions t on t.workspace_id = r.workspace_id and t.state = 'live'"
        " where r.workspace_id = $1 and r.id = $2 and r.kind = 'trial'",
        workspace_id,
        run_id,
    )
    if row is None:
        return Tried(None, None)
    return Tried(row["endpoint_id"], TeamVersion(row["number"], read_config(row["config"])) if row["number"] else None)


def check_consent(location: str, confirmed_at: object) -> None:
    """Raises 409 before anything of a customer's leaves the country without the owner's word."""
    if location == "abroad" and confirmed_at is None:
        raise abroad_not_confirmed()


def unreadable_key() -> Problem:
    return conflict(
        "model_key_unreadable",
        "这个接口的密钥打不开了，请到模型设置里重新填写。",
        "The key of this endpoint cannot be opened. Enter it again in the model settings.",
    )
