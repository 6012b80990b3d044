"""Builds the web pages and puts them where the package serves them from; does nothing when they are up to date.

Run by the build hook of the wheel, and by hand: `python web/build_static.py [--force]`.
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

OLDEST_NODE = (20, 19)
APPS = ("widget", "workbench")
NEEDED = ("widget/widget.js", "widget/chat.html", "widget/frame.html", "workbench/index.html")
NOT_SOURCES = {"node_modules", "dist", "test", "__pycache__"}
COMPRESSED = {".js", ".css", ".html", ".svg", ".json", ".webmanifest"}
STAMP = ".srchash"


class WebBuildError(RuntimeError):
    """The pages cannot be built; the message says what to do."""


def build_static(root: Path, force: bool = False) -> bool:
    """Fills `root/src/yingke/static`. Returns False when it was up to date or `SKIP_WEB=1` asked to leave it.

    Raises WebBuildError when Node is missing or too old, or when the build fails.
    """
    web, static = root / "web", root / "src" / "yingke" / "static"
    if os.environ.get("SKIP_WEB") == "1":
        return False
    if not web.is_dir():
        if is_complete(static):
            return False
        raise WebBuildError(f"Neither web sources nor built pages found below {root}.")
    wanted = hash_sources(web)
    if not force and is_complete(static) and (static / STAMP).read_text() == wanted:
        return False
    check_node()
    install(web)
    run(["npm", "run", "build"], web)
    publish(web, static, wanted)
    return True


def is_complete(static: Path) -> bool:
    return (static / STAMP).is_file() and all((static / name).is_file() for name in NEEDED)


def list_sources(web: Path) -> Iterator[Path]:
    for path in sorted(web.iterdir()):
        if path.name in NOT_SOURCES or path.suffix == ".tsbuildinfo":
            continue
        if path.is_dir():
            yield from list_sources(path)
        else:
            yield path


def hash_sources(web: Path) -> str:
    """One hash over the names and contents of everything that the build reads."""
    digest = hashlib.sha256()
    for path in list_sources(web):
        digest.update(path.relative_to(web).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def check_node() -> None:
    needed = "Node >= 20.19 with npm is needed to build the web pages (or SKIP_WEB=1 to build without them)"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise WebBuildError(f"{needed}; none was found on PATH.")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    found = re.match(r"v(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_NODE:
        raise WebBuildError(f"{needed}; found {said or 'an unknown version'}.")


def install(web: Path) -> None:
    """`npm ci`, unless what is installed came from this very lock file."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    mark = web / "node_modules" / ".lock-hash"
    if mark.is_file() and mark.read_text() == lock:
        return
    run(["npm", "ci", "--no-fund", "--no-audit"], web)
    mark.write_text(lock)


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise WebBuildError(f"`{' '.join(command)}` failed:\n{done.stdout[-4000:]}")


def publish(web: Path, static: Path, stamp: str) -> None:
    """Copies what was built beside `static`, compresses it, and changes places in one step."""
    fresh = static.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for app in APPS:
        shutil.copytree(web / "apps" / app / "dist", fresh / app, ignore=shutil.ignore_patterns("*.map"))
    for path in sorted(fresh.rglob("*")):
        if path.suffix in COMPRESSED:
            # No time in the header: the same sources give the same bytes.
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    (fresh / STAMP).write_text(stamp)
    missing = [name for name in NEEDED if not (fresh / name).is_file()]
    if missing:
        raise WebBuildError(f"The build left out {', '.join(missing)}.")
    shutil.rmtree(static, ignore_errors=True)
    fresh.rename(static)


if __name__ == "__main__":
    try:
        has_built = build_static(Path(__file__).resolve().parent.parent, force="--force" in sys.argv)
    except WebBuildError as error:
        sys.exit(str(error))
    print("web pages built" if has_built else "web pages are up to date")
