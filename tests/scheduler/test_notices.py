"""Notices by the clock: chased once before the deadline, reported once after it."""

from datetime import datetime, timedelta

import pytest

from bot.branch.notices import notices, replies
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, State
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.members import read_plainly
from bot.branch.people.tree import find_branch
from bot.delivery.deliver import Delivery
from bot.outbox import Outcome
from tests.conftest import ZONE
from tests.people import BRANCH, find_member
from tests.scheduler.conftest import Tower


class Phones:
    """A channel that takes everything."""

    def send(self, _envelope: object) -> Outcome:
        return Outcome("number")


def publish(tower: Tower, when: str, deadline: str, **more: object) -> int:
    """Publish a notice to all six, deliver it at once; 何雪 reads plainly."""
    now = datetime.fromisoformat(when).replace(tzinfo=ZONE)
    tower.clock.set(now)
    with tower.assistant.storage.write() as session:
        read_plainly(find_member(session, "何雪"), plain=True)
        root = find_branch(session, BRANCH)
        assert root
        by = datetime.fromisoformat(deadline).replace(tzinfo=ZONE)
        draft = Draft("周五植树", Audience(root.id), deadline=by)
        desk = Desk(find_member(session, "赵敏"), root, **more)  # type: ignore[arg-type]
        number = notices.publish(session, desk, draft, now).id
    deliver(tower)
    return number


def deliver(tower: Tower) -> None:
    kept = tower.assistant
    Delivery(kept.storage, kept.clock, {"wecom": Phones()}).deliver_all()


def answer(tower: Tower, number: int, name: str) -> None:
    with tower.assistant.storage.write() as session:
        member = find_member(session, name)
        receipt = Receipt(
            notice_id=number,
            member_id=member.id,
            at=tower.clock.now(),
            how="text",
            choice=None,
        )
        replies.acknowledge(session, notices.find(session, number), receipt)


def chased(tower: Tower) -> set[str]:
    return {name for name, _ in tower.queued("nudge")}


def test_silent_are_chased_once_in_their_own_way(tower: Tower) -> None:
    number = publish(tower, "2026-03-14 10:00", "2026-03-14 17:00")
    for name in ("王芳", "李伟"):
        answer(tower, number, name)
    tower.strike("2026-03-14 13:55")
    assert chased(tower) == set()
    tower.strike("2026-03-14 14:00")
    assert chased(tower) == {"陈静", "刘洋", "何雪"}
    ((_, told),) = [each for each in tower.queued("nudge") if each[0] == "何雪"]
    assert "看到请回复“收到”" in told
    tower.strike("2026-03-14 15:00")
    assert len(tower.queued("nudge")) == 3


def test_who_was_just_reminded_by_a_person_is_left_alone(tower: Tower) -> None:
    number = publish(tower, "2026-03-14 10:00", "2026-03-14 17:00")
    with tower.assistant.storage.write() as session:
        notice = notices.find(session, number)
        notice.nudged_at, notice.nudges = notice.at + timedelta(hours=3), 1
    tower.strike("2026-03-14 14:30")
    assert chased(tower) == set()


@pytest.mark.parametrize(
    ("when", "deadline"),
    [
        ("2026-03-14 15:00", "2026-03-14 17:00"),  # sent too shortly before it
        ("2026-03-14 20:00", "2026-03-15 02:00"),  # only the night is left
    ],
)
def test_some_are_never_chased(tower: Tower, when: str, deadline: str) -> None:
    publish(tower, when, deadline)
    for hour in ("16:00", "23:30"):
        tower.strike(f"2026-03-14 {hour}")
    tower.strike("2026-03-15 01:00")
    assert chased(tower) == set()


def test_result_is_reported_once(tower: Tower) -> None:
    number = publish(tower, "2026-03-14 10:00", "2026-03-14 17:00")
    answer(tower, number, "王芳")
    tower.strike("2026-03-14 16:55")
    assert tower.queued("report") == []
    tower.strike("2026-03-14 17:00")
    ((name, told),) = tower.queued("report")
    assert name == "赵敏"
    assert "计划 6 人：送达 6，未送达 0，发送中 0；已回复 1（不含您自己）。" in told
    assert "没有回复：陈静、刘洋、李伟、何雪" in told
    tower.strike("2026-03-14 18:00")
    assert len(tower.queued("report")) == 1


def test_report_waits_for_the_morning(tower: Tower) -> None:
    number = publish(tower, "2026-03-14 10:00", "2026-03-14 23:30")
    for name in ("赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪"):
        answer(tower, number, name)
    tower.strike("2026-03-14 23:30")
    ((_, told),) = tower.queued("report")
    assert "没有回复" not in told
    ((first, _),) = tower.windows("report")
    assert first == datetime(2026, 3, 15, 7, 0, tzinfo=ZONE)


def test_withdrawn_is_neither_chased_nor_reported(tower: Tower) -> None:
    number = publish(tower, "2026-03-14 10:00", "2026-03-14 17:00")
    with tower.assistant.storage.write() as session:
        notices.find(session, number).state = State.WITHDRAWN
    for hour in ("14:00", "17:00"):
        tower.strike(f"2026-03-14 {hour}")
    assert tower.queued("nudge") == tower.queued("report") == []


def test_what_waits_for_approval_is_neither(tower: Tower) -> None:
    publish(tower, "2026-03-14 10:00", "2026-03-14 17:00", needs_approval=True)
    for hour in ("14:00", "17:00"):
        tower.strike(f"2026-03-14 {hour}")
    assert tower.queued("nudge") == tower.queued("report") == []


@pytest.mark.parametrize(
    ("deadline", "before", "at"),
    [
        ("2026-03-15 02:00", "2026-03-14 20:55", "2026-03-14 21:00"),  # at night
        ("2026-03-15 07:30", "2026-03-14 20:55", "2026-03-14 21:00"),  # just after it
        ("2026-03-15 09:00", "2026-03-15 06:55", "2026-03-15 07:00"),
        ("2026-03-14 23:59", "2026-03-14 20:55", "2026-03-14 21:00"),
        ("2026-03-14 13:30", "2026-03-14 11:55", "2026-03-14 12:00"),  # soon
    ],
)
def test_the_promise_is_kept_at_a_loud_hour(
    tower: Tower, deadline: str, before: str, at: str
) -> None:
    publish(tower, "2026-03-14 10:00", deadline)
    tower.strike(before)
    assert chased(tower) == set()
    tower.strike(at)
    assert len(chased(tower)) == 5
