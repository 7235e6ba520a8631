"""Chasing by hand: only the silent, seldom, until the deadline."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.notices import chasing, notices, reach, replies
from bot.branch.notices.drafts import Draft
from bot.branch.notices.notices import Desk, Notice, State
from bot.branch.notices.reach import Names
from bot.branch.notices.receipts import LOOK, Receipt
from bot.branch.people.audience import Audience
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.message import unpack
from bot.outbox import Letter, Outcome, Recipient
from tests.conftest import ZONE
from tests.people import BRANCH, find_member

NOW = datetime(2026, 3, 14, 10, 0, tzinfo=ZONE)
EVERY = timedelta(hours=4)


@pytest.fixture
def desk(session: Session) -> Desk:
    root = find_branch(session, BRANCH)
    assert root
    return Desk(find_member(session, "赵敏"), root)


@pytest.fixture
def notice(session: Session, desk: Desk) -> Notice:
    """A notice that all six have; it asks a question until five.

    So did another, which all but one have answered.
    """
    other = publish(session, desk, "周四开会")
    for name in ("赵敏", "陈静", "刘洋", "王芳", "李伟"):
        answer(session, other, name, "请假")
    return publish(session, desk, "周五植树")


def publish(session: Session, desk: Desk, text: str) -> Notice:
    draft = Draft(
        text,
        Audience(desk.branch.id),
        choices=("能参加", "请假"),
        deadline=NOW + timedelta(hours=7),
    )
    notice = notices.publish(session, desk, draft, NOW)
    claim = outbox.claim_batch(session, "wecom", "test", NOW)
    assert claim
    outbox.settle_batch(session, claim, Outcome("number"), NOW)
    return notice


def answer(
    session: Session,
    notice: Notice,
    name: str,
    choice: str | None,
    at: datetime = NOW,
) -> None:
    receipt = Receipt(
        notice_id=notice.id,
        member_id=find_member(session, name).id,
        at=at,
        how="page",
        choice=choice,
    )
    replies.acknowledge(session, notice, receipt)


def nudged(session: Session) -> list[str]:
    users = (
        select(Recipient.user)
        .join(Letter, Letter.id == Recipient.letter_id)
        .where(Letter.kind == "nudge")
    )
    return [str(user) for user in session.scalars(users)]


def test_what_is_under_way_is_not_called_answered(session: Session, desk: Desk) -> None:
    draft = Draft("周五植树", Audience(desk.branch.id))
    notice = notices.publish(session, desk, draft, NOW)
    with pytest.raises(Refusal, match="还有 6 人的在路上"):
        chasing.nudge(session, notice, desk, EVERY, NOW)


def test_only_who_has_it_is_named_to_be_called(session: Session, desk: Desk) -> None:
    """Of the card's five and the plain text's one, the card has arrived."""
    find_member(session, "王芳").plain = True
    notice = notices.publish(
        session, desk, Draft("植树", Audience(desk.branch.id)), NOW
    )
    claim = outbox.claim_batch(session, "wecom", "test", NOW)
    assert claim
    outbox.settle_batch(session, claim, Outcome("number"), NOW)
    called = reach.silent_with(session, notice, 3)
    assert len(claim.users) == 5
    assert str(called).endswith(" 等 4 人")
    assert "王芳" not in reach.silent_with(session, notice, 20).first
    assert reach.silent(session, notice, 20).number == 5


def test_a_look_at_a_question_is_no_answer(
    session: Session, notice: Notice, desk: Desk
) -> None:
    answer(session, notice, "王芳", None)
    answer(session, notice, "李伟", "请假")
    status = reach.status(session, notice)
    assert (status.acknowledged, status.choices) == (1, {"请假": 1})
    assert chasing.nudge(session, notice, desk, EVERY, NOW) == 4
    assert set(nudged(session)) == {"chenjing", "liuyang", "wangfang", "hexue"}


def test_a_look_takes_no_answer_away(session: Session, notice: Notice) -> None:
    """A reason given later does count, and the same again is nothing new."""

    def say(choice: str | None, note: str | None = None, hours: int = 0) -> bool:
        receipt = Receipt(
            notice_id=notice.id,
            member_id=find_member(session, "王芳").id,
            at=NOW + timedelta(hours=hours),
            how=LOOK if choice is None else "text",
            choice=choice,
            note=note,
        )
        return replies.acknowledge(session, notice, receipt)

    assert [say(None), say(None)] == [True, False]
    assert [say("请假", "出差", 1), say("请假", "出差", 2)] == [True, False]
    assert [say(None, hours=3), say("请假", hours=3)] == [False, False]
    (line,) = (each for each in reach.ledger(session, notice) if each.name == "王芳")
    assert (line.choice, line.note) == ("请假", "出差")
    assert line.acknowledged_at == NOW + timedelta(hours=1)
    assert [say("请假", "生病", 4), say("能参加", hours=5)] == [True, True]
    (line,) = (each for each in reach.ledger(session, notice) if each.name == "王芳")
    assert (line.choice, line.note) == ("能参加", None)


def test_who_chose_is_named_in_the_order_of_the_answers(
    session: Session, notice: Notice
) -> None:
    for minutes, name in ((2, "陈静"), (1, "何雪"), (3, "王芳"), (2, "赵敏")):
        answer(session, notice, name, "请假", NOW + timedelta(minutes=minutes))
    named = [name for name, *_ in reach.who_chose(session, notice, "请假")]
    assert named == ["何雪", "赵敏", "陈静", "王芳"]


def test_who_chose_what_is_told_of_this_notice(
    session: Session, notice: Notice
) -> None:
    answer(session, notice, "王芳", "请假")
    answer(session, notice, "李伟", "能参加")
    assert [name for name, *_ in reach.who_chose(session, notice, "请假")] == ["王芳"]
    lines = reach.ledger(session, notice)
    assert len(lines) == 6
    assert {line.name: line.choice for line in lines if line.choice} == {
        "王芳": "请假",
        "李伟": "能参加",
    }


@pytest.mark.parametrize(("length", "fits"), [(4000, True), (4001, False)])
def test_a_notice_has_at_most_four_thousand_signs(length: int, *, fits: bool) -> None:
    draft = Draft("字" * length, Audience(1))
    if fits:
        notices.check(draft, NOW)
    else:
        with pytest.raises(Refusal, match=f"最多 4000 字，现在有 {length} 字"):
            notices.check(draft, NOW)


def test_not_again_too_soon(session: Session, notice: Notice, desk: Desk) -> None:
    chasing.nudge(session, notice, desk, EVERY, NOW)
    soon = NOW + EVERY - timedelta(seconds=1)
    with pytest.raises(Refusal, match="10:00 刚催过，4 小时内不再催"):
        chasing.nudge(session, notice, desk, EVERY, soon)
    assert chasing.nudge(session, notice, desk, EVERY, NOW + EVERY) == 5
    assert notice.nudges == 2


def test_not_after_the_deadline_nor_when_withdrawn(
    session: Session, notice: Notice, desk: Desk
) -> None:
    with pytest.raises(Refusal, match="已过了截止时间"):
        chasing.nudge(session, notice, desk, EVERY, NOW + timedelta(hours=8))
    notice.state = State.WITHDRAWN
    with pytest.raises(Refusal, match="已经撤回"):
        chasing.nudge(session, notice, desk, EVERY, NOW)


def test_nobody_is_silent(session: Session, notice: Notice, desk: Desk) -> None:
    for name in ("赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪"):
        answer(session, notice, name, "能参加")
    with pytest.raises(Refusal, match="都已回复"):
        chasing.nudge(session, notice, desk, EVERY, NOW)
    assert nudged(session) == []


def test_reminder_is_dropped_at_the_deadline(
    session: Session, notice: Notice, desk: Desk
) -> None:
    late = NOW + timedelta(hours=6)
    chasing.nudge(session, notice, desk, EVERY, late)
    ends = session.scalars(select(Letter.not_after).where(Letter.kind == "nudge"))
    assert set(ends) == {notice.deadline}


def test_figures_add_up_in_words(session: Session, notice: Notice) -> None:
    answer(session, notice, "李伟", "请假")
    answer(session, notice, "李伟", "能参加")
    answer(session, notice, "王芳", "请假")
    status = reach.status(session, notice)
    figures = "计划 6 人：送达 6，未送达 0，发送中 0；已回复 2"
    answers = "。\n能参加 1，请假 1"
    others = chasing.in_words(status, find_member(session, "陈静"), NOW)
    assert others == f"{figures}（不含发通知的人自己）{answers}"
    own = chasing.in_words(status, find_member(session, "赵敏"), NOW)
    assert own == f"{figures}（不含您自己）{answers}"


def test_the_answer_of_who_wrote_it_counts_once_given(
    session: Session, notice: Notice
) -> None:
    answer(session, notice, "赵敏", "能参加")
    status = reach.status(session, notice)
    assert (status.acknowledged, status.author_aside) == (1, False)


def test_a_group_is_called_once_each_time(
    session: Session, notice: Notice, desk: Desk
) -> None:
    """Each time anew, not too soon, and whoever was reminded himself counts too."""
    groups = ("支部群", "党小组群")
    assert chasing.call_in_groups(session, notice, groups, EVERY, NOW) == 5
    with pytest.raises(Refusal, match="刚催过"):
        chasing.nudge(session, notice, desk, EVERY, NOW + timedelta(hours=1))
    answer(session, notice, "李伟", "请假")
    assert chasing.call_in_groups(session, notice, groups, EVERY, NOW + EVERY) == 4
    called = select(Letter.body).where(Letter.channel == "robot").order_by(Letter.id)
    mentioned = [unpack(body) for body in session.scalars(called)]
    assert [len(getattr(each, "mentions", ())) for each in mentioned] == [5, 5, 4, 4]
    assert (notice.nudges, notice.nudged_at) == (2, NOW + EVERY)


def test_many_names_are_cut_with_their_number() -> None:
    assert str(Names(3, ["赵敏", "陈静"])) == "赵敏、陈静 等 3 人"
    assert str(Names(2, ["赵敏", "陈静"])) == "赵敏、陈静"


@pytest.mark.parametrize(("hours", "of_original"), [(5, True), (1, False)])
def test_a_matter_was_chased_when_any_of_its_notices_last_was(
    session: Session, desk: Desk, notice: Notice, hours: int, *, of_original: bool
) -> None:
    draft = Draft("改到周六", Audience(desk.branch.id), corrects=notice.id)
    correction = notices.publish(session, desk, draft, NOW)
    assert chasing.call_in_groups(session, correction, ["群"], EVERY, NOW - 2 * EVERY)
    with pytest.raises(Refusal, match="刚催过"):
        chasing.nudge(session, notice, desk, EVERY, NOW - EVERY - timedelta(minutes=1))
    notice.nudged_at = NOW - timedelta(hours=hours)
    correction.nudged_at = NOW - timedelta(hours=6 - hours)
    session.flush()
    for each in (notice, correction):
        with pytest.raises(Refusal, match="09:00 刚催过，4 小时内"):
            chasing.call_in_groups(session, each, ["群"], EVERY, NOW)
    assert of_original is (notice.nudged_at < correction.nudged_at)
