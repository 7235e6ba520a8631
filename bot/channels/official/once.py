"""In plain text a signature covers no body: what was signed is heard with one body.

Who reads a signed address in a log could else put other words under it. The platform
repeats a message with the same body.
"""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from threading import Lock

from bot.clock import Clock
from bot.errors import BadCallback

FRESH = timedelta(minutes=10)
MOST = 20_000


class Once:
    """Remembers the bodies of the last minutes; what is older than those is refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()

    def check(self, query: Mapping[str, str], body: bytes) -> None:
        """Raise BadCallback for another body, or a signature of long ago."""
        age = self._clock.now().timestamp() - int(query["timestamp"])
        if abs(age) > FRESH.total_seconds():
            raise BadCallback("signed long ago, in plain text", setting="clock")
        key, digest = (query["timestamp"], query["nonce"]), sha256(body).digest()
        with self._lock:
            known = self._seen.setdefault(key, digest)
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
        if known != digest:
            raise BadCallback("another body under the same signature")
