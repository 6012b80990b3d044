"""One typed class of settings, read from the environment with the prefix `YINGKE_`."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints


@dataclass(frozen=True)
class Settings:
    """Every outer address and limit of one installation. Each field is `YINGKE_<NAME>` in the environment."""

    data_dir: Path = field(default_factory=lambda: Path(".yingke"))
    """Everything that the embedded default writes: cluster, files, secret key."""
    database_url: str = ""
    """postgresql://… of an external database (PostgreSQL ≥ 16 with pgvector); empty = embedded."""
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    """How customers' browsers reach this installation, e.g. https://kf.example.com; empty = http://host:port."""
    allow_http: bool = False
    """Let agents sign in over plain http beyond loopback (a banner warns)."""
    secret_key: str = ""
    """Base64 of 32 bytes for secrets at rest; empty = DATA_DIR/secret.key, made on first start."""
    trusted_proxies: str = ""
    """Comma-separated addresses whose X-Forwarded-For is believed."""
    allow_private_urls: bool = False
    """Let webhooks and model endpoints point at private addresses (a test, or a model on the same host)."""
    docs: bool = True
    """Serve /openapi.json and /docs. Switch off in production."""
    encoder_threads: int = 1
    """Threads of the sentence encoder's child process."""
    db_connections: int = 12
    """Connections per process, both for the hot path and for the rest."""
    postgres_bin: str = ""
    """Folder with the PostgreSQL programs; empty = the one inside the installed wheel."""
    visitor_rate: float = 5.0
    """Messages per second one visitor may send, after a burst of `visitor_burst`."""
    visitor_burst: int = 20
    workspace_rate: float = 0
    """Messages per second that visitors of one workspace may send to one process; 0 = as many as it can store."""
    new_visitors_per_minute: int = 30
    """New visitors per minute from one address."""
    sign_ups: int = 10
    """Workspaces one address may sign up at once; one more each minute."""
    max_file_mb: int = 50
    max_message_chars: int = 4000
    drop_dir: str = ""
    """Folder whose subfolders, named by the id of a workspace, take daily files of ERPs; empty = none is watched."""
    webhook_clock: float = 1.0
    """Divides every webhook delay; > 1 only to test three days in minutes."""
    log_level: str = "INFO"
    demo_open: bool = False
    """Let anybody enter the demo shop's workbench without a password: for a public demo that holds nothing else."""
    model_calls: int = 600
    """Calls to language models at once in one process."""
    model_calls_each: int = 400
    """Of these, calls of one workspace; whoever waits takes turns with the others."""
    model_first_token_s: float = 8.0
    """How long an answer may wait for the first word of a model before the next step of the ladder is taken."""
    model_total_s: float = 30.0
    """How long a model may take for a whole answer, tools included."""
    model_stall_s: float = 4.0
    """The longest silence in the middle of a model's answer."""
    model_fallback_s: float = 10.5
    """When no word was shown until then, the answer is quoted from the knowledge."""
    scripted_model: bool = False
    """Answer every turn with a fixed sentence in process, for load tests of the delivery path alone."""


def load_settings(environ: dict[str, str] | None = None) -> Settings:
    """Reads `YINGKE_*`; raises ValueError naming the variable that cannot be read."""
    source = dict(os.environ) if environ is None else environ
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    for item in fields(Settings):
        name = f"YINGKE_{item.name.upper()}"
        if name not in source:
            continue
        raw = source[name].strip()
        try:
            values[item.name] = _read(hints[item.name], raw)
        except ValueError as error:
            raise ValueError(f"{name}={raw!r} cannot be read as {hints[item.name].__name__}") from error
    return Settings(**values)


def _read(kind: Any, raw: str) -> Any:
    if kind is bool:
        if raw.lower() in {"1", "true", "yes", "on"}:
            return True
        if raw.lower() in {"0", "false", "no", "off", ""}:
            return False
        raise ValueError(raw)
    if kind is Path:
        return Path(raw).expanduser()
    return kind(raw)
