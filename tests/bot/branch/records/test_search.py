"""What a question of records finds and sums: with a second of everything beside it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.people.tree import Branch, find_branch, plant
from bot.branch.records import book, parties, search, twins
from bot.branch.records.book import Teller
from bot.branch.records.declared import find_kind
from bot.branch.records.search import Query
from bot.branch.records.tables import Record
from bot.branch.records.values import (
    confirmations,
    fingerprint,
    fingerprints,
    values_of,
)
from tests.conftest import ZONE
from tests.people import BRANCH, OTHER_BRANCH, find_member

NOON = datetime(2026, 3, 20, 12, tzinfo=ZONE)
SERVICE, DUES, VISIT = (find_kind(each) for each in ("service", "dues", "visit"))
MEDIA, AWARD = find_kind("media"), find_kind("award")
BEARING, VALVE = "苏州轴承厂", "维萨阀门"
BELOW = "第二党支部"


def branch_of(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def serve(
    session: Session,
    day: str,
    *names: str,
    by: str = "王芳",
    of: str = BRANCH,
    **more: object,
) -> Record:
    people = [find_member(session, each) for each in names or ("王芳",)]
    values = {
        "day": day,
        "company": BEARING,
        "people": [[each.id, each.name] for each in people],
        "hours": 4.0,
        "sort": "技术服务",
        "paid": "无偿",
        "what": "调主轴",
        **more,
    }
    teller = Teller(find_member(session, by), branch_of(session, of))
    return book.record(session, SERVICE, values, teller, NOON)


def pay(session: Session, day: str, name: str, amount: float = 42) -> Record:
    who = find_member(session, name)
    values = {"day": day, "people": [[who.id, name]], "amount": amount}
    return book.record(session, DUES, values, Teller(who, branch_of(session)), NOON)


def ids(session: Session, kind: str = "service", **wanted: object) -> list[int]:
    query = Query(find_kind(kind), branch_of(session), **wanted)  # type: ignore[arg-type]
    found = [each.id for each in search.find(session, query)]
    assert search.count(session, query) == len(found)
    return found


def test_of_its_kind_and_branch_the_latest_first(session: Session) -> None:
    below = plant(session, BELOW, branch_of(session))
    first = serve(session, "2026-03-01").id
    later = serve(session, "2026-03-03").id
    same_day = serve(session, "2026-03-01", of=BELOW).id
    serve(session, "2026-03-02", "孙丽", by="孙丽", of=OTHER_BRANCH)
    book.withdraw(session, serve(session, "2026-03-04"), None, NOON)
    pay(session, "2026-03-01", "王芳")
    assert ids(session) == [later, same_day, first]
    part = Query(SERVICE, below)
    assert [each.id for each in search.find(session, part)] == [same_day]
    whole = Query(SERVICE, branch_of(session))
    page = search.find(session, whole, limit=1, offset=1)
    assert [each.id for each in page] == [same_day]


def test_both_ends_of_a_span_are_in_it(session: Session) -> None:
    made = {day: serve(session, f"2026-03-0{day}").id for day in (1, 2, 3, 4)}
    found = ids(session, first=date(2026, 3, 2), last=date(2026, 3, 3))
    assert found == [made[3], made[2]]


def test_each_thing_asked_for_leaves_the_others_out(session: Session) -> None:
    plain = serve(session, "2026-03-01").id
    other = serve(
        session,
        "2026-03-02",
        "李伟",
        company=VALVE,
        sort="咨询",
        paid="有偿",
    )
    book.move(session, other, "confirmed", None, NOON)
    assert ids(session, organisation=VALVE) == [other.id]
    assert ids(session, choices={"sort": ("咨询",)}) == [other.id]
    assert ids(session, choices={"paid": ("无偿",)}) == [plain]
    assert ids(session, states=("confirmed", "entered")) == [other.id]
    assert ids(session, member=find_member(session, "李伟").id) == [other.id]


def test_a_third_choice_is_asked_for_like_the_first_two(session: Session) -> None:
    """A kind's third choice has no column of its own."""
    made = {}
    for day, strength in ((1, "服务师生有力"), (2, "教育党员有力")):
        values = {
            "day": f"2026-03-0{day}",
            "title": f"技能大赛{day}",
            "level": "省部级",
            "strength": strength,
            "people": [],
        }
        teller = Teller(None, branch_of(session))
        made[strength] = book.record(session, AWARD, values, teller, NOON).id
    for strength, number in made.items():
        assert ids(session, "award", choices={"strength": (strength,)}) == [number]
    by = search.sum_by(session, Query(AWARD, branch_of(session)), "strength")
    assert {each.of: each.records for each in by} == dict.fromkeys(made, 1)


def test_who_sees_only_her_own_sees_what_she_told_and_what_tells_of_her(
    session: Session,
) -> None:
    told = serve(session, "2026-03-01", "李伟", by="王芳").id
    of_her = serve(session, "2026-03-02", "陈静", "王芳", by="陈静").id
    serve(session, "2026-03-03", "李伟", by="李伟")
    me = find_member(session, "王芳").id
    assert ids(session, only_of=me) == [of_her, told]


def test_sums_stand_apart_and_count_a_company_once(session: Session) -> None:
    serve(session, "2026-02-01", "王芳", "李伟", hours=3.0)
    serve(session, "2026-03-01", "王芳")
    serve(session, "2026-03-02", "陈静", company=VALVE, hours=1.5)
    serve(session, "2026-03-03", paid="有偿", hours=2.0)
    serve(session, "2026-03-03", "孙丽", by="孙丽", of=OTHER_BRANCH)
    whole = Query(SERVICE, branch_of(session))
    told = [
        (each.apart, each.records, each.heads, each.total, each.organisations)
        for each in search.sum_up(session, whole)
    ]
    assert told == [("无偿", 3, 4, 11.5, 2), ("有偿", 1, 1, 2.0, 1)]
    assert search.sum_up(session, Query(DUES, branch_of(session))) == []


def by(session: Session, what: str, kind: str = "service", **more: int) -> list[object]:
    query = Query(find_kind(kind), branch_of(session))
    return [
        (each.of, each.records, each.heads, each.total)
        for each in search.sum_by(session, query, what, **more)
    ]


def test_sums_by_what_is_asked_the_most_first(session: Session) -> None:
    serve(session, "2025-12-31", "陈静", company=VALVE, hours=1.0)
    serve(session, "2026-03-01", "王芳", "李伟", hours=3.0)
    serve(session, "2026-02-02", "王芳", hours=2.0)
    assert by(session, "organisation") == [(BEARING, 2, 3, 8.0), (VALVE, 1, 1, 1.0)]
    assert by(session, "person") == [
        ("王芳", 2, 2, 5.0),
        ("陈静", 1, 1, 1.0),
        ("李伟", 1, 1, 3.0),
    ]
    assert by(session, "person", limit=1) == [("王芳", 2, 2, 5.0)]
    assert by(session, "month") == [
        ("2025年12月", 1, 1, 1.0),
        ("2026年2月", 1, 1, 2.0),
        ("2026年3月", 1, 2, 6.0),
    ]
    assert by(session, "year") == [("2025年", 1, 1, 1.0), ("2026年", 2, 3, 8.0)]
    assert by(session, "sort") == [("技术服务", 3, 4, 9.0)]


def test_who_is_not_counted_is_not_summed_by_person(session: Session) -> None:
    """A student of an award stands in it; the sum by person is of the teachers."""
    who = find_member(session, "王芳")
    for day, level in ((1, "省部级"), (2, "校级")):
        values = {
            "day": f"2026-03-0{day}",
            "title": "技能大赛",
            "level": level,
            "people": [[who.id, who.name]],
            "students": [[None, "许明"], [None, "许亮"]],
        }
        teller = Teller(who, branch_of(session))
        book.record(session, AWARD, values, teller, NOON)
    assert by(session, "person", "award") == [("王芳", 2, 2, 0.0)]


def test_dues_by_person_are_whole_sums(session: Session) -> None:
    pay(session, "2026-01-01", "王芳")
    pay(session, "2026-02-01", "王芳", 43.5)
    pay(session, "2026-02-01", "李伟", 10)
    assert by(session, "person", "dues") == [
        ("王芳", 2, 2, 85.5),
        ("李伟", 1, 1, 10.0),
    ]


def alike(session: Session, values: dict[str, object], kind: str = "dues") -> int:
    found = twins.find_twin(session, find_kind(kind), values, branch_of(session))
    return found.id if found else 0


def test_alike_is_the_same_day_company_and_people_of_this_branch(
    session: Session,
) -> None:
    mine = serve(session, "2026-03-01").id
    serve(session, "2026-03-02", "孙丽", by="孙丽", of=OTHER_BRANCH)
    same: dict[str, object] = {"day": "2026-03-01", "company": BEARING}
    assert alike(session, same, "service") == mine
    others: list[dict[str, object]] = [
        {**same, "day": "2026-03-02"},
        {**same, "day": "2026-02-28"},
        {**same, "company": VALVE},
        {"company": BEARING},
    ]
    for other in others:
        assert alike(session, other, "service") == 0, other
    wang, li = find_member(session, "王芳").id, find_member(session, "李伟").id
    january = pay(session, "2026-01-01", "李伟").id
    paid = pay(session, "2026-01-01", "王芳").id
    book.withdraw(session, pay(session, "2026-02-01", "王芳"), None, NOON)
    first, second = {"day": "2026-01-01"}, {"day": "2026-02-01"}
    assert alike(session, {**first, "people": [[wang, "王芳"]]}) == paid
    assert alike(session, {**first, "people": [[li, "李伟"]]}) == january
    assert alike(session, {**second, "people": [[wang, "王芳"]]}) == 0
    task: dict[str, object] = {"list": "五个一", "title": "读", "day": "2026-01-01"}
    teller = Teller(None, branch_of(session))
    book.record(session, find_kind("task"), task, teller, NOON)
    assert alike(session, task, "task") == 0, "of some kinds none is like another"
    both = [[wang, "王芳"], [li, "李伟"]]
    assert alike(session, {**first, "people": both}) == 0, "only one of them"


def test_alike_by_words_wants_all_of_them(session: Session) -> None:
    teller = Teller(None, branch_of(session))
    told = {"day": "2026-03-01", "title": "技能大赛", "level": "省部级", "people": []}
    known = book.record(session, AWARD, told, teller, NOON).id
    assert alike(session, {**told, "day": "2026-01-01"}, "award") == known
    assert alike(session, {**told, "level": "校级"}, "award") == 0
    assert alike(session, {**told, "title": "微课大赛"}, "award") == 0


@pytest.mark.parametrize("name", ["王芳", "李伟"])
def test_what_is_known_is_known_by_all_it_says(session: Session, name: str) -> None:
    """A file's row is refused as known for what stands here, and nothing else."""
    wang, other = find_member(session, "王芳"), find_member(session, name)
    row = serve(session, "2026-03-01")
    book.withdraw(session, serve(session, "2026-03-02"), None, NOON)
    serve(session, "2026-03-03", "孙丽", by="孙丽", of=OTHER_BRANCH)
    known = fingerprints(session, SERVICE, branch_of(session))
    assert set(known.values()) == {row.id}
    assert fingerprints(session, VISIT, branch_of(session)) == {}
    told = {
        "day": "2026-03-01",
        "company": BEARING,
        "people": [[other.id, other.name]],
        "hours": 4.0,
        "sort": "技术服务",
        "paid": "无偿",
        "what": "调主轴",
    }
    assert (fingerprint(SERVICE, told) in known) is (other is wang)


def test_in_whatever_order_people_are_named_it_says_the_same(session: Session) -> None:
    row = serve(session, "2026-03-01", "王芳", "李伟")
    said = values_of(session, row)
    other = {**said, "people": [[None, "李伟"], [None, "王芳"]]}
    assert fingerprint(SERVICE, said) == fingerprint(SERVICE, other)
    fewer = {**said, "people": said["people"][:1]}
    assert fingerprint(SERVICE, said) != fingerprint(SERVICE, fewer)


def test_only_who_confirmed_is_listed_and_a_correction_keeps_it(
    session: Session,
) -> None:
    row = serve(session, "2026-03-01", "王芳", "李伟")
    serve(session, "2026-03-02", "王芳", "李伟")
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    assert parties.confirm(session, row, wang.id, NOON)
    assert not parties.confirm(session, row, wang.id, NOON + timedelta(hours=1))
    assert not parties.confirm(session, row, find_member(session, "陈静").id, NOON)
    assert confirmations(session, row) == {wang.id: NOON}
    chen = find_member(session, "陈静")
    both = {"people": [[chen.id, chen.name], [li.id, li.name]]}
    assert parties.add_people(session, row, both, 1, NOON) == [chen.name]
    assert parties.add_people(session, row, both, 1, NOON) == []
    assert confirmations(session, row) == {wang.id: NOON}
    assert row.heads == 3
    acts = [each.act for each in book.trace(session, row)]
    assert acts == ["record", "confirm", "correct"]
