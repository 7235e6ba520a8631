"""Statements on the driver's own cursor: the same types, the same errors."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.study.checkins import CheckIn
from bot.inbox.open_questions import Question
from bot.storage.database import Base, Storage, insert_new
from bot.storage.in_list import among
from bot.storage.prepared import Prepared
from bot.storage.ticks import Occasion
from tests.people import find_member

AT = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))
CHECKED_IN = ("member_id", "day", "nth", "at", "streak", "note", "number")
WRITE = Prepared(insert(Base.metadata.tables["check_in"]).inline(), CHECKED_IN)
READ = Prepared(
    select(CheckIn.day, CheckIn.at, CheckIn.note, CheckIn.number).where(
        CheckIn.member_id == bindparam("of_member")
    )
)

FORGET = Prepared(
    update(Base.metadata.tables["check_in"])
    .where(among(Base.metadata.tables["check_in"].c.nth, "nths"))
    .values(note="")
)
NAMED = Prepared(select(Member.name).where(among(Member.name, "names")))


def row(session: Session) -> dict[str, object]:
    member = find_member(session, "王芳")
    known = {"member_id": member.id, "day": AT.date(), "nth": 1, "number": 1.5}
    return {**known, "at": AT, "streak": 1, "note": "党章“第一章”😀"}


def test_types_go_in_and_come_out(session: Session) -> None:
    values = row(session)
    WRITE.run(session, **values)
    found = READ.first(session, of_member=values["member_id"])
    assert found == (date(2026, 3, 2), AT, values["note"], 1.5)
    assert found[1].tzinfo is UTC
    assert READ.first(session, of_member=0) is None


def test_all_and_how_many(session: Session) -> None:
    values = row(session)
    assert WRITE.many(session, []) == 0
    assert WRITE.many(session, [values | {"nth": nth} for nth in (1, 2, 3)]) == 3
    assert len(READ.all(session, of_member=values["member_id"])) == 3
    assert READ.all(session, of_member=0) == []
    assert FORGET.run(session, nths=[1, 3, 7]) == 2
    assert FORGET.run(session, nths=[]) == 0


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["王芳", "李伟", "没有", "王芳"], ["李伟", "王芳"]),
        (["'; --", '"'], []),
        ([], []),
    ],
)
def test_a_list_is_one_parameter(
    session: Session, names: list[str], found: list[str]
) -> None:
    rows = NAMED.all(session, names=names)
    assert sorted(name for (name,) in rows) == sorted(found)


def test_json_goes_in_and_comes_out(session: Session) -> None:
    read = Prepared(select(Question.details).where(Question.thread == "t"))
    kept = {"选": [1, "二"]}
    values = {"thread": "t", "kind": "k", "asked": "?", "expires_at": AT}
    assert insert_new(session, Question, values | {"details": kept})
    assert read.first(session) == (kept,)


def test_what_a_column_holds_by_itself_is_filled_in(session: Session) -> None:
    branch = find_member(session, "王芳").branch_id
    values = {"name": "新人", "branch_id": branch, "added_at": AT}
    assert insert_new(session, Member, values)
    new = find_member(session, "新人")
    assert (new.state, new.greeted, new.plain) == ("active", True, False)


def test_what_was_not_yet_written_is_seen(session: Session) -> None:
    session.add(Occasion(job="j", due=AT, held_until=AT))
    read = Prepared(select(Occasion.job).where(Occasion.job == bindparam("of_job")))
    assert read.first(session, of_job="j") == ("j",)


def test_an_error_is_the_librarys(storage: Storage) -> None:
    with storage.write() as session:
        values = row(session)
        WRITE.run(session, **values)
    with pytest.raises(IntegrityError), storage.write() as session:
        WRITE.run(session, **values)


def test_a_number_that_never_changes_is_not_bound(storage: Storage) -> None:
    """SQLite compiles a statement anew each time the number of its LIMIT is bound."""
    first = Prepared(select(Member.id).where(Member.id > 0).limit(1))
    with storage.read() as session:
        form = first._compile(session.connection().dialect)
        assert first.first(session) is not None
    assert "WHERE member.id > 0" in form.sql
    assert "LIMIT 1" in form.sql
