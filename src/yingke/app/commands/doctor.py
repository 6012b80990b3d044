"""`yingke doctor`: what is there, what is missing, what to do. Works while the product runs and while it does not."""

import tempfile
from pathlib import Path
from typing import Any

import asyncpg

from yingke.app.checkup.database import check_cluster, check_contents
from yingke.app.checkup.machine import (
    check_data_dir,
    check_extras,
    check_pages,
    check_port,
    check_secret_key,
    check_time_zones,
    check_versions,
)
from yingke.app.checkup.report import Report
from yingke.app.commands.ground import any_ground, encoder_socket
from yingke.kit.errors import Problem
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder

SENTENCE = "今天下单什么时候发货？"


async def doctor(settings: Settings) -> dict[str, Any]:
    """Facts, problems and warnings; `is_healthy` is False when there is a problem."""
    report = Report()
    check_versions(report)
    check_data_dir(report, settings)
    is_running = await _check_database(report, settings)
    check_port(report, settings, is_running=is_running)
    check_secret_key(report, settings)
    await _check_encoder(report, settings, is_running)
    check_time_zones(report)
    check_pages(report)
    check_extras(report)
    return report.show()


async def _check_database(report: Report, settings: Settings) -> bool:
    """Whether the product runs. A database that stands still is started for the check, and stopped again."""
    is_running, is_there = check_cluster(report, settings)
    if not is_there:
        return False
    try:
        async with any_ground(settings) as ground:
            await check_contents(report, ground.admin)
    except Problem as problem:
        report.problem(problem.zh, problem.en)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        report.problem(
            f"连不上数据库（{type(error).__name__}）。请检查 YINGKE_DATABASE_URL 和数据库日志。",
            "The database cannot be reached. Check YINGKE_DATABASE_URL and the database's log.",
        )
    return is_running


async def _check_encoder(report: Report, settings: Settings, is_running: bool) -> None:
    """Encodes a sentence, with the running encoder or with one started for it."""
    with tempfile.TemporaryDirectory(prefix="yk-doctor-") as scratch:
        try:
            if is_running:
                encoder = await Encoder.connect(encoder_socket(settings))
            else:
                encoder = await Encoder.start(Path(scratch) / "encoder", threads=1)
            try:
                vectors = await encoder.encode([SENTENCE])
                report.facts["encoder"] = f"ok ({vectors.shape[1]})"
            finally:
                await encoder.close()
        except (Problem, OSError):
            report.facts["encoder"] = "down"
            report.problem(
                "句子编码器没有应答，问答会变差。请重启程序；仍不行请重新安装。",
                "The sentence encoder does not answer. Restart; if that does not help, install again.",
            )
