"""One matter in several versions: what stands, whose receipts, which reminders."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import chasing, corrections, notices, reach, replies, withdrawal
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.config.settings import Quiet
from bot.errors import Refusal
from bot.outbox import Letter, Outcome, Recipient
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

NOW = datetime(2026, 3, 14, 10, 0, tzinfo=ZONE)
LATER = NOW + timedelta(minutes=10)
DEADLINE = NOW + timedelta(hours=9)
CHOICES = ("能参加", "请假")


@pytest.fixture
def desk(session: Session) -> Desk:
    root = find_branch(session, BRANCH)
    assert root
    return Desk(find_member(session, "赵敏"), root)


def publish(
    session: Session, desk: Desk, text: str, now: datetime = NOW, **more: object
) -> Notice:
    values = {"choices": CHOICES, "deadline": DEADLINE} | more
    audience = Audience(desk.branch.id)
    draft = Draft(text, audience, **values)  # type: ignore[arg-type]
    notice = notices.publish(session, desk, draft, now)
    deliver(session, now)
    return notice


def deliver(session: Session, now: datetime) -> None:
    while claim := outbox.claim_batch(session, "wecom", "test", now):
        outbox.settle_batch(session, claim, Outcome("number"), now)


def answer(
    session: Session, notice: Notice, name: str, choice: str, at: datetime = LATER
) -> bool:
    receipt = Receipt(
        notice_id=notice.id,
        member_id=find_member(session, name).id,
        at=at,
        how="button",
        choice=choice,
    )
    return replies.acknowledge(session, notice, receipt)


def nudges(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Letter.body, Recipient.state)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(Letter.kind == "nudge")
        .order_by(Recipient.id)
    )
    return [(body["text"].rpartition("\n")[2], state) for body, state in rows]


def test_a_correction_of_a_correction_belongs_to_the_first(
    session: Session, desk: Desk
) -> None:
    first = publish(session, desk, "在201")
    second = publish(session, desk, "在301", LATER, corrects=first.id)
    third = publish(session, desk, "在401", LATER, corrects=second.id)
    other = publish(session, desk, "交表", LATER)
    assert (second.corrects, third.corrects) == (first.id, first.id)
    for each in (first, second, third):
        assert corrections.standing(session, each, LATER) == third
    assert corrections.corrected_by(session, third, LATER) is None
    assert corrections.corrected_by(session, other, LATER) is None
    assert corrections.fold([other, third, second, first], LATER) == [other, third]


def test_what_is_not_out_corrects_nothing(session: Session, desk: Desk) -> None:
    first = publish(session, desk, "在201")
    tomorrow = NOW + timedelta(days=1)
    waits = publish(
        session, desk, "在301", corrects=first.id, goes_at=tomorrow, deadline=None
    )
    assert corrections.standing(session, first, NOW) == first
    assert corrections.fold([waits, first], NOW) == [waits, first]
    assert corrections.standing(session, first, tomorrow) == waits
    withdrawal.withdraw(session, waits, desk.author, NOW)
    assert corrections.standing(session, first, tomorrow) == first


def test_receipts_of_both_are_one(session: Session, desk: Desk) -> None:
    first = publish(session, desk, "在201")
    assert answer(session, first, "王芳", "请假")
    second = publish(session, desk, "在301", LATER, corrects=first.id)
    assert not answer(session, second, "王芳", "请假")
    assert answer(session, second, "李伟", "能参加")
    assert answer(session, first, "陈静", "能参加")
    for each in (first, second):
        status = reach.status(session, each)
        assert (status.acknowledged, status.choices) == (3, {"能参加": 2, "请假": 1})
    assert {row.notice_id for row in session.scalars(select(Receipt))} == {first.id}


def test_each_version_counts_only_whom_it_went_to(session: Session, desk: Desk) -> None:
    first = publish(session, desk, "在201")
    few = Audience(
        desk.branch.id, members=(find_member(session, "王芳").id,), only_named=True
    )
    draft = Draft("在301", few, choices=CHOICES, corrects=first.id)
    second = notices.publish(session, desk, draft, LATER)
    answer(session, first, "李伟", "能参加")
    answer(session, second, "王芳", "请假")
    assert reach.status(session, first).acknowledged == 2
    assert reach.status(session, second).acknowledged == 1
    assert reach.who_chose(session, second, "能参加") == []


def test_an_answer_that_is_no_longer_offered_is_asked_for_again(
    session: Session, desk: Desk
) -> None:
    first = publish(session, desk, "在201")
    answer(session, first, "王芳", "请假")
    second = publish(
        session, desk, "改线上", LATER, corrects=first.id, choices=("能上线", "不能")
    )
    assert reach.status(session, second).acknowledged == 0
    with pytest.raises(Refusal, match="“能上线”、“不能”中的一个"):
        answer(session, first, "李伟", "能参加")
    assert answer(session, second, "王芳", "能上线")


def test_the_silent_are_reminded_once_with_what_stands(
    session: Session, desk: Desk
) -> None:
    first = publish(session, desk, "在201")
    second = publish(session, desk, "在301", LATER, corrects=first.id)
    answer(session, second, "王芳", "能参加")
    quiet, due = Quiet(), DEADLINE - timedelta(hours=3)
    assert chasing.due_chases(session, quiet, due) == [second]
    assert chasing.chase(session, second, desk, due) == 4
    assert nudges(session) == [("在301", "pending")] * 4
    assert chasing.due_chases(session, quiet, due) == []
    publish(session, desk, "在401", due, corrects=first.id)
    after = due + timedelta(hours=2)
    assert chasing.due_chases(session, quiet, after) == []
    after = DEADLINE + timedelta(minutes=5)
    (told,) = chasing.due_reports(session, after)
    assert told.text == "在401"


def test_a_reminder_that_waits_is_stopped_by_a_correction(
    session: Session, desk: Desk
) -> None:
    first = publish(session, desk, "在201")
    other = publish(session, desk, "交表")
    every = timedelta(hours=4)
    for each in (first, other):
        chasing.nudge(session, each, desk, every, LATER)
    draft = Draft("在301", Audience(desk.branch.id), corrects=first.id)
    second = notices.publish(session, desk, draft, LATER)
    corrections.stop_outdated(session, LATER)
    states = nudges(session)
    assert {state for text, state in states if text == "在201"} == {"refused"}
    assert {state for text, state in states if text == "交表"} == {"pending"}
    with pytest.raises(Refusal, match="刚催过"):
        chasing.nudge(session, second, desk, every, LATER)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("周四下午两点在201开会，请周三下午五点前回复", "周四下午两点在201开会"),
        ("各位同志：\n周五植树。带铁锹", "周五植树"),
        ("同志们，大家好！明天交表", "明天交表"),
        ("各位同志：", "各位同志："),
        ("好，" + "长" * 30, "好，" + "长" * 15 + "…"),
    ],
)
def test_a_title_is_a_whole_clause(text: str, title: str) -> None:
    assert notices.make_title(text) == title


def test_a_correction_goes_to_the_groups_of_the_first(
    session: Session, desk: Desk
) -> None:
    first = publish(session, desk, "在201", robots=("支部群", "党小组群"))
    other = publish(session, desk, "交表", robots=("别的群",))
    assert corrections.groups_told(session, first) == ["支部群", "党小组群"]
    assert corrections.groups_told(session, other) == ["别的群"]


def test_only_what_is_out_and_still_good_stops_a_reminder(
    session: Session, desk: Desk
) -> None:
    """At its very moment it does; a second before, when called off, or stale not."""
    every, second = timedelta(hours=4), timedelta(seconds=1)
    goes_at = LATER + timedelta(hours=1)

    def waiting(first: Notice) -> set[str]:
        rows = (
            select(Recipient.state)
            .join(Letter, Letter.id == Recipient.letter_id)
            .where(Letter.topic == f"{first.topic}:nudge")
        )
        return set(session.scalars(rows))

    firsts = [publish(session, desk, f"在{each}") for each in range(201, 205)]
    goes, withdrawn, stale, just = firsts
    for each in firsts:
        chasing.nudge(session, each, desk, every, LATER)

    def correct(first: Notice) -> Notice:
        draft = Draft("在301", Audience(desk.branch.id), corrects=first.id)
        return notices.publish(session, desk, replace(draft, goes_at=goes_at), LATER)

    correct(goes)
    withdrawal.withdraw(session, correct(withdrawn), desk.author, LATER)
    corrections.stop_outdated(session, goes_at - second)
    assert waiting(goes) == {"pending"}
    correct(stale).goes_at = goes_at - notices.GOOD_FOR
    correct(just).goes_at = goes_at - notices.GOOD_FOR + second
    session.flush()
    corrections.stop_outdated(session, goes_at)
    assert waiting(goes) == waiting(just) == {"refused"}
    assert waiting(withdrawn) == waiting(stale) == {"pending"}


def test_a_correction_stops_no_reminder_of_its_own_or_after_it(
    session: Session, desk: Desk
) -> None:
    first = publish(session, desk, "在201")
    second = publish(session, desk, "在301", LATER, corrects=first.id)
    third = publish(session, desk, "在401", LATER, corrects=first.id)
    for each in (second, third):
        chasing.nudge(session, each, desk, timedelta(0), LATER)
    corrections.stop_earlier(session, second, LATER)
    assert {state for _, state in nudges(session)} == {"pending"}
    corrections.stop_earlier(session, third, LATER)
    assert {state for text, state in nudges(session) if text == "在301"} == {"refused"}
    assert {state for text, state in nudges(session) if text == "在401"} == {"pending"}
