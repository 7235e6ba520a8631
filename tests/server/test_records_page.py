"""The form pages of records: each kind from its declaration, as if it were told."""

from io import BytesIO

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from bot.assistant.answering import Assistant
from bot.branch.records.declared import every_kind
from bot.branch.records.tables import Evidence, Record
from bot.branch.records.values import values_of
from bot.config.settings import Config
from server.twin.world import World
from tests.server.browser import Phone, with_pages

SERVICE = {
    "day": "2026-03-01",
    "company": "样例轴承厂",
    "people": "王芳、李伟",
    "hours": "4",
    "what": "调试减速器",
    "sort": "技术服务",
    "paid": "无偿",
}


@pytest.fixture
def config(config: Config) -> Config:
    return with_pages(config)


@pytest.fixture
def phone(assistant: Assistant, world: World) -> Phone:
    return Phone(assistant, world, "wangfang")


def count(assistant: Assistant, kind: str) -> int:
    with assistant.storage.read() as session:
        rows = select(func.count()).select_from(Record)
        return session.scalar(rows.filter_by(kind=kind)) or 0


@pytest.mark.parametrize("kind", [each.name for each in every_kind()])
def test_every_kind_has_its_form_or_says_where_it_is_told(
    assistant: Assistant, world: World, kind: str
) -> None:
    page = Phone(assistant, world, "zhaomin").open(f"/m/records/{kind}")
    declared = next(each for each in every_kind() if each.name == kind)
    if declared.own_commands:
        assert page.status_code == 404
        assert "在聊天里说" in page.text
    else:
        for each in declared.fields:
            shown = f'name="{each.name}"' in page.text
            assert shown is not bool(each.private), each.name


def test_a_form_is_a_record_with_what_shows_it(
    assistant: Assistant, phone: Phone
) -> None:
    page = phone.open("/m/records/service")
    assert 'value="王芳"' in page.text  # who tells of it was there
    told = phone.post("/m/records/service", **SERVICE)
    assert told.status_code == 303, told.text
    path = told.location.partition("example.org")[2] or told.location
    shown = phone.open(path).text
    assert "样例轴承厂" in shown
    file = FileStorage(BytesIO(b"%PDF-1.7 signed"), "确认单.pdf")
    assert phone.post(path, file=file).status_code == 303
    assert "确认单.pdf" in phone.open(path).text
    with assistant.storage.read() as session:
        (row,) = session.scalars(select(Record))
        values = values_of(session, row)
        assert [name for _, name in values["people"]] == ["王芳", "李伟"]
        assert (row.total, row.heads) == (8.0, 2)
        assert session.scalar(select(Evidence.record_id)) == row.id


def test_what_lacks_is_said_and_nothing_is_lost(
    assistant: Assistant, phone: Phone
) -> None:
    phone.open("/m/records/service")
    wrong = {**SERVICE, "hours": "很久", "people": "王方"}
    refused = phone.post("/m/records/service", **wrong)
    assert refused.status_code == 400
    assert "王方" in refused.text
    assert 'value="样例轴承厂"' in refused.text
    assert count(assistant, "service") == 0


def test_the_same_visit_told_by_another_is_noticed(
    assistant: Assistant, world: World, phone: Phone
) -> None:
    phone.open("/m/records/service")
    phone.post("/m/records/service", **SERVICE)
    other = Phone(assistant, world, "liwei")
    other.open("/m/records/service")
    refused = other.post("/m/records/service", **SERVICE)
    assert refused.status_code == 400
    assert "像是同一次" in refused.text
    assert 'name="again"' in refused.text
    assert 'name="again"' not in other.open("/m/records/service").text
    assert count(assistant, "service") == 1
    assert other.post("/m/records/service", **SERVICE, again="1").status_code == 303
    assert count(assistant, "service") == 2


def test_rules_of_a_kind_hold_on_its_page_too(
    assistant: Assistant, world: World, phone: Phone
) -> None:
    """A talk is told by one of the two, and the other is asked, as by chat."""
    phone.open("/m/records/talk")
    told = {"day": "2026-03-01", "people": "李伟、陈静"}
    assert "只由谈话的两个人自己记" in phone.post("/m/records/talk", **told).text
    told["people"] = "王芳、李伟"
    assert phone.post("/m/records/talk", **told).status_code == 303
    stranger = Phone(assistant, world, "chenjing")
    assert stranger.open("/m/records/talk/1").status_code == 404
    partner = Phone(assistant, world, "liwei")
    assert "王芳" in partner.open("/m/records/talk/1").text


def test_who_may_not_tell_has_no_form(phone: Phone, assistant: Assistant) -> None:
    assert phone.open("/m/records/call").status_code == 403
    assert phone.open("/m/records/nothing").status_code == 404
    assert phone.post("/m/records/call", title="x").status_code == 403
    assert "/m/records/service" in phone.open("/m/records").text
    assert "/m/records/call" not in phone.open("/m/records").text


def test_a_file_that_is_not_what_its_name_says(phone: Phone) -> None:
    phone.open("/m/records/service")
    phone.post("/m/records/service", **SERVICE)
    phone.open("/m/records/service/1")
    file = FileStorage(BytesIO(b"MZ\x90 a program"), "照片.jpg")
    refused = phone.post("/m/records/service/1", file=file)
    assert refused.status_code == 400
    assert "不像是 JPG" in refused.text
