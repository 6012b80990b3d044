"""The machine and the installation: versions, disk, port, key, time zones, web pages, extras."""

import base64
import binascii
import importlib.metadata
import os
import platform
import shutil
import socket
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yingke import __version__
from yingke.app.checkup.report import Report
from yingke.kit.settings import Settings

LITTLE_DISK, TOO_LITTLE_DISK = 1_000_000_000, 200_000_000
STATIC = Path(__file__).parent.parent.parent / "static"
EXTRAS = {
    "ocr": "扫描件和图片里的文字 text in scans and pictures",
    "voice": "语音消息转文字 voice messages as text",
    "pictures": "按图片找商品 products found by picture",
}
"""What an extra of the package adds; only extras that this version offers are spoken of."""


def check_versions(report: Report) -> None:
    report.facts["version"] = __version__
    report.facts["python"] = platform.python_version()
    report.facts["system"] = f"{platform.system()} {platform.release()} {platform.machine()}"
    report.facts["user"] = os.geteuid()


def check_data_dir(report: Report, settings: Settings) -> None:
    folder = settings.data_dir.expanduser().absolute()
    report.facts["data_dir"] = str(folder)
    if not folder.exists():
        report.facts["data_dir_state"] = "尚未创建，首次启动时生成 not made yet; the first start makes it"
    elif not os.access(folder, os.W_OK | os.X_OK):
        report.problem(f"数据目录 {folder} 不可写，请检查属主和权限。", f"The data folder {folder} cannot be written.")
    _check_disk(report, folder)


def _check_disk(report: Report, folder: Path) -> None:
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    report.facts["disk_free_bytes"] = free
    if free < TOO_LITTLE_DISK:
        report.problem("磁盘几乎满了，请清理或扩容。", "The disk is almost full. Make room.")
    elif free < LITTLE_DISK:
        report.warning("磁盘剩余不到 1 GB。", "Less than 1 GB of disk is left.")


def check_secret_key(report: Report, settings: Settings) -> None:
    path = settings.data_dir.expanduser() / "secret.key"
    if settings.secret_key:
        report.facts["secret_key"] = "YINGKE_SECRET_KEY"
        key = settings.secret_key.encode()
    elif not path.exists():
        report.facts["secret_key"] = "首次启动时生成 made on the first start"
        return
    else:
        mode = path.stat().st_mode & 0o777
        report.facts["secret_key"] = f"{path} ({mode:04o})"
        if mode & 0o077:
            report.problem(
                f"{path} 其他用户可读，请执行 chmod 600 {path}。", f"Others can read {path}. Run: chmod 600 {path}"
            )
        if not os.access(path, os.R_OK):
            report.problem(f"无法读取 {path}。", f"{path} cannot be read.")
            return
        key = path.read_bytes().strip()
    if not _is_key(key):
        report.problem("密钥不是 32 字节的 Base64。", "The secret key is not the Base64 of 32 bytes.")


def _is_key(text: bytes) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except binascii.Error:
        return False


def check_port(report: Report, settings: Settings, *, is_running: bool) -> None:
    report.facts["address"] = f"http://{settings.host}:{settings.port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.settimeout(2)
        taken = probe.connect_ex((_reachable(settings.host), settings.port)) == 0
    report.facts["port"] = "已占用 in use" if taken else "空闲 free"
    if is_running and not taken:
        report.problem("程序在运行，但端口没有应答。", "The product runs, but its port does not answer.")
    if taken and not is_running:
        report.problem(
            f"端口 {settings.port} 被别的程序占用，请换一个 YINGKE_PORT。",
            f"Port {settings.port} is used by another program. Choose another YINGKE_PORT.",
        )


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def check_time_zones(report: Report) -> None:
    try:
        ZoneInfo("Asia/Shanghai")
        report.facts["time_zones"] = f"tzdata {importlib.metadata.version('tzdata')}"
    except (ZoneInfoNotFoundError, importlib.metadata.PackageNotFoundError):
        report.problem("缺少时区数据，请重新安装 tzdata。", "Time zone data is missing. Install tzdata again.")


def check_pages(report: Report) -> None:
    missing = [name for name in ("widget/widget.js", "workbench/index.html") if not (STATIC / name).is_file()]
    report.facts["web_pages"] = "missing 缺少" if missing else "ok"
    if missing:
        report.problem(
            "网页文件缺失，请重新安装或执行 make web。", "The web pages are missing. Install again or run: make web"
        )


def check_extras(report: Report) -> None:
    """Extras that this version offers and that are not installed, with what each would add."""
    requirements = importlib.metadata.requires("yingke") or []
    offered = importlib.metadata.metadata("yingke").get_all("Provides-Extra") or []
    missing = {name: EXTRAS.get(name, "") for name in offered if not _has_extra(name, requirements)}
    report.facts["extras_missing"] = missing
    if "ocr" not in offered:
        report.warning(
            "本版本不识别扫描件和图片中的文字，请上传带文字的文件。",
            "This version does not read text in scans and pictures. Upload files that carry text.",
        )
    for name, adds in missing.items():
        report.warning(f"未安装 [{name}]:{adds}。", f"Install it with: pip install 'yingke[{name}]'")


def _has_extra(name: str, requirements: list[str]) -> bool:
    wanted = [
        line.split(";")[0] for line in requirements if f'extra == "{name}"' in line or f"extra == '{name}'" in line
    ]
    packages = [line.split("~")[0].split("=")[0].split(">")[0].split("<")[0].split("[")[0].strip() for line in wanted]
    try:
        for package in packages:
            importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
