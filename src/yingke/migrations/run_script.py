"""Runs a file of SQL that stands beside its revision."""

from pathlib import Path

from alembic import op


def run_script(name: str) -> None:
    """Runs all statements of `versions/<name>` in the revision's transaction."""
    script = (Path(__file__).parent / "versions" / name).read_text("utf-8")
    driver = op.get_bind().connection.dbapi_connection
    if driver is None:
        raise RuntimeError("the migration has no open connection")
    driver.run_async(lambda connection: connection.execute(script))
