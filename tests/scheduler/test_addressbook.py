"""Every night accounts of the company's address book find their members."""

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.branch.people import members
from bot.branch.people.members import add_member
from bot.branch.people.tree import find_branch
from bot.config.settings import Config
from bot.outbox.letters import Letter, Recipient
from bot.storage.database import Storage
from server.setup.wiring import build_assistant
from server.twin.people import Member as Colleague
from server.twin.world import World
from tests.conftest import LONG_AGO
from tests.fakes.clock import FakeClock
from tests.people import BRANCH
from tests.scheduler.conftest import Tower

NIGHT = "2026-03-03 04:40"


@pytest.fixture
def assistant(config: Config, storage: Storage, clock: FakeClock) -> Assistant:
    """One that hears the twin; its roster knows 周兰 without an account."""
    with storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        add_member(session, "周兰", root, LONG_AGO)
    return build_assistant(config, storage=storage, clock=clock)


def is_known(tower: Tower, userid: str) -> bool:
    with tower.assistant.storage.read() as session:
        return members.find(session, userid) is not None


def test_new_account_is_linked_at_night(tower: Tower, world: World) -> None:
    world.add_member(Colleague("ZhouLan", "周兰"))
    tower.strike("2026-03-02 20:00")
    assert not is_known(tower, "zhoulan")
    tower.strike(NIGHT)
    assert is_known(tower, "zhoulan")


def test_address_book_that_cannot_be_read_changes_nothing(
    tower: Tower, world: World
) -> None:
    world.add_member(Colleague("ZhouLan", "周兰"))
    world.faults.add("user", "errcode", times=None, code=60011)
    world.faults.add("department", "errcode", times=None, code=60011)
    world.faults.add("gettoken", "errcode", times=None, code=40001)
    tower.strike(NIGHT)
    assert not is_known(tower, "zhoulan")
    world.faults.clear()
    tower.strike("2026-03-04 04:40")
    assert is_known(tower, "zhoulan")


def test_the_secretary_hears_in_the_morning_that_an_account_is_another_s(
    tower: Tower, world: World
) -> None:
    world.add_member(Colleague("liwei", "黎威"))
    for night in (NIGHT, "2026-03-04 04:40"):
        tower.strike(night)
    with tower.assistant.storage.read() as session:
        told = session.execute(
            select(Recipient.user, Letter.not_before)
            .join(Letter, Letter.id == Recipient.letter_id)
            .where(Letter.key.startswith("account:"))
        ).all()
    zone = tower.assistant.config.timezone
    morning = datetime(2026, 3, 3, 7, tzinfo=zone)
    assert [tuple(each) for each in told] == [("zhaomin", morning)]
