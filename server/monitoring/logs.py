"""Structured logs, one JSON line an event, on stderr."""

import logging
import sys
from json import JSONEncoder
from typing import Any, TextIO, cast

import structlog

from server.monitoring.foreign_logs import Line, Lines


def _describe(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is only told of
        return f"<{type(value).__name__}: {type(error).__name__}>"


_ENCODER = JSONEncoder(ensure_ascii=False, default=_describe)


def _write(event: Any, **_: Any) -> str:
    """Write a line; what cannot be written, in fewer words."""
    try:
        return _ENCODER.encode(event)
    except (RecursionError, TypeError, ValueError):
        return _ENCODER.encode({name: _describe(event[name]) for name in event})


def set_up_logs(
    level: int = logging.INFO, stream: TextIO | None = None, *, for_good: bool = False
) -> None:
    """Send our events, and the libraries' warnings, to one place.

    for_good: nobody will set it up anew, so that every logger is made once. What cannot
    be written is dropped and counted (`Lines`).
    """
    out = stream or sys.stderr
    out = out if isinstance(out, Lines) else Lines(out)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_write),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", out)),
        cache_logger_on_first_use=for_good,
    )
    listener = logging.StreamHandler(out)
    listener.setFormatter(Line())
    logging.basicConfig(level=logging.WARNING, handlers=[listener])
