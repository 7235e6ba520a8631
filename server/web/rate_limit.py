"""Who makes noise is rationed, by address, and nobody honest pays for it.

Callbacks come from a few addresses of WeCom's, perhaps through one proxy of ours. What
is honest is told by its signature, which costs less than reading the message: so every
one is verified, however many forgeries came the same way, and only the noise is
rationed. Pages are rationed by member; logins by address, because each asks WeCom.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Lock
from time import monotonic
from typing import Any, TypeAlias

from flask import Flask, current_app

# Refused callbacks whose sender is heard out, so that he hears the refusal.
FORGED, FORGED_A_SECOND = 120, 2.0
PAGES, PAGES_A_SECOND = 120, 2.0
UPLOADS, UPLOADS_A_SECOND = 20, 0.1
# Logins that come to nothing. A whole campus may come from one address: what succeeds
# costs it nothing.
MISSED, MISSED_A_SECOND = 30, 0.5
# WeCom takes 10,000 calls of one kind a minute (path/90312); a hundred thousand members
# may open a notice at once.
LOGINS, LOGINS_A_SECOND = 3000, 100.0
# Forms of people without an account: a visit asked for, a service confirmed.
STRANGERS, STRANGERS_A_SECOND = 10, 0.02
MOST = 10_000
LOOPBACK = ("127.0.0.1", "::1")

Network: TypeAlias = IPv4Network | IPv6Network


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

    def give_back(self, name: str) -> None:
        """Take back one that was taken."""
        with self._lock:
            if name in self._left:
                left, at = self._left[name]
                self._left[name] = (min(self._burst, left + 1.0), at)


@dataclass
class Gate:
    """What one web process has seen of late."""

    clock: Callable[[], float] = monotonic
    forged: Rations = field(init=False)
    pages: Rations = field(init=False)
    uploads: Rations = field(init=False)
    logins: Rations = field(init=False)
    missed: Rations = field(init=False)
    strangers: Rations = field(init=False)
    _states: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.forged = Rations(FORGED, FORGED_A_SECOND, self.clock)
        self.pages = Rations(PAGES, PAGES_A_SECOND, self.clock)
        self.uploads = Rations(UPLOADS, UPLOADS_A_SECOND, self.clock)
        self.logins = Rations(LOGINS, LOGINS_A_SECOND, self.clock)
        self.missed = Rations(MISSED, MISSED_A_SECOND, self.clock)
        self.strangers = Rations(STRANGERS, STRANGERS_A_SECOND, self.clock)

    def use(self, state: str) -> bool:
        """Use a login's state, once; False if it was used before.

        The cookie that holds it is the browser's, which may show an old one again.
        """
        with self._lock:
            fresh = state not in self._states
            self._states[state] = None
            if len(self._states) > MOST:
                self._states.popitem(last=False)
        return fresh


def add_gate(app: Flask, **settings: Any) -> None:
    app.extensions["gate"] = Gate(**settings)


def the_gate() -> Gate:
    gate: Gate = current_app.extensions["gate"]
    return gate


def address_of(environ: Mapping[str, Any], trusted: Sequence[Network] = ()) -> str:
    """Return who knocks: whom the last proxy of ours names, if one stands in between.

    environ: the request as WSGI tells it. trusted: proxies on other machines.
    """
    address: str = environ.get("REMOTE_ADDR") or ""
    named: str = environ.get("HTTP_X_FORWARDED_FOR", "")
    for name in reversed([each.strip() for each in named.split(",")]):
        if not name or not _is_ours(address, trusted):
            break
        address = name[:64]
    return address


def share_of(address: str) -> str:
    """Return what an address is rationed by: of IPv6 one site has 2⁶⁴ addresses."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(IPv6Network((int(ip) >> 64 << 64, 64)))


def _is_ours(address: str, trusted: Sequence[Network]) -> bool:
    if address in LOOPBACK or not trusted:
        return address in LOOPBACK
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in network for network in trusted)
