"""减负自查: a month in figures, once, on the first working day, and nobody's name."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot import outbox
from bot.branch.notices import burden
from bot.branch.notices.burden import Month
from bot.branch.people.members import Member
from bot.branch.people.tree import find_branch
from bot.branch.personal_data import removal
from bot.config.settings import Quiet
from bot.message import Content, Picture, Text
from bot.outbox import (
    MERGED,
    MUTED,
    WEEK_FULL,
    Importance,
    Interruptions,
    Letter,
    Outcome,
    Plan,
    Recipient,
    Window,
    count_interruptions,
)
from tests.conftest import ZONE
from tests.people import BRANCH, NAME, find_member
from tests.scheduler.conftest import Tower

QUIET = Quiet()
OURS = ("赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪")


def send(
    tower: Tower,
    at: str,
    kind: str,
    *names: str,
    by: Importance = Importance.ROUTINE,
    content: Content = Text("词"),  # noqa: B008  # it is frozen
) -> None:
    """Deliver a letter to each at a local time, whatever the hour."""
    when = datetime.fromisoformat(at).replace(tzinfo=tower.assistant.config.timezone)
    window = Window(when, when + timedelta(hours=1))
    with tower.assistant.storage.write() as session:
        for name in names:
            member = find_member(session, name)
            plan = Plan(f"{kind}:{at}:{name}", kind, content, window, by)
            outbox.put_to(session, plan, member.userid, member.id, now=when)
        while claim := outbox.claim_batch(session, "wecom", "me", when):
            outbox.settle_batch(session, claim, Outcome(), when)


def look(tower: Tower, first: str) -> Month:
    with tower.assistant.storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch is not None
        day, now = date.fromisoformat(first), tower.clock.now()
        return burden.look_back(session, branch, day, now, QUIET)


def told(tower: Tower) -> list[str]:
    return [
        said for _, said in tower.queued("report") if said.startswith("【减负自查】")
    ]


def test_a_month_is_counted_by_member_and_kind(tower: Tower) -> None:
    send(tower, "2026-03-01T00:00", "study", "王芳")
    send(tower, "2026-03-05T08:00", "study", "王芳", "李伟")
    send(tower, "2026-03-31T21:59", "reminder", "王芳")
    send(tower, "2026-04-01T00:00", "study", "王芳")
    send(tower, "2026-03-06T09:00", "deadline", "赵敏")
    send(tower, "2026-03-06T09:00", "notice", "王芳", "李伟", by=Importance.NOTICE)
    send(tower, "2026-03-06T23:00", "nudge", "李伟", by=Importance.NOTICE)
    month = look(tower, "2026-03-01")
    heard = month.heard
    assert heard.kinds == {"study": 3, "reminder": 1}
    assert (heard.most, heard.office, heard.notices, heard.nudges) == (3, 1, 2, 1)
    assert month.people == 6
    assert month.mean == pytest.approx(4 / 6)
    assert look(tower, "2026-04-01").heard.automatic == 1


NOT_TOLD: dict[str, dict[str, object]] = {
    "王芳": {"digest_id": 1, "reason": MERGED},
    "李伟": {"state": "refused", "reason": WEEK_FULL},
    "何雪": {"state": "refused", "reason": MUTED},
    "刘洋": {"state": "refused", "reason": "不在可见范围"},
    "陈静": {"state": "pending", "reason": MUTED},
}


def settle(tower: Tower, at: str, kind: str, name: str, **values: object) -> None:
    """Have something else become of what was sent to somebody at a time."""
    with tower.assistant.storage.write() as session:
        letter = select(Letter.id).where(Letter.key == f"{kind}:{at}:{name}")
        mine = update(Recipient).where(Recipient.letter_id.in_(letter))
        session.execute(mine.values(**values))


def test_what_came_otherwise_is_no_message_of_its_own(tower: Tower) -> None:
    """Told in a digest, not sent, or a picture: none of it counts, by day or night."""
    morning, night = "2026-03-05T08:00", "2026-03-05T23:00"
    for at in (morning, night):
        send(tower, at, "study", *OURS)
        for name, fate in NOT_TOLD.items():
            settle(tower, at, "study", name, **fate)
        send(tower, at, "reply", "王芳", by=Importance.ANSWER)
        send(tower, at, "minutes", "王芳", by=Importance.NOTICE)
        send(tower, at, "notice", "王芳", by=Importance.CALL)
        send(tower, at, "deadline", "赵敏")
        send(tower, at, "birthday", "赵敏", content=Picture(1))
    send(tower, morning, "reminder", "赵敏", "王芳", "李伟")
    heard = look(tower, "2026-03-01").heard
    assert list(heard.kinds.items()) == [("reminder", 3), ("study", 2)]
    assert heard.most == 3
    assert (heard.office, heard.notices, heard.nudges) == (2, 2, 0)
    assert heard.at_night == 2, "the clock's own, of an office too"
    assert (heard.merged, heard.spared) == (2, 4)


def test_who_heard_from_the_clock_is_of_these_people_and_this_month(
    tower: Tower,
) -> None:
    send(tower, "2026-02-28T23:59", "study", "刘洋")
    send(tower, "2026-03-01T00:00", "study", "王芳")
    send(tower, "2026-03-05T08:00", "study", "赵敏", "孙丽")
    send(tower, "2026-03-05T08:00", "notice", "陈静", by=Importance.NOTICE)
    send(tower, "2026-03-05T08:00", "deadline", "何雪")
    send(tower, "2026-04-01T00:00", "study", "李伟")
    march = datetime(2026, 3, 1, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE)
    with tower.assistant.storage.read() as session:
        ours = select(Member.id).where(Member.name.in_(OURS))
        found = session.scalars(outbox.select_interrupted(ours, march)).all()
        heard = [find_member(session, each).id for each in ("赵敏", "王芳")]
        assert sorted(each or 0 for each in found) == sorted(heard)


def test_where_no_hours_are_quiet_nothing_comes_at_night(tower: Tower) -> None:
    never = Quiet(starts=time(9), ends=time(9))
    send(tower, "2026-03-05T08:00", "study", "王芳")
    march = datetime(2026, 3, 1, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE)
    with tower.assistant.storage.read() as session:
        heard = count_interruptions(session, select(Member.id), march, never)
    assert (heard.automatic, heard.at_night) == (1, 0)


def test_who_left_counts_with_what_he_heard(tower: Tower) -> None:
    for day in range(1, 5):
        send(tower, f"2026-03-0{day}T08:00", "study", *OURS)
    send(tower, "2026-02-03T08:00", "study", "王芳")
    send(tower, "2026-03-06T09:00", "notice", "何雪", by=Importance.NOTICE)
    with tower.assistant.storage.write() as session:
        for name in ("王芳", "李伟"):
            removal.remove(session, find_member(session, name), "", tower.clock.now())
    month = look(tower, "2026-03-01")
    assert (month.people, month.mean, month.heard.most) == (6, 4.0, 4)
    february = look(tower, "2026-02-01")
    assert (february.people, february.heard.most) == (5, 1)
    assert february.mean <= february.heard.most


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2026-03-01T00:00", 1),
        ("2026-03-10T06:59", 1),
        ("2026-03-10T07:00", 0),
        ("2026-03-10T21:59", 0),
        ("2026-03-10T22:00", 1),
        ("2026-03-31T23:59", 1),
    ],
)
def test_what_came_at_night_is_counted(tower: Tower, at: str, night: int) -> None:
    send(tower, at, "study", "王芳")
    assert look(tower, "2026-03-01").heard.at_night == night


def test_another_branch_is_not_counted(tower: Tower) -> None:
    send(tower, "2026-03-05T08:00", "study", "孙丽")
    assert look(tower, "2026-03-01").silent


def test_it_comes_once_on_the_first_working_day(tower: Tower) -> None:
    send(tower, "2026-09-05T08:00", "study", "王芳", "李伟")
    for day in range(1, 11):
        tower.strike(f"2026-10-{day:02} 09:30")
        assert len(told(tower)) == (day >= 8), "1 to 7 October are a holiday"
    (said,) = told(tower)
    assert "2026年9月" in said
    assert not any(name in said for name in NAME.values())
    assert len(said.encode()) < 2048


def test_two_clocks_and_a_day_of_outage_make_one(tower: Tower) -> None:
    send(tower, "2026-04-05T08:00", "study", "王芳")
    tower.strike("2026-05-06 21:00")
    tower.strike("2026-05-07 09:31")
    assert len(told(tower)) == 1


def test_where_nothing_was_said_nothing_is_checked(tower: Tower) -> None:
    def uncounted() -> int:
        with tower.assistant.storage.read() as session:
            return len(burden.untold(session, date(2026, 3, 1)))

    assert uncounted() == 2, "of ours and of the third branch"
    tower.strike("2026-04-01 09:30")
    assert uncounted() == 0, "nor is it counted again on the days that follow"
    send(tower, "2026-04-05T08:00", "study", "王芳")
    tower.strike("2026-04-02 09:30")
    assert told(tower) == []
    tower.strike("2026-05-06 09:30")
    assert len(told(tower)) == 1, "the next month is another matter"


def test_a_silent_span_has_no_most(tower: Tower) -> None:
    span = (datetime(2020, 1, 1, tzinfo=ZONE), datetime(2020, 2, 1, tzinfo=ZONE))
    with tower.assistant.storage.read() as session:
        heard = count_interruptions(session, select(Member.id), span, QUIET)
    assert heard == Interruptions({}, 0, 0, 0, 0, 0, 0, 0)


CALM = Interruptions({"study": 10, "reminder": 4}, 5, 0, 0, 0, 0, 8, 2)
MARCH, FEBRUARY = (
    Month(date(2026, number, 1), CALM, people=20, muted=1, written=2)
    for number in (3, 2)
)


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (MARCH, "打扰不多"),
        (replace(MARCH, heard=replace(CALM, at_night=1)), "夜里不该"),
        (replace(MARCH, heard=replace(CALM, most=28)), "学习提醒最多"),
        (replace(MARCH, muted=4), "先从最多的学习提醒减起"),
        (replace(MARCH, written=4), "合起来发"),
        (replace(MARCH, heard=replace(CALM, nudges=9)), "可以不设回执"),
        (replace(MARCH, heard=replace(CALM, nudges=8)), "打扰不多"),
        (replace(MARCH, heard=replace(CALM, nudges=9, notices=0)), "打扰不多"),
        (replace(MARCH, heard=replace(CALM, most=27)), "打扰不多"),
        (replace(MARCH, muted=3), "打扰不多"),
        (replace(MARCH, people=5, muted=1), "打扰不多"),
        (replace(MARCH, people=0, muted=4), "打扰不多"),
    ],
)
def test_the_advice_is_for_what_matters_most(month: Month, words: str) -> None:
    assert words in burden.advise(month, FEBRUARY, QUIET)


def test_the_month_before_stands_beside_it(tower: Tower) -> None:
    with tower.assistant.storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch is not None
        said = burden.describe(branch, MARCH, FEBRUARY, QUIET, date(2026, 3, 20))
    assert "人均 0.7 条，最多的一位 5 条（上月人均 0.7，最多 5）" in said
    assert "2026年3月（到今天）" in said
    assert "国办函〔2026〕12号" in said


def test_counted_are_who_can_be_reached_and_of_those_who_wants_quiet(
    tower: Tower,
) -> None:
    """Not whom no way reaches, nor the wish of somebody who has left."""
    now = tower.clock.now()
    with tower.assistant.storage.write() as session:
        chen, li, he = (find_member(session, each) for each in ("陈静", "李伟", "何雪"))
        for each in (chen, li, he):
            outbox.mute(session, each.id, outbox.QuietWish("", now, None))
        li.userid = li.account = None
        he.state = "left"
    month = look(tower, "2026-03-01")
    assert (month.people, month.muted) == (4, 1)
    with tower.assistant.storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch is not None
        said = burden.describe(branch, MARCH, month, QUIET, now.date())
    assert "上月" not in said, "of which there is nothing to tell"


NOTHING = Interruptions({}, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "more",
    [
        {"kinds": {"study": 1}},
        *({each: 1} for each in ("office", "notices", "nudges", "merged", "spared")),
    ],
)
def test_a_month_is_silent_of_which_there_is_nothing_to_tell(
    tower: Tower, more: dict[str, object]
) -> None:
    silent = replace(MARCH, heard=NOTHING, people=0)
    assert (silent.silent, silent.mean) == (True, 0)
    heard = replace(NOTHING, **more)  # type: ignore[arg-type]
    assert not replace(MARCH, heard=heard).silent
    with tower.assistant.storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch is not None
        said = burden.describe(branch, silent, FEBRUARY, QUIET, date(2026, 4, 1))
    assert said.endswith("2026年3月没有给大家发过消息，不用查。")


@pytest.mark.parametrize(
    ("today", "so_far"), [(date(2026, 3, 31), True), (date(2026, 4, 1), False)]
)
def test_a_month_is_told_so_far_until_it_is_over(
    tower: Tower, today: date, *, so_far: bool
) -> None:
    with tower.assistant.storage.read() as session:
        branch = find_branch(session, BRANCH)
        assert branch is not None
        said = burden.describe(branch, MARCH, FEBRUARY, QUIET, today)
    assert ("（到今天）" in said) is so_far


def test_a_month_is_written_beside_the_one_before_for_three_days(
    tower: Tower,
) -> None:
    for at, times in (("2026-01", 3), ("2026-02", 2), ("2026-03", 1)):
        for day in range(1, times + 1):
            send(tower, f"{at}-0{day}T08:00", "study", "王芳")
    now = datetime(2026, 4, 1, 9, tzinfo=ZONE)
    with tower.assistant.storage.read() as session:
        zhao = find_member(session, "赵敏").id
        plan = burden.write(session, zhao, date(2026, 3, 1), now, now, QUIET)
    assert plan is not None
    assert isinstance(plan.content, Text)
    assert "最多的一位 1 条（上月人均 0.3，最多 2）" in plan.content.text
    assert plan.window == Window(now, now + timedelta(days=3))


def test_who_has_been_told_or_has_left_is_not_told_again(tower: Tower) -> None:
    first, now = date(2026, 3, 1), tower.clock.now()
    send(tower, "2026-03-05T08:00", "study", "王芳")
    with tower.assistant.storage.write() as session:
        zhao = find_member(session, "赵敏").id
        every = list(burden.untold(session, first))
        assert zhao in every
        assert every == sorted(every)
        plan = burden.write(session, zhao, first, now, now, QUIET)
        assert plan is not None
        burden.tell(session, zhao, plan, now)
        left = [each for each in every if each != zhao]
        assert burden.untold(session, first) == left
        session.get_one(Member, left[0]).state = "left"
        session.flush()
        assert burden.untold(session, first) == left[1:]
