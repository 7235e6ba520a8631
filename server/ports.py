"""Whether a port can be had, told before anything else is begun."""

import socket

from bot.errors import ConfigError


def check_free(host: str, port: int) -> None:
    """Raise ConfigError if the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(f"不能在 {host}:{port} 上监听：{reason}。") from error
