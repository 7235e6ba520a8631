"""The twin on a port of its own, in a thread, until the block is left."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TypeVar

from werkzeug.serving import WSGIRequestHandler, make_server

from server.twin.api import create_api
from server.twin.state import State

S = TypeVar("S", bound=State)


class QuietHandler(WSGIRequestHandler):
    # an answer goes out in two writes; waiting to join them costs 40 ms each
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:
        """Keep silent: a test's output is no place for an access log."""


@contextmanager
def running(state: S, port: int = 0, host: str = "127.0.0.1") -> Iterator[S]:
    """Serve the API and set `api_base`; closes the world on leaving."""
    app = create_api(state)
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    state.api_base = f"http://{host}:{server.port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.close()
        server.shutdown()
        thread.join()
        server.server_close()
