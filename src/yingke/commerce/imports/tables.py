"""The seam to whatever reads strangers' files: the application brings it."""

from abc import ABC, abstractmethod
from pathlib import Path

from msgspec import Struct


class Table(Struct):
    """Every row has as many cells as there are columns; a cell is text, "" where the file has none."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


class TableReader(ABC):
    """Reads xlsx, xls, ods, csv of any encoding, and JSON, in a process that can do no harm."""

    @abstractmethod
    async def read(self, path: Path, file_name: str) -> bytes:
        """A `Table`, packed with MessagePack. Raises Problem(422) that says why not; FileNotFoundError."""
