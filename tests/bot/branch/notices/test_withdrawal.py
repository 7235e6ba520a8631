"""Second thoughts: what may be put off, approved or taken back, and until when."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import draft_rules, notices, reach, replies, withdrawal
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice, State
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.calendar.say import say_time
from bot.errors import Refusal
from bot.message import Recall, unpack
from bot.outbox import Letter, Outcome, Tally
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

NOW = datetime(2026, 3, 14, 10, 0, tzinfo=ZONE)
DAY = timedelta(days=1)


@pytest.fixture
def desk(session: Session) -> Desk:
    root = find_branch(session, BRANCH)
    assert root
    return Desk(find_member(session, "赵敏"), root)


def publish(session: Session, desk: Desk, **more: object) -> Notice:
    draft = Draft("周五植树", Audience(desk.branch.id), **more)  # type: ignore[arg-type]
    return notices.publish(session, desk, draft, NOW)


def awaiting(session: Session, desk: Desk, **more: object) -> Notice:
    return publish(session, Desk(desk.author, desk.branch, needs_approval=True), **more)


def deliver(session: Session, receipt: str) -> None:
    claim = outbox.claim_batch(session, "wecom", "test", NOW)
    assert claim
    outbox.settle_batch(session, claim, Outcome(receipt), NOW)


def recalled(session: Session) -> list[tuple[str, ...]]:
    bodies = session.scalars(
        select(Letter.body).where(Letter.kind == "recall").order_by(Letter.id)
    )
    contents = [unpack(body) for body in bodies]
    return [each.receipts for each in contents if isinstance(each, Recall)]


def test_each_number_is_recalled_once(session: Session, desk: Desk) -> None:
    notice = publish(session, desk)
    deliver(session, "one,two")
    done = withdrawal.withdraw(session, notice, desk.author, NOW)
    assert (done.taken_back, done.stopped, done.held, done.kept) == (6, 0, 0, False)
    withdrawal.take_back_late(session, NOW)
    assert recalled(session) == [("one", "two")]
    with pytest.raises(Refusal, match="已经撤回过了"):
        withdrawal.withdraw(session, notice, desk.author, NOW)


def test_what_arrives_late_is_recalled_late(session: Session, desk: Desk) -> None:
    notice = publish(session, desk)
    claim = outbox.claim_batch(session, "wecom", "test", NOW)
    assert claim
    done = withdrawal.withdraw(session, notice, desk.author, NOW)
    assert (done.taken_back, done.held, done.kept) == (0, 6, False)
    outbox.settle_batch(session, claim, Outcome("late"), NOW)
    withdrawal.take_back_late(session, NOW + timedelta(minutes=5))
    withdrawal.take_back_late(session, NOW + timedelta(minutes=10))
    assert recalled(session) == [("late",)]
    withdrawal.take_back_late(session, NOW + DAY)
    assert reach.status(session, notice).tally == Tally(6, 6, 0, 0)


def test_put_off_only_what_has_not_gone(session: Session, desk: Desk) -> None:
    notice = publish(session, desk, goes_at=NOW + DAY, deadline=NOW + 3 * DAY)
    withdrawal.put_off(session, notice, NOW + 2 * DAY, NOW)
    assert outbox.claim_batch(session, "wecom", "test", NOW + DAY) is None
    with pytest.raises(Refusal, match="过了截止时间"):
        withdrawal.put_off(session, notice, NOW + 3 * DAY, NOW)
    with pytest.raises(Refusal, match="已经发出"):
        withdrawal.put_off(session, notice, NOW + 5 * DAY, NOW + 2 * DAY)


def test_what_waits_is_found_however_much_was_written_since(
    session: Session, desk: Desk
) -> None:
    waits = [
        publish(session, desk, goes_at=NOW + 30 * DAY, deadline=NOW + 40 * DAY),
        awaiting(session, desk, deadline=NOW + 2 * DAY),
    ]
    gone = publish(session, desk, goes_at=NOW + DAY, deadline=NOW + 3 * DAY)
    withdrawal.withdraw(session, gone, desk.author, NOW)
    for _ in range(51):
        publish(session, desk)
    assert notices.waiting(session, desk.branch, NOW) == waits[::-1]
    assert notices.waiting(session, desk.branch, NOW + 30 * DAY) == [waits[1]]


def test_approval_comes_in_time_or_not_at_all(session: Session, desk: Desk) -> None:
    notice = awaiting(session, desk, deadline=NOW + 2 * DAY)
    with pytest.raises(Refusal, match="截止时间已经过了"):
        withdrawal.approve(session, notice, NOW + 2 * DAY)
    other = awaiting(session, desk)
    with pytest.raises(Refusal, match="超过 7 天"):
        withdrawal.approve(session, other, NOW + 7 * DAY)
    withdrawal.approve(session, other, NOW + DAY)
    assert (other.state, other.goes_at) == (State.SENT, NOW + DAY)
    with pytest.raises(Refusal, match="不在等审批"):
        withdrawal.reject(session, other, NOW + DAY)


def test_what_never_went_is_cancelled_at_any_age(session: Session, desk: Desk) -> None:
    notice = awaiting(session, desk)
    done = withdrawal.withdraw(session, notice, desk.author, NOW + 3 * DAY)
    assert (done.stopped, done.kept) == (6, True)
    assert recalled(session) == []


def test_correction_means_what_people_may_have_read(
    session: Session, desk: Desk
) -> None:
    with pytest.raises(Refusal, match="还没有发出过通知"):
        draft_rules.all_out(session, desk.branch, NOW)
    notice = publish(session, desk)
    publish(session, desk, goes_at=NOW + DAY)
    awaiting(session, desk)
    deliver(session, "one")
    withdrawal.withdraw(session, notice, desk.author, NOW)
    assert draft_rules.all_out(session, desk.branch, NOW) == [notice]
    with pytest.raises(Refusal, match="还没有发出过通知"):
        draft_rules.latest_gone(session, desk.branch, NOW)


def test_next_is_the_earliest(session: Session, desk: Desk) -> None:
    with pytest.raises(Refusal, match="没有等着发的通知"):
        draft_rules.all_waiting(session, desk.branch, NOW)
    publish(session, desk, goes_at=NOW + 2 * DAY)
    sooner = publish(session, desk, goes_at=NOW + DAY)
    assert draft_rules.all_waiting(session, desk.branch, NOW)[0] == sooner


def test_moments_are_said_in_full() -> None:
    said = [say_time(NOW + days * DAY, NOW) for days in (0, 1, 2, 5, 300)]
    assert said == [
        "今天3月14日（周六）10:00",
        "明天3月15日（周日）10:00",
        "后天3月16日（周一）10:00",
        "3月19日（周四）10:00",
        "2027年1月8日（周五）10:00",
    ]


def test_late_is_after_the_deadline_and_never_without_one(
    session: Session, desk: Desk
) -> None:
    notice, open_ended = (
        publish(session, desk, deadline=NOW + DAY),
        publish(session, desk),
    )
    assert not replies.is_late(session, notice, NOW + DAY)
    assert replies.is_late(session, notice, NOW + DAY + timedelta(seconds=1))
    assert not replies.is_late(session, open_ended, NOW + 99 * DAY)
