"""What a play cannot show of appointments: who leaves, and what stays sealed."""

from datetime import date, datetime, time

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import String, cast, select

from bot.branch.people.tree import find_branch
from bot.branch.personal_data import departures
from bot.branch.records import appointments, papers
from bot.branch.records.appointments import Slot
from bot.branch.records.declared import find_kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record, RecordPrivate
from bot.branch.records.values import values_of
from bot.errors import Refusal
from bot.outbox import Letter
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
AT = Slot(date(2026, 3, 5), time(15))


def test_what_it_is_about_is_sealed(storage: Storage) -> None:
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        asker, host = (find_member(session, name) for name in ("王芳", "赵敏"))
        row = appointments.ask_for(session, asker, host, AT, "夹具", branch, NOON)
        (found,) = appointments.of_member(session, branch, host)
        assert appointments.topic_of(session, found) == "夹具"
        kept = session.scalars(select(cast(RecordPrivate.value, String))).all()
        assert "夹具" not in str([kept, values_of(session, row), row.title])


def test_who_leaves_has_nothing_open(storage: Storage) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        asker, host = (find_member(session, name) for name in ("王芳", "赵敏"))
        row = appointments.ask_for(session, asker, host, AT, "", branch, NOON)
        asker.state = "left"
        session.flush()
        departures.notice_departures(session, NOON)
        departures.notice_departures(session, NOON)
        assert session.get_one(Record, row.id).state == "off"
        words = session.scalars(select(Letter.body["text"].as_string())).all()
        told = [each for each in words if each and "已经不在支部" in each]
        assert len(told) == 1


def test_a_time_is_given_away_once(storage: Storage) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        host = find_member(session, "赵敏")
        for name, minutes in (("王芳", 0), ("李伟", 59), ("何雪", 60)):
            slot = Slot(AT.day, time(15 + minutes // 60, minutes % 60))
            asker = find_member(session, name)
            appointments.ask_for(session, asker, host, slot, "", branch, NOON)
            found = appointments.of_member(session, branch, asker)[0]
            if name == "李伟":
                with pytest.raises(Refusal, match="已经约了别的谈话"):
                    appointments.agree(session, found, host, NOON)
            else:
                appointments.agree(session, found, host, NOON)


def test_the_ledger_tells_when_it_was_asked_by_the_clock_on_the_wall(
    storage: Storage,
) -> None:
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        asker, host = (find_member(session, name) for name in ("王芳", "赵敏"))
        for hour in (0, 23):
            now = NOON.replace(hour=hour, minute=30)
            slot = Slot(AT.day, time(hour // 2 + 9))
            appointments.ask_for(session, asker, host, slot, "", branch, now)
    with storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        query = Query(find_kind("appointment"), branch)
        ledger, _ = papers.sheets(session, query, NOON)
        at = list(ledger.heads).index("记录时间")
        assert [row[at] for row in ledger.rows] == ["2026-03-02"] * 2
