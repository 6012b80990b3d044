"""Copies PostgreSQL's programs to a place that an unprivileged user can reach."""

import hashlib
import os
import shutil
from pathlib import Path

SPARE_ROOT = Path("/var/lib/yingke")
"""Where programs and clusters go when their own folder is closed to the database's user."""


def copy_binaries(source: Path, version: str) -> Path:
    """Copies the installation around the `bin` folder `source` once and returns the copied `bin` folder.

    Programs look for `../lib` and `../share`, and a wheel's programs for `../../../<package>.libs`: the layout is kept.
    Raises OSError when the disk is full or the place cannot be written.
    """
    mark = hashlib.sha256((source / "postgres").read_bytes()).hexdigest()[:8]
    target = SPARE_ROOT / f"pg-{version}-{mark}"
    prefix = source.parent
    package = prefix.parent
    libraries = package.parent / f"{package.name}.libs"
    copied = target / package.name / prefix.name / source.name
    if (copied / "postgres").is_file():
        return copied
    ensure_spare_root()
    fresh = target.with_name(f".{target.name}-{os.getpid()}")
    for part in (source.name, "lib", "share"):
        _copy(prefix / part, fresh / package.name / prefix.name / part)
    if libraries.is_dir():
        _copy(libraries, fresh / libraries.name)
    _open(fresh)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return copied


def ensure_spare_root() -> None:
    """Makes the folder if it is missing. One that exists keeps the mode it has."""
    if not SPARE_ROOT.exists():
        SPARE_ROOT.mkdir()
        SPARE_ROOT.chmod(0o755)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc"))


def _open(root: Path) -> None:
    for folder, _, names in os.walk(root):
        os.chmod(folder, 0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
