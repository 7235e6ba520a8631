"""Response codes: each updates one card, once, within 72 hours (path/94888)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.twin.errcode import Errcode

LIVES = timedelta(hours=72)


@dataclass
class ResponseCode:
    msgid: str
    until: datetime
    used: bool = False


@dataclass(eq=False)
class ResponseCodes:
    clock: Callable[[], datetime]
    _codes: dict[str, ResponseCode] = field(default_factory=dict)

    def issue(self, msgid: str) -> str:
        code = secrets.token_urlsafe(32)
        self._codes[code] = ResponseCode(msgid, self.clock() + LIVES)
        return code

    def find(self, code: object) -> ResponseCode:
        """Find one that still works; the caller marks it used when it has worked."""
        found = self._codes.get(str(code))
        if found is None or found.used or self.clock() >= found.until:
            raise Errcode(60140)
        return found
