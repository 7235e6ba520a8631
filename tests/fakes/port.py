"""A port at which one test after another serves: to open one takes longer than most."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Port:
    """Serves what it was given, in threads, until it is closed."""

    def __init__(self, handler: type[WSGIRequestHandler]) -> None:
        self._app: WSGIApplication = ServiceUnavailable()
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=handler
        )
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    @contextmanager
    def serving(self, app: "WSGIApplication") -> Iterator[str]:
        """Serve an app until the block is left; yield its address."""
        self._app = app
        try:
            yield self.address
        finally:
            self._app = ServiceUnavailable()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(
        self, environ: "WSGIEnvironment", start: "StartResponse"
    ) -> Iterable[bytes]:
        return self._app(environ, start)
