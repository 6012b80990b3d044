"""What operators and probes ask: alive, ready (each part named), figures."""

from typing import Any

from litestar import Response, get
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from yingke.app.house import House
from yingke.app.load import NAMES, Load
from yingke.assistants.engines.step_down import REASONS
from yingke.assistants.own_tools.call import OUTCOMES
from yingke.kit.errors import Problem

DOOR = {"door": "probe"}


@get("/healthz", opt=DOOR, include_in_schema=False)
async def healthz() -> dict[str, str]:
    return {"state": "alive"}


@get("/readyz", opt=DOOR, include_in_schema=False)
async def readyz(house: House) -> Response[dict[str, Any]]:
    """503 when the process must get no new work: the database is away, or it is draining."""
    parts: dict[str, str] = {}
    try:
        async with house.db.system() as tx:
            await tx.fetchval("select 1")
        parts["database"] = "ready"
    except Problem:
        parts["database"] = "down"
    parts["encoder"] = "ready" if house.encoder.is_ready else "starting"
    parts["files"] = "ready" if house.settings.data_dir.is_dir() else "down"
    if house.is_draining:
        parts["process"] = "draining"
    parts["load"] = ", ".join(house.load.left_undone) or "calm"
    is_ready = parts["database"] == "ready" and not house.is_draining
    return Response(
        {"state": "ready" if is_ready else "not_ready", "parts": parts}, status_code=200 if is_ready else 503
    )


@get("/metrics", opt=DOOR, include_in_schema=False)
async def metrics(house: House) -> Response[bytes]:
    """Prometheus text. No workspace, no person, no word of a conversation."""
    registry = CollectorRegistry()
    figures: dict[str, tuple[str, float]] = {
        "yingke_visitor_sockets": ("Open sockets of visitors in this process", len(house.sockets)),
        "yingke_agent_sockets": ("Open sockets of agents in this process", len(house.agent_sockets)),
        "yingke_answers_total": ("Answers stored by this process", house.desk.answered),
        "yingke_receive_waiting": ("Messages waiting for their group commit", house.receiver.batcher.waiting),
        "yingke_reply_waiting": ("Answers waiting for their group commit", house.replier.batcher.waiting),
    }
    board = house.switchboard
    figures["yingke_model_calls_running"] = ("Calls to language models under way", board.turnstile.running)
    figures["yingke_model_calls_waiting"] = ("Calls to language models waiting their turn", board.turnstile.waiting)
    states = list(board.breakers.states().values())
    figures["yingke_model_breakers_open"] = (
        "Endpoints that are not called for now",
        len(states) - states.count("closed"),
    )
    for level in (0, 1, 2):
        text = f"Answers at step {level} of the ladder: 0 as configured, 1 smaller model, 2 quoted"
        figures[f"yingke_answers_level_{level}_total"] = (text, board.levels[level])
    for why in REASONS:
        text = f"Answers from further down the ladder because of: {why}"
        figures[f"yingke_answers_stepped_down_{why}_total"] = (text, board.steps_down[why])
    for outcome in OUTCOMES:
        text = f"Calls of merchants' own tools by this process: {outcome}"
        figures[f"yingke_own_tool_calls_{outcome}_total"] = (text, house.own_tools.caller.counted[outcome])
    figures |= _load_figures(house.load)
    try:
        async with house.db.system() as tx:
            row = await tx.fetchrow("select * from operator_counts()")
        if row is not None:
            for name, value in dict(row).items():
                figures[f"yingke_{name}"] = (name.replace("_", " "), float(value))
    except Problem:
        figures["yingke_database_up"] = ("The database answers", 0)
    for name, (text, value) in figures.items():
        Gauge(name, text, registry=registry).set(value)
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")


def _load_figures(load: Load) -> dict[str, tuple[str, float]]:
    pressure, pace = load.pressure, load.pace
    refused = {
        f"yingke_refused_{name}_total": (f"Refused or left for later under pressure: {name}", float(load.refused[name]))
        for name in (*NAMES.values(), "messages", "requests", "share", "quota")
    }
    return {
        "yingke_pressure_level": ("0 calm; 1 to 5: how much is left for later", pressure.level),
        "yingke_loop_lag_seconds": ("How late this process comes to what is due", pressure.lag),
        "yingke_message_wait_seconds": ("From a message's arrival until it is stored", pressure.wait),
        "yingke_messages_a_second": ("Visitors' messages that came, stored or refused", pressure.rate),
        "yingke_messages_limit": ("Messages that may be under way at once", load.messages.limit),
        "yingke_turns_waiting": ("Turns in the line for an answer", pace.waiting),
        "yingke_turns_running": ("Turns being answered", pace.running + pace.away),
        "yingke_turns_oldest_seconds": ("How long the oldest turn has waited in the line", pace.oldest),
        "yingke_turns_told_to_wait_total": ("Turns that found the line full", pace.skipped),
        **refused,
    }


ROUTES = [healthz, readyz, metrics]
