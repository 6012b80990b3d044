"""The settings PostgreSQL runs with, sized for the machine."""

import os
from pathlib import Path

from yingke.kit.postgres.owner import Owner

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""What makes an acknowledged row survive a power cut. Given on the command line, where no file can override it."""

FIXED = {
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    # No parallel workers: they want more of /dev/shm than a container has (64 MB), and the app uses the cores itself.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "work_mem": "8MB",
    "maintenance_work_mem": "96MB",
    "huge_pages": "off",
    "wal_compression": "pglz",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "10min",
    "autovacuum_naptime": "10s",
    "max_logical_replication_workers": "0",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    # The log must hold no row and no statement: errors go to the program that caused them, only the server's own
    # messages (LOG and above) are written.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
}


def write_configuration(cluster: Path, owner: Owner, major: int) -> None:
    """Brings postgresql.conf and pg_hba.conf up to date. ALTER SYSTEM overrides them, not the command line."""
    settings = {**FIXED, **_sizes(_memory_mb())}
    if major >= 18:
        # Saves three idle processes; reading ahead does not pay for a database that fits in memory.
        settings["io_method"] = "sync"
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    _write(
        cluster / "postgresql.conf", "# Written at each start. Use ALTER SYSTEM for your own values.\n", lines, owner
    )
    _write(cluster / "pg_hba.conf", "# Written at each start.\n", ["local all all scram-sha-256"], owner)


def command_line(program: Path, cluster: Path, socket_dir: Path, port: int, name: str) -> list[str]:
    """`postgres` with everything that must not be overridden."""
    settings = {
        **SAFE,
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "port": str(port),
        "cluster_name": name,
        "logging_collector": "off",
        "log_destination": "stderr",
    }
    pairs = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    return [str(program), "-D", str(cluster), *pairs]


def _sizes(memory_mb: int) -> dict[str, str]:
    """Pages are taken from the machine as they are used. What is searched of 100,000 passages is 300 MB; where that does
    not fit, a search takes twice as long."""
    buffers = min(768, max(48, memory_mb // 32))
    return {"shared_buffers": f"{buffers}MB", "effective_cache_size": f"{max(128, memory_mb // 3)}MB"}


def _memory_mb() -> int:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        limit = "max"
    return int(min(physical, int(limit) if limit.isdigit() else physical) // 2**20)


def _write(path: Path, head: str, lines: list[str], owner: Owner) -> None:
    text = head + "\n".join(lines) + "\n"
    if path.exists() and path.read_text() == text:
        return
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text)
    fresh.chmod(0o600)
    owner.give(fresh)
    fresh.rename(path)
