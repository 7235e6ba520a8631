"""The address book as it may come: holes in it keep nobody else out."""

from typing import Any

import pytest

from bot.channels.wecom.contacts import Contacts, Person


class Answering:
    """A client that knows one department, and lists what it is told to."""

    def __init__(self, listed: Any) -> None:
        self._listed = listed

    def call(self, _: str, path: str, **__: Any) -> dict[str, Any]:
        if path == "department/list":
            return {"department": [{"id": 1, "name": "学校"}]}
        return {"userlist": self._listed}


@pytest.mark.parametrize(
    "hole",
    [
        {"name": "只有名字"},
        {"userid": "nameless", "name": None},
        {"userid": "", "name": "空"},
        {"userid": 7, "name": "数"},
        None,
        "wangfang",
    ],
)
def test_an_entry_that_cannot_be_read_is_passed_over(hole: Any) -> None:
    listed = [{"userid": "a", "name": "甲", "department": [1]}, hole]
    contacts = Contacts(Answering(listed))  # type: ignore[arg-type]
    assert contacts.people() == [Person("a", "甲", (1,))]


def test_a_list_may_be_missing_and_departments_too() -> None:
    assert Contacts(Answering(None)).people() == []  # type: ignore[arg-type]
    listed = [{"userid": "a", "name": "甲", "department": None}]
    contacts = Contacts(Answering(listed))  # type: ignore[arg-type]
    assert contacts.people() == [Person("a", "甲", ())]
