"""Companies by their names, a file's rows, and what of a record is kept where."""

from datetime import date, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.people.members import add_member
from bot.branch.records import book, intake, organisations, parties, proofs
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.organisations import Register, core
from bot.branch.records.tables import (
    Organisation,
    OrganisationAlias,
    Record,
    RecordPerson,
    RecordPrivate,
)
from bot.branch.records.values import private_of, values_of, values_of_all
from bot.files.roster.faults import RosterError
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from tests.bot.branch.records.test_search import (
    BEARING,
    NOON,
    SERVICE,
    VALVE,
    branch_of,
    pay,
    serve,
)
from tests.people import BRANCH, OTHER_BRANCH, find_member

WHOLE = "苏州绿的谐波传动科技有限公司"
HALF = timedelta(days=183)
HEAD = "日期,企业名称,参加人员,时长（小时）,内容\n"


def take(session: Session, *names: str, of: str = BRANCH) -> Register:
    for each in names:
        organisations.take(session, branch_of(session, of), each)
    return Register(session, branch_of(session, of))


def test_names_are_of_their_branch(session: Session) -> None:
    here, other = branch_of(session), branch_of(session, OTHER_BRANCH)
    first = organisations.take(session, here, WHOLE, "绿的")
    again = organisations.take(session, here, WHOLE, "绿的")
    elsewhere = organisations.take(session, other, WHOLE, "绿的")
    assert first == again != elsewhere
    assert organisations.find(session, here, "绿的") == first
    assert organisations.find(session, other, "绿的") == elsewhere
    assert organisations.find(session, here, "绿") is None
    organisations.take(session, other, VALVE)
    assert organisations.find(session, here, VALVE) is None
    assert Register(session, here).same(VALVE) is None
    assert organisations.names(session, [first]) == {first: WHOLE}
    organisations.take(session, here, WHOLE, WHOLE)
    aliases = select(func.count()).select_from(OrganisationAlias)
    assert session.scalar(aliases) == 2, "its own name is no other name of it"


def test_which_company_a_text_names(session: Session) -> None:
    school, port = "苏州工业园区职业技术学院", "张家港港务集团"
    valves = "维萨阀门股份有限公司"
    register = take(session, WHOLE, "苏州轴承厂", valves, school, port)

    def name(text: str) -> str | None:
        found = register.find(text)
        return found.name if found else None

    assert name("去绿的谐波和轴承厂") == WHOLE, "the longest form"
    assert name("在维萨阀门讲课") == "维萨阀门股份有限公司"
    assert name("去绿的调试") == WHOLE
    assert name("草是绿的调试") == WHOLE
    assert name("叶子绿的") is None
    for place in ("在苏州讲课", "去苏州市看看", "到江苏苏州去", "在苏州工业园区讲课"):
        assert name(place) is None, "a place is no company"
    assert name("去张家港帮忙") is None, "nor is a place cut short"
    assert name("去张家港港务") == port
    assert name("到苏州工业园区职业技术讲课") == school
    found = register.find("今天去轴承厂")
    assert found
    assert (found.start, found.end) == (3, 6)
    assert register.begins("绿的")
    assert register.begins("苏州轴")
    assert not register.begins("绿")
    assert not register.begins("谐波")


def test_a_name_that_fits_two_is_neither(session: Session) -> None:
    register = take(session, "绿的谐波", "绿的园林")
    assert register.same("绿的谐波传动") == "绿的谐波"
    assert register.same("绿的") is None
    assert register.same("绿") is None
    assert register.note("新来的厂") == "新来的厂"
    assert register.same("新来的厂") == "新来的厂"
    assert core("（苏州）") == "(苏州)"


def test_two_made_one_take_only_their_own_along(session: Session) -> None:
    here, other = branch_of(session), branch_of(session, OTHER_BRANCH)
    mine = serve(session, "2026-03-01", company="老轴承").id
    serve(session, "2026-03-02", company=VALVE)
    serve(session, "2026-03-03", "孙丽", by="孙丽", of=OTHER_BRANCH, company="老轴承")
    organisations.take(session, here, "老轴承", "轴承老厂")
    organisations.take(session, here, VALVE, "维萨")
    organisations.take(session, here, BEARING)
    assert organisations.merge(session, here, "老轴承", BEARING) == 1
    session.expire_all()
    assert values_of(session, session.get_one(Record, mine))["company"] == BEARING
    number = organisations.find(session, here, BEARING)
    for name in ("老轴承", "轴承老厂"):
        assert organisations.find(session, here, name) == number
    assert organisations.find(session, here, "维萨") != number
    assert organisations.find(session, other, "老轴承") not in (None, number)
    assert list(organisations.one_each.find(session)) == []
    assert list(proofs.own_organisation.find(session)) == []


def test_what_must_hold_of_records_is_found_where_it_does_not(
    session: Session,
) -> None:
    def odd() -> int:
        session.flush()
        return len(list(proofs.summed.find(session)))

    row, other = serve(session, "2026-03-01"), serve(session, "2026-03-02", "李伟")
    assert odd() == 0
    row.heads = 2
    assert odd() == 1
    row.heads, row.total = 1, -1.0
    assert odd() == 1
    row.total, row.withdrawn_at = 0.0, NOON
    assert odd() == 1
    row.state = "withdrawn"
    assert odd() == 0
    other.state = "withdrawn"
    assert odd() == 1
    other.organisation_id = organisations.take(
        session, branch_of(session, OTHER_BRANCH), VALVE
    )
    session.flush()
    assert len(list(proofs.own_organisation.find(session))) == 1
    assert list(organisations.one_each.find(session)) == []
    alias = OrganisationAlias(
        organisation_id=row.organisation_id, branch_id=row.branch_id, name=BEARING
    )
    session.add(alias)
    session.flush()
    assert list(organisations.one_each.find(session)) == []
    alias.organisation_id = organisations.take(session, branch_of(session), "别的厂")
    session.flush()
    assert len(list(organisations.one_each.find(session))) == 1


def read(session: Session, rows: str) -> list[int]:
    teller = Teller(None, branch_of(session))
    content = (HEAD + rows).encode()
    return intake.take_in(session, SERVICE, content, "服务.csv", teller, NOON)


def faults(session: Session, rows: str) -> list[tuple[int | None, str]]:
    with pytest.raises(RosterError) as caught:
        read(session, rows)
    assert session.scalar(select(func.count(Record.id))) == 0
    return [(each.row, each.sentence) for each in caught.value.faults]


def test_a_row_that_is_no_record_is_passed_over(session: Session) -> None:
    rows = "2025-11-03,轴承厂,王芳,4,调主轴\n,,,,\n合计,,,4,\n备注：都是自愿,,,,\n"
    assert (
        len(read(session, rows + "制表人：赵敏,,,,\n2025-11-04,轴承厂,李伟,2,\n")) == 2
    )
    [first, _] = session.scalars(select(Record).order_by(Record.id)).all()
    told = values_of(session, first)
    assert (told["sort"], told["paid"]) == ("技术服务", "无偿"), "what is usual"


def test_names_are_of_one_of_the_branch(session: Session) -> None:
    add_member(session, "李伟", branch_of(session), NOON)
    assert faults(
        session, "2025-11-03,轴承厂,李伟,4,\n2025-11-03,轴承厂,孙丽,4,\n"
    ) == [
        (2, "名册里有 2 位“李伟”，分不清是哪一位。"),
        (3, "名册里没有“孙丽”。"),
    ]
    assert len(read(session, "2025-11-03,轴承厂,邵棠,4,\n")) == 1, "old rows name her"


def test_an_empty_or_headless_file_says_what_it_lacks(session: Session) -> None:
    assert faults(session, "") == [(None, intake.NOTHING)]
    teller = Teller(None, branch_of(session))
    with pytest.raises(RosterError, match="没有找到表头"):
        intake.take_in(session, SERVICE, b"a,b\n1,2\n", "x.csv", teller, NOON)
    head = "说明,,,,\n" * intake.HEADER_DEPTH + HEAD + "2025-11-03,轴承厂,王芳,4,\n"
    with pytest.raises(RosterError, match="没有找到表头"):
        intake.take_in(session, SERVICE, head.encode(), "x.csv", teller, NOON)
    head = head.partition("\n")[2]
    assert (
        len(intake.take_in(session, SERVICE, head.encode(), "x.csv", teller, NOON)) == 1
    )


def test_many_are_read_back_as_they_were_told(session: Session) -> None:
    rows = [serve(session, f"2026-03-0{day}", "李伟", "王芳") for day in (1, 2)]
    rows.append(serve(session, "2026-03-03", "陈静", company=VALVE))
    told = values_of_all(session, rows)
    assert [each["company"] for each in told] == [BEARING, BEARING, VALVE]
    assert [[name for _, name in each["people"]] for each in told] == [
        ["李伟", "王芳"],
        ["李伟", "王芳"],
        ["陈静"],
    ]
    assert [each.total for each in rows] == [8.0, 8.0, 4.0]
    mixed = values_of_all(session, [rows[0], pay(session, "2026-03-01", "王芳")])
    assert [each.get("company") for each in mixed] == [BEARING, None]


def test_an_amount_of_nobody_in_particular_counts_once(session: Session) -> None:
    values = {"day": "2026-03-01", "company": BEARING, "people": [], "hours": 3.0}
    teller = Teller(None, branch_of(session))
    row = book.record(session, SERVICE, values, teller, NOON)
    assert (row.heads, row.total) == (0, 3.0)


def visit(session: Session, day: str, **more: str) -> Record:
    values = {"day": day, "company": BEARING, **more}
    teller = Teller(None, branch_of(session))
    return book.record(session, find_kind("visit"), values, teller, NOON)


def goes_on(session: Session) -> dict[int, date]:
    rows = select(RecordPrivate.record_id, RecordPrivate.goes_on)
    return dict(session.execute(rows).all())


def test_what_is_sealed_goes_half_a_year_after_its_day(storage: Storage) -> None:
    with storage.write() as session:
        give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
        ahead = visit(session, "2026-04-01", contact="13800001111")
        past = visit(session, "2026-01-01", contact="13800002222")
        visit(session, "2026-04-02")
        assert goes_on(session) == {
            ahead.id: date(2026, 4, 1) + HALF,
            past.id: NOON.date() + HALF,
        }
        assert book.forget_private(session, NOON.date() + HALF) == 1
        assert goes_on(session).keys() == {ahead.id}


def test_what_is_sealed_stays_until_it_is_said_anew(storage: Storage) -> None:
    with storage.write() as session:
        give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
        row = visit(session, "2026-04-01", contact="13800001111")
        other = visit(session, "2026-04-01", contact="13800002222")
        told = values_of(session, row)
        book.correct(session, row, {**told, "day": "2026-04-03"}, None, NOON)
        assert private_of(session, row) == {"contact": "13800001111"}
        assert goes_on(session) == {
            row.id: date(2026, 4, 3) + HALF,
            other.id: date(2026, 4, 1) + HALF,
        }
        book.correct(session, row, {**told, "contact": "13800003333"}, None, NOON)
        assert private_of(session, row) == {"contact": "13800003333"}
        assert private_of(session, other) == {"contact": "13800002222"}


def test_whom_a_record_names_is_unnamed_only_there(session: Session) -> None:
    wang = find_member(session, "王芳")
    of_her = serve(session, "2026-03-01", "王芳", by="赵敏", what="王芳调主轴")
    by_her = serve(session, "2026-03-02", "李伟", by="王芳", what="王芳看图纸")
    other = serve(session, "2026-03-03", "李伟", by="李伟", what="王芳没有来")
    parties.unname(session, wang, "一位同志")
    told = [each.fields["what"] for each in (of_her, by_her, other)]
    assert told == ["一位同志调主轴", "一位同志看图纸", "王芳没有来"]
    assert of_her.title == "一位同志调主轴"
    names = select(RecordPerson.name).where(RecordPerson.name.is_not(None))
    assert session.scalars(names).all() == []
    assert session.scalar(select(func.count(Organisation.id))) == 1
