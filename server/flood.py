"""Who knocks too often waits, and nobody honest is ever among them.

Callbacks come from a few addresses of WeCom's, perhaps through one proxy of ours: what
is honest is told by its signature. Only what failed to verify costs; an address that
lately brought something genuine is never shut out. It answers 403 as ever, but without
reading on. Pages are rationed by member; logins all together, because each asks WeCom.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from flask import Flask, current_app

FORGED, FORGED_A_SECOND = 120, 2.0
PAGES, PAGES_A_SECOND = 120, 2.0
UPLOADS, UPLOADS_A_SECOND = 20, 0.1
# WeCom takes 10,000 calls of one kind a minute (path/90312); a hundred thousand members
# may open a notice at once.
LOGINS, LOGINS_A_SECOND = 3000, 100.0
HONEST_FOR = 3600.0
MOST = 10_000
LOOPBACK = ("127.0.0.1", "::1")


class Rations:
    """So many at once for each name, and so many more a second. Forgets the idle."""

    def __init__(
        self, burst: float, a_second: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._burst, self._a_second, self._clock = burst, a_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str, cost: float = 1.0) -> bool:
        """Take one; False if there is none left. cost 0: only look."""
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(name, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._a_second)
            enough = left >= 1.0
            self._left[name] = (left - cost if enough else left, now)
            if len(self._left) > MOST:
                self._left.popitem(last=False)
        return enough


@dataclass
class Gate:
    """What one web process has seen of late."""

    clock: Callable[[], float] = monotonic
    forged: Rations = field(init=False)
    pages: Rations = field(init=False)
    uploads: Rations = field(init=False)
    logins: Rations = field(init=False)
    _honest: OrderedDict[str, float] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.forged = Rations(FORGED, FORGED_A_SECOND, self.clock)
        self.pages = Rations(PAGES, PAGES_A_SECOND, self.clock)
        self.uploads = Rations(UPLOADS, UPLOADS_A_SECOND, self.clock)
        self.logins = Rations(LOGINS, LOGINS_A_SECOND, self.clock)

    def is_shut(self, address: str) -> bool:
        """Tell whether an address has brought forgeries only, and too many."""
        seen = self._honest.get(address)
        if seen is not None and self.clock() - seen < HONEST_FOR:
            return False
        return not self.forged.take(address, cost=0.0)

    def note_forged(self, address: str) -> None:
        self.forged.take(address)

    def note_honest(self, address: str) -> None:
        self._honest[address] = self.clock()
        if len(self._honest) > MOST:
            self._honest.popitem(last=False)


def add_gate(app: Flask, **settings: Any) -> None:
    app.extensions["gate"] = Gate(**settings)


def the_gate() -> Gate:
    gate: Gate = current_app.extensions["gate"]
    return gate


def address_of(environ: Mapping[str, Any]) -> str:
    """Return who knocks; behind a proxy on this machine, whom the proxy names last.

    environ: the request as WSGI tells it.
    """
    address: str = environ.get("REMOTE_ADDR") or ""
    named: str = environ.get("HTTP_X_FORWARDED_FOR", "")
    if named and address in LOOPBACK:
        return named.rpartition(",")[2].strip()[:64]
    return address
