"""集体政治生日会: whose it is, when one signs in, which one is meant; and 寄语."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.branch.birthdays import (
    card_looks,
    collective_offers,
    collectives,
    notes,
    plans,
)
from bot.branch.birthdays import ungreeted as lacking
from bot.branch.birthdays.card_looks import Look
from bot.branch.birthdays.collectives import CollectiveBirthday, Party, Span
from bot.branch.birthdays.plans import BirthdayPlan
from bot.branch.birthdays.ungreeted import Ungreeted
from bot.branch.notices.notices import Desk, Notice
from bot.branch.people.members import Category, Role, add_member, grant, set_joined
from bot.branch.people.tree import find_branch
from bot.cards.deferred import Drawn, NotDrawn
from bot.errors import Refusal
from bot.outbox import Letter, Recipient
from tests.conftest import ZONE
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

NOW = datetime(2026, 3, 2, 9, tzinfo=ZONE)
AT = datetime(2026, 3, 20, 14, tzinfo=ZONE)
SECOND = timedelta(seconds=1)
MARCH = Span(date(2026, 3, 1), 1, "三月")
QUARTER = Span(date(2026, 1, 1), 3, "第一季度")


def desk(session: Session, name: str = BRANCH) -> Desk:
    branch = find_branch(session, name)
    assert branch
    return Desk(find_member(session, "赵敏"), branch)


def hold(
    session: Session, at: datetime = AT, span: Span = MARCH, of: str = BRANCH
) -> CollectiveBirthday:
    party, made = Party(span, at), Drawn()
    try:
        collectives.hold(session, desk(session, of), party, made, NOW)
    except NotDrawn as wanted:
        made.add(NotDrawn(wanted.name, lambda: None))  # goes without its picture
        collectives.hold(session, desk(session, of), party, made, NOW)
    last = select(CollectiveBirthday).order_by(CollectiveBirthday.id.desc())
    found = session.scalars(last).first()
    assert found
    return found


def born_here(session: Session, name: str, joined: date, of: str = BRANCH) -> None:
    branch = find_branch(session, of)
    assert branch
    member = add_member(session, name, branch, NOW - timedelta(days=400))
    set_joined(member, joined)
    member.category = Category.FULL
    session.flush()


def test_whose_month_it_is(session: Session) -> None:
    born_here(session, "月初", date(2010, 3, 1))
    born_here(session, "月末", date(2010, 3, 31), of=GROUP)
    born_here(session, "四月", date(2010, 4, 1))
    born_here(session, "二月", date(2010, 2, 27))
    born_here(session, "别处", date(2010, 3, 5), of=OTHER_BRANCH)
    here = desk(session).branch
    names = [each.called for each in collectives.celebrants(session, here, MARCH)]
    assert names == ["月初", "王芳", "月末"]
    wang, by = find_member(session, "王芳"), find_member(session, "赵敏")
    plans.stop(session, (wang.id, 2026), by, NOW)
    names = [each.called for each in collectives.celebrants(session, here, MARCH)]
    assert names == ["月初", "月末"]
    assert QUARTER.last == date(2026, 3, 31)


def test_the_notice_says_for_whom_and_what(session: Session) -> None:
    party = Party(MARCH, AT, "301")
    people = collectives.celebrants(session, desk(session).branch, MARCH)
    told = collectives.describe(party, people)
    assert "地点：301" in told
    assert "王芳（15 周年）" in told
    assert "1. 重温入党誓词\n2. " in told
    assert "地点" not in collectives.describe(Party(MARCH, AT), people)


def test_what_cannot_be_planned(session: Session) -> None:
    hold(session)
    for at, span, why in (
        (NOW, QUARTER, "已经过去"),
        (AT, Span(date(2026, 5, 1), 1, "五月"), "没有同志"),
        (AT + timedelta(days=1), MARCH, "已经定在"),
    ):
        with pytest.raises(Refusal, match=why):
            hold(session, at, span)
    hold(session, AT, QUARTER)
    born_here(session, "别处", date(2010, 3, 5), of=OTHER_BRANCH)
    hold(session, AT, MARCH, of=OTHER_BRANCH)
    collectives.cancel(session, desk(session), collectives.find(session, 1), NOW)
    hold(session)


def test_the_branch_s_own_next_and_last(session: Session) -> None:
    here, there = desk(session).branch, desk(session, OTHER_BRANCH).branch
    born_here(session, "别处", date(2010, 3, 5), of=OTHER_BRANCH)
    assert collectives.coming(session, here, NOW) is None
    assert collectives.latest(session, here) is None
    later = hold(session, AT + timedelta(days=5))
    sooner = hold(session, AT, QUARTER)
    other = hold(session, AT - timedelta(days=1), of=OTHER_BRANCH)
    assert collectives.coming(session, here, NOW) is sooner
    assert collectives.latest(session, here) is sooner
    assert collectives.coming(session, there, NOW) is other
    over = AT + collectives.OPEN_FOR
    assert collectives.coming(session, here, over - SECOND) is sooner
    assert collectives.coming(session, here, over) is later
    assert collectives.find_for(session, other.id, there) is other
    with pytest.raises(Refusal, match="不是您所在支部"):
        collectives.find_for(session, other.id, here)
    with pytest.raises(Refusal, match="没有找到"):
        collectives.find(session, 99)


def test_what_is_called_off_is_neither_next_nor_last(session: Session) -> None:
    here = desk(session).branch
    later = hold(session, AT + timedelta(days=5))
    sooner = hold(session, AT, QUARTER)
    collectives.cancel(session, desk(session), sooner, NOW)
    assert collectives.coming(session, here, NOW) is later
    assert collectives.latest(session, here) is later
    with pytest.raises(Refusal, match="已经取消过"):
        collectives.cancel(session, desk(session), sooner, NOW)
    topic = select(Recipient.state).join(Letter).where(Letter.topic == sooner.topic)
    assert set(session.scalars(topic)) == {"refused"}
    topic = select(Recipient.state).join(Letter).where(Letter.topic == later.topic)
    assert set(session.scalars(topic)) == {"pending"}


def test_one_signs_in_from_a_quarter_before_until_it_is_over(session: Session) -> None:
    planned, other = hold(session), hold(session, AT, QUARTER)
    here = desk(session).branch
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    opens, closes = AT - collectives.CALLED_BEFORE, AT + collectives.OPEN_FOR
    assert collectives.open_for(session, here, opens - SECOND) is None
    assert collectives.open_for(session, here, opens) is planned
    for at in (opens - SECOND, closes + SECOND):
        with pytest.raises(Refusal, match="现在不能签到"):
            collectives.sign_in(session, planned, wang, at)
    assert collectives.sign_in(session, planned, wang, closes)
    assert not collectives.sign_in(session, planned, wang, closes)
    assert collectives.sign_in(session, planned, li, opens)
    assert collectives.present(session, planned) == ["李伟", "王芳"]
    assert collectives.present(session, other) == []
    assert collectives.expected(session, planned) == 6
    collectives.cancel(session, desk(session), planned, NOW)
    with pytest.raises(Refusal, match="取消"):
        collectives.sign_in(session, planned, find_member(session, "陈静"), AT)


@pytest.mark.parametrize(
    ("day", "words", "first"),
    [
        (date(2026, 1, 31), "第一季度", date(2026, 1, 1)),
        (date(2026, 3, 31), "第一季度", date(2026, 1, 1)),
        (date(2026, 4, 1), "第二季度", date(2026, 4, 1)),
        (date(2026, 12, 31), "第四季度", date(2026, 10, 1)),
    ],
)
def test_the_quarter_of_a_day(day: date, words: str, first: date) -> None:
    found = collective_offers.quarter_of(day)
    assert (found.words, found.first, found.months) == (words, first, 3)


def test_an_offer_is_of_a_branch_with_two_and_of_the_span_that_begins(
    session: Session,
) -> None:
    here, other = desk(session).branch, desk(session, OTHER_BRANCH).branch
    grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    born_here(session, "四月", date(2010, 4, 30))
    born_here(session, "六月", date(2010, 6, 30))
    born_here(session, "别处", date(2010, 5, 1), of=OTHER_BRANCH)
    april = datetime(2026, 4, 1, 9, tzinfo=ZONE)
    assert collective_offers.offer(session, date(2026, 5, 1), april, april) == 0
    assert collective_offers.offer(session, april.date(), april, april) == 1
    assert collective_offers.offer(session, april.date(), april, april) == 0
    card_looks.choose(session, here.id, Look(collective="month"))
    assert collective_offers.offer(session, april.date(), april, april) == 0, "one only"


def test_notes_are_of_one_author_for_one_birthday(session: Session) -> None:
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    chen = find_member(session, "陈静")
    to, next_year, other = (wang.id, 2026), (wang.id, 2027), (li.id, 2026)
    assert notes.write(session, to, chen, "祝好", NOW)
    assert not notes.write(session, to, chen, "祝  您\n好", NOW)
    assert notes.write(session, to, li, "也祝好", NOW)
    assert notes.write(session, next_year, chen, "明年", NOW)
    assert notes.write(session, other, chen, "给李伟", NOW)
    assert notes.find_own(session, to, chen) == "祝 您 好"
    assert notes.find_own(session, to, li) == "也祝好"
    assert notes.find_own(session, next_year, li) is None
    first, second = notes.listed(session, to)
    assert (first.author, second.author) == ("陈静", "李伟")


def test_a_note_is_left_out_taken_back_or_too_long(session: Session) -> None:
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    chen = find_member(session, "陈静")
    to, next_year, other = (wang.id, 2026), (wang.id, 2027), (li.id, 2026)
    notes.write(session, to, chen, "祝好", NOW)
    notes.write(session, to, li, "也祝好", NOW)
    notes.write(session, next_year, chen, "明年", NOW)
    notes.write(session, other, chen, "给李伟", NOW)
    first, _ = notes.listed(session, to)
    notes.drop(session, first.id, dropped=True)
    assert [each.dropped for each in notes.listed(session, to)] == [True, False]
    read = notes.of(session, (wang.id, li.id), 2026)
    assert [each.text for each in read[wang.id]] == ["也祝好"]
    assert [each.text for each in read[li.id]] == ["给李伟"]
    assert notes.of(session, (), 2026) == {}
    assert notes.withdraw(session, to, chen)
    assert not notes.withdraw(session, to, chen)
    assert notes.find_own(session, next_year, chen) == "明年"
    assert notes.find_own(session, other, chen) == "给李伟"
    assert notes.write(session, to, chen, "长" * notes.LONGEST_NOTE, NOW)
    with pytest.raises(Refusal, match="41 字"):
        notes.write(session, to, chen, "长" * (notes.LONGEST_NOTE + 1), NOW)


def test_whom_no_greeting_reaches_is_counted_in_a_branch_and_below(
    session: Session,
) -> None:
    here = desk(session).branch
    assert lacking.count(session, here) == Ungreeted(0, 0)
    assert lacking.say(lacking.count(session, here)) == ""
    for name, of in (("不详", GROUP), ("别处", OTHER_BRANCH), ("走了", BRANCH)):
        branch = find_branch(session, of)
        assert branch
        member = add_member(session, name, branch, NOW)
        member.state = "left" if name == "走了" else "active"
    dated = add_member(session, "有日期", here, NOW)
    set_joined(dated, date(2010, 1, 1))
    undated = add_member(session, "没日期", here, NOW)
    undated.category = Category.FULL
    applicant = add_member(session, "积极分子", here, NOW)
    applicant.category = Category.ACTIVIST
    session.flush()
    assert lacking.count(session, here) == Ungreeted(2, 2)
    assert "人员类别" in lacking.why_not(dated)
    assert "入党日期" in lacking.why_not(undated)
    assert lacking.why_not(applicant) == ""
    assert lacking.why_not(find_member(session, "王芳")) == ""


def test_what_another_decided_meanwhile_is_overwritten(session: Session) -> None:
    """What this session read before is not taken for what stands."""
    wang, by = find_member(session, "王芳"), find_member(session, "赵敏")
    to = wang.id, 2026
    plans.resume(session, to, by, NOW)
    kept = plans.find(session, *to)
    meanwhile = update(BirthdayPlan).values(stopped=True)
    session.execute(meanwhile.execution_options(synchronize_session=False))
    plans.resume(session, to, by, NOW)
    assert kept
    assert not plans.is_stopped(session, *to)


@pytest.mark.parametrize(("ahead", "asked"), [(-1, False), (0, False), (1, True)])
def test_answers_are_wanted_the_evening_before_if_that_leaves_half_a_day(
    session: Session, ahead: int, *, asked: bool
) -> None:
    evening = NOW + timedelta(hours=12, minutes=ahead)
    at = AT.replace(day=3)
    now = at.replace(day=2, hour=18, minute=0) - (evening - NOW)
    people = collectives.celebrants(session, desk(session).branch, MARCH)
    assert people
    party, made = Party(MARCH, at), Drawn()
    try:
        collectives.hold(session, desk(session), party, made, now)
    except NotDrawn as wanted:
        made.add(NotDrawn(wanted.name, lambda: None))
        collectives.hold(session, desk(session), party, made, now)
    planned = collectives.find(session, 1)
    notice = session.get_one(Notice, planned.notice_id)
    until = notice.deadline and notice.deadline.astimezone(ZONE)
    assert until == (at.replace(day=2, hour=18, minute=0) if asked else None)
    key = f"{planned.topic}:sign_in"
    card = session.scalars(select(Letter).where(Letter.key == key)).one()
    assert card.not_before == at - timedelta(minutes=15)
    assert card.not_after == at + timedelta(hours=3)
