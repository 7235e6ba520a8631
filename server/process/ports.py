"""Whether a port can be had, told before anything else is begun."""

import errno
import socket

from bot.errors import ConfigError

REASONS = {
    errno.EADDRINUSE: "端口已经有程序在用。换一个用 --port，例：--port 8081",
    errno.EACCES: "1024 以下的端口要有权限。换一个用 --port，例：--port 8081",
    errno.EADDRNOTAVAIL: "这台机器没有这个地址，请改 server.host 或用 --host",
    socket.EAI_NONAME: "没有这个地址，请改 server.host 或用 --host",
}


def check_free(host: str, port: int) -> None:
    """Raise ConfigError if the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = REASONS.get(error.errno or 0) or error.strerror or str(error)
            raise ConfigError(f"不能在 {host}:{port} 上监听：{reason}。") from error
