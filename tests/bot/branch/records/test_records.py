"""What a play cannot show of records: what is kept where, and how it goes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, find_branch
from bot.branch.personal_data import departures
from bot.branch.personal_data.departures import GONE
from bot.branch.records import (
    book,
    organisations,
    parties,
    proofs,
    search,
    twins,
    writing,
)
from bot.branch.records.book import Teller
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.fields import Amount, Choice, Day, Words
from bot.branch.records.organisations import Register, core
from bot.branch.records.papers import GENERAL
from bot.branch.records.search import Query
from bot.branch.records.tables import (
    Record,
    RecordChange,
    RecordPerson,
    RecordPrivate,
)
from bot.branch.records.values import private_of, values_of, values_of_all
from bot.errors import Refusal
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from tests.conftest import LONG_AGO, ZONE
from tests.people import BRANCH, find_member
from tests.stage import Stage

NOON = datetime(2026, 3, 2, 12, tzinfo=ZONE)
SERVICE = find_kind("service")


@pytest.fixture
def branch(session: Session) -> Branch:
    found = find_branch(session, BRANCH)
    assert found
    return found


def tell(session: Session, branch: Branch, **more: object) -> Record:
    who = find_member(session, "王芳")
    values = {
        "day": "2026-03-01",
        "company": "苏州轴承厂",
        "people": [[who.id, who.name]],
        "hours": 4.0,
        "sort": "技术服务",
        "paid": "无偿",
        "what": "王芳调主轴",
        **more,
    }
    return book.record(session, SERVICE, values, Teller(who, branch), NOON)


def test_no_member_s_name_stands_in_a_record(session: Session, branch: Branch) -> None:
    row = tell(session, branch)
    book.correct(session, row, {**values_of(session, row), "hours": 3.0}, None, NOON)
    kept = select(Record.fields, RecordPerson.name, RecordChange.before).where(
        RecordPerson.record_id == Record.id, RecordChange.record_id == Record.id
    )
    for fields, name, before in session.execute(kept):
        assert "people" not in fields
        assert name is None
        assert "王芳" not in str(before)
    assert values_of(session, row)["people"][0][1] == "王芳"


def test_a_name_goes_with_who_leaves_and_the_sums_stay(
    session: Session, branch: Branch
) -> None:
    row = tell(session, branch)
    find_member(session, "王芳").state = "left"
    session.flush()
    departures.notice_departures(session, NOON)
    departures.erase_due(session, NOON + timedelta(days=200), timedelta(days=180))
    session.expire_all()
    values = values_of(session, row)
    assert values["people"][0][1] == GONE
    assert "王芳" not in values["what"]
    (figures,) = search.sum_up(session, Query(SERVICE, branch))
    assert (figures.records, figures.heads, figures.total) == (1, 1, 4.0)
    assert list(proofs.summed.find(session)) == []


def test_units_and_values_kept_apart_are_never_added_up(
    session: Session, branch: Branch
) -> None:
    tell(session, branch)
    tell(session, branch, paid="有偿", hours=2.0, day="2026-02-01")
    told = {each.apart: each for each in search.sum_up(session, Query(SERVICE, branch))}
    assert {name: each.total for name, each in told.items()} == {"无偿": 4, "有偿": 2}
    assert told["有偿"].say(SERVICE.sums) == "1 次，1 人次，2 工时，1 家单位"


def test_a_record_of_no_company_is_read_beside_one_of_some(
    session: Session, branch: Branch
) -> None:
    rows = [tell(session, branch), tell(session, branch, company=None)]
    known, none = values_of_all(session, rows)
    assert known["company"] == "苏州轴承厂"
    assert none.keys() == known.keys() - {"company"}


def test_what_is_withdrawn_counts_no_more_and_is_not_touched_again(
    session: Session, branch: Branch
) -> None:
    row = tell(session, branch)
    book.withdraw(session, row, None, NOON)
    assert search.count(session, Query(SERVICE, branch)) == 0
    with pytest.raises(Refusal, match="已经撤销"):
        book.move(session, row, "entered", None, NOON)
    assert [each.act for each in book.trace(session, row)] == ["record", "withdraw"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"day": "2026-03-03"}, "还没到"),
        ({"day": "1921-07-01"}, "看着不对"),
        ({"hours": 999.0}, "太多了"),
        ({"what": "长" * 201}, "最多 200 字"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, branch: Branch, more: dict[str, object], why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        tell(session, branch, **more)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("昆山维萨阀门股份有限公司", "维萨阀门"),
        ("江苏省苏州市轴承厂有限责任公司", "轴承厂"),
        ("绿的谐波", "绿的谐波"),
        ("上海公司", "上海公司"),
    ],
)
def test_what_a_company_is_called_by(name: str, bare: str) -> None:
    assert core(name) == bare


def test_a_company_under_three_names_is_one(session: Session, branch: Branch) -> None:
    whole = "苏州绿的谐波传动科技有限公司"
    number = organisations.take(session, branch, whole)
    register = Register(session, branch)
    assert register.same("绿的谐波") == whole
    assert register.same("苏州绿的谐波传动") == whole
    assert register.same("绿地园林") is None
    found = register.find("今天去绿的谐波调减速器")
    assert found
    assert found.name == whole
    short = register.find("去绿的修机床")
    assert short
    assert (short.name, short.start, short.end) == (whole, 1, 3)
    assert register.find("绿的修机床") is None
    assert register.find("去绿修机床") is None
    other = organisations.take(session, branch, "谐波传动厂", "老谐波")
    assert other != number
    tell(session, branch, company="谐波传动厂")
    assert organisations.merge(session, branch, "谐波传动厂", whole) == 1
    assert organisations.find(session, branch, "老谐波") == number
    assert organisations.find(session, branch, "谐波传动厂") == number
    assert list(organisations.one_each.find(session)) == []


def test_a_visitor_s_number_is_sealed_and_goes(storage: Storage) -> None:
    visit = find_kind("visit")
    values = {"day": "2026-03-10", "company": "金华职院", "contact": "13800001111"}
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        teller = Teller(None, branch)
        bare = book.record(session, visit, values, teller, NOON)
        assert private_of(session, bare) == {}, "without a key nothing is kept"
        give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
        row = book.record(session, visit, values, teller, NOON)
        assert private_of(session, row) == {"contact": "13800001111"}
        raw = session.scalars(select(cast(RecordPrivate.value, String))).all()
        assert "13800001111" not in str(values_of(session, row))
        assert raw
        book.forget_private(session, date(2026, 9, 8))
        assert private_of(session, row) != {}
        book.forget_private(session, date(2026, 9, 9))
        assert private_of(session, row) == {}


def test_what_is_private_stands_in_no_column() -> None:
    """Also of a kind whose only words, day or amount are private."""
    fields = (
        Words("what", "事由", private=3),
        Day("day", "日期", private=3),
        Amount("sum", "金额", private=3),
    )
    kind, row = replace(SERVICE, fields=fields), Record()
    writing.fill(kind, row, {"what": "借钱", "day": "2026-03-01", "sum": 4.0}, {})
    assert (row.title, row.day, row.amount, row.fields) == (None, None, None, {})
    assert row.total == 0


@pytest.mark.parametrize(
    ("day", "goes_on"),
    [
        (None, date(2026, 3, 5)),
        (date(2026, 3, 1), date(2026, 3, 5)),
        (date(2026, 3, 3), date(2026, 3, 6)),
    ],
)
def test_what_is_private_goes_so_many_days_after_its_day(
    storage: Storage, day: date | None, goes_on: date
) -> None:
    """After today where that is later, or where there is no day."""
    kind = replace(SERVICE, fields=(Words("what", "事由", private=3),))
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        row = tell(session, branch)
        row.day = day
        writing.write_private(session, kind, row, {"what": "借钱"}, NOON)
        session.flush()
        assert session.scalars(select(RecordPrivate.goes_on)).all() == [goes_on]


def test_what_is_sealed_stays_when_the_rest_is_corrected(storage: Storage) -> None:
    visit = find_kind("visit")
    told = {"day": "2026-03-10", "company": "金华职院", "contact": "13800001111"}
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        row = book.record(session, visit, told, Teller(None, branch), NOON)
        moved = {**values_of(session, row), "day": "2026-03-20"}
        book.correct(session, row, moved, None, NOON)
        assert private_of(session, row) == {"contact": "13800001111"}
        book.forget_private(session, date(2026, 9, 18))
        assert private_of(session, row) != {}, "it goes half a year after the new day"
        book.correct(session, row, {**moved, "contact": "13900002222"}, None, NOON)
        assert private_of(session, row) == {"contact": "13900002222"}


@pytest.mark.parametrize(
    ("known", "said", "same"),
    [
        ("苏州大学", "南京大学", False),
        ("苏州市教育局", "昆山市教育局", False),
        ("苏州日报", "无锡日报", False),
        ("南京银行", "苏州银行", False),
        ("苏州轴承厂", "洛阳轴承厂", False),
        ("苏州轴承厂股份有限公司", "轴承厂", True),
        ("江苏省苏州市轴承厂", "苏州轴承厂", True),
        ("昆山维萨阀门股份有限公司", "维萨阀门", True),
    ],
)
def test_two_of_different_places_are_two(
    session: Session,
    branch: Branch,
    known: str,
    said: str,
    same: bool,  # noqa: FBT001
) -> None:
    organisations.take(session, branch, known)
    assert Register(session, branch).same(said) == (known if same else None)


@pytest.mark.parametrize("size", [3, 4, 5, 6, 7, 8])
def test_a_company_is_found_as_far_as_its_name_is_told(
    session: Session, branch: Branch, size: int
) -> None:
    whole = "绿的谐波传动科技"
    organisations.take(session, branch, whole)
    text = f"今天去{whole[:size]}，调减速器"
    found = Register(session, branch).find(text)
    assert found
    assert text[found.start : found.end] == whole[:size]


def test_a_place_alone_names_no_company(session: Session, branch: Branch) -> None:
    organisations.take(session, branch, "苏州轴承厂")
    register = Register(session, branch)
    assert register.find("去苏州出差") is None
    assert register.find("去苏州轴承厂修机床")


def test_one_organisation_is_not_merged_with_itself(
    session: Session, branch: Branch
) -> None:
    organisations.take(session, branch, "轴承厂", "老轴承")
    for one, other, why in (
        ("老轴承", "轴承厂", "本来就是一家"),
        ("没听过", "轴承厂", "没有记过“没听过”"),
    ):
        with pytest.raises(Refusal, match=why):
            organisations.merge(session, branch, one, other)


def test_the_same_is_found_however_old(session: Session, branch: Branch) -> None:
    honour = find_kind("honour")
    who = find_member(session, "王芳")
    values = {
        "title": "先进工作者",
        "level": "校级",
        "day": "2019-01-01",
        "people": [[who.id, who.name]],
    }
    teller = Teller(who, branch)
    first = book.record(session, honour, values, teller, NOON)
    others = [{**values, "title": f"第{n}项", "day": "2026-01-01"} for n in range(250)]
    book.record_all(session, honour, others, teller, NOON)
    assert twins.find_twin(session, honour, values, branch) is first
    other = {**values, "level": "市厅级"}
    assert twins.find_twin(session, honour, other, branch) is None


def test_only_what_counts_is_summed(session: Session, branch: Branch) -> None:
    visit = find_kind("visit")
    teller = Teller(None, branch)
    for day, real in (("2026-02-01", 18.0), ("2026-02-02", None), ("2026-02-03", 9.0)):
        values = {"day": day, "company": "金华职院", "real": real, "booked": 20.0}
        row = book.record(session, visit, values, teller, NOON)
        if real == 18.0:
            book.move(session, row, "received", None, NOON)
        elif real:
            book.move(session, row, "off", None, NOON)
    (figures,) = search.sum_up(session, Query(visit, branch))
    assert (figures.records, figures.total) == (1, 18.0)
    (by,) = search.sum_by(session, Query(visit, branch), "organisation")
    assert (by.of, by.records) == ("金华职院", 1)
    assert search.count(session, Query(visit, branch)) == 3


def test_more_people_than_there_may_be_are_refused(
    session: Session, branch: Branch
) -> None:
    two = [[find_member(session, name).id, name] for name in ("王芳", "李伟")]
    values = {"day": "2026-03-01", "people": two, "amount": 42.0}
    with pytest.raises(Refusal, match="最多 1 位"):
        book.record(session, find_kind("dues"), values, Teller(None, branch), NOON)


def test_who_is_added_may_be_an_outsider(session: Session, branch: Branch) -> None:
    award = find_kind("award")
    teacher = find_member(session, "王芳")
    values = {
        "title": "数控赛项",
        "level": "省部级",
        "day": "2026-01-01",
        "people": [[teacher.id, teacher.name]],
        "students": [[None, "钱小明"]],
    }
    row = book.record(session, award, values, Teller(teacher, branch), NOON)
    told: dict[str, list[list[Any]]] = {
        "people": [[teacher.id, teacher.name]],
        "students": [[None, "钱小明"], [None, "孙小红"]],
    }
    assert parties.add_people(session, row, told, None, NOON) == ["孙小红"]
    assert [name for _, name in values_of(session, row)["students"]] == [
        "钱小明",
        "孙小红",
    ]
    assert parties.add_people(session, row, told, None, NOON) == []


def test_who_is_anonymous_stands_nowhere_and_is_answered(
    stage: Stage, storage: Storage
) -> None:
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    stage.say("王芳", "匿名提建议 党课短一点")
    stage.say("王芳", "确认")
    stage.delivery.deliver_all()
    told = stage.world.phone("zhaomin").pushed()[-1]
    assert "匿名" in str(told)
    assert "王芳" not in str(told)
    with storage.read() as session:
        me = session.scalar(select(Member.id).where(Member.name == "王芳"))
        row = session.scalars(select(Record)).one()
        changed = session.scalars(select(RecordChange.changed_by)).all()
        people = session.scalars(select(RecordPerson.member_id)).all()
        assert me not in (row.recorded_by, *changed, *people)
    stage.say("赵敏", "回复诉求 1 下次四十分钟")
    stage.say("赵敏", "确认")
    stage.delivery.deliver_all()
    assert "下次四十分钟" in str(stage.world.phone("wangfang").pushed()[-1])
    assert "办结" in stage.say("王芳", "满意 1")
    assert "办结 1 件" in stage.say("赵敏", "诉求台账")
    with storage.read() as session:
        changed = session.scalars(select(RecordChange.changed_by)).all()
        assert me not in changed


def test_every_kind_is_sound() -> None:
    """A declaration that could not be told, summed or printed is found here."""
    for kind in every_kind():
        names = set(kind.by_name)
        assert len(names) == len(kind.fields), kind.name
        assert set(kind.columns) <= names | GENERAL.keys(), kind.name
        assert set(kind.same) <= names, kind.name
        assert kind.apart in ("", *(each.name for each in kind.all(Choice)))
        states = {each.name for each in kind.states}
        for move in kind.moves:
            assert {move.to, *move.come_from} <= states, kind.name
        for choice in kind.all(Choice):
            assert choice.default in ("", *choice.values), (kind.name, choice.name)
            said = [word for each in choice.options for word in each.words]
            assert len(said) == len(set(said)), (kind.name, choice.name)
    assert LONG_AGO < NOON
