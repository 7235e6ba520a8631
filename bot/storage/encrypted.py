"""What is personal lies in the database encrypted, with a key that is not there.

A sealed value is "<the key's id>:<Fernet token>": the id tells which key opens it and
which rows a rotation has still to do. The keys are in the settings ([security]).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from bot.config import settings as config
from bot.errors import KeyMissing, StorageError

ID_CHARS = 8
PLACE = "xiangyang_ring"
NO_KEY = (
    "要加密保存的数据没有密钥："
    "请用 xiangyang keys new 生成一把，写进设置的 [security] key。"
)


class Ring:
    """The keys: the first seals, all open. Its repr and errors show ids only."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._boxes = {key_id(key): Fernet(key) for key in keys}
        self.ids = tuple(self._boxes)

    @classmethod
    def of(cls, settings: config.Security) -> "Ring":
        keys = [*([settings.key] if settings.key else []), *settings.old_keys]
        return cls([key.get_secret_value() for key in keys])

    def seal(self, text: str) -> str:
        """Seal with the first key. Raises KeyMissing if there is none."""
        if not self.ids:
            raise KeyMissing(NO_KEY)
        first = self.ids[0]
        return f"{first}:{self._boxes[first].encrypt(text.encode()).decode()}"

    def open(self, sealed: str) -> str:
        """Open with its own key. Raises KeyMissing, or StorageError for a bad value."""
        name, _, token = sealed.partition(":")
        box = self._boxes.get(name)
        if box is None:
            raise KeyMissing(missing_key(name))
        try:
            return box.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise StorageError(f"用密钥 {name} 加密的数据被改坏了，打不开。") from error

    def __repr__(self) -> str:
        return f"Ring({', '.join(self.ids)})"


class Sealed(TypeDecorator[str]):
    """A text column whose values are sealed; not for what is searched or sorted by."""

    impl = Text
    cache_ok = True
    of_one_database = True  # two databases of one kind have keys of their own

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _ring(dialect).seal(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        note_secret()
        return _ring(dialect).open(str(value))


@dataclass
class Watch:
    """Whether what is said from here on may hold something that is kept nowhere."""

    secret: bool = False


_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching() -> Iterator[Watch]:
    """Notice whether a sealed value is opened, or a secret told, by whatever way."""
    watch = Watch()
    before = _WATCH.set(watch)
    try:
        yield watch
    finally:
        _WATCH.reset(before)


def note_secret() -> None:
    if watch := _WATCH.get():
        watch.secret = True


def key_id(key: str) -> str:
    """Name a key without telling anything of it."""
    return sha256(b"xiangyang key " + key.encode()).hexdigest()[:ID_CHARS]


def missing_key(name: str) -> str:
    return (
        f"有数据是用密钥 {name} 加密的，设置里没有这一把："
        "请把它写进 [security] old_keys；写过了就重启 serve。"
    )


def give_ring(engine: Engine, ring: Ring) -> None:
    """Let the sealed columns of this database be read and written with these keys."""
    setattr(engine.dialect, PLACE, ring)


def can_seal(session: Session) -> bool:
    """Tell if there is a key to seal with."""
    return bool(_ring(session.get_bind().dialect).ids)


def _ring(dialect: Dialect) -> Ring:
    found = getattr(dialect, PLACE, None)
    return found if isinstance(found, Ring) else Ring(())
