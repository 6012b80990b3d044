"""Makes a new cluster, whole or not at all."""

import shutil
import subprocess
from pathlib import Path

from yingke.kit.postgres.explain import explain_failure
from yingke.kit.postgres.owner import child_environment, launch_command
from yingke.kit.postgres.place import Place

# C.UTF-8 in both libraries: the builtin provider sorts and folds, the C library decides for full-text search and
# trigrams which characters are letters. With plain C no Chinese character is one, and trigrams of Chinese are empty.
OPTIONS = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--lc-messages=C",
    "--text-search-config=simple",
    "--auth=scram-sha-256",
    "--data-checksums",
    "--no-instructions",
)


def initialise(place: Place, password: str, scratch: Path) -> None:
    """Runs initdb beside the cluster's folder and moves the result into place.

    `scratch` is a folder of the database's user in which the superuser's password lies while initdb reads it.
    Raises a Problem with the cause when initdb fails, OSError when the folder already holds something else.
    """
    fresh = place.cluster.with_name(f"{place.cluster.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    place.owner.give(fresh)
    secret = scratch / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    place.owner.give(secret)
    command = [str(place.bin / "initdb"), "-D", str(fresh), f"--pwfile={secret}", *OPTIONS]
    try:
        done = subprocess.run(
            launch_command(place.owner, command),
            cwd="/",
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise explain_failure(done.stdout + done.stderr)
        fresh.rename(place.cluster)
    finally:
        secret.unlink()
        shutil.rmtree(fresh, ignore_errors=True)
