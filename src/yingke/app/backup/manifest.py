"""What a backup says of itself, and the refusals of one that cannot be used."""

import re
from datetime import datetime

import msgspec

from yingke.kit.errors import Problem

FORMAT = 1
MANIFEST, DUMP, SECRET_KEY = "manifest.json", "database.dump", "secret.key"
_FILE_NAME = re.compile(r"files/[0-9]{1,19}/[0-9a-f]{2}/[0-9a-f]{64}")


class Part(msgspec.Struct, frozen=True):
    """One member of the archive. `sha256` as hex, `size` in bytes."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """`version` of the program and `revision` of the schema that wrote it; `parts` in the order of the archive."""

    format: int
    version: str
    revision: str
    server: str
    created_at: datetime
    parts: list[Part]

    @property
    def has_secret_key(self) -> bool:
        return any(part.name == SECRET_KEY for part in self.parts)

    @property
    def files(self) -> int:
        return sum(part.name.startswith("files/") for part in self.parts)


def is_known_name(name: str) -> bool:
    """True for names that a backup may hold; nothing else is ever written to disk."""
    return name in (DUMP, SECRET_KEY) or bool(_FILE_NAME.fullmatch(name))


def damaged(what: str) -> Problem:
    return Problem(
        422,
        "backup_damaged",
        f"备份文件不完整或已损坏（{what}），没有恢复任何内容。请换一份备份。",
        f"The backup is damaged or incomplete ({what}). Nothing was restored. Use another backup.",
    )


def too_new(manifest: Manifest) -> Problem:
    return Problem(
        422,
        "backup_too_new",
        f"这份备份由更新的版本 {manifest.version} 写成，请先升级程序再恢复。",
        f"This backup was written by the newer version {manifest.version}. Upgrade the program, then restore.",
    )
