"""Check-ins: one's own days, corrected but never erased, counted once."""

from datetime import date, datetime, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from sys import executable
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member, add_member
from bot.branch.people.tree import plant
from bot.branch.study import checkins
from bot.branch.study.checkins import Amount, CheckIn, Study
from bot.errors import Refusal
from bot.storage.database import Base, Storage
from tests.conftest import ZONE
from tests.people import find_member

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZONE)
ROOT = Path(__file__).parents[4]


def study(note: str = "学习") -> Study:
    return Study(note, None, None)


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)


@pytest.fixture
def member(session: Session) -> Member:
    return find_member(session, "王芳")


def do(session: Session, member: Member, *days: int) -> list[int]:
    return [
        checkins.check_in(session, member, study(), day(each)).streak for each in days
    ]


def test_what_was_said_is_kept_whole(session: Session, member: Member) -> None:
    said = Study("学习强国 学了 42 分", "学习强国", Amount(42, "分"))
    entry = checkins.check_in(session, member, said, NOON)
    assert (entry.day, entry.at, entry.study) == (date(2026, 3, 2), NOON, said)
    (kept,) = checkins.record(session, member, entry.day).recent
    assert (kept.day, kept.at, kept.study) == (entry.day, NOON, said)
    assert str(said.amount) == "42 分"


def test_without_an_amount(session: Session, member: Member) -> None:
    checkins.check_in(session, member, study(), NOON)
    (kept,) = checkins.record(session, member, NOON.date()).recent
    assert kept.study.amount is None


def test_once_a_day(session: Session, member: Member) -> None:
    do(session, member, 0)
    with pytest.raises(Refusal, match="今天 12:00 已经打过卡了：学习"):
        do(session, member, 0)
    assert do(session, member, 1) == [2]


def test_the_day_is_the_branch_s_own(session: Session, member: Member) -> None:
    """Half past midnight and half past seven are one day, though not in UTC."""
    first = datetime(2026, 3, 3, 0, 30, tzinfo=ZONE)
    checkins.check_in(session, member, study(), first)
    with pytest.raises(Refusal, match="00:30"):
        checkins.check_in(session, member, study(), first.replace(hour=23))


def test_a_streak(session: Session, member: Member) -> None:
    assert do(session, member, 0, 1, 2, 4, 5) == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    ("today", "streak"), [(5, 2), (6, 2), (7, 0)], ids=["same", "next", "missed"]
)
def test_a_streak_lives_until_a_whole_day_was_missed(
    session: Session, member: Member, today: int, streak: int
) -> None:
    do(session, member, 4, 5)
    found = checkins.record(session, member, day(today).date())
    assert (found.streak, found.total) == (streak, 2)


def test_a_record_of_the_month(session: Session, member: Member) -> None:
    do(session, member, -2, -1, 0, 1)
    found = checkins.record(session, member, day(1).date(), last=3)
    assert (found.this_month, found.total, found.streak) == (3, 4, 4)
    assert [each.day.day for each in found.recent] == [3, 2, 1]


def test_nobody_else_s(session: Session, member: Member) -> None:
    do(session, member, 0)
    other = checkins.record(session, find_member(session, "李伟"), NOON.date())
    assert (other.total, other.streak, list(other.recent)) == (0, 0, [])


def test_taken_back_it_can_be_done_again(session: Session, member: Member) -> None:
    do(session, member, -1, 0)
    undone = checkins.undo(session, member, NOON)
    left = checkins.record(session, member, NOON.date())
    assert (left.streak, [each.day for each in left.recent]) == (1, [day(-1).date()])
    assert do(session, member, 0) == [2]
    kept = session.get_one(CheckIn, undone.id)
    assert kept.undone_at == NOON, "its row stays as the trace"


def test_only_today_s_can_be_taken_back(session: Session, member: Member) -> None:
    do(session, member, -1)
    with pytest.raises(Refusal, match="今天还没有打卡"):
        checkins.undo(session, member, NOON)
    with pytest.raises(Refusal, match="今天还没有打卡"):
        checkins.correct(session, member, study(), NOON)


def test_a_correction_keeps_place_streak_and_trace(
    session: Session, member: Member
) -> None:
    do(session, member, -1, 0)
    later = NOON + timedelta(hours=1)
    new = checkins.correct(session, member, study("改过的"), later)
    assert (new.streak, new.nth, new.study.note) == (2, 1, "改过的")
    checkins.correct(session, member, study("再改"), later)
    rows = session.scalars(select(CheckIn).order_by(CheckIn.id)).all()
    _, first, second, third = rows
    assert (first.note, first.undone_at) == ("学习", later)
    assert (second.replaces, second.undone_at) == (first.id, later)
    assert (third.replaces, third.undone_at) == (second.id, None)
    assert checkins.record(session, member, NOON.date()).total == 2


def test_a_correction_that_is_too_long_changes_nothing(
    session: Session, member: Member
) -> None:
    do(session, member, 0)
    with pytest.raises(Refusal, match="最多 500 字"):
        checkins.correct(session, member, study("长" * 501), NOON)
    found = checkins.record(session, member, NOON.date())
    assert (found.total, found.recent[0].note) == (1, "学习")
    with pytest.raises(Refusal, match="最多 500 字"):
        checkins.check_in(session, member, study("长" * 501), day(1))
    checkins.correct(session, member, study("长" * 500), NOON)
    checkins.check_in(session, member, study("长" * 500), day(1))


def test_several_a_day_where_the_settings_allow(
    session: Session, member: Member
) -> None:
    entries = [
        checkins.check_in(session, member, study(word), NOON, per_day=2)
        for word in "一二"
    ]
    assert [(each.nth, each.streak) for each in entries] == [(1, 1), (2, 1)]
    with pytest.raises(Refusal):
        checkins.check_in(session, member, study("三"), NOON, per_day=2)
    checkins.undo(session, member, NOON)
    third = checkins.check_in(session, member, study("三"), NOON, per_day=2)
    assert third.nth == 2
    assert checkins.check_in(session, member, study(), day(1), per_day=2).streak == 2
    found = checkins.record(session, member, NOON.date())
    assert (found.total, found.this_month) == (3, 3)


STEPS = st.lists(st.sampled_from(["in", "undo", "correct", "night"]), max_size=25)


class Days:
    """What the figures should be: a plain list of days."""

    def __init__(self, session: Session, per_day: int) -> None:
        self.session, self.per_day = session, per_day
        self.member = _invented(session)
        self.days: list[int] = []
        self.today = self.written = 0

    def step(self, what: str) -> None:
        now = day(self.today)
        match what:
            case "in":
                checkins.check_in(self.session, self.member, study(), now, self.per_day)
                self.days.append(self.today)
                self.written += 1
            case "undo":
                checkins.undo(self.session, self.member, now)
                self.days.remove(self.today)
            case "correct":
                checkins.correct(self.session, self.member, study(), now)
                self.written += 1
            case "night":
                self.today += 1

    def refused(self, what: str) -> bool:
        of_today = self.days.count(self.today)
        return of_today == self.per_day if what == "in" else of_today == 0

    def check(self) -> None:
        found = checkins.record(self.session, self.member, day(self.today).date())
        streak = _streak(self.days, self.today)
        assert (found.total, found.streak) == (len(self.days), streak)
        rows = self.session.scalar(select(func.count()).select_from(CheckIn))
        assert rows == self.written, "no row is ever erased"


@pytest.mark.thorough
@settings(max_examples=40, deadline=None)
@given(steps=STEPS, per_day=st.integers(1, 3))
def test_any_order_agrees_with_counting(steps: list[str], per_day: int) -> None:
    storage = Storage("sqlite://")
    tables = [Base.metadata.tables[name] for name in ("branch", "member", "check_in")]
    with storage.exclusive() as connection:
        Base.metadata.create_all(connection, tables)
    with storage.write() as session:
        days = Days(session, per_day)
        for step in steps:
            expected = step != "night" and days.refused(step)
            try:
                days.step(step)
            except Refusal:
                assert expected
            else:
                assert not expected
        days.check()
    storage.close()


def _invented(session: Session) -> Member:
    return add_member(session, "周试", plant(session, "试支部"), NOON)


def _streak(days: list[int], today: int) -> int:
    end = today if today in days else today - 1
    streak = 0
    while end - streak in days:
        streak += 1
    return streak


# --- at once


def test_two_threads_at_once_count_once(storage: Storage) -> None:
    together, results = Barrier(2), []

    def work() -> None:
        together.wait()
        try:
            with storage.write() as session:
                checkins.check_in(session, find_member(session, "王芳"), study(), NOON)
            results.append("done")
        except Refusal:
            results.append("refused")

    threads = [Thread(target=work) for _ in "12"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "refused"]


PROCESS = """
import sys
from datetime import datetime
from bot.maintenance import schema
from bot.branch.study import checkins
from bot.branch.study.checkins import Study
from bot.errors import Refusal
from bot.storage.database import Storage
from tests.people import find_member
storage, now = Storage(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
try:
    with storage.write() as session:
        member = find_member(session, "王芳")
        checkins.check_in(session, member, Study("学", None, None), now)
    print("done")
except Refusal:
    print("refused")
"""


@pytest.mark.thorough
def test_two_processes_at_once_count_once(storage: Storage) -> None:
    command = [executable, "-c", PROCESS, storage.location, NOON.isoformat()]
    workers = [
        Popen(command, cwd=ROOT, text=True, stdin=PIPE, stdout=PIPE) for _ in "12"
    ]
    for worker in workers:
        assert worker.stdout
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()
    said = sorted(worker.communicate(timeout=20)[0].strip() for worker in workers)
    assert said == ["done", "refused"]
