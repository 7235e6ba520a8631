"""What a 组织生活会 found wanting: written once, told a day before, raised if late."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import life
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.life import LifeStep
from bot.branch.meetings.meetings import Meeting, State
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from tests.bot.branch.meetings.test_doors import NOW, call
from tests.people import find_member

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def meeting(session: Session) -> Meeting:
    return call(session, kind=Kind.LIFE_MEETING)


def add(
    session: Session,
    meeting: Meeting,
    text: str,
    step: str = "mend",
    who: str = "",
    due: date | None = None,
) -> LifeStep | None:
    member = find_member(session, who).id if who else None
    by = find_member(session, "赵敏")
    return life.add(session, meeting, step, text, by, NOW, member_id=member, due=due)


def told(session: Session) -> Sequence[tuple[str | None, str]]:
    rows = (
        select(Recipient.user, Letter.key)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.key.like("mend%"))
        .order_by(Letter.id)
    )
    return [(user, key.partition(":")[0]) for user, key in session.execute(rows)]


def test_a_step_is_the_same_by_what_it_says_of_whom(
    session: Session, meeting: Meeting
) -> None:
    other = call(session, kind=Kind.GENERAL)
    for step, who in (("mend", "王芳"), ("mend", ""), ("problem", "王芳")):
        assert add(session, meeting, "学习少", step, who)
        assert add(session, meeting, "学习少", step, who) is None
    assert add(session, other, "学习少", "mend", "王芳")
    first = life.of_meeting(session, meeting)[0]
    assert first.step == "problem", "in the order of the steps"
    first.dropped_at = NOW
    session.flush()
    assert len(life.of_meeting(session, meeting)) == 2
    assert add(session, meeting, "学习少", "problem", "王芳")
    assert add(session, meeting, "长" * 1000)
    with pytest.raises(Refusal, match="最多 1000"):
        add(session, meeting, "长" * 1001)


@pytest.mark.parametrize("state", [State.AWAITING_SIGNATURE, State.LOCKED])
def test_once_the_minutes_are_sent_only_mending_is_added(
    session: Session, meeting: Meeting, state: State
) -> None:
    meeting.state = state
    session.flush()
    for step in ("study", "talk", "problem"):
        with pytest.raises(Refusal, match="已经送签"):
            add(session, meeting, "学习少", step)
    assert add(session, meeting, "学习少")
    meeting.state = State.CANCELLED
    session.flush()
    with pytest.raises(Refusal, match="取消"):
        add(session, meeting, "学习多")


def test_who_mends_hears_the_day_before_and_the_secretary_when_it_is_late(
    session: Session, meeting: Meeting
) -> None:
    for text, who, due in (
        ("快到期", "王芳", TODAY + DAY),
        ("今天到期", "李伟", TODAY),
        ("还早", "何雪", TODAY + 2 * DAY),
        ("过期", "陈静", TODAY - DAY),
        ("没人负责", "", TODAY + DAY),
        ("没有期限", "刘洋", None),
    ):
        add(session, meeting, text, "mend", who, due)
    add(session, meeting, "不是整改", "problem", "刘洋")
    done, gone = (add(session, meeting, each, due=TODAY - DAY) for each in "甲乙")
    assert done
    assert gone
    assert life.finish(session, done, NOW)
    assert not life.finish(session, done, NOW)
    gone.dropped_at = NOW
    session.flush()
    for _ in range(2):
        life.follow(session, NOW, NOW)
        assert told(session) == [
            ("wangfang", "mend"),
            ("liwei", "mend"),
            ("zhaomin", "mend_late"),
        ]
    life.follow(session, NOW + DAY, NOW + DAY)
    assert told(session)[3:] == [("zhaomin", "mend_late"), ("hexue", "mend")]
    letters = select(Letter).where(Letter.key.like("mend%")).order_by(Letter.id)
    letter = session.scalars(letters).first()
    assert letter
    assert (letter.not_before, letter.not_after) == (NOW, NOW + 3 * DAY)


def test_all_is_said_and_what_is_late_is_marked(
    session: Session, meeting: Meeting
) -> None:
    add(session, meeting, "学习少", "problem", "王芳")
    late = add(session, meeting, "补课", "mend", "李伟", TODAY - DAY)
    soon = add(session, meeting, "整理", "mend", "", TODAY)
    done = add(session, meeting, "读完", "mend", "李伟", TODAY - DAY)
    assert late
    assert soon
    assert done
    life.finish(session, done, NOW)
    assert life.say_all(session, meeting, NOW) == [
        "会前学习：还没有记",
        "会前谈心：还没有记",
        "查摆：王芳：学习少",
        f"整改：{late.id}. 补课，李伟负责，2026年3月1日前（过期了）",
        f"整改：{soon.id}. 整理，2026年3月2日前",
        f"整改：{done.id}. 读完，李伟负责，2026年3月1日前，2026年3月2日完成",
    ]


def test_found_is_what_is_to_be_mended_and_stands(
    session: Session, meeting: Meeting
) -> None:
    problem = add(session, meeting, "学习少", "problem")
    row, gone = add(session, meeting, "补课"), add(session, meeting, "写错")
    assert problem
    assert row
    assert gone
    gone.dropped_at = NOW
    session.flush()
    assert life.find(session, row.id) == (row, meeting)
    for number in (problem.id, gone.id, 99):
        with pytest.raises(Refusal, match="没有第"):
            life.find(session, number)
    assert list(life.only_mending_is_due.find(session)) == []
    problem.due = TODAY
    session.flush()
    assert len(list(life.only_mending_is_due.find(session))) == 1


def test_the_day_of_mending_is_beijing_s(session: Session, meeting: Meeting) -> None:
    row = add(session, meeting, "补课", "mend", "", TODAY)
    assert row
    early = datetime(2026, 3, 2, 1, tzinfo=NOW.tzinfo)
    life.finish(session, row, early)
    session.expire_all()
    assert life.say(session, row, NOW).endswith("2026年3月2日完成")


def test_what_was_written_wrongly_is_taken_out_by_its_words(
    session: Session, meeting: Meeting
) -> None:
    """By all of them first, else by some that no other step of its kind has."""
    other = call(session, kind=Kind.GENERAL)
    whole, longer, read = (
        add(session, meeting, each) for each in ("补课", "补课两次", "补读")
    )
    for of, step in ((meeting, "problem"), (other, "mend")):
        add(session, of, "补课", step)
    assert read

    def drop(text: str) -> LifeStep:
        return life.drop(session, meeting, "mend", text, NOW)

    with pytest.raises(Refusal, match="有 3 条都含“补”"):
        drop("补")
    assert drop("补课") is whole
    assert drop("补课") is longer
    for text in ("补课", ""):
        with pytest.raises(Refusal, match="整改里没有"):
            drop(text)
    life.finish(session, read, NOW)
    with pytest.raises(Refusal, match="已经销号"):
        drop("补")
    left = [(each.step, each.text) for each in life.of_meeting(session, meeting)]
    assert left == [("problem", "补课"), ("mend", "补读")]
    assert len(life.of_meeting(session, other)) == 1


@pytest.mark.parametrize("state", [State.AWAITING_SIGNATURE, State.LOCKED])
def test_once_the_minutes_are_sent_only_mending_is_taken_out(
    session: Session, meeting: Meeting, state: State
) -> None:
    for step in ("problem", "mend"):
        add(session, meeting, "学习少", step)
    meeting.state = state
    session.flush()
    with pytest.raises(Refusal, match="查摆不能再划掉"):
        life.drop(session, meeting, "problem", "学习少", NOW)
    assert life.drop(session, meeting, "mend", "学习少", NOW).dropped_at == NOW
    meeting.state = State.HELD
    session.flush()
    assert life.drop(session, meeting, "problem", "学习少", NOW).dropped_at == NOW


def test_somebody_is_next_told_the_day_before_or_the_day_after(
    session: Session, meeting: Meeting
) -> None:
    due = TODAY + 9 * DAY
    add(session, meeting, "没人负责", "mend", "", due)
    assert list(life.next_days(session)) == [due + DAY]
    mends = add(session, meeting, "补课", "mend", "王芳", due)
    assert mends
    assert sorted(life.next_days(session)) == [due - DAY, due + DAY]
    at = NOW + 8 * DAY
    life.follow(session, at, at)
    assert list(life.next_days(session)) == [due + DAY] * 2
    life.follow(session, at + timedelta(hours=1), at)
    assert mends.told_at == at, "once"
    life.follow(session, NOW + 10 * DAY, NOW + 10 * DAY)
    assert list(life.next_days(session)) == []


def test_a_step_says_whose_it_is_and_by_when_as_far_as_that_is_told(
    session: Session, meeting: Meeting
) -> None:
    said = [
        life.say(session, row, NOW)
        for row in (
            add(session, meeting, "学习少", "problem"),
            add(session, meeting, "补课"),
            add(session, meeting, "整理", "mend", "李伟"),
        )
        if row
    ]
    assert said == ["学习少", "补课", "整理，李伟负责"]
    add(session, meeting, "读完", "mend", "李伟", TODAY)
    assert list(life.only_mending_is_due.find(session)) == []
