"""Structured logs on standard error: a static message plus keys, never what people wrote."""

import logging
import sys

import structlog


def set_up_logs(level: str) -> None:
    """JSON lines for machines, short lines for a terminal."""
    is_terminal = sys.stderr.isatty()
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(
        level=max(number, logging.WARNING), format="%(levelname)s %(name)s %(message)s", stream=sys.stderr
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=True)
            if is_terminal
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
