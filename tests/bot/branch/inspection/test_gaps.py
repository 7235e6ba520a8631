"""What a year lacks: the dues since their book begins, and each thing read once."""

from io import BytesIO

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.branch.inspection.checks import find_doubts
from bot.branch.inspection.gaps import Gap, find_gaps
from bot.branch.inspection.items import Asked
from bot.branch.inspection.pack import write_pack
from bot.branch.meetings import doors
from bot.branch.meetings.kinds import Kind
from bot.branch.people.audience import Audience, name_people
from bot.config.settings import Config
from tests.bot.branch.meetings.test_doors import AT, MINUTE, call
from tests.bot.branch.records.test_lists import person, put
from tests.bot.branch.records.test_search import NOON, branch_of
from tests.people import find_member

MONTHS = NOON.month


def dues_gap(session: Session, year: int = NOON.year) -> Gap | None:
    found = find_gaps(session, branch_of(session), year, NOON)
    return next((each for each in found if each.item == "党费"), None)


def pay(session: Session, day: str, *names: str) -> None:
    for each in names:
        put(session, "dues", day=day, people=person(session, each), amount=10.0)


def test_no_dues_are_lacking_before_their_book_begins(session: Session) -> None:
    assert dues_gap(session) is None
    pay(session, f"{NOON.year}-{MONTHS:02}-01", "王芳", "李伟")
    people = len(name_people(session, Audience(branch_of(session).id)))
    gap = dues_gap(session)
    assert gap
    assert (gap.due, gap.has) == (people, 2)
    assert dues_gap(session, NOON.year - 1) is None


def test_dues_are_lacking_from_the_month_in_which_their_book_begins(
    session: Session,
) -> None:
    pay(session, f"{NOON.year - 1}-11-01", "王芳")
    people = len(name_people(session, Audience(branch_of(session).id)))
    now, before = dues_gap(session), dues_gap(session, NOON.year - 1)
    assert now
    assert before
    assert (now.due, now.has) == (people * MONTHS, 0)
    assert (before.due, before.has) == (people * 2, 1)


def test_a_pack_reads_the_year_s_meetings_once(
    session: Session, config: Config
) -> None:
    asked = Asked(session, branch_of(session), NOON.year, NOON, config)
    said = list[str]()

    def note(*call: object) -> None:
        said.append(str(call[2]))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    write_pack(asked, BytesIO())
    event.remove(session.get_bind(), "before_cursor_execute", note)
    of_the_year = [each for each in said if "meeting.place" in each]
    assert len([each for each in of_the_year if "meeting.starts_at <" in each]) == 1


def test_who_came_to_two_meetings_at_once_is_doubted(session: Session) -> None:
    one, other = call(session), call(session, at=AT + 30 * MINUTE, kind=Kind.THEME_DAY)
    later = AT + MINUTE * 60 * 24
    wang = find_member(session, "王芳").id
    for each in (one, other):
        doors.mark(session, each, [wang], "paper", AT + 40 * MINUTE)
    told = [each.what for each in find_doubts(session, [one, other], later)]
    assert any("同时也在" in each and "王芳" in each for each in told)
    apart = [each.what for each in find_doubts(session, [one], later)]
    assert not any("同时也在" in each for each in apart)
