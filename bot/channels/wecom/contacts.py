"""WeCom's address book: departments and members, names and ids only."""

from dataclasses import dataclass
from typing import Any

import structlog

from bot import progress
from bot.channels.wecom.client import Client
from bot.errors import DeliveryError

log = structlog.get_logger(__name__)

NOT_ALLOWED = {60011, 60123}  # no right to a department; one that is gone by now


@dataclass(frozen=True)
class Person:
    userid: str
    name: str
    departments: tuple[int, ...]


@dataclass(frozen=True)
class Department:
    id: int
    name: str
    parent: int


class Contacts:
    def __init__(self, client: Client) -> None:
        self._client = client

    def departments(self) -> list[Department]:
        """List the visible departments (path/90208). Raises DeliveryError."""
        answer = self._client.call("get", "department/list")
        return [
            Department(int(each["id"]), str(each.get("name", "")), _parent(each))
            for each in answer.get("department", [])
        ]

    def people(self) -> list[Person]:
        """List everyone in the app's visible range, once each.

        user/simplelist gives one department only (path/90200), so each is asked; one
        that the app may not look into (60011) is passed over. Raises DeliveryError,
        also where it may look into none.
        """
        found: dict[str, Person] = {}
        departments = self.departments()
        closed: list[Department] = []
        for department in progress.each("读通讯录", departments):
            try:
                answer = self._people_of(department)
            except DeliveryError as error:
                if error.code not in NOT_ALLOWED:
                    raise
                closed.append(department)
                if len(closed) == len(departments):
                    raise
                log.warning("department_closed", id=department.id, why=str(error))
                continue
            for person in map(_read, answer.get("userlist") or []):
                if person:
                    found.setdefault(person.userid.casefold(), person)
                else:
                    log.warning("contact_unreadable", department=department.id)
        return list(found.values())

    def _people_of(self, department: Department) -> dict[str, Any]:
        asked = {"department_id": department.id}
        return self._client.call("get", "user/simplelist", params=asked)


def _read(listed: Any) -> Person | None:
    """Read one of a list; None where it has no account or no name, or is no entry."""
    fields = listed if isinstance(listed, dict) else {}
    userid, name = fields.get("userid"), fields.get("name")
    if not (isinstance(userid, str) and isinstance(name, str) and userid and name):
        return None
    within = fields.get("department")
    return Person(userid, name, tuple(within) if isinstance(within, list) else ())


def _parent(department: dict[str, Any]) -> int:
    return int(department.get("parentid", 0))
