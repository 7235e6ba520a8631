"""The door of the web's own process: neither side loads what only the other needs."""

from importlib import import_module
from typing import Any


def load_web(config_path: str) -> Any:
    """Build the WSGI application of a config file, in the process that serves it."""
    return import_module("server.worker").load_web(config_path)
