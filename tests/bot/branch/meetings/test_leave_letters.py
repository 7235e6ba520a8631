"""What a press asks for beside what stands, and who is asked and told of a leave."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import leave_letters, leaves
from bot.branch.meetings.attendees import AWAY, COMING
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.leaves import ASKED, GRANTED, LAPSED, REFUSED, Leave
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from tests.bot.branch.meetings.test_doors import AT, NOW, call
from tests.bot.branch.meetings.test_roll import answer, leave
from tests.people import BRANCH, find_member

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def state_of(session: Session, meeting: Meeting, name: str) -> str | None:
    session.expire_all()
    found = leaves.find(session, meeting.id, find_member(session, name).id)
    return found.state if found else None


def letters(session: Session, kind: str) -> list[tuple[Letter, int | None]]:
    rows = (
        select(Letter, Recipient.member_id)
        .join(Recipient, Recipient.letter_id == Letter.id)
        .where(Letter.kind == kind)
        .order_by(Letter.id, Recipient.member_id)
    )
    return [(letter, member) for letter, member in session.execute(rows)]


@pytest.mark.parametrize(
    ("stands", "pressed", "becomes"),
    [
        (None, AWAY, ASKED),
        (LAPSED, AWAY, ASKED),
        (ASKED, AWAY, ASKED),
        (GRANTED, AWAY, GRANTED),
        (REFUSED, AWAY, REFUSED),
        (None, COMING, None),
        (LAPSED, COMING, LAPSED),
        (ASKED, COMING, None),
        (GRANTED, COMING, None),
        (REFUSED, COMING, REFUSED),
    ],
)
def test_a_press_beside_what_stands(
    session: Session, stands: str | None, pressed: str, becomes: str | None
) -> None:
    """Another's press, another's leave and another meeting change nothing of it."""
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    leave(session, meeting, "李伟", GRANTED)
    leave(session, other, "王芳", GRANTED)
    leave(session, meeting, "陈静", REFUSED)
    leave(session, other, "陈静", REFUSED)
    if stands:
        leave(session, meeting, "王芳", stands)
    for each in session.scalars(select(Leave)):
        each.told_at = NOW
    session.flush()
    assert not leave_letters.has_news(session, NOW)
    answer(session, meeting, "王芳", pressed)
    news = becomes != stands
    assert leave_letters.has_news(session, NOW) is news
    leave_letters.take_up(session, NOW)
    assert state_of(session, meeting, "王芳") == becomes
    assert state_of(session, meeting, "李伟") == GRANTED
    assert state_of(session, other, "王芳") == GRANTED
    told = becomes == ASKED and news
    assert leave_letters.has_news(session, NOW) is told
    names = [each.member_id for each in leave_letters.untold(session)]
    assert names == ([find_member(session, "王芳").id] if told else [])


@pytest.mark.parametrize(
    ("state", "late", "counts"),
    [
        (State.CALLED, timedelta(minutes=15) - SECOND, True),
        (State.CALLED, timedelta(minutes=15), False),
        (State.HELD, timedelta(0), False),
        (State.CANCELLED, timedelta(0), False),
    ],
)
def test_a_press_counts_for_a_quarter_of_an_hour(
    session: Session, state: State, late: timedelta, *, counts: bool
) -> None:
    meeting = call(session)
    answer(session, meeting, "王芳", AWAY)
    meeting.state = state
    session.flush()
    assert leave_letters.has_news(session, AT + late) is counts
    leave_letters.take_up(session, AT + late)
    assert (state_of(session, meeting, "王芳") == ASKED) is counts


def test_every_secretary_but_who_asks_is_asked_once(session: Session) -> None:
    branch = find_branch(session, BRANCH)
    assert branch
    zhao, chen, wang = (find_member(session, each) for each in ("赵敏", "陈静", "王芳"))
    grant(session, chen, Role.SECRETARY, branch)
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    leaves.ask(session, meeting.id, wang.id, "发烧", NOW + SECOND)
    leaves.ask(session, other.id, zhao.id, "", NOW)
    late, early = leave_letters.untold(session)[::-1]
    assert (early.member_id, late.member_id) == (zhao.id, wang.id)
    early.after = True
    at = NOW + timedelta(hours=1)
    for each in (late, early):
        leave_letters.ask_secretary(session, each, NOW, at)
    assert leave_letters.untold(session) == []
    found = letters(session, "leave")
    assert [member for _, member in found] == [zhao.id, chen.id, chen.id]
    first, _, last = (letter for letter, _ in found)
    assert (first.not_before, first.not_after) == (at, at + 3 * DAY)
    assert ("发烧" in str(first.body), "（会后补的）" in str(first.body)) == (
        True,
        False,
    )
    assert "没有说原因" in str(last.body)
    assert "赵敏请假（会后补的）" in str(last.body)


def test_a_leave_is_settled_once_by_another(session: Session) -> None:
    zhao, wang, li = (find_member(session, each) for each in ("赵敏", "王芳", "李伟"))
    meeting = call(session)
    for each in (zhao, wang, li):
        leaves.ask(session, meeting.id, each.id, "有事", NOW)

    def settle(member: str, *, granted: bool = True) -> Leave | None:
        who = find_member(session, member)
        return leave_letters.settle(session, meeting, who, zhao, NOW, granted=granted)

    with pytest.raises(Refusal, match="自己的假"):
        settle("赵敏")
    with pytest.raises(Refusal, match="陈静已经销假"):
        settle("陈静")
    done = settle("王芳")
    assert done
    assert done.state == GRANTED
    assert settle("王芳") is None
    meeting.state = State.HELD
    refused = settle("李伟", granted=False)
    assert refused
    assert refused.state == REFUSED
    words = {str(letter.body): member for letter, member in letters(session, "leave")}
    [(granted, to), (not_granted, other)] = words.items()
    assert ("书记同意了" in granted, to) == (True, wang.id)
    assert ("没有同意" in not_granted, other) == (True, li.id)
    for state in (State.AWAITING_SIGNATURE, State.LOCKED, State.CANCELLED):
        meeting.state = state
        with pytest.raises(Refusal, match="不能再批"):
            settle("李伟")
