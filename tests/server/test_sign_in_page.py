"""The page behind the code at the door: each signs in alone, while it is on."""

import pytest

from bot.assistant.answering import Assistant
from bot.branch.meetings import attendees, codes, meetings
from bot.branch.meetings.meetings import Meeting
from bot.config.settings import Config
from server.twin.world import World
from tests.bot.branch.meetings.test_doors import AT, call
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.browser import Phone, is_sentence, with_pages

MISSING = "没有找到这次会，请重新扫会场上的二维码。"


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "wangfang")


@pytest.fixture
def path(assistant: Assistant) -> str:
    with assistant.storage.write() as session:
        meeting = call(session)
        return f"/m/sign-in/{codes.page_of(meeting)}"


def signed(assistant: Assistant) -> tuple[str, bool]:
    with assistant.storage.read() as session:
        meeting = meetings.every(session)[0]
        row = attendees.find(session, meeting, find_member(session, "王芳").id)
        assert row
        return row.how, row.came_at is not None


def test_who_scans_signs_in_by_pressing(
    assistant: Assistant, phone: Phone, clock: FakeClock, path: str
) -> None:
    clock.wait(seconds=(AT - clock.now()).total_seconds())
    shown = phone.open(path).text
    assert "王芳 签到" in shown
    assert signed(assistant) == ("", False)
    assert phone.post(path).status_code == 303
    assert signed(assistant) == ("page", True)
    assert "14:00 签到好了" in phone.open(path).text


def test_the_door_is_open_only_while_it_is_on(
    assistant: Assistant, phone: Phone, clock: FakeClock, path: str
) -> None:
    clock.wait(seconds=(AT - clock.now()).total_seconds() - 7200)
    assert "30 分钟起可以签到" in phone.open(path).text
    clock.wait(hours=2)
    phone.open(path)
    clock.wait(hours=4)
    late = phone.post(path)
    assert late.status_code == 409
    assert "已经散会" in late.text
    assert "已经散会" in phone.open(path).text
    assert signed(assistant) == ("", False)


def test_who_is_not_called_is_told_so(
    assistant: Assistant, phone: Phone, clock: FakeClock
) -> None:
    with assistant.storage.write() as session:
        gone = (find_member(session, "王芳").id,)
        path = f"/m/sign-in/{codes.page_of(call(session, without=gone))}"
    clock.wait(seconds=(AT - clock.now()).total_seconds())
    phone.open(path)
    refused = phone.post(path)
    assert refused.status_code == 409
    assert "您不在" in refused.text


@pytest.mark.parametrize("page", ["1", "1-", "1-abc", "９-x", "2-{}", "x", "9" * 30])
def test_any_other_address_is_none(phone: Phone, path: str, page: str) -> None:
    key = path.rpartition("-")[2]
    at = f"/m/sign-in/{page.format(key)}"
    assert is_sentence(phone.open(at), 404, MISSING)


def test_what_is_scanned_does_not_tell_the_digits(assistant: Assistant) -> None:
    with assistant.storage.write() as session:
        meeting: Meeting = call(session)
        assert meeting.door not in codes.page_of(meeting)
        forged = Meeting(id=meeting.id, door=codes.page_of(meeting).partition("-")[2])
        assert codes.page_of(forged) != codes.page_of(meeting)
