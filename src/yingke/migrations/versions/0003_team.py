"""The AI team and its desk: the shop's live data, mood, guards, groups of agents, models with budgets."""

from yingke.migrations.run_script import run_script

revision = "0003"
down_revision = "0002"

PARTS = (
    "understood",
    "shop",
    "connections",
    "imports",
    "guards",
    "models",
    "routing",
    "rules",
    "team_versions",
    "help",
)


def upgrade() -> None:
    for part in PARTS:
        run_script(f"0003_{part}.sql")
    run_script("0003_fence.sql")
