"""The draft of a record: what each step needs in every state, by a second meeting."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import doors, minutes, resolutions, speeches
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting, State
from bot.branch.meetings.quorum import Votes
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch, plant
from bot.errors import Denied, Refusal
from tests.bot.branch.meetings.test_doors import AT, MINUTE, call
from tests.people import OTHER_BRANCH, find_member

SECOND = timedelta(seconds=1)
STATES = (
    State.CALLED,
    State.HELD,
    State.AWAITING_SIGNATURE,
    State.LOCKED,
    State.CANCELLED,
)
Step = Callable[[Session, Meeting], None]


def drop(session: Session, meeting: Meeting) -> None:
    minutes.drop(session, meeting, "说过的", AT)


def give_recorder(session: Session, meeting: Meeting) -> None:
    minutes.give_recorder(session, meeting, find_member(session, "王芳"), AT)


def close(session: Session, meeting: Meeting) -> None:
    minutes.close(session, meeting, find_member(session, "赵敏"), AT)


def send(session: Session, meeting: Meeting) -> None:
    minutes.send(session, meeting, find_member(session, "陈静"), AT)


def sign(session: Session, meeting: Meeting) -> None:
    minutes.sign(session, meeting, find_member(session, "赵敏"), AT)


def give_back(session: Session, meeting: Meeting) -> None:
    minutes.give_back(session, meeting, find_member(session, "赵敏"), "少一条", AT)


def reopen(session: Session, meeting: Meeting) -> None:
    minutes.reopen(session, meeting, find_member(session, "赵敏"), "票数", AT)


def change_host(session: Session, meeting: Meeting) -> None:
    host, by = find_member(session, "陈静"), find_member(session, "赵敏")
    minutes.change_host(session, meeting, host, by, AT)


def speak(session: Session, meeting: Meeting) -> None:
    speeches.add(session, meeting, None, "又一句", find_member(session, "陈静"), AT)


@pytest.mark.parametrize(
    ("step", "may", "becomes", "noted"),
    [
        (drop, {State.CALLED, State.HELD}, None, ""),
        (give_recorder, {State.CALLED, State.HELD}, None, ""),
        (speak, {State.CALLED, State.HELD}, None, ""),
        (close, {State.CALLED}, State.HELD, "closed"),
        (send, {State.CALLED, State.HELD}, State.AWAITING_SIGNATURE, "sent"),
        (sign, {State.AWAITING_SIGNATURE}, State.LOCKED, "signed"),
        (give_back, {State.AWAITING_SIGNATURE}, State.HELD, "returned"),
        (reopen, {State.AWAITING_SIGNATURE, State.LOCKED}, State.HELD, "reopened"),
        (
            change_host,
            {State.CALLED, State.HELD, State.AWAITING_SIGNATURE},
            None,
            "host",
        ),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_each_step_in_each_state(
    session: Session,
    step: Step,
    may: set[State],
    becomes: State | None,
    noted: str,
    state: State,
) -> None:
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    zhao = find_member(session, "赵敏")
    for each in (meeting, other):
        doors.sign_in(session, each, zhao, "text", AT)
        speeches.add(session, each, zhao.id, "说过的", zhao, AT)
    meeting.state = state
    meeting.locked_at = AT - MINUTE if state == State.LOCKED else None
    session.flush()
    if state not in may:
        with pytest.raises(Refusal):
            step(session, meeting)
        assert (meeting.state, list(minutes.steps(session, meeting))) == (state, [])
        return
    step(session, meeting)
    assert meeting.state == (becomes or state)
    assert (meeting.locked_at is not None) is (meeting.state == State.LOCKED)
    taken = [row.step for _, row in minutes.steps(session, meeting)]
    assert taken == ([noted] if noted else [])
    assert list(minutes.steps(session, other)) == []
    assert len(speeches.list_of(session, other)) == 1


def test_nothing_is_written_or_closed_before_it_begins(session: Session) -> None:
    meeting = call(session)
    secretary = find_member(session, "赵敏")
    with pytest.raises(Refusal, match="还没有开始"):
        minutes.close(session, meeting, secretary, AT - SECOND)
    with pytest.raises(Refusal, match="还没开"):
        minutes.give_recorder(session, meeting, secretary, AT - SECOND)
    minutes.give_recorder(session, meeting, secretary, AT)
    minutes.close(session, meeting, secretary, AT)
    assert (meeting.ends_at, meeting.recorder_id) == (AT, secretary.id)


def test_a_draft_is_sent_with_a_host_and_who_was_there(session: Session) -> None:
    meeting, zhao = call(session), find_member(session, "赵敏")
    with pytest.raises(Refusal, match="到会还没有记"):
        minutes.send(session, meeting, zhao, AT)
    doors.sign_in(session, meeting, zhao, "text", AT)
    meeting.host_id = None
    session.flush()
    with pytest.raises(Refusal, match="谁主持"):
        minutes.send(session, meeting, zhao, AT)
    meeting.host_id = zhao.id
    minutes.send(session, meeting, zhao, AT)
    with pytest.raises(Refusal, match="现在由赵敏主持"):
        minutes.sign(session, meeting, find_member(session, "陈静"), AT)
    meeting.host_id = None
    with pytest.raises(Refusal, match="现在由主持人主持"):
        minutes.sign(session, meeting, zhao, AT)
    with pytest.raises(Refusal, match="请说明原因"):
        minutes.reopen(session, meeting, zhao, "", AT)


def test_steps_stand_in_order_with_who_took_them(session: Session) -> None:
    meeting, zhao = call(session), find_member(session, "赵敏")
    doors.sign_in(session, meeting, zhao, "text", AT)
    send(session, meeting)
    give_back(session, meeting)
    send(session, meeting)
    assert [
        (name, row.step, row.why) for name, row in minutes.steps(session, meeting)
    ] == [("陈静", "sent", ""), ("赵敏", "returned", "少一条"), ("陈静", "sent", "")]


def test_one_point_is_taken_out_by_enough_of_its_words(session: Session) -> None:
    """A resolution too; the whole text wins over those that only hold it."""
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    zhao = find_member(session, "赵敏")
    for each, texts in (
        (meeting, ("修灯", "修灯要快", "扫雪的事")),
        (other, ("修灯", "别处的话")),
    ):
        for text in texts:
            speeches.add(session, each, None, text, zhao, AT)
    everybody = [find_member(session, each).id for each in ("赵敏", "陈静", "王芳")]
    doors.mark(session, meeting, everybody, "paper", AT)
    resolutions.resolve(session, meeting, "同意扫雪", Votes(3), zhao, AT)

    def left() -> list[str]:
        return [row.text for _, row in speeches.list_of(session, meeting)]

    for text, why in (
        ("", "没有“"),
        ("别处的话", "没有“"),
        ("修", "有 2 条"),
        ("扫雪", "有 2 条"),
    ):
        with pytest.raises(Refusal, match=why):
            minutes.drop(session, meeting, text, AT)
    assert minutes.drop(session, meeting, "修灯", AT) == "修灯"
    assert left() == ["修灯要快", "扫雪的事"]
    assert minutes.drop(session, meeting, "修", AT) == "修灯要快"
    assert minutes.drop(session, meeting, "同意扫", AT) == "同意扫雪"
    assert (left(), resolutions.of_meeting(session, meeting)) == (["扫雪的事"], [])
    assert len(speeches.list_of(session, other)) == 2


def test_what_was_said_is_written_once_by_whom_it_was_said(session: Session) -> None:
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    zhao, wang = find_member(session, "赵敏"), find_member(session, "王芳")
    longest = "长" * 4000
    for each, speaker, text, new in (
        (meeting, wang.id, "同意", True),
        (meeting, wang.id, "同意", False),
        (meeting, wang.id, "不同意", True),
        (meeting, zhao.id, "同意", True),
        (meeting, None, "同意", True),
        (meeting, None, "同意", False),
        (other, wang.id, "同意", True),
        (other, wang.id, longest, True),
    ):
        assert speeches.add(session, each, speaker, text, zhao, AT) is new
    with pytest.raises(Refusal, match="最多 4000 字"):
        speeches.add(session, other, None, f"{longest}长", zhao, AT)
    assert [
        (name, row.text, row.dissent)
        for name, row in speeches.list_of(session, meeting)
    ] == [
        ("王芳", "同意", False),
        ("王芳", "不同意", True),
        ("赵敏", "同意", False),
        (None, "同意", False),
    ]
    minutes.drop(session, meeting, "不同意", AT)
    assert speeches.add(session, meeting, wang.id, "不同意", zhao, AT), "anew"


def test_who_writes_the_record(session: Session) -> None:
    """The secretary of that branch, who leads it and who records it: nobody else."""
    meeting = call(session)
    meeting.host_id = find_member(session, "王芳").id
    meeting.recorder_id = find_member(session, "李伟").id
    other = find_branch(session, OTHER_BRANCH)
    assert other
    grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    above = plant(session, "学院党总支")
    grant(session, find_member(session, "何雪"), Role.SECRETARY, above)
    session.flush()
    for name, may in (
        ("赵敏", True),
        ("王芳", True),
        ("李伟", True),
        ("陈静", False),
        ("刘洋", False),
        ("孙丽", False),
        ("何雪", False),
    ):
        who = find_member(session, name)
        if may:
            minutes.check_writer(session, meeting, who)
            continue
        with pytest.raises(Denied):
            minutes.check_writer(session, meeting, who)


def test_a_record_that_is_locked_and_not_signed_is_found(session: Session) -> None:
    signed, unsigned, open_ = (
        call(session, AT + timedelta(hours=each)) for each in range(3)
    )
    zhao, late = find_member(session, "赵敏"), AT + timedelta(hours=2)
    for each in (signed, unsigned):
        doors.mark(session, each, [zhao.id], "paper", late)
        minutes.send(session, each, zhao, late)
    minutes.sign(session, signed, zhao, late)
    assert list(minutes.signed.find(session)) == []
    unsigned.state = State.LOCKED
    session.flush()
    [told] = minutes.signed.find(session)
    assert told.startswith(f"第 {unsigned.id} 次")
    assert open_.state == State.CALLED
