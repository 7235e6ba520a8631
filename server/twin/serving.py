"""The twin on a port of its own, in a thread, until the block is left."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import TypeVar

from werkzeug.serving import WSGIRequestHandler, make_server

from server.twin.api import create_api
from server.twin.state import State

S = TypeVar("S", bound=State)


class Connections:
    """What is open, so that leaving need not wait for a caller's kept connection."""

    def __init__(self) -> None:
        self._open: set[socket.socket] = set()
        self._lock = Lock()

    def add(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def drop(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def close(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _handler(connections: Connections) -> type[WSGIRequestHandler]:
    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"
        # answers go out in two writes; waiting to join them costs 40 ms each
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            connections.add(self.connection)

        def finish(self) -> None:
            connections.drop(self.connection)
            super().finish()

        def log(self, type: str, message: str, *args: object) -> None:
            """Keep silent: a test's output is no place for an access log."""

    return Handler


@contextmanager
def running(state: S, port: int = 0) -> Iterator[S]:
    """Serve the API on 127.0.0.1 and set `api_base`; closes the world on leaving."""
    connections = Connections()
    handler = _handler(connections)
    app = create_api(state)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=handler)
    state.api_base = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.close()
        server.shutdown()
        thread.join()
        connections.close()
        server.server_close()
