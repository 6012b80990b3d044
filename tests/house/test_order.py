"""The house stands as its plan says."""

import subprocess
import sys
from pathlib import Path

from tests.house.sizes import ROOT, find_faults


def test_files_and_functions_keep_their_sizes_and_say_their_names() -> None:
    assert find_faults() == []


def test_rooms_use_only_the_rooms_below_them() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_hot_path_imports_no_orm() -> None:
    code = (
        "import sys, yingke.app.house, yingke.app.server, yingke.app.running;"
        "print([name for name in sys.modules if name.split('.')[0] in ('sqlalchemy', 'alembic')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
