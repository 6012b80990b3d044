"""One run over all golden questions waits at most; whoever wants another joins it."""

from yingke.kit.db import Transaction


async def want_run(
    tx: Transaction, workspace_id: int, cause: str, *, ref: str = "", name: str = "", agent_id: int | None = None
) -> int:
    """The id of the run that waits, with the newest cause written on it."""
    return int(
        await tx.fetchval(
            "insert into golden_runs (workspace_id, cause, cause_ref, cause_name, started_by) values ($1, $2, $3, $4, $5)"
            " on conflict (workspace_id) where state = 'queued' and kind = 'full' do update set cause = excluded.cause,"
            " cause_ref = excluded.cause_ref, cause_name = excluded.cause_name, started_by = excluded.started_by"
            " returning id",
            workspace_id,
            cause,
            ref,
            name[:200],
            agent_id,
        )
    )
