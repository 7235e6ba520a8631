"""/m/me: what is mine on one page; a calendar of mine that nobody else's phone has."""

import re

import pytest
from icalendar import Calendar

from bot.assistant.answering import Assistant
from bot.branch.personal_data import removal
from bot.config.settings import Config
from server.twin.world import World
from server.web import rate_limit
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.browser import ADDRESS, Phone, with_pages
from tests.stage import Stage


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "wangfang")


MEETING = "赵敏> 安排会议 周三下午两点在301开支部党员大会\n赵敏> 确认"


def address(phone: Phone, **fields: str) -> str:
    """Ask for an address of one's calendar; "" where the page shows none."""
    phone.open("/m/me")
    page = phone.post("/m/me/calendar", **fields).text
    found = re.search(rf"{ADDRESS}(/m/calendar/[^<]+)", page)
    return found[1] if found else ""


def test_all_that_is_mine(phone: Phone, stage: Stage, assistant: Assistant) -> None:
    stage.play("赵敏> 发通知 周五开会\n赵敏> 确认")
    stage.play(MEETING)
    stage.play("王芳> 我今年承诺带两个徒弟\n王芳> 确认\n王芳> 打卡 学习强国 42分")
    stage.say("赵敏", "王芳的入党时间")
    page = phone.open("/m/me").text
    for told in (
        "周五开会（还没回复）",
        "支部党员大会",
        "带两个徒弟（待审核）",
        "学时（只有您自己看得到）",
        "入党 15 周年",
        "打卡 1 条",
        "赵敏：查看名册里的信息",
    ):
        assert told in page, told
    assert "李伟" not in page


def test_a_calendar_follows_the_books(
    phone: Phone, stage: Stage, world: World, assistant: Assistant
) -> None:
    stage.play(MEETING)
    path = address(phone)
    stranger = Phone(assistant, world, "nobody")  # a calendar has no browser's cookies
    file = stranger.get(path)
    assert file.mimetype == "text/calendar"
    (event,) = [
        each
        for each in Calendar.from_ical(file.data).walk("VEVENT")
        if "大会" in str(each["summary"])
    ]
    assert b"DTSTART;TZID=Asia/Shanghai:20260304T140000" in file.data
    assert str(event["location"]) == "301"
    stage.play("赵敏> 取消会议\n赵敏> 确认")
    again = Calendar.from_ical(stranger.get(path).data)
    statuses = {str(each["uid"]): str(each["status"]) for each in again.walk("VEVENT")}
    assert statuses[str(event["uid"])] == "CANCELLED"
    assert "政治生日（入党 15 周年）" in stranger.get(path).text


def test_an_address_is_shown_once_and_can_be_taken_back(
    phone: Phone, world: World, assistant: Assistant
) -> None:
    first = address(phone)
    assert first not in phone.open("/m/me").text
    second = address(phone)
    assert (phone.get(first).status_code, phone.get(second).status_code) == (404, 200)
    assert address(phone, revoke="1") == ""
    assert phone.get(second).status_code == 404
    third = address(phone)
    with assistant.storage.write() as session:
        wang = find_member(session, "王芳")
        removal.remove(session, wang, "", assistant.clock.now())
    assert phone.get(third).status_code == 404


def test_who_guesses_addresses_waits(phone: Phone, clock: FakeClock) -> None:
    phone.client.application.extensions["gate"] = rate_limit.Gate(lambda: 0.0)
    told = [
        phone.get(f"/m/calendar/{number}.ics").status_code
        for number in range(rate_limit.MISSED + 1)
    ]
    assert told == [404] * rate_limit.MISSED + [429]


def test_a_form_that_is_not_hers_makes_none(phone: Phone) -> None:
    phone.open("/m/me")
    assert phone.post("/m/me/calendar", form="forged").status_code == 403
