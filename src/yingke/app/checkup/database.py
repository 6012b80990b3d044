"""The database: where it lies, how big it is, whether its settings are safe, which revision it has."""

from pathlib import Path

import asyncpg

from yingke.app.checkup.report import Report
from yingke.app.migrate import newest_revision, read_revision
from yingke.kit.postgres.describe import describe
from yingke.kit.settings import Settings

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SHOWN = ("server_version", "data_checksums", "shared_buffers", "max_connections", *SAFE)


def check_cluster(report: Report, settings: Settings) -> tuple[bool, bool]:
    """(whether the product runs on this data folder, whether there is a database to look into)."""
    if settings.database_url:
        return False, True
    about = describe(settings.data_dir)
    for name in ("cluster", "elsewhere", "major", "bytes", "log"):
        report.facts[f"database_{name}"] = about[name]
    report.facts["running_since"] = about["since"]
    report.facts["running_pid"] = about["holder"]
    is_running = about["holder"] is not None
    is_there = is_running or (Path(str(about["cluster"])) / "PG_VERSION").exists()
    if not is_there:
        report.facts["database"] = "首次启动时创建 made on the first start"
    return is_running, is_there


async def check_contents(report: Report, dsn: str) -> None:
    """Revision, settings, size and what is left undone. `dsn` reads everything."""
    have, want = await read_revision(dsn), newest_revision()
    report.facts["revision"], report.facts["revision_of_program"] = have, want
    if have is None or int(have) < int(want):
        report.problem("数据库结构较旧，请运行 yingke migrate。", "The database is behind. Run: yingke migrate")
    elif int(have) > int(want) + 1:
        report.problem(
            "数据库来自更新的版本，请升级程序。", "The database belongs to a newer version. Upgrade the program."
        )
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        found = {name: await connection.fetchval("select current_setting($1)", name) for name in SHOWN}
        report.facts["database_settings"] = found
        report.facts["database_size_bytes"] = await connection.fetchval("select pg_database_size(current_database())")
        counts = None
        if have is not None:
            counts = await connection.fetchrow(
                "select (select count(*) from jobs where failed_at is not null) as dead_jobs,"
                " (select count(*) from pending_answers where since < now() - interval '2 minutes') as late_answers"
            )
    finally:
        await connection.close()
    for name, wanted in SAFE.items():
        if found[name] != wanted:
            report.problem(
                f"数据库设置 {name}={found[name]}，断电会丢数据。", f"{name} is {found[name]}: a power cut loses data."
            )
    if counts is not None:
        report.facts |= dict(counts)
        if counts["dead_jobs"]:
            report.warning(f"有 {counts['dead_jobs']} 个后台任务多次失败。", "Some background jobs failed for good.")
