"""The addresses of a meeting's pages, and the digits that were good a while ago."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import codes
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from tests.bot.branch.meetings.test_doors import AT, MINUTE, call


def numbered(session: Session, like: Meeting, number: int) -> Meeting:
    """Write a meeting down under a number."""
    names = (each.key for each in Meeting.__table__.columns)
    values = {name: getattr(like, name) for name in names}
    meeting = Meeting(**values | {"id": number, "notice_id": None})
    session.add(meeting)
    session.flush()
    return meeting


def test_a_page_is_found_by_its_own_address_only(session: Session) -> None:
    meeting, other = call(session), call(session, kind=Kind.LECTURE)
    page, minutes = codes.page_of(meeting), codes.page_of(meeting, "minutes")
    assert re.fullmatch(rf"{meeting.id}-[0-9a-f]{{32}}", page)
    assert codes.find_page(session, page) is meeting
    assert codes.find_page(session, codes.page_of(other)) is other
    assert codes.find_page(session, minutes, "minutes") is meeting
    sign = page.partition("-")[2]
    for odd in (
        minutes,
        f"{other.id}-{sign}",
        f"{meeting.id}-{sign[:-1]}",
        f"{page}0",
        f"{meeting.id}",
        f"99-{sign}",
        f"٣-{sign}",
        f"²-{sign}",
        f"一-{sign}",
        f"-{sign}",
        "",
        f"{'9' * 30}-{sign}",
    ):
        assert codes.find_page(session, odd) is None, odd


@pytest.mark.parametrize(("digits", "found"), [(18, True), (19, False)])
def test_a_number_is_as_long_as_a_database_takes(
    session: Session, digits: int, *, found: bool
) -> None:
    meeting = numbered(session, call(session), 10 ** (digits - 1))
    page = codes.page_of(meeting)
    assert codes.find_page(session, page) is (meeting if found else None)


def test_a_code_is_remembered_as_good_for_half_an_hour(session: Session) -> None:
    meeting = call(session)

    def was_good(minutes: int) -> bool:
        code = codes.code_of(meeting, AT)
        return codes.was_good(meeting, code, AT + MINUTE * minutes)

    assert re.fullmatch("[0-9]{4}", codes.code_of(meeting, AT))
    assert [each for each in range(-31, 40) if was_good(each)] == [*range(2, 30)]
    good = [
        each
        for each in range(-3, 4)
        if codes.is_good(meeting, codes.code_of(meeting, AT), AT + MINUTE * each)
    ]
    assert good == [0, 1]
    code = codes.code_of(meeting, AT - timedelta(seconds=1))
    assert code != codes.code_of(meeting, AT)
