"""The team completed: what it asks of customers, where agents are, figures of the work that it takes over."""

from yingke.migrations.run_script import run_script

revision = "0004"
down_revision = "0003"

PARTS: tuple[str, ...] = ("coupons", "contacts", "load", "search")


def upgrade() -> None:
    for part in PARTS:
        run_script(f"0004_{part}.sql")
    run_script("0003_fence.sql")
