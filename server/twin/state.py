"""The corp and all that it keeps: people, phones, tokens, media, messages, faults."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Condition, Event, RLock
from typing import Any

from server.twin.callbacks import Caller
from server.twin.codes import ResponseCodes
from server.twin.corrections import Corrections
from server.twin.crypto import Seal
from server.twin.faults import Faults
from server.twin.media import Shelf
from server.twin.outgoing import Outgoing
from server.twin.people import AddressBook, Department, Member
from server.twin.phones import Phone, Phones
from server.twin.robots import Robots
from server.twin.tokens import Tokens

FIRST_ID = 7_000_000_000_000_000_000


@dataclass(eq=False, repr=False)
class State:
    corp_id: str
    agent_id: int
    secret: str
    token: str
    encoding_aes_key: str
    clock: Callable[[], datetime]
    callback_url: str = ""
    app_name: str = "向阳"
    # path/90240 and path/90241 contradict each other on replies to a card's button
    replies_to_cards: bool = False
    api_base: str = field(default="", init=False)
    menu: list[dict[str, Any]] = field(default_factory=list, init=False)
    calls: Counter[str] = field(default_factory=Counter, init=False)
    message_ids: set[int] = field(default_factory=set, init=False)
    first_id: int = (
        FIRST_ID  # of its messages; who comes back to a kept folder: another
    )

    def __post_init__(self) -> None:
        self.lock = Condition(RLock())
        self.closing = Event()
        self.faults = Faults()
        self.people = AddressBook("示例大学")
        self.phones = Phones(self.lock)
        self.shelf = Shelf(self.clock)
        self.tokens = Tokens(self.corp_id, self.secret, self.clock)
        self.robots = Robots(self.phones, self.shelf, self.clock)
        seal = Seal.of(self.token, self.encoding_aes_key, self.corp_id)
        self.caller = Caller(seal, self.agent_id, self.clock, lambda: self.callback_url)
        self.outgoing = Outgoing(
            self.agent_id,
            self.people,
            self.phones,
            self.shelf,
            self.clock,
            lambda: bool(self.callback_url),
            ResponseCodes(self.clock),
        )
        self.corrections = Corrections(self.outgoing)

    def add_member(self, member: Member) -> Member:
        with self.lock:
            self.phone(member.userid).in_wechat = member.wechat_plugin
            return self.people.add(member)

    def add_department(self, department: Department) -> Department:
        with self.lock:
            self.people.departments[department.id] = department
            return department

    def phone(self, userid: str) -> Phone:
        return self.phones.of(userid)

    def mark(self) -> int:
        """Name this moment of the phones' history, for `phone.pushed(since=mark)`."""
        return len(self.phones.changes)

    def close(self) -> None:
        """Wake whoever waits, and let go of the connections."""
        self.closing.set()
        with self.lock:
            self.lock.notify_all()
        self.caller.close()
