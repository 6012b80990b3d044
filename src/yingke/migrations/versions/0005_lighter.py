"""What the store does for a turn, in fewer and lighter statements."""

from yingke.migrations.run_script import run_script

revision = "0005"
down_revision = "0004"

PARTS: tuple[str, ...] = ("orders", "turns", "leads", "own_tools")


def upgrade() -> None:
    for part in PARTS:
        run_script(f"0005_{part}.sql")
    run_script("0003_fence.sql")
