"""Knowledge that learns by itself: versions, sources, proposed pairs, questions, golden runs, past chats, large searches."""

from yingke.migrations.run_script import run_script

revision = "0002"
down_revision = "0001"

PARTS = ("settings", "documents", "pairs", "questions", "golden", "past", "search")


def upgrade() -> None:
    for part in PARTS:
        run_script(f"0002_{part}.sql")
    run_script("0002_fence.sql")
    run_script("0002_backfill.sql")
