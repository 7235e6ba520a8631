"""The app's access token: one for all threads and processes, renewed early.

It is kept in the database, encrypted with a key made from the app's secret. Whoever
finds it old claims its renewal; the others go on with the old one while it lives.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Event, Lock
from typing import Any, TypeAlias, cast
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.clock import Clock
from bot.errors import DeliveryError
from bot.storage.database import Base, Storage, insert_new

Judgement: TypeAlias = Callable[["Granted"], bool]

RENEW_BEFORE = timedelta(minutes=5)
CLAIM_LASTS = timedelta(seconds=20)
WAIT_STEP, WAIT_STEPS = 0.05, 400


class Token(Base):
    __tablename__ = "token"

    app: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    renewer: Mapped[str | None]
    renewing_until: Mapped[datetime | None]


@dataclass(frozen=True)
class Granted:
    """A token and when it ends."""

    value: str
    expires_at: datetime

    def fresh(self, now: datetime) -> bool:
        return self.expires_at - now > RENEW_BEFORE

    def lives(self, now: datetime) -> bool:
        return self.expires_at > now

    def as_fresh(self, now: datetime) -> "Granted":
        """Take it as fresh until it ends.

        The platform gives the same token again while it lives; asking on would only
        be counted against us.
        """
        if self.fresh(now):
            return self
        return replace(self, expires_at=self.expires_at + RENEW_BEFORE)


@dataclass(frozen=True)
class Refused:
    """Why the platform gave no token, and how long it wants us to stay away."""

    reason: str
    at: datetime
    wait: timedelta
    everywhere: bool

    def left(self, now: datetime) -> timedelta | None:
        """Return how much of it is left; None also if the clock was set back."""
        passed = now - self.at
        return self.wait - passed if timedelta() <= passed < self.wait else None


class Tokens:
    """The token of one app. fetch: asks the platform, may raise DeliveryError."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        app: tuple[str, ...],
        fetch: Callable[[], Granted],
        platform: str = "企业微信",
    ) -> None:
        digest = sha256("\0".join(app).encode()).digest()
        self._name = sha256(digest).hexdigest()
        self._box = Fernet(base64.urlsafe_b64encode(digest))
        self._storage = storage
        self._clock = clock
        self._fetch, self._platform = fetch, platform
        self._known: Granted | None = None
        self._refusal: Refused | None = None
        self._one_at_a_time = Lock()

    def current(self) -> str:
        """Return a token that is good for at least a while. Raises DeliveryError."""
        known, now = self._known, self._clock.now
        if known and known.fresh(now()):
            return known.value
        with self._one_at_a_time:
            return self._obtain(
                lambda stored: stored.fresh(now()), lambda stored: stored.lives(now())
            )

    def renew(self, refused: str) -> str:
        """Return another token than the one that the platform refused."""
        with self._one_at_a_time:
            if self._known and self._known.value != refused:
                return self._known.value
            return self._obtain(
                lambda stored: stored.value != refused,
                lambda stored: stored.value != refused,
            )

    def _obtain(self, good: Judgement, passable: Judgement) -> str:
        """Return a good token; one that will do while another process fetches it."""
        me = uuid4().hex
        for _ in range(WAIT_STEPS):
            stored = self._read()
            if stored and good(stored):
                self._known = stored
                return stored.value
            if self._claim(me):
                self._known = self._fetch_unless(me, good)
                return self._known.value
            if stored and passable(stored):
                return stored.value
            Event().wait(WAIT_STEP)
        raise DeliveryError(f"{self._platform}的令牌一直没有取到")

    def _read(self) -> Granted | None:
        with self._storage.read() as session:
            row = session.get(Token, self._name)
            if row is None or row.value is None or row.expires_at is None:
                return None
            try:
                value = self._box.decrypt(row.value).decode()
            except InvalidToken:
                return None
            return Granted(value, row.expires_at)

    def _claim(self, me: str) -> bool:
        now = self._clock.now()
        with self._storage.write() as session:
            insert_new(session, Token, {"app": self._name})
            free = or_(
                Token.renewing_until.is_(None),
                Token.renewing_until <= now,
                Token.renewing_until > now + CLAIM_LASTS,  # the clock was set back
            )
            claimed = session.execute(
                update(Token)
                .where(Token.app == self._name, free)
                .values(renewer=me, renewing_until=now + CLAIM_LASTS)
            )
            return cast("CursorResult[Any]", claimed).rowcount == 1

    def _fetch_unless(self, me: str, good: Judgement) -> Granted:
        """Fetch, unless somebody did just before we claimed; give the claim back."""
        granted = None
        try:
            stored = self._read()
            if stored and good(stored):
                return stored
            granted = self._ask().as_fresh(self._clock.now())
            return granted
        finally:
            self._keep(me, granted)

    def _ask(self) -> Granted:
        """Ask the platform, but not again while it wants us to stay away.

        Many attempts with a wrong secret ban the address for an hour (path/90313).
        """
        now = self._clock.now()
        if self._refusal and (left := self._refusal.left(now)):
            error = DeliveryError(self._refusal.reason, wait=left)
            error.everywhere = self._refusal.everywhere
            raise error
        try:
            return self._fetch()
        except DeliveryError as error:
            if error.wait:
                self._refusal = Refused(str(error), now, error.wait, error.everywhere)
            raise

    def _keep(self, me: str, granted: Granted | None) -> None:
        values: dict[str, Any] = {"renewer": None, "renewing_until": None}
        if granted:
            values["value"] = self._box.encrypt(granted.value.encode()).decode()
            values["expires_at"] = granted.expires_at
        with self._storage.write() as session:
            session.execute(
                update(Token)
                .where(Token.app == self._name, Token.renewer == me)
                .values(values)
            )
