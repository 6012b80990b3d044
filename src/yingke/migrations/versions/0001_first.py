"""The first schema: tables, crossings, fence."""

from yingke.migrations.run_script import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script("0001_first.sql")
    run_script("0001_hot_path.sql")
    run_script("0001_crossings.sql")
    run_script("0001_fence.sql")
