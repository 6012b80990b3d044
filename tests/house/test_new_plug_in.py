"""`make new parser NAME` writes files that need no mending."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sizes import ROOT

PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the scaffold and its checks read."""
    left_out = shutil.ignore_patterns("static", "__pycache__", "demo")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=left_out)
    for name in ("tools", "tests/knowledge"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("tools/new.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder / "src"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_it_makes_is_found_tested_typed_and_well_formed(copy: Path) -> None:
    made = run(copy, sys.executable, "tools/new.py", "parser", "price_list")
    assert made.returncode == 0, made.stderr
    files = made.stdout.splitlines()[:-1]
    assert files == ["src/yingke/knowledge/parsers/price_list.py", "tests/knowledge/test_parser_price_list.py"]
    for command in (
        ("ruff", "check", *files),
        ("ruff", "format", "--check", *files),
        ("mypy", "--cache-dir", copy / "cache", "--follow-imports", "silent", files[0]),
        ("pytest", "-q", "-p", "no:cacheprovider", files[1]),
    ):
        done = run(copy, PROGRAMS / str(command[0]), *command[1:])
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("parser", "csv", "There already"),
        ("parser", "Csv", "no name"),
        ("parser", "../x", "no name"),
        ("parser", "class", "no name"),
        ("channel", "wecom", "scaffold for: parser"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(copy: Path, kind: str, name: str, says: str) -> None:
    before = sorted(copy.rglob("*.py"))
    made = run(copy, sys.executable, "tools/new.py", kind, name)
    assert made.returncode == 1
    assert says in made.stderr
    assert sorted(copy.rglob("*.py")) == before
