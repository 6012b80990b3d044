"""A copy of the program that is one revision ahead, as the next release will be."""

import shutil
from pathlib import Path

import yingke

SOURCE = Path(str(yingke.__file__)).parent
NUMBER = max(int(path.name[:4]) for path in (SOURCE / "migrations/versions").glob("[0-9]*_*.py"))
THIS, NEXT, TOO_FAR = (f"{number:04d}" for number in (NUMBER, NUMBER + 1, NUMBER + 2))
"""Revisions of this program, of the next release, and of one that this program must refuse."""

REVISION = f'''"""A later release: a table of its own behind the fence, and a column that is filled from what is there."""

from alembic import op

revision = "{NEXT}"
down_revision = "{THIS}"


def upgrade() -> None:
    op.execute("alter table conversations add column weight int")
    op.execute("set local role yingke_system")
    op.execute("update conversations set weight = contact_messages + 1")
    op.execute("set local role yingke_owner")
    op.execute(
        "create table stickers (id bigint generated always as identity primary key,"
        " workspace_id bigint not null references workspaces(id), name text not null)"
    )
    op.execute("alter table stickers enable row level security")
    op.execute("alter table stickers force row level security")
    op.execute(
        "create policy fence on stickers to yingke_app using (workspace_id ="
        " (select nullif(current_setting('app.workspace_id', true), '')::bigint))"
    )
    op.execute("create policy crossing on stickers to yingke_system using (true) with check (true)")
    op.execute("grant select, insert, update, delete on stickers to yingke_app, yingke_system")
'''


def make_next_version(folder: Path) -> str:
    """The PYTHONPATH under which `python -m yingke.app` is the next release."""
    target = folder / "next" / "yingke"
    shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns("static"))
    (target / f"migrations/versions/{NEXT}_stickers.py").write_text(REVISION)
    return str(folder / "next")
