"""A round of 民主评议: who is graded, how many 优秀 there can be, who hears what."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.ballots import appraisals, voting
from bot.branch.ballots.appraisals import BEST, GRADES, AppraisalLine, Limit
from bot.branch.ballots.polls import Poll, State
from bot.branch.people.members import Category, add_member
from bot.branch.people.tree import Branch, find_branch
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from tests.bot.branch.ballots.test_polls import KEYS, SECOND, UNTIL, ask
from tests.bot.branch.meetings.test_doors import NOW
from tests.people import BRANCH, OTHER_BRANCH, find_member

FULL = ("赵敏", "陈静", "刘洋", "王芳", "李伟")  # 何雪 is on probation
GOOD = GRADES[1]


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def begin(session: Session) -> Poll:
    author = find_member(session, "赵敏")
    return appraisals.open_round(session, place(session), author, UNTIL, KEYS, NOW)


def grades(session: Session, *best: str, of: tuple[str, ...] = FULL) -> dict[int, str]:
    return {
        find_member(session, each).id: BEST if each in best else GOOD for each in of
    }


def cast(session: Session, poll: Poll, who: str, given: dict[int, str]) -> None:
    number = find_member(session, who).id
    appraisals.cast(session, poll, number, given, KEYS, UNTIL - SECOND)


@pytest.mark.parametrize(
    ("members", "graded", "most"), [(6, 5, 2), (9, 6, 3), (8, 8, 2), (2, 2, 0)]
)
def test_a_third_of_all_or_of_the_graded(members: int, graded: int, most: int) -> None:
    limit = Limit(members, graded)
    assert limit.most == most
    assert f"最多 {members // 3} 个" in str(limit)


def test_graded_is_who_is_full_and_asked_is_everybody(session: Session) -> None:
    poll = begin(session)
    assert [name for name, _ in appraisals.lines(session, poll)] == list(FULL)
    assert appraisals.limit_of(session, place(session).id, 5) == Limit(6, 5)
    asked = select(Recipient.user).join(Letter, Letter.id == Recipient.letter_id)
    assert len(session.scalars(asked.where(Letter.topic == poll.topic)).all()) == 6
    with pytest.raises(Refusal, match="正在进行"):
        begin(session)
    voting.void(session, poll, "发错了", NOW)
    assert appraisals.latest(session, place(session)) is None
    again = begin(session)
    assert appraisals.latest(session, place(session)) is again
    assert appraisals.latest(session, place(session, OTHER_BRANCH)) is None


def test_the_last_round_is_of_its_branch_and_no_other_poll(session: Session) -> None:
    first = begin(session)
    cast(session, first, "王芳", grades(session, "王芳"))
    voting.close(session, first, KEYS, UNTIL)
    find_member(session, "何雪").full_member_since = NOW.date()
    second = begin(session)
    ask(session)
    assert appraisals.latest(session, place(session)) is second
    assert [name for name, _ in appraisals.lines(session, first)] == list(FULL)
    assert len(appraisals.lines(session, second)) == 6
    with pytest.raises(Refusal, match="没有定全"):
        appraisals.tell_each(session, ask(session), NOW, NOW)


@pytest.mark.parametrize(("graded", "held"), [(0, False), (1, True)])
def test_a_round_needs_one_to_grade(
    session: Session, graded: int, *, held: bool
) -> None:
    for each in FULL[graded:]:
        find_member(session, each).full_member_since = NOW.date() + timedelta(days=1)
    session.flush()
    if held:
        assert begin(session).most == 1
        return
    with pytest.raises(Refusal, match="1 到 100 人"):
        begin(session)


def test_a_round_has_room_for_a_hundred(session: Session) -> None:
    for number in range(95):
        more = add_member(session, f"同志{number}", place(session), NOW)
        more.category = Category.FULL
    session.flush()
    round_ = begin(session)
    assert round_.most == 100
    voting.void(session, round_, "", NOW)
    add_member(session, "还有一位", place(session), NOW).category = Category.FULL
    session.flush()
    with pytest.raises(Refusal, match="1 到 100 人"):
        begin(session)


def test_what_one_line_says_is_enough_to_stop(session: Session) -> None:
    poll = begin(session)
    voting.close(session, poll, KEYS, UNTIL)
    appraisals.set_opinions(session, poll, grades(session))
    [first, *_] = (row for _, row in appraisals.lines(session, poll))
    first.opinion = ""
    with pytest.raises(Refusal, match="没有定全"):
        appraisals.tell_each(session, poll, NOW, NOW)
    first.opinion, first.told_at = GOOD, NOW
    with pytest.raises(Refusal, match="已经反馈"):
        appraisals.check_opinions(session, poll, grades(session))
    assert appraisals.tell_each(session, poll, NOW, NOW) == 4


def test_a_ballot_is_whole_and_keeps_the_limit(session: Session) -> None:
    poll = begin(session)
    with pytest.raises(Refusal, match="还有 1 位没有评到"):
        cast(session, poll, "王芳", grades(session, of=FULL[:4]))
    with pytest.raises(Refusal, match="优秀多了"):
        cast(session, poll, "王芳", grades(session, *FULL[:3]))
    for who, best in zip(FULL, (FULL[:2], FULL[:1], (), (), ()), strict=True):
        cast(session, poll, who, grades(session, *best))
    assert appraisals.tallies(session, poll) is None
    voting.close(session, poll, KEYS, UNTIL)
    counted = appraisals.tallies(session, poll)
    assert counted
    zhao, chen = (find_member(session, each).id for each in FULL[:2])
    assert counted[zhao] == dict.fromkeys(GRADES, 0) | {BEST: 2, GOOD: 3}
    assert counted[chen] == dict.fromkeys(GRADES, 0) | {BEST: 1, GOOD: 4}


def test_one_s_own_grade_until_the_branch_has_said_its(session: Session) -> None:
    poll = begin(session)
    wang = find_member(session, "王芳")
    appraisals.rate_oneself(session, poll, wang, GOOD)
    with pytest.raises(Refusal, match="不在评定等次的名单"):
        appraisals.rate_oneself(session, poll, find_member(session, "何雪"), GOOD)
    voting.close(session, poll, KEYS, UNTIL)
    appraisals.set_opinions(session, poll, grades(session))
    with pytest.raises(Refusal, match="自评不能再改"):
        appraisals.rate_oneself(session, poll, wang, BEST)
    own = dict(
        session.execute(select(AppraisalLine.member_id, AppraisalLine.own)).all()
    )
    assert own == dict.fromkeys(grades(session), "") | {wang.id: GOOD}


def test_opinions_are_said_of_all_after_the_close_within_the_limit(
    session: Session,
) -> None:
    poll = begin(session)
    with pytest.raises(Refusal, match="还没有截止"):
        appraisals.set_opinions(session, poll, grades(session))
    voting.close(session, poll, KEYS, UNTIL)
    assert poll.state != State.OPEN
    with pytest.raises(Refusal, match="还有 1 位没有定：李伟"):
        appraisals.set_opinions(session, poll, grades(session, of=FULL[:4]))
    with pytest.raises(Refusal, match="现在优秀 3 个"):
        appraisals.set_opinions(session, poll, grades(session, *FULL[:3]))
    with pytest.raises(Refusal, match="没有定全"):
        appraisals.tell_each(session, poll, NOW, NOW)
    given = grades(session, *FULL[:2])
    assert appraisals.check_opinions(session, poll, given) == (Limit(6, 5), 2)


def test_each_hears_the_own_grade_once_and_for_three_days(session: Session) -> None:
    poll = begin(session)
    wang = find_member(session, "王芳")
    appraisals.rate_oneself(session, poll, wang, GOOD)
    voting.close(session, poll, KEYS, UNTIL)
    appraisals.set_opinions(session, poll, grades(session, "王芳"))
    later = UNTIL + timedelta(hours=1)
    assert appraisals.tell_each(session, poll, UNTIL, later) == 5
    assert appraisals.tell_each(session, poll, UNTIL, later) == 0
    key = f"appraisal:{poll.id}:{wang.id}"
    letter = session.scalars(select(Letter).where(Letter.key == key)).one()
    assert "您的等次是优秀（自评：合格）" in str(letter.body)
    assert (letter.not_before, letter.not_after) == (later, later + timedelta(days=3))
    other = select(Letter.body).where(Letter.key.like("appraisal:%"), Letter.key != key)
    assert all("自评：" not in str(each) for each in session.scalars(other))
    with pytest.raises(Refusal, match="已经反馈"):
        appraisals.set_opinions(session, poll, grades(session))


def test_the_sheet_has_what_was_counted_and_the_day_of_beijing(
    session: Session,
) -> None:
    poll = begin(session)
    empty = list(appraisals.write_sheet(session, poll, NOW).rows)
    assert [row[0] for row in empty] == [1, 2, 3, 4, 5]
    assert set(empty[0][2:]) == {""}
    for who in FULL:
        cast(session, poll, who, grades(session, "赵敏"))
    voting.close(session, poll, KEYS, UNTIL)
    appraisals.set_opinions(session, poll, grades(session, "赵敏"))
    early = datetime(2026, 3, 4, 1, tzinfo=NOW.tzinfo)
    appraisals.tell_each(session, poll, early, early)
    session.expire_all()
    first, second, *_ = appraisals.write_sheet(session, poll, early).rows
    assert first == (1, "赵敏", "", 5, 0, 0, 0, BEST, date(2026, 3, 4))
    assert second == (2, "陈静", "", 0, 5, 0, 0, GOOD, date(2026, 3, 4))
