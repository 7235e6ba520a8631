"""Other people's log records in the shape of ours: one JSON line each.

Loads next to nothing, for the process in front of the web.
"""

import json
import logging
from datetime import UTC, datetime

ADVICE = "Configuration allows spawning up to"  # of granian's: our threads wait, mostly


class Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Write {"event", "logger", "level", "timestamp"}, with a traceback if any."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "event": record.getMessage(),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": at.isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether an operator can do anything about it."""
    return not record.getMessage().startswith(ADVICE)


def for_granian() -> dict[str, object]:
    """Configure the loggers of the web server (granian's `log_dictconfig`)."""
    handler = {
        "class": "logging.StreamHandler",
        "stream": "ext://sys.stderr",
        "formatter": "line",
        "filters": [is_news],
    }
    return {
        "formatters": {"line": {"()": Line}},
        "handlers": {"stderr": handler},
        "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
    }
