"""Reminders by the clock: once each, late if it makes sense, never a pile, no stale."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pysqlite3
import pytest

from bot.branch.people.audience import Audience
from bot.branch.people.tree import Branch, find_branch
from bot.branch.reminders import reminders, send
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.reminders.reminders import Reminder, State
from bot.calendar.recurrence import from_stored
from bot.calendar.workdays import NO_NOTICE, Notice
from bot.errors import Refusal
from bot.outbox import Letter
from bot.storage.database import Storage
from bot.understanding.when import read_when
from handlers.reminders.times import set_time
from scheduler.job import Tick, job
from scheduler.runner import Runner
from server.setup.wiring import all_jobs
from tests.conftest import ZONE
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower

EVERYBODY = ["赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪"]
DAILY, WEEKLY = "1 daily 09:00", "1 weekly 09:00 days=1"
MONTHLY = "1 monthly 09:00 day=5"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def keep(
    tower: Tower, when: str, text: str = "交党费", author: str = "赵敏", **more: object
) -> int:
    """Keep a reminder; when: a stored rule or a moment. Made on 2 March, 08:00."""
    now = at("2026-03-02 08:00")
    with tower.assistant.storage.write() as session:
        root = find_branch(session, BRANCH)
        assert root
        audience = None if more.get("own") else Audience(root.id)
        recurs = when.startswith("1 ")
        wish = ReminderDraft(
            text,
            audience,
            rule=from_stored(when) if recurs else None,
            once_at=None if recurs else at(when),
        )
        member = find_member(session, author)
        return reminders.keep(session, member, root, wish, now).id


def told(tower: Tower) -> list[str]:
    """Name who was reminded, in the order of the letters."""
    return [name for name, _ in tower.queued("reminder")]


def texts(tower: Tower, kind: str = "reminder") -> list[str]:
    return list(dict.fromkeys(text for _, text in tower.queued(kind)))


def next_due(tower: Tower, number: int) -> datetime | None:
    with tower.assistant.storage.read() as session:
        due = session.get_one(Reminder, number).next_due
    return due and due.astimezone(ZONE)


def test_once_at_its_moment(tower: Tower) -> None:
    number = keep(tower, "2026-03-03 09:00")
    tower.strike("2026-03-03 08:59")
    assert told(tower) == []
    for minute in ("09:00", "09:01", "10:00"):
        tower.strike(f"2026-03-03 {minute}")
    assert told(tower) == EVERYBODY
    assert texts(tower) == ["提醒：交党费\n——智能制造教工党支部"]
    assert next_due(tower, number) is None


def test_the_same_words_of_one_moment_are_told_once(tower: Tower) -> None:
    """To whom the first did not reach they are; other words, or one's own, are too."""
    first = keep(tower, "2026-03-03 09:00")
    with tower.assistant.storage.write() as session:
        few = Audience.unpack(session.get_one(Reminder, first).audience)
        wang = find_member(session, "王芳").id
        narrow = replace(few, members=(wang,), only_named=True)
        session.get_one(Reminder, first).audience = narrow.pack()
    keep(tower, "2026-03-03 09:00")
    keep(tower, "2026-03-03 09:00", "交笔记")
    keep(tower, "2026-03-03 09:00", "交党费", "王芳", own=True)
    keep(tower, "2026-03-03 09:01")
    tower.strike("2026-03-03 09:00")
    others = [each for each in EVERYBODY if each != "王芳"]
    assert told(tower) == ["王芳", *others, *EVERYBODY, "王芳"]


def test_again_and_again(tower: Tower) -> None:
    number = keep(tower, DAILY)
    for day in (2, 3, 4):
        tower.strike(f"2026-03-0{day} 09:00")
    assert told(tower) == EVERYBODY * 3
    assert next_due(tower, number) == at("2026-03-05 09:00")


def test_missed_for_an_hour_it_goes_late_and_says_so(tower: Tower) -> None:
    keep(tower, DAILY)
    tower.strike("2026-03-02 10:00")
    assert told(tower) == EVERYBODY
    assert "（原定3月2日（周一）09:00，来晚了，请见谅。）" in texts(tower)[0]


def test_missed_for_three_days_only_the_last_goes(tower: Tower) -> None:
    number = keep(tower, DAILY)
    tower.strike("2026-03-05 11:00")
    assert told(tower) == EVERYBODY
    assert "原定3月5日（周四）09:00" in texts(tower)[0]
    assert next_due(tower, number) == at("2026-03-06 09:00")


def test_missed_for_a_day_what_is_stale_is_not_sent(tower: Tower) -> None:
    keep(tower, DAILY)
    tower.strike("2026-03-03 08:00")
    assert told(tower) == []
    assert texts(tower, "report") == []  # the next comes in an hour
    tower.strike("2026-03-03 09:00")
    assert told(tower) == EVERYBODY


def test_authors_are_told_in_one_letter_what_was_missed(tower: Tower) -> None:
    keep(tower, "2026-03-03 09:30", "谈话")
    keep(tower, "2026-03-03 09:00", "开会")
    keep(tower, WEEKLY, "学习")
    keep(tower, "2026-03-03 10:00", "打电话", "王芳", own=True)
    tower.strike("2026-03-05 09:00")
    tower.strike("2026-03-05 09:05")
    assert told(tower) == []
    assert [name for name, _ in tower.queued("report")] == ["赵敏", "王芳"]
    first, second = texts(tower, "report")
    assert (
        "· 3月3日（周二）09:00 开会\n· 3月3日（周二）09:00 学习\n"
        "· 3月3日（周二）09:30 谈话"
    ) in first
    assert second.endswith("· 3月3日（周二）10:00 打电话")


def test_rare_one_makes_sense_for_three_days(tower: Tower) -> None:
    keep(tower, MONTHLY)
    tower.strike("2026-03-07 10:00")
    assert told(tower) == EVERYBODY
    tower.strike("2026-04-08 09:30")
    assert told(tower) == EVERYBODY
    assert "· 4月5日（周日）09:00 交党费" in texts(tower, "report")[0]


def test_clock_set_back_an_hour_reminds_nobody_again(tower: Tower) -> None:
    daily, once = keep(tower, DAILY), keep(tower, "2026-03-02 09:30", "开会")
    tower.strike("2026-03-02 09:40")
    tower.strike("2026-03-02 08:40")
    for minute in ("09:00", "09:30", "09:41"):
        tower.strike(f"2026-03-02 {minute}")
    assert told(tower) == EVERYBODY * 2
    assert next_due(tower, daily) == at("2026-03-03 09:00")
    assert next_due(tower, once) is None


def test_set_again_to_a_moment_that_was_told_it_stays_silent(tower: Tower) -> None:
    """The clock was set back, and somebody changed the text meanwhile."""
    number = keep(tower, DAILY)
    tower.strike("2026-03-02 09:00")
    with tower.assistant.storage.write() as session:
        reminder = session.get_one(Reminder, number)
        wish = reminders.wish_of(reminder, at("2026-03-02 08:30"))
        reminders.change(session, reminder, wish, at("2026-03-02 08:30"))
    tower.strike("2026-03-02 09:01")
    assert told(tower) == EVERYBODY


def test_two_clocks_remind_once(tower: Tower) -> None:
    number = keep(tower, DAILY)
    now, quiet = at("2026-03-02 09:00"), tower.assistant.config.quiet
    storage = tower.assistant.storage
    with storage.read() as session:
        first = send.due(session, now, own=False)
        second = send.due(session, now, own=False)
    assert first == second == [number]
    fired = []
    for found in (first, second):
        with storage.write() as session:
            fired.append(send.fire(session, found[0], now, quiet))
    assert fired == [True, False]
    assert told(tower) == EVERYBODY


def test_crash_before_the_commit_loses_nothing(tower: Tower) -> None:
    number = keep(tower, DAILY)
    now, quiet = at("2026-03-02 09:00"), tower.assistant.config.quiet

    def crash() -> None:
        with tower.assistant.storage.write() as session:
            assert send.fire(session, number, now, quiet)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        crash()
    assert told(tower) == []
    tower.strike("2026-03-02 09:02")
    assert told(tower) == EVERYBODY


def test_one_that_cannot_be_read_stops_no_other(tower: Tower) -> None:
    broken, sound = keep(tower, DAILY, "坏的"), keep(tower, DAILY, "好的")
    with tower.assistant.storage.write() as session:
        session.get_one(Reminder, broken).rule = "9 lunar 09:00"
    tower.strike("2026-03-02 09:00")
    tower.strike("2026-03-02 09:01")
    assert texts(tower) == ["提醒：好的\n——智能制造教工党支部"]
    assert texts(tower, "report") == [
        f"提醒 {broken} 的时间读不出来，已经停了，请重新设一次：\n坏的"
    ]
    assert next_due(tower, sound) == at("2026-03-03 09:00")


def test_job_that_raises_stops_no_reminder(tower: Tower) -> None:
    keep(tower, DAILY)

    def fail(_tick: Tick) -> None:
        raise RuntimeError("another job's bug")

    failing = job("failing", cron="* * * * *", grace=timedelta(minutes=5))(fail)
    tower.clock.set(at("2026-03-02 09:00"))
    Runner([failing, *all_jobs()], tower.assistant).strike()
    assert told(tower) == EVERYBODY


@pytest.mark.thorough
@pytest.mark.files
def test_database_locked_for_a_minute(tower: Tower, tmp_path: Path) -> None:
    keep(tower, DAILY)
    other = pysqlite3.connect(str(tmp_path / "branch.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    tower.clock.set(at("2026-03-02 09:00"))
    with pytest.raises(Exception, match="占用"):
        tower.runner.strike()
    other.execute("ROLLBACK")
    other.close()
    tower.strike("2026-03-02 09:01")
    assert told(tower) == EVERYBODY
    tower.strike("2026-03-02 09:02")
    assert told(tower) == EVERYBODY


def test_quiet_hours_put_it_off_to_the_morning(tower: Tower) -> None:
    number = keep(tower, "1 daily 23:30")
    tower.strike("2026-03-02 23:30")
    tower.strike("2026-03-03 06:59")
    assert told(tower) == []
    tower.strike("2026-03-03 07:00")
    assert told(tower) == EVERYBODY
    assert "来晚了" not in texts(tower)[0]
    assert next_due(tower, number) == at("2026-03-03 23:30")


def test_what_one_asked_for_herself_is_told_in_the_quiet_hours(tower: Tower) -> None:
    once = keep(tower, "2026-03-02 23:00", "关灯", "王芳", own=True)
    daily = keep(tower, "1 daily 05:30", "晨跑", "李伟", own=True)
    keep(tower, "2026-03-02 23:00", "交党费")
    tower.strike("2026-03-02 22:59")
    assert told(tower) == []
    tower.strike("2026-03-02 23:00")
    assert told(tower) == ["王芳"]
    tower.strike("2026-03-03 05:30")
    assert told(tower) == ["王芳", "李伟"]
    tower.strike("2026-03-03 07:00")
    assert told(tower) == ["王芳", "李伟", *EVERYBODY]
    assert not any("来晚了" in text for text in texts(tower))
    assert next_due(tower, once) is None
    assert next_due(tower, daily) == at("2026-03-04 05:30")


def test_what_one_asked_for_by_day_is_not_told_late_at_night(tower: Tower) -> None:
    keep(tower, DAILY, "写日志", "王芳", own=True)
    tower.strike("2026-03-02 22:30")
    assert told(tower) == []


def test_what_one_missed_at_night_is_not_told_in_the_morning(tower: Tower) -> None:
    keep(tower, "2026-03-02 23:00", "关灯", "王芳", own=True)
    tower.strike("2026-03-03 07:00")
    assert told(tower) == []
    assert texts(tower, "report") == [
        "这些提醒没能按时发出，现在已经过时，没有补发：\n· 3月2日（周一）23:00 关灯"
    ]


def test_who_left_gets_nothing(tower: Tower) -> None:
    keep(tower, DAILY)
    own = keep(tower, DAILY, "写日志", "王芳", own=True)
    with tower.assistant.storage.write() as session:
        find_member(session, "王芳").state = "left"
        find_member(session, "赵敏").state = "left"
    tower.strike("2026-03-02 09:00")
    assert told(tower) == ["陈静", "刘洋", "李伟", "何雪"]
    assert next_due(tower, own) is None


def test_paused_it_is_silent_until_the_day(tower: Tower) -> None:
    number = keep(tower, DAILY)
    with tower.assistant.storage.write() as session:
        reminder = session.get_one(Reminder, number)
        reminders.pause(session, reminder, date(2026, 3, 5), at("2026-03-02 08:30"))
    for day in (2, 3, 4):
        tower.strike(f"2026-03-0{day} 09:00")
    assert told(tower) == []
    tower.strike("2026-03-05 09:00")
    assert told(tower) == EVERYBODY
    with tower.assistant.storage.read() as session:
        assert session.get_one(Reminder, number).state == State.ACTIVE


def test_paused_to_a_day_it_speaks_at_that_day_s_midnight(tower: Tower) -> None:
    number = keep(tower, "1 daily 00:00", own=True)
    with tower.assistant.storage.write() as session:
        reminder = session.get_one(Reminder, number)
        reminders.pause(session, reminder, date(2026, 3, 5), at("2026-03-02 08:30"))
    assert next_due(tower, number) == at("2026-03-05 00:00")


@pytest.mark.parametrize(("over", "kept"), [(1, True), (0, False)])
def test_fifty_are_kept_and_those_that_are_over_do_not_count(
    tower: Tower, over: int, *, kept: bool
) -> None:
    """Nor do those of a colleague, and those to the branch."""
    numbers = [keep(tower, DAILY, f"第{at}件", own=True) for at in range(50)]
    keep(tower, DAILY, "别人的", "王芳", own=True)
    keep(tower, DAILY, "全支部的")
    with tower.assistant.storage.write() as session:
        for number in numbers[:over]:
            reminder = session.get_one(Reminder, number)
            reminders.cancel(session, reminder, at("2026-03-02 08:30"))
    if kept:
        keep(tower, DAILY, "再一件", own=True)
    else:
        with pytest.raises(Refusal, match="已经有 50 个提醒"):
            keep(tower, DAILY, "再一件", own=True)
    keep(tower, DAILY, "全支部的第二个")


@pytest.mark.parametrize(("length", "fits"), [(500, True), (501, False)])
def test_a_reminder_says_five_hundred_signs(
    tower: Tower, length: int, *, fits: bool
) -> None:
    if fits:
        assert keep(tower, DAILY, "字" * length)
    else:
        with pytest.raises(Refusal, match=f"太长（{length} 字），请缩到 500 字"):
            keep(tower, DAILY, "字" * length)


def test_one_is_cancelled_and_paused_and_the_others_speak(tower: Tower) -> None:
    cancelled, paused, left = (keep(tower, DAILY, each) for each in "甲乙丙")
    tower.strike("2026-03-02 09:00")
    with tower.assistant.storage.write() as session:
        now = at("2026-03-02 09:01")
        reminders.cancel(session, session.get_one(Reminder, cancelled), now)
        reminders.pause(session, session.get_one(Reminder, paused), None, now)
    with tower.assistant.storage.read() as session:
        letters = session.query(Letter).filter_by(kind="reminder")
        waiting = {each.topic: each.unclaimed for each in letters}
    assert waiting == {
        f"reminder:{cancelled}": 0,
        f"reminder:{paused}": 0,
        f"reminder:{left}": 6,
    }
    tower.strike("2026-03-03 09:00")
    assert told(tower) == EVERYBODY * 4


def test_cancelled_calls_back_what_waits(tower: Tower) -> None:
    number = keep(tower, DAILY)
    tower.strike("2026-03-02 09:00")
    with tower.assistant.storage.write() as session:
        reminder = session.get_one(Reminder, number)
        reminders.cancel(session, reminder, at("2026-03-02 09:01"))
    with tower.assistant.storage.read() as session:
        (letter,) = session.query(Letter).filter_by(kind="reminder")
        assert letter.unclaimed == 0
    tower.strike("2026-03-03 09:00")
    assert told(tower) == EVERYBODY  # of the first day only


@pytest.mark.parametrize(
    ("rule", "until", "why"),
    [
        (DAILY, date(2026, 3, 2), "今天以后"),
        (DAILY + " until=2026-03-09", date(2026, 3, 10), "已经结束"),
        ("2026-03-03 09:00", date(2026, 3, 4), "只提醒一次"),
    ],
)
def test_no_pause_where_nothing_would_be_left(
    tower: Tower, rule: str, until: date, why: str
) -> None:
    number = keep(tower, rule)

    def pause() -> None:
        with tower.assistant.storage.write() as session:
            reminder = session.get_one(Reminder, number)
            reminders.pause(session, reminder, until, at("2026-03-02 08:30"))

    with pytest.raises(Refusal, match=why):
        pause()
    assert next_due(tower, number)


def test_calendar_published_later_moves_what_was_provisional(tower: Tower) -> None:
    """31 December 2026: what is computed for 2027 is counted again every night."""
    number = keep(tower, "1 monthly 09:00 workday=1")
    with tower.assistant.storage.write() as session:
        reminder = session.get_one(Reminder, number)
        reminders.set_next(reminder, at("2027-01-01 09:00"))  # as once computed
        assert reminder.provisional
    tower.strike("2026-12-31 03:20")
    assert next_due(tower, number) == at("2027-01-04 09:00")


def test_what_is_due_now_is_not_counted_away(tower: Tower) -> None:
    """It goes at this stroke. What rests on no forecast, or is still, stays too."""
    numbers = [keep(tower, "1 monthly 09:00 workday=1", each) for each in "甲乙丙"]
    due, now, paused = (
        at(f"2027-01-01 {hour}") for hour in ("09:00", "08:59", "10:00")
    )
    with tower.assistant.storage.write() as session:
        held = [session.get_one(Reminder, each) for each in numbers]
        for each in held:
            reminders.set_next(each, due)
        held[1].provisional = False
        held[2].state, held[2].next_due = State.PAUSED.value, paused
        send.recheck(session, due)
        assert [each.next_due for each in held] == [due, due, paused]
        send.recheck(session, now)
        moved = at("2027-01-04 09:00")
        assert [each.next_due for each in held] == [moved, due, paused]


def test_ten_of_what_was_missed_are_named_and_all_are_counted(tower: Tower) -> None:
    for number in range(send.MOST_TOLD + 1):
        keep(tower, "2026-03-03 09:00", f"第{number}件", own=True)
    keep(tower, "2026-03-03 09:00", "别人的", "王芳", own=True)
    tower.strike("2026-03-06 09:00")
    first, second = texts(tower, "report")
    assert first.count("· ") == send.MOST_TOLD
    assert first.endswith(f"……共 {send.MOST_TOLD + 1} 个。")
    assert "共" not in second


def test_rare_good_for_is_longer_than_a_day() -> None:
    loud = at("2026-03-05 09:00")
    assert send.good_until(loud, None) == at("2026-03-05 23:59:59")
    late = at("2026-03-05 22:30")
    assert send.good_until(late, None) == late + timedelta(hours=2)
    rare = from_stored(MONTHLY)
    assert send.good_until(loud, rare) == loud + timedelta(days=3)


@pytest.mark.files
def test_what_is_due_is_found_by_the_index(tower: Tower) -> None:
    storage: Storage = tower.assistant.storage
    with storage.looking() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM reminder WHERE next_due <= '2026-03-02'"
            " ORDER BY next_due, id"
        ).all()
    assert "ix_reminder_next_due" in str(plan)


def keep_counted(tower: Tower, words: str, author: str = "王芳") -> int:
    """Keep what was said in 2026 for a day of 2027, whose calendar is not known yet."""
    now = at("2026-03-02 08:00")
    when = read_when(words, now)
    with tower.assistant.storage.write() as session:
        member = find_member(session, author)
        branch = session.get_one(Branch, member.branch_id)
        wish = set_time(ReminderDraft("交总结"), when)
        return reminders.keep(session, member, branch, wish, now).id


def recheck(tower: Tower, moment: str, notice: Notice = NO_NOTICE) -> None:
    with tower.assistant.storage.write() as session:
        send.recheck(session, at(moment), notice)


def off(*days: str) -> Notice:
    """Give a calendar of 2027 that names these days off, besides 1 October."""
    return {date.fromisoformat(f"2027-{day}"): False for day in ("10-01", *days)}


LONG_HOLIDAY = off("10-04", "10-05", "10-06", "10-07")


def is_provisional(tower: Tower, number: int) -> bool:
    with tower.assistant.storage.read() as session:
        return session.get_one(Reminder, number).provisional


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        ("2027年国庆后第一个工作日上午九点", "10-06 09:00", "10-08 09:00"),
        ("2027年10月第一个工作日下午两点", "10-06 14:00", "10-08 14:00"),
        ("2027年9月30日后第一个工作日上午九点", "10-06 09:00", "10-08 09:00"),
        ("2027年国庆后第二个工作日上午九点", "10-07 09:00", "10-11 09:00"),
    ],
)
def test_what_goes_once_moves_to_the_official_day(
    tower: Tower, words: str, before: str, after: str
) -> None:
    number = keep_counted(tower, words)
    assert is_provisional(tower, number)
    assert next_due(tower, number) == at(f"2027-{before}")
    recheck(tower, "2026-11-05 03:20")  # nothing is published yet
    assert next_due(tower, number) == at(f"2027-{before}")
    assert texts(tower, "report") == []
    for day in ("05", "06"):
        recheck(tower, f"2026-11-{day} 03:20", LONG_HOLIDAY)
    assert next_due(tower, number) == at(f"2027-{after}")
    assert not is_provisional(tower, number)
    (report,) = texts(tower, "report")
    assert "2027年的放假安排公布了" in report
    tower.strike(f"2027-{before}")
    assert told(tower) == []
    tower.strike(f"2027-{after}")
    tower.strike(f"2027-{after[:-2]}01")
    assert told(tower) == ["王芳"]


def test_what_stays_on_its_day_is_not_told_of(tower: Tower) -> None:
    number = keep_counted(tower, "2027年国庆后第一个工作日上午九点")
    recheck(tower, "2026-11-06 03:20", off("10-04", "10-05"))
    assert not is_provisional(tower, number)
    assert next_due(tower, number) == at("2027-10-06 09:00")
    assert texts(tower, "report") == []


def test_what_has_gone_is_not_sent_again_when_it_moves(tower: Tower) -> None:
    number = keep_counted(tower, "2027年国庆后第一个工作日上午九点")
    tower.strike("2027-10-06 09:00")
    assert told(tower) == ["王芳"]
    recheck(tower, "2027-10-06 09:01", LONG_HOLIDAY)
    assert next_due(tower, number) is None
    tower.strike("2027-10-08 09:00")
    assert told(tower) == ["王芳"]


def test_what_was_silenced_is_counted_anew_when_it_speaks_again(tower: Tower) -> None:
    number = keep_counted(tower, "2027年国庆后第一个工作日上午九点")
    with tower.assistant.storage.write() as session:
        reminder = session.get_one(Reminder, number)
        reminders.cancel(session, reminder, at("2026-03-03 08:00"))
        recheck_at = at("2026-11-06 03:20")
        send.recheck(session, recheck_at, LONG_HOLIDAY)
        assert reminder.next_due is None
        reminders.resume(session, reminder, recheck_at)
    assert is_provisional(tower, number)
    recheck(tower, "2026-11-07 03:20", LONG_HOLIDAY)
    assert next_due(tower, number) == at("2027-10-08 09:00")
