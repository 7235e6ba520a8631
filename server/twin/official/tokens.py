"""Access tokens of an account: `token` kills the last one, `stable_token` does not."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server.twin.errcode import Errcode

LIVES = timedelta(seconds=7200)
FORCE_APART, FORCE_A_DAY = timedelta(seconds=30), 20


@dataclass
class Tokens:
    """Both kinds live side by side (getStableAccessToken)."""

    app_id: str
    secret: str
    clock: Callable[[], datetime]
    fetched: int = 0
    forced: list[datetime] = field(default_factory=list)
    _stable: str = ""
    _stable_until: datetime | None = None
    _plain: str = ""
    _plain_until: datetime | None = None
    _dead: set[str] = field(default_factory=set)
    _codes: dict[str, str] = field(default_factory=dict)

    def fetch_stable(
        self, app_id: str, secret: str, *, force: bool = False
    ) -> dict[str, object]:
        self._check(app_id, secret)
        self.fetched += 1
        now = self.clock()
        if force:
            self._force(now)
        if force or self._stable_until is None or now >= self._stable_until:
            self._dead.add(self._stable)
            self._stable = secrets.token_urlsafe(48)
            self._stable_until = now + LIVES
        assert self._stable_until is not None
        left = int((self._stable_until - now).total_seconds())
        return {"access_token": self._stable, "expires_in": left}

    def fetch(self, app_id: str, secret: str) -> dict[str, object]:
        """Give a new token, which kills the one before."""
        self._check(app_id, secret)
        self._dead.add(self._plain)
        self._plain = secrets.token_urlsafe(48)
        self._plain_until = self.clock() + LIVES
        return {"access_token": self._plain, "expires_in": 7200}

    def expire(self) -> None:
        """Let another caller force a new token: the one that we have is dead."""
        if self._stable:
            self._dead.add(self._stable)
            self._stable = secrets.token_urlsafe(48)
            self._stable_until = self.clock() + LIVES

    def check(self, token: str | None) -> None:
        if not token:
            raise Errcode(41001)
        if token in self._dead:
            raise Errcode(40001)
        known = {self._stable: self._stable_until, self._plain: self._plain_until}
        until = known.get(token)
        if until is None:
            raise Errcode(40014)
        if self.clock() >= until:
            raise Errcode(42001)

    def give_code(self, openid: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = openid
        return code

    def take_code(self, app_id: str, secret: str, code: str) -> str:
        """Tell whose code it is, once."""
        self._check(app_id, secret)
        if code not in self._codes:
            raise Errcode(40029)
        return self._codes.pop(code)

    def _check(self, app_id: str, secret: str) -> None:
        if app_id != self.app_id:
            raise Errcode(40013)
        if secret != self.secret:
            raise Errcode(40125)

    def _force(self, now: datetime) -> None:
        today = [each for each in self.forced if each.date() == now.date()]
        if len(today) >= FORCE_A_DAY or (today and now - today[-1] < FORCE_APART):
            raise Errcode(45009)
        self.forced.append(now)
