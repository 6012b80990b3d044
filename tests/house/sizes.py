"""Sizes and names of the house, checked without running it. `python -m tests.house.sizes` prints what is wrong."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGEST_WEB_FILE = 250
FORBIDDEN_NAMES = {"service.py", "manager.py", "utils.py", "helpers.py", "common.py", "base.py"}
BROAD_ALLOWED = (
    "src/yingke/app/",
    "src/yingke/kit/jobs.py",
    "src/yingke/kit/batcher.py",
    "tests/",
    "benchmarks/",
    "evals/",
)
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|raise NotImplemented" r"Error")


def tracked(*endings: str) -> list[Path]:
    """Files known to git, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listing if name.endswith(endings) and (ROOT / name).is_file()]


def find_faults() -> list[str]:
    faults: list[str] = []
    for path in tracked(".py"):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/versions/" in name:
            continue
        faults += _python_faults(name, path.read_text("utf-8"))
    for path in tracked(".ts", ".tsx", ".vue", ".mjs"):
        name = path.relative_to(ROOT).as_posix()
        lines = path.read_text("utf-8").count("\n")
        if lines > LONGEST_WEB_FILE and not name.endswith(".d.ts"):
            faults.append(f"{name}: {lines} lines, at most {LONGEST_WEB_FILE}")
    return faults


def _python_faults(name: str, text: str) -> list[str]:
    faults = []
    lines = text.count("\n")
    if lines > LONGEST_FILE:
        faults.append(f"{name}: {lines} lines, at most {LONGEST_FILE}")
    if Path(name).name in FORBIDDEN_NAMES:
        faults.append(f"{name}: a name that says nothing")
    if UNFINISHED.search(text):
        faults.append(f"{name}: something unfinished is marked in it")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                faults.append(f"{name}:{node.lineno} {node.name}: {length} lines, at most {LONGEST_FUNCTION}")
        if isinstance(node, ast.ExceptHandler) and not name.startswith(BROAD_ALLOWED):
            caught, last = node.type, node.body[-1]
            if isinstance(last, ast.Raise) and last.exc is None:
                continue
            if caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException")):
                faults.append(f"{name}:{node.lineno}: catches everything")
    return faults


if __name__ == "__main__":
    found = find_faults()
    print("\n".join(found) or "sizes and names: in order")
    sys.exit(bool(found))
