"""Where the revisions of the database's shape lie."""

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "migrations"
