"""The number that grows with every change to what can be found in a workspace."""

from yingke.kit.db import Transaction

_ROUND = 1000
"""Additions count within a round; whatever takes away or changes begins the next one."""


async def read_version(tx: Transaction, workspace_id: int) -> int:
    """Raised in the transaction of every change to what can be found."""
    return int(await tx.fetchval("select knowledge_version from workspaces where id = $1", workspace_id))


async def raise_version(tx: Transaction, workspace_id: int, *, only_adds: bool = False) -> None:
    """Call it last: it locks the workspace's row until the commit.

    `only_adds`: everything that could be found before is found as it was, so that who does not know the new version yet
    answers nothing that is wrong now, see `only_added`.
    """
    step = "1" if only_adds else f"{_ROUND} - knowledge_version % {_ROUND}"
    await tx.execute(
        f"update workspaces set knowledge_version = knowledge_version + {step} where id = $1", workspace_id
    )


def only_added(before: int, after: int) -> bool:
    """Whether nothing was taken away or changed between two versions. The thousandth addition counts as a change."""
    return before // _ROUND == after // _ROUND
