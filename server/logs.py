"""Structured logs, one JSON line an event, on stderr."""

import logging
import sys
from json import JSONEncoder
from typing import Any, TextIO

import structlog

from server.lines import Line

_ENCODER = JSONEncoder(ensure_ascii=False, default=repr)


def _write(event: Any, **_: Any) -> str:
    return _ENCODER.encode(event)


def set_up_logs(
    level: int = logging.INFO, stream: TextIO | None = None, *, for_good: bool = False
) -> None:
    """Send our events, and the libraries' warnings, to one place.

    for_good: nobody will set it up anew, so that every logger is made once.
    """
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_write),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=for_good,
    )
    listener = logging.StreamHandler(stream or sys.stderr)
    listener.setFormatter(Line())
    logging.basicConfig(level=logging.WARNING, handlers=[listener])
