"""What goes wrong on purpose: the next calls of an address fail as told."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from threading import Lock
from typing import Any
from zlib import crc32

KINDS = frozenset(
    [
        "errcode",
        "expire_token",
        "http",
        "reset_before",
        "reset_after",
        "slow",
        "invalid_users",
        "drop",
    ]
)


@dataclass
class Fault:
    """One planned failure of the calls whose path begins so.

    `times=None` holds until cleared. `invalid_users` takes ids or a share of all.
    """

    path: str
    kind: str
    times: int | None = 1
    code: int = -1
    status: int = 502
    seconds: float = 10.0
    users: Collection[str] = ()
    share: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no such fault: {self.kind}")
        self.path = self.path.strip("/").removeprefix("cgi-bin").lstrip("/")
        self.users = sorted({user.lower() for user in self.users})

    def hits(self, path: str) -> bool:
        if self.kind == "expire_token" and path.startswith(("gettoken", "webhook/")):
            return False  # it is about the calls that carry one
        if self.kind in ("invalid_users", "drop") and path != "message/send":
            return False
        return path.startswith(self.path)

    def denies(self, userid: str) -> bool:
        """Whether this member is to be named invalid; the same ones each time."""
        lot = crc32(userid.lower().encode()) % 1000
        return userid.lower() in self.users or lot < self.share * 1000


class Faults:
    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lock = Lock()

    def add(self, path: str, kind: str, times: int | None = 1, **more: Any) -> Fault:
        """Plan a failure; of several for one path the oldest comes first."""
        if unknown := more.keys() - {field.name for field in fields(Fault)}:
            raise ValueError(f"no such setting of a fault: {', '.join(unknown)}")
        fault = Fault(path, kind, times, **more)
        with self._lock:
            self._planned.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def planned(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._planned]

    def take(self, path: str) -> Fault | None:
        """Use up one turn of the oldest fault for this path."""
        with self._lock:
            fault = next((f for f in self._planned if f.hits(path)), None)
            if fault is None or fault.times is None:
                return fault
            fault.times -= 1
            if fault.times <= 0:
                self._planned.remove(fault)
            return fault
