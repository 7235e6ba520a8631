"""Access tokens of the app and the single-use codes of its web pages."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.twin.errcode import Errcode

CODE_LIVES = timedelta(minutes=5)


@dataclass
class Tokens:
    corp_id: str
    secret: str
    clock: Callable[[], datetime]
    expires_in: int = 7200
    fetched: int = 0
    # a secret of another corp answers otherwise than a wrong one (path/90313)
    foreign_secrets: set[str] = field(default_factory=set)
    _current: str = ""
    _until: datetime | None = None
    _old: set[str] = field(default_factory=set)
    _codes: dict[str, tuple[str, datetime, bool]] = field(default_factory=dict)

    def fetch(self, corp_id: str, secret: str) -> dict[str, object]:
        self.fetched += 1
        if corp_id != self.corp_id:
            raise Errcode(40013)
        if secret in self.foreign_secrets:
            raise Errcode(40091)
        if secret != self.secret:
            raise Errcode(40001)
        now = self.clock()
        if self._until is None or now >= self._until:
            self.expire()
            self._current = secrets.token_urlsafe(48)
            self._until = now + timedelta(seconds=self.expires_in)
        left = int((self._until - now).total_seconds())
        return {"access_token": self._current, "expires_in": left}

    def check(self, token: str | None) -> None:
        if not token:
            raise Errcode(41001)
        if token in self._old:
            raise Errcode(42001)
        if token != self._current or self._until is None:
            raise Errcode(40014)
        if self.clock() >= self._until:
            raise Errcode(42001)

    def expire(self) -> None:
        """Let every token given so far be invalid from now on."""
        if self._current:
            self._old.add(self._current)
        self._current, self._until = "", None

    def give_code(self, userid: str) -> str:
        """Give what WeCom adds to the address of a page that a member opens."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = (userid, self.clock() + CODE_LIVES, False)
        return code

    def take_code(self, code: str) -> str:
        """Tell whose code it is, once."""
        if code not in self._codes:
            raise Errcode(40029)
        userid, until, used = self._codes[code]
        if used:
            raise Errcode(42022)
        if self.clock() >= until:
            raise Errcode(42003)
        self._codes[code] = (userid, until, True)
        return userid
