"""The command `yingke`."""

import asyncio
import os
import sys
from collections.abc import Coroutine
from typing import Annotated, Any

import msgspec
import typer
import uvloop

from yingke import __version__
from yingke.kit.errors import Problem
from yingke.kit.logs import set_up_logs
from yingke.kit.settings import Settings, load_settings

# Matrix products here are small: more threads than one only spin against the database and the encoder.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

cli = typer.Typer(
    help="迎客 Yingke：开源自托管的 AI 客服。 AI-first customer service for e-commerce.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
workspace_cli = typer.Typer(help="企业 Workspaces", no_args_is_help=True)
cli.add_typer(workspace_cli, name="workspace")

Json = Annotated[bool, typer.Option("--json", help="为脚本输出 JSON  machine-readable output")]


def settings_of() -> Settings:
    try:
        settings = load_settings()
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    set_up_logs(settings.log_level)
    return settings


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs `work`; a Problem becomes one sentence in both languages and exit code 1."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except Problem as problem:
        typer.echo(f"{problem.zh}\n{problem.en}", err=True)
        raise typer.Exit(1) from problem
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@cli.command()
def up() -> None:
    """启动全部(内置数据库)  everything in one process on the embedded database"""
    from yingke.app.commands.up import up as start

    run(start(settings_of(), is_demo=False))


@cli.command()
def demo() -> None:
    """启动并带演示店铺  `up` with a demo shop"""
    from yingke.app.commands.up import up as start

    run(start(settings_of(), is_demo=True))


@cli.command()
def serve(
    processes: Annotated[int, typer.Option(help="进程数 number of processes")] = 1,
    worker: Annotated[bool, typer.Option(help="同时执行后台任务 run jobs too")] = False,
) -> None:
    """只提供网页和接口(可多进程)  the web side, in one or more processes"""
    from yingke.app.commands.serve import serve as start

    run(start(settings_of(), processes, worker))


@cli.command(hidden=True)
def member(fd: int, dsn_env: str, encoder: str, works: bool = False) -> None:
    """One process of `serve`; started by it alone."""
    from yingke.app.commands.serve import member as start

    run(start(settings_of(), fd, dsn_env, encoder, works))


@cli.command()
def worker() -> None:
    """只执行后台任务  jobs alone, beside `up` or `serve`"""
    from yingke.app.commands.serve import work

    run(work(settings_of()))


@cli.command()
def migrate(as_json: Json = False) -> None:
    """升级数据库结构  bring the database to this version"""
    from yingke.app.commands.database import migrate as start

    revision = run(start(settings_of()))
    typer.echo(_show({"revision": revision}, as_json))


@cli.command()
def doctor(as_json: Json = False) -> None:
    """体检:环境、数据库、磁盘、可选组件  what is there, what is missing, what to do"""
    from yingke.app.commands.doctor import doctor as start

    report = run(start(settings_of()))
    typer.echo(_show(report, as_json))
    if not report["is_healthy"]:
        raise typer.Exit(1)


@cli.command()
def backup(
    to: Annotated[str, typer.Argument(help="备份文件 target file (.tar)")],
    with_secret_key: Annotated[bool, typer.Option(help="连同密钥 include the secret key")] = False,
    as_json: Json = False,
) -> None:
    """备份数据库和文件  database and files into one file"""
    from yingke.app.commands.backup import backup as start

    typer.echo(_show(run(start(settings_of(), to, with_secret_key)), as_json))


@cli.command()
def restore(
    source: Annotated[str, typer.Argument(help="备份文件 backup file")],
    as_json: Json = False,
) -> None:
    """恢复到空的数据目录  restore into an empty data folder"""
    from yingke.app.commands.backup import restore as start

    typer.echo(_show(run(start(settings_of(), source)), as_json))


@cli.command()
def version() -> None:
    typer.echo(__version__)


@workspace_cli.command("create")
def create_workspace(
    name: Annotated[str, typer.Option()],
    owner: Annotated[str, typer.Option(help="店主邮箱 owner's e-mail")],
    language: Annotated[str, typer.Option()] = "zh-CN",
    as_json: Json = False,
) -> None:
    """新建企业  a new workspace with shop, owner and API key"""
    from yingke.app.commands.database import create

    typer.echo(_show(run(create(settings_of(), name, owner, language)), as_json))


def _show(value: dict[str, Any], as_json: bool) -> str:
    if as_json:
        return msgspec.json.encode(value).decode()
    return "\n".join(f"{key}: {_line(item)}" for key, item in value.items())


def _line(item: Any) -> str:
    if isinstance(item, list):
        return "".join(f"\n  - {one}" for one in item) or "-"
    if isinstance(item, dict):
        return ", ".join(f"{key}={one}" for key, one in item.items()) or "-"
    return str(item)


def main() -> None:
    sys.exit(cli())
