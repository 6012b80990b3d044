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
PACKAGES = ["chromium", "fonts-noto-cjk"]
MISSING = (
    "Chromium is needed for the browser tests: set YINGKE_CHROMIUM to it, or install the packages "
    "chromium and fonts-noto-cjk."
)


def chromium_path() -> str:
    return os.environ.get("YINGKE_CHROMIUM", "/usr/bin/chromium")


def ensure_chromium() -> bool:
    """True when the browser is there, after installing it where we may."""
    has_font = any(Path("/usr/share/fonts").rglob("NotoSansCJK*")) if Path("/usr/share/fonts").is_dir() else False
    if Path(chromium_path()).is_file() and (has_font or "YINGKE_CHROMIUM" in os.environ):
        return True
    if shutil.which("apt-get") is None:
        return Path(chromium_path()).is_file()
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    for command in (["apt-get", "update", "-qq"], install):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run([*prefix, *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            break
    return Path(chromium_path()).is_file()


if __name__ == "__main__":
    if not ensure_chromium():
        sys.exit(MISSING)
