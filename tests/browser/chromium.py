"""Finds Chromium, or installs Debian's. `python -m tests.browser.chromium` before the browser tests; never skipped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHELL, WHOLE = "chromium-headless-shell", "chromium"
"""Chromium without its windows opens a context and a page for half the processor time. Either will do."""
FONT = "fonts-noto-cjk"
MISSING = (
    f"Chromium is needed for the browser tests: set YINGKE_CHROMIUM to it, or install the packages {SHELL} (or {WHOLE}) "
    f"and {FONT}."
)


def chromium_path() -> str:
    places = [Path("/usr/bin", name) for name in (SHELL, WHOLE)]
    return os.environ.get("YINGKE_CHROMIUM") or str(next((place for place in places if place.is_file()), places[0]))


def ensure_chromium() -> bool:
    """True when the browser is there, after installing it where we may."""
    if "YINGKE_CHROMIUM" in os.environ:
        return Path(chromium_path()).is_file()
    has_font = any(Path("/usr/share/fonts").rglob("NotoSansCJK*")) if Path("/usr/share/fonts").is_dir() else False
    if not (has_font and Path("/usr/bin", SHELL).is_file()) and shutil.which("apt-get") is not None:
        _install(SHELL) or _install(WHOLE)
    return Path(chromium_path()).is_file()


def _install(browser: str) -> bool:
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", browser, FONT]
    for command in (["apt-get", "update", "-qq"], install):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run([*prefix, *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return False
    return True


if __name__ == "__main__":
    if not ensure_chromium():
        sys.exit(MISSING)
