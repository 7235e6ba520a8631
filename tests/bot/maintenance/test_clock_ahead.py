"""The clock ran ahead and was set right: nothing is silent, nothing is sent twice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import outbox
from bot.branch.notices.receipts import Receipt
from bot.branch.study.checkins import CheckIn
from bot.config.settings import Quiet
from bot.errors import DeliveryError
from bot.maintenance import clock_ahead
from bot.maintenance.clock_ahead import ENDS, HAPPENED, RULED
from bot.maintenance.schema import METADATA
from bot.maintenance.verify import mend, verify
from bot.message import Text
from bot.outbox import Plan, Recipient, Window
from bot.storage import ticks
from bot.storage.database import Moment, Storage
from tests.conftest import ZONE
from tests.people import find_member
from tests.stage import Stage

# What is only told to people, or was said by them of days of their own.
TOLD = """
asked.answered_at asked.at attachment.kept_at audit.at birthday_note.at birthday_plan.at
check_in.at check_in.undone_at collective_birthday.at collective_birthday.starts_at
collective_sign_in.at deadline_warned.at departure.erased_at evidence.at greeting.at
knowledge.added_at material.posted_at material.removed_at member.added_at
milestone.noted_at mute.since mute.until notice.at notice.chased_at notice.deadline
notice.goes_at notice.reported_at observance.added_at observance.removed_at phone.at
planned_day.replaced_at planned_day.written_at reminder.created_at reminder.missed_at
reminder.once_at study_hours.recorded_at study_hours.undone_at study_leave.asked_at
record.recorded_at record.withdrawn_at record_change.at record_person.confirmed_at
training.recorded_at training.undone_at
call_exception.at
attendee.came_at attendee.left_at attendee.made_up_at meeting.at meeting.ends_at
meeting.locked_at meeting.starts_at meeting_leave.asked_at meeting_leave.decided_at
meeting_leave.told_at meeting_note.at meeting_note.dropped_at minutes_step.at
meeting_photo.at
resolution.at resolution.dropped_at poll.opens_at poll.closes_at poll.closed_at
school_span.at life_step.at life_step.raised_at life_step.dropped_at life_step.done_at
calendar_address.made_at console_sending.at console_session.ended_at
life_step.told_at aibot_feedback.at aibot_line.up_since aibot_reply.at
aibot_reply.told_at caller.address_until caller.first_at open_page.at
open_page.closed_at
open_page.goes_at work_certificate.at work_certificate.void_at work_file.began_at
work_like.at work_score.at plan_item.at plan_item.dropped_at appraisal_line.told_at
way.bound_at way.lost_at notice_template.kept_at setting_change.at
"""
NOW = datetime(2026, 3, 2, 8, tzinfo=ZONE)
A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)


def test_of_every_moment_it_is_known_what_it_may_hold_up() -> None:
    """A new column fails here until somebody decides."""
    moments = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Moment)
    }
    known = [*HAPPENED, *ENDS, *RULED, *TOLD.split()]
    assert sorted(known) == sorted(moments)


def live_ahead(stage: Stage, storage: Storage, ran_ahead: timedelta) -> None:
    """Live for some hours by a clock that is wrong."""
    for said in ("每天九点提醒我喝水", "每周五 16:00 提醒我写周报", "打卡 前一天"):
        stage.say("王芳", said)
    stage.clock.set(NOW + ran_ahead)
    stage.say("赵敏", "发通知 周四开会")
    stage.say("赵敏", "确认")
    stage.move_to(f"{NOW + ran_ahead + timedelta(hours=2):%Y-%m-%d %H:%M}")
    for name in ("王芳", "李伟"):
        stage.say(name, "打卡 快了")
    now = stage.clock.now()
    plan = Plan("k", "answer", Text("迟"), Window(now, now + A_DAY))
    with storage.write() as session:
        outbox.put_to(session, plan, "liwei", 1, now=now)


@pytest.mark.thorough
@pytest.mark.parametrize("ran_ahead", [A_DAY, A_YEAR, timedelta(hours=7)])
def test_a_clock_set_right(
    stage: Stage, storage: Storage, ran_ahead: timedelta
) -> None:
    """Reminders, letters, jobs, check-ins and receipts of before and of that time."""
    live_ahead(stage, storage, ran_ahead)
    now, quiet = NOW + timedelta(hours=3), stage.assistant.config.quiet
    stage.clock.set(now)
    assert any("时钟拨快过" in fault for fault in verify(storage, now, quiet))
    assert mend(storage, now, quiet)
    assert mend(storage, now, quiet) == []
    with storage.read() as session:
        days = session.scalars(select(CheckIn.day)).all()
    assert max(days) <= now.date() + A_DAY, "a day ahead is free when it comes"
    for name in ("王芳", "李伟"):
        assert "打卡" in stage.say(name, "打卡 今天的")
    stage.say("王芳", "收到")
    stage.move_to("2026-03-02 11:05")
    assert [each for each in stage.arrived() if "迟" in each], "the letter of then"
    stage.move_to("2026-03-03 09:01")
    stage.arrived()  # where the clock told of it already, it does not again
    stage.move_to("2026-03-04 09:01")
    assert [each for each in stage.arrived() if "喝水" in each], "the reminder of now"
    now = stage.clock.now()
    with storage.read() as session:
        last = ticks.last_done(session, "study", now)
    assert last == datetime(2026, 3, 4, 8, tzinfo=ZONE)
    assert verify(storage, now, quiet) == []


def test_what_was_done_ahead_of_its_time_is_done_again(
    stage: Stage, storage: Storage
) -> None:
    """A job's moment; and an answer to a notice of then, which came before it."""
    stage.clock.set(NOW + A_DAY)
    stage.say("赵敏", "发通知 周四开会")
    stage.say("赵敏", "确认")
    stage.move_to("2026-03-03 09:00")
    now, quiet = NOW + timedelta(hours=1), stage.assistant.config.quiet
    with storage.write() as session:
        wang = find_member(session, "王芳").id
        session.add(Receipt(notice_id=1, member_id=wang, at=now, how="button"))
    assert any("回执：不早于通知" in fault for fault in verify(storage, now, quiet))
    mend(storage, now, quiet)
    assert verify(storage, now, quiet) == []
    with storage.read() as session:
        late = select(ticks.Occasion.job).where(ticks.Occasion.due > now)
        assert session.scalars(late).all() == []


def claim(storage: Storage, now: datetime) -> outbox.Claim | None:
    with storage.write() as session:
        return outbox.claim_batch(session, "wecom", "o", now)


@pytest.mark.parametrize("known", [True, False])
def test_a_letter_that_was_being_sent(
    storage: Storage,
    known: bool,  # noqa: FBT001
) -> None:
    """It is tried again at once; not if it may have been taken, nobody knows when."""
    late = NOW + A_YEAR
    with storage.write() as session:
        window = Window(NOW, late + A_DAY)
        plan = Plan("k", "answer", Text("x"), window)
        outbox.put_to(session, plan, "liwei", 1, now=NOW)
    mine = claim(storage, late)
    assert mine
    with storage.write() as session:
        error = DeliveryError("忙", uncertain=not known)
        outbox.postpone_batch(session, mine, error, late)
    assert claim(storage, NOW) is None
    assert mend(storage, NOW, Quiet())
    assert bool(claim(storage, NOW)) is known
    with storage.read() as session:
        state = session.scalars(select(Recipient.state)).one()
    assert state == ("pending" if known else "refused")


def test_a_clock_that_lost_its_time_mends_nothing(storage: Storage) -> None:
    with storage.write() as session:
        assert ticks.take(session, "j", NOW, NOW)
        assert (
            clock_ahead.set_right(session, datetime(1970, 1, 2, tzinfo=ZONE), Quiet())
            == []
        )


@pytest.mark.thorough
def test_days_in_a_row_are_counted_whatever_the_clock_did(
    stage: Stage, storage: Storage
) -> None:
    for day in (4, 3, 2, 6, 5):
        stage.clock.set(NOW.replace(day=day))
        stage.say("王芳", f"打卡 {day}日")
        assert verify(storage) == []
    stage.clock.set(NOW.replace(day=3))
    stage.say("王芳", "撤销打卡")
    assert verify(storage) == []
    with storage.read() as session:
        rows = select(CheckIn.day, CheckIn.streak).where(CheckIn.undone_at.is_(None))
        counted = {day.day: streak for day, streak in session.execute(rows)}
    assert counted == {2: 1, 4: 1, 5: 2, 6: 3}
