"""A client that costs next to nothing: ready requests, kept connections, one loop."""

import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LENGTH = b"content-length: "
PATIENCE = 30.0


@dataclass(frozen=True)
class Run:
    """What came of it. waits: seconds from sending to the whole answer, each."""

    seconds: float
    waits: Sequence[float]
    bodies: Sequence[bytes]

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the wait, in ms, that this share of all did not exceed."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


@dataclass
class _Line:
    connection: socket.socket
    sent: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.got.clear()
        self.sent = time.perf_counter()
        self.connection.sendall(request)

    def answer(self) -> bytes | None:
        """Read what is there; the body once it is whole."""
        chunk = self.connection.recv(65536)
        if not chunk:
            raise ConnectionError("the server hung up")
        self.got += chunk
        head, found, body = bytes(self.got).partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head.decode())
        return body


def drive(ports: int | Sequence[int], requests: Sequence[bytes], lines: int) -> Run:
    """Send all requests over so many connections, each waiting for its answer.

    ports: several share the connections, as behind a proxy that takes turns.
    """
    waits: list[float] = []
    bodies: list[bytes] = []
    queue = iter(requests)
    poll = select.epoll()
    opened = {line.connection.fileno(): line for line in _connect(ports, lines)}
    began = time.perf_counter()
    for number, line in opened.items():
        poll.register(number, select.EPOLLIN)
        line.send(next(queue))
    while len(bodies) < len(requests):
        for line in _ready(poll, opened):
            if (body := line.answer()) is None:
                continue
            waits.append(time.perf_counter() - line.sent)
            bodies.append(body)
            if request := next(queue, None):
                line.send(request)
    seconds = time.perf_counter() - began
    for line in opened.values():
        line.connection.close()
    poll.close()
    return Run(seconds, waits, bodies)


def _ready(poll: select.epoll, opened: dict[int, _Line]) -> Iterator[_Line]:
    events = poll.poll(PATIENCE)
    if not events:
        raise TimeoutError(f"no answer in {PATIENCE:g} s")
    return (opened[number] for number, _ in events)


def _connect(ports: int | Sequence[int], lines: int) -> Iterator[_Line]:
    every = [ports] if isinstance(ports, int) else ports
    for number in range(lines):
        port = every[number % len(every)]
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield _Line(connection)


def _length(head: bytes) -> int:
    at = head.lower().find(LENGTH)
    return int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
