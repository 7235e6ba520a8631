"""WeCom's address book: departments and members, names and ids only."""

from dataclasses import dataclass
from typing import Any

from bot.channels.wecom.client import Client


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

        user/simplelist gives one department only (path/90200), so each is asked.
        """
        found: dict[str, Person] = {}
        for department in self.departments():
            answer = self._client.call(
                "get", "user/simplelist", params={"department_id": department.id}
            )
            for each in answer.get("userlist", []):
                person = Person(
                    str(each["userid"]),
                    str(each.get("name", "")),
                    tuple(each.get("department", [])),
                )
                found.setdefault(person.userid.casefold(), person)
        return list(found.values())


def _parent(department: dict[str, Any]) -> int:
    return int(department.get("parentid", 0))
