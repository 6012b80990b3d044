"""The generated passwords of the embedded database's roles, one 0600 file in the data folder."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from yingke.kit.errors import Problem

FILE_NAME = "postgres.passwords.json"
ROLES = ("postgres", "yingke_owner", "yingke_app")


def ensure_passwords(data_dir: Path) -> dict[str, str]:
    """Role → password. Makes what is missing; what is there stays."""
    known = load_passwords(data_dir)
    passwords = {role: known.get(role) or secrets.token_urlsafe(24) for role in ROLES}
    if passwords != known:
        _store(data_dir / FILE_NAME, {**known, **passwords})
    return {**known, **passwords}


def has_passwords(data_dir: Path) -> bool:
    return (data_dir / FILE_NAME).exists()


def role_password(data_dir: Path, name: str) -> str:
    """The password of one role. Raises a Problem when the file has none."""
    return pick_password(load_passwords(data_dir), name)


def pick_password(passwords: Mapping[str, str], name: str) -> str:
    if name in passwords:
        return passwords[name]
    raise Problem(
        500,
        "postgres_unknown_role",
        f"没有数据库角色 {name} 的密码。可用的角色：{'、'.join(passwords) or '无'}。",
        f"There is no password for the database role {name}. Known roles: {', '.join(passwords) or 'none'}.",
    )


def load_passwords(data_dir: Path) -> dict[str, str]:
    """Role → password as stored; empty before the first start."""
    try:
        text = (data_dir / FILE_NAME).read_text()
    except FileNotFoundError:
        return {}
    loaded: dict[str, str] = json.loads(text)
    return loaded


def _store(path: Path, passwords: dict[str, str]) -> None:
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(passwords, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
