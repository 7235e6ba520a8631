"""The pages for people outside: a visit asked for, a company's word on a service."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from bot.assistant.answering import Assistant
from bot.branch.people.members import party_branch
from bot.branch.records import book, confirmed, open_pages, visits
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.tables import Record, RecordPrivate
from bot.branch.records.values import values_of
from bot.config.settings import Config
from bot.outbox import Letter
from bot.storage.encrypted import Ring, give_ring
from server.twin.world import World
from server.web.rate_limit import STRANGERS
from tests.fakes.clock import FakeClock
from tests.people import find_member
from tests.server.browser import Phone, with_pages
from tests.stage import Stage

FORM = {
    "company": "金华职院",
    "sort": "院校",
    "part": "下午",
    "count": "20",
    "what": "看数控实训室",
    "name": "张老师",
    "phone": "13800001111",
}


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def outside(assistant: Assistant, world: World) -> Phone:
    """Somebody whom nobody knows: never sent to WeCom, has no cookie."""
    return Phone(assistant, world, "stranger")


@pytest.fixture
def path(assistant: Assistant, clock: FakeClock) -> str:
    with assistant.storage.write() as session:
        give_ring(assistant.storage.engine, Ring([Fernet.generate_key().decode()]))
        by = find_member(session, "赵敏")
        branch = party_branch(session, by)
        page = open_pages.give(session, "visit", branch.id, by, clock.now())
        return f"/m/visit/{page.door}"


def ahead(clock: FakeClock, days: int = 7) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def letters(assistant: Assistant, kind: str = "record") -> list[str]:
    with assistant.storage.read() as session:
        rows = session.scalars(select(Letter).where(Letter.kind == kind))
        return [str(each.body["text"]) for each in rows]


def test_a_visit_is_asked_for_and_settled(
    assistant: Assistant, outside: Phone, clock: FakeClock, path: str
) -> None:
    assert "预约参观 智能制造教工党支部" in outside.get(path).text
    asked = outside.post(path, **FORM, day=ahead(clock))
    assert asked.status_code == 303
    own = asked.location.removeprefix("https://branch.example.org")
    assert "等支部书记确认" in outside.get(own).text
    (told,) = letters(assistant)
    assert "金华职院" in told
    assert "13800001111" not in told
    with assistant.storage.write() as session:
        row = session.scalars(select(Record)).one()
        assert row.state == "asked"
        assert visits.phone_of(session, row) == "张老师 13800001111"
        assert "张老师" not in str(row.fields)
        book.move(session, row, "booked", None, clock.now())
    assert "定下来了" in outside.get(own).text
    clock.wait(hours=24 * 7)
    assert outside.post(own, opinion="讲得很清楚").status_code == 303
    with assistant.storage.read() as session:
        row = session.scalars(select(Record)).one()
        assert values_of(session, row)["opinion"] == "讲得很清楚"


def test_the_number_to_call_goes_after_half_a_year(
    assistant: Assistant, outside: Phone, clock: FakeClock, path: str
) -> None:
    outside.post(path, **FORM, day=ahead(clock))
    with assistant.storage.write() as session:
        day = (clock.now() + timedelta(days=200)).date()
        assert book.forget_private(session, day) == 1
        assert session.scalars(select(RecordPrivate)).all() == []


def test_asked_twice_it_is_one(
    assistant: Assistant, outside: Phone, clock: FakeClock, path: str
) -> None:
    first = outside.post(path, **FORM, day=ahead(clock))
    again = outside.post(path, **FORM, day=ahead(clock))
    assert first.location == again.location
    assert len(letters(assistant)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"company": "厂"}, "全称"),
        ({"count": "0"}, "最多"),
        ({"count": "２０"}, "人数"),
        ({"phone": ""}, "联系电话"),
        ({"day": "2020-01-01"}, "提前 1 天"),
        ({"day": "tomorrow"}, "日期"),
        ({"what": "看" * 300}, "最多"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_kept(
    assistant: Assistant,
    outside: Phone,
    clock: FakeClock,
    path: str,
    wrong: dict[str, str],
    told: str,
) -> None:
    refused = outside.post(path, **({**FORM, "day": ahead(clock)} | wrong))
    assert refused.status_code == 400
    assert told in refused.text
    assert letters(assistant) == []


def test_who_sends_too_much_waits(outside: Phone, clock: FakeClock, path: str) -> None:
    told = [outside.post(path, **FORM, day="x").status_code for _ in range(STRANGERS)]
    assert set(told) == {400}
    assert outside.post(path, **FORM, day=ahead(clock)).status_code == 429


def test_a_closed_page_takes_nothing(
    assistant: Assistant, outside: Phone, clock: FakeClock, path: str
) -> None:
    with assistant.storage.write() as session:
        branch = party_branch(session, find_member(session, "赵敏"))
        assert open_pages.close(session, "visit", branch.id, clock.now()) == 1
    assert outside.get(path).status_code == 404
    assert outside.post(path, **FORM, day=ahead(clock)).status_code == 404


def serve(assistant: Assistant, clock: FakeClock) -> tuple[int, str]:
    with assistant.storage.write() as session:
        wang, kind = find_member(session, "王芳"), find_kind("service")
        told = {
            "day": clock.now().date().isoformat(),
            "company": "万盛机械",
            "people": [[wang.id, wang.name]],
            "hours": 4.0,
        }
        teller = Teller(wang, party_branch(session, wang))
        row = book.record(session, kind, kind.grant(told), teller, clock.now())
        page = confirmed.open_page(session, row, wang, clock.now())
        return row.id, f"/m/confirm/{page.door}"


def test_a_company_confirms_once(
    assistant: Assistant, outside: Phone, clock: FakeClock
) -> None:
    number, path = serve(assistant, clock)
    page = outside.get(path).text
    assert "万盛机械" in page
    assert "王芳" in page
    assert "写您的姓名" in outside.post(path, so="1", name="").text
    assert "记下了" in outside.post(path, so="1", name="张工", opinion="很好").text
    with assistant.storage.read() as session:
        row = session.get_one(Record, number)
        assert row.state == "confirmed"
        assert values_of(session, row)["confirmed"].startswith("张工，")
    assert outside.get(path).status_code == 404
    assert any("确认了服务" in each for each in letters(assistant))


def test_what_was_not_so_stays_told(
    assistant: Assistant, outside: Phone, clock: FakeClock
) -> None:
    number, path = serve(assistant, clock)
    assert "请写一句" in outside.post(path, so="0", name="张工").text
    outside.post(path, so="0", name="张工", opinion="只来了一个小时")
    with assistant.storage.read() as session:
        assert session.get_one(Record, number).state == "told"
    assert any("只来了一个小时" in each for each in letters(assistant))


def test_the_page_of_a_service_goes_by_itself(
    assistant: Assistant, outside: Phone, clock: FakeClock
) -> None:
    _, path = serve(assistant, clock)
    clock.wait(hours=24 * 31)
    assert outside.get(path).status_code == 404


def test_the_secretary_settles_it_by_chat(
    stage: Stage, outside: Phone, clock: FakeClock, path: str
) -> None:
    outside.post(path, **FORM, day=ahead(clock, 10))
    stage.arrived()
    told = stage.say("赵敏", "同意接待 1，王芳讲解，地点：数控实训室")
    assert "告诉王芳了" in told
    assert any("请您讲解" in each for each in stage.arrived())
    assert "13800001111" in stage.say("赵敏", "接待 1 的联系电话")
    outside.post(path, **{**FORM, "company": "苏州职大"}, day=ahead(clock, 10))
    assert "已经约了金华职院" in stage.say("赵敏", "同意接待 2，地点：数控实训室")
    assert "婉拒了" in stage.say("赵敏", "婉拒接待 2 那天有考试")
    own = outside.post(path, **{**FORM, "company": "苏州职大"}, day=ahead(clock, 10))
    page = outside.get(own.location.removeprefix("https://branch.example.org")).text
    assert "没能安排上：那天有考试" in page
