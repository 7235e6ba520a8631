"""A cable that can be frozen: all stays connected, and nothing comes through."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

BYTES = 65536


@dataclass
class Cable:
    """Carries bytes both ways between whoever connects and a server."""

    far: tuple[str, int]
    port: int
    _flows: Event = field(default_factory=Event)

    def freeze(self) -> None:
        self._flows.clear()

    def thaw(self) -> None:
        self._flows.set()

    def plug_in(self, near: socket.socket) -> None:
        far = socket.create_connection(self.far)
        for source, sink in ((near, far), (far, near)):
            Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError), closing(sink):
            while part := source.recv(BYTES):
                self._flows.wait()
                sink.sendall(part)


@contextmanager
def laid_to(host: str, port: int) -> Iterator[Cable]:
    """Lay a cable to a server; who connects to its port here speaks with that."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        cable = Cable((host, port), door.getsockname()[1])
        cable.thaw()
        Thread(target=_let_in, args=(door, cable), daemon=True).start()
        try:
            yield cable
        finally:
            cable.thaw()
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)


def _let_in(door: socket.socket, cable: Cable) -> None:
    with suppress(OSError):
        while True:
            near, _ = door.accept()
            cable.plug_in(near)
