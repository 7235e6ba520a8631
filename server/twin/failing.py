"""A call to a platform's API, answered or failed as a fault says."""

import socket
from collections import Counter
from collections.abc import Callable
from threading import Event
from typing import Any, Protocol

from flask import Response, jsonify, request

from server.twin.errcode import Errcode
from server.twin.faults import Fault, Faults


class _Tokens(Protocol):
    def expire(self) -> Any: ...


class Served(Protocol):
    """What a platform of the twin keeps of its calls."""

    @property
    def lock(self) -> Any: ...
    @property
    def calls(self) -> Counter[str]: ...
    @property
    def faults(self) -> Faults: ...
    @property
    def closing(self) -> Event: ...
    @property
    def tokens(self) -> _Tokens: ...


def answer_or_fail(
    state: Served, path: str, answer: Callable[[Fault | None], Response]
) -> Response:
    """Count a call, and answer it unless a fault has it fail."""
    with state.lock:
        state.calls[path] += 1
    fault = state.faults.take(path)
    if fault is not None and (failed := _fail(state, fault)):
        return failed
    response = answer(fault)
    if fault is not None and fault.kind == "slow":
        state.closing.wait(fault.seconds)
    if fault is not None and fault.kind == "reset_after":
        return _hang_up()
    return response


def _fail(state: Served, fault: Fault) -> Response | None:
    """Fail before anything is accepted, where the fault says so."""
    match fault.kind:
        case "errcode":
            return jsonify(Errcode(fault.code).answer())
        case "http":
            return Response("<html><h1>Bad Gateway</h1></html>", fault.status)
        case "reset_before":
            return _hang_up()
        case "expire_token":
            with state.lock:
                state.tokens.expire()
    return None


def _hang_up() -> Response:
    """Close the connection under the caller, who gets no status at all."""
    connection = request.environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        raise ConnectionResetError("the connection was closed, as the fault asked")
    connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)
