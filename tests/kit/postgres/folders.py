"""Folders of a chosen mode."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yingke.kit.postgres.owner import Owner
from yingke.kit.postgres.place import Place, find_cluster_folder
from yingke.kit.postgres.sockets import ROOT


@contextmanager
def temporary_folder(parent: str, mode: int) -> Iterator[Path]:
    """A folder `parent/x` of that mode; a cluster that had to move elsewhere is removed with it."""
    folder = Path(tempfile.mkdtemp(prefix="yk-test-", dir=parent))
    folder.chmod(mode)
    try:
        yield folder
    finally:
        cluster = find_cluster_folder(folder / "data")
        shutil.rmtree(ROOT / Place(folder, cluster, Owner()).name, ignore_errors=True)
        shutil.rmtree(cluster, ignore_errors=True)
        shutil.rmtree(folder)
