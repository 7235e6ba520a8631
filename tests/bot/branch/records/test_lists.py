"""Lists, talks and concerns: whom each counts, for which span, and who is told."""

from datetime import date, datetime, time, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.people import members
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch
from bot.branch.records import book, checklists, concerns, parties, search, talks
from bot.branch.records.book import Teller
from bot.branch.records.checklists import Done, Item
from bot.branch.records.declared import find_kind
from bot.branch.records.kinds.bulletin import REVIEWS
from bot.branch.records.search import Query
from bot.branch.records.tables import Record, RecordPrivate
from bot.errors import Refusal
from bot.outbox import Letter
from bot.storage.database import Storage
from bot.storage.encrypted import Ring, give_ring
from tests.bot.branch.records.test_search import BEARING, NOON, branch_of, serve
from tests.conftest import ZONE
from tests.people import BRANCH, OTHER_BRANCH, find_member

TODAY = NOON.date()


def put(
    session: Session, kind: str, of: str = BRANCH, by: str = "", **values: object
) -> Record:
    teller = Teller(find_member(session, by) if by else None, branch_of(session, of))
    return book.record(session, find_kind(kind), values, teller, NOON)


def person(session: Session, *names: str) -> list[list[object]]:
    return [[find_member(session, each).id, each] for each in names]


def task(session: Session, title: str, name: str = "七个一", **more: object) -> Record:
    told = {"list": name, "title": title, "day": "2026-01-05", "period": "每年"}
    return put(session, "task", **{**told, **more})  # type: ignore[arg-type]


def mark(session: Session, title: str, who: str, **more: object) -> Record:
    told = {"list": "七个一", "title": title, "day": "2026-03-05", "how": "完成"}
    people = person(session, who)
    return put(session, "mark", **{**told, "people": people, **more})  # type: ignore[arg-type]


def items(session: Session, name: str = "七个一") -> list[Item]:
    return checklists.items(session, branch_of(session), name, TODAY)


def done(session: Session, who: str) -> list[Done]:
    found = items(session)
    number = find_member(session, who).id
    return checklists.of_member(session, branch_of(session), found, number)


def test_a_list_is_of_its_name_branch_and_year(session: Session) -> None:
    task(session, "读一本书", day="2026-03-20")
    task(session, "听一次课", day="2026-01-01")
    task(session, "谈一次心", "五个一")
    task(session, "去年的", day="2025-12-31")
    task(session, "别处的", of=OTHER_BRANCH)
    found = [(each.place, each.title) for each in items(session)]
    assert found == [(1, "读一本书"), (2, "听一次课")]
    assert [each.title for each in items(session, "五个一")] == ["谈一次心"]
    assert set(checklists.lists(session, branch_of(session), TODAY)) == {
        "七个一",
        "五个一",
    }


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        ("每月", "2026-03-20", "2026-03-01", "2026-03-31"),
        ("每月", "2026-12-01", "2026-12-01", "2026-12-31"),
        ("每季度", "2026-03-31", "2026-01-01", "2026-03-31"),
        ("每季度", "2026-04-01", "2026-04-01", "2026-06-30"),
        ("每季度", "2026-12-31", "2026-10-01", "2026-12-31"),
        ("每学期", "2026-01-31", "2025-08-01", "2026-01-31"),
        ("每学期", "2026-02-01", "2026-02-01", "2026-07-31"),
        ("每学期", "2026-07-31", "2026-02-01", "2026-07-31"),
        ("每学期", "2026-08-01", "2026-08-01", "2027-01-31"),
        ("每年", "2026-12-31", "2026-01-01", "2026-12-31"),
    ],
)
def test_the_period_that_a_day_is_in(
    session: Session, period: str, today: str, first: str, last: str
) -> None:
    task(session, "读一本书", period=period)
    day = date.fromisoformat(today)
    [item] = checklists.items(session, branch_of(session), "七个一", day)
    assert (item.first.isoformat(), item.last.isoformat()) == (first, last)


def test_a_mark_is_somebody_s_of_an_item_of_a_list_in_its_period(
    session: Session,
) -> None:
    task(session, "读一本书", period="每季度", target=2.0)
    task(session, "听一次课")
    task(session, "读一本书", "五个一")
    sure = mark(session, "读一本书", "王芳")
    book.move(session, sure, "confirmed", None, NOON)
    mark(session, "读一本书", "李伟")
    mark(session, "读一本书", "王芳", day="2025-12-31")
    mark(session, "读一本书", "王芳", list="五个一")
    mark(session, "听一次课", "李伟", how="免做")
    book.withdraw(session, mark(session, "读一本书", "王芳"), None, NOON)
    first, second = done(session, "王芳")
    assert (len(first.days), first.confirmed, first.whole) == (1, 1, False)
    assert (second.days, second.exempt) == ([], False)
    first, second = done(session, "李伟")
    assert (len(first.days), first.confirmed, first.whole) == (1, 0, False)
    assert first.exempt
    assert second.exempt
    mark(session, "读一本书", "王芳", day="2026-03-06")
    assert done(session, "王芳")[0].whole


def test_who_was_freed_another_year_or_of_another_list_is_not_free(
    session: Session,
) -> None:
    task(session, "读一本书")
    mark(session, "整张清单", "王芳", how="免做", list="五个一")
    mark(session, "整张清单", "李伟", how="免做", day="2025-12-31")
    assert not done(session, "王芳")[0].exempt
    assert not done(session, "李伟")[0].exempt


def test_what_is_recorded_elsewhere_marks_its_item(session: Session) -> None:
    task(session, "志愿服务", marked_by="志愿服务")
    task(session, "谈一次心", marked_by="谈心谈话")
    task(session, "读一本书")
    serve(session, "2026-03-01", "王芳", sort="志愿服务")
    serve(session, "2026-03-02", "李伟", sort="技术服务")
    serve(session, "2025-12-31", "李伟", sort="志愿服务")
    told = {"day": "2026-03-03", "how": "当面"}
    put(session, "talk", people=person(session, "李伟", "陈静"), **told)
    sure = put(session, "talk", people=person(session, "王芳", "陈静"), **told)
    book.move(session, sure, "confirmed", None, NOON)
    assert [each.days for each in done(session, "王芳")] == [
        [date(2026, 3, 1)],
        [date(2026, 3, 3)],
        [],
    ]
    assert [each.confirmed for each in done(session, "王芳")] == [1, 1, 0]
    assert [each.days for each in done(session, "李伟")] == [[], [], []]


def talk(session: Session, first: str, second: str, day: str = "2026-03-03") -> None:
    people = person(session, first, second)
    row = put(session, "talk", people=people, day=day, how="当面")
    book.move(session, row, "confirmed", None, NOON)


def numbers(session: Session, *names: str) -> list[int]:
    return [find_member(session, each).id for each in names]


def test_nobody_has_talked_yet(session: Session) -> None:
    zhao, chen = numbers(session, "赵敏", "陈静")
    whole = talks.survey(session, branch_of(session), 2026)
    assert set(whole.committee) == {zhao, chen}
    assert whole.lacking_pairs() == [(zhao, chen)]
    assert len(whole.propose()) == 1 + 4 + 2


def test_who_has_talked_with_whom_in_a_year(session: Session) -> None:
    zhao, chen, liu = numbers(session, "赵敏", "陈静", "刘洋")
    wang, li, he = numbers(session, "王芳", "李伟", "何雪")
    talk(session, "赵敏", "陈静")
    for day in ("2026-02-01", "2026-01-01", "2026-03-01"):
        talk(session, "赵敏", "王芳", day)
    talk(session, "李伟", "何雪")
    talk(session, "刘洋", "王芳", "2025-12-31")
    people = person(session, "刘洋", "王芳")
    put(session, "talk", people=people, day="2026-03-01", how="当面")  # one side only
    found = talks.survey(session, branch_of(session), 2026)
    assert found.had[frozenset((zhao, wang))] == date(2026, 1, 1)
    before = talks.survey(session, branch_of(session), 2025)
    assert before.had == {frozenset((liu, wang)): date(2025, 12, 31)}
    assert found.lacking_pairs() == []
    assert found.lacking_committee() == [liu, li, he]
    assert found.lacking_members() == [liu, wang]
    assert found.propose() == [(zhao, liu), (chen, li), (zhao, he), (liu, wang)]


def test_a_year_is_whole_when_all_three_sorts_are(session: Session) -> None:
    def is_whole(year: int = 2026) -> bool:
        return talks.survey(session, branch_of(session), year).is_whole()

    for name in ("刘洋", "王芳", "李伟", "何雪"):
        talk(session, "陈静", name)
    talk(session, "李伟", "何雪")
    talk(session, "刘洋", "王芳")
    assert not is_whole(), "the pair of the committee"
    talk(session, "陈静", "赵敏")
    assert is_whole()
    assert not is_whole(2025)
    assert talks.survey(session, branch_of(session), 2026).propose() == []


def test_an_odd_one_talks_with_the_first_who_is_not_himself() -> None:
    one = talks.Coverage({1: "甲", 2: "乙", 3: "丙"}, [], {frozenset((2, 3)): TODAY})
    assert one.propose() == [(1, 2)]
    other = talks.Coverage({1: "甲", 2: "乙", 3: "丙"}, [], {frozenset((1, 2)): TODAY})
    assert other.propose() == [(3, 1)]
    alone = talks.Coverage({1: "甲"}, [], {})
    assert alone.propose() == []
    assert not alone.lacking_pairs()


def test_the_sort_of_a_talk_goes_by_office(session: Session) -> None:
    branch = branch_of(session)
    zhao, chen, wang, li, sun = (
        find_member(session, each).id
        for each in ("赵敏", "陈静", "王芳", "李伟", "孙丽")
    )
    other = find_branch(session, OTHER_BRANCH)
    assert other
    grant(session, find_member(session, "孙丽"), Role.SECRETARY, other)
    sort = {
        (zhao, chen): "支委之间",
        (zhao, wang): "支委与党员",
        (li, wang): "党员之间",
        (sun, wang): "党员之间",
    }
    for people, told in sort.items():
        assert talks.sort_of(session, branch, people) == told


def bring(
    session: Session, who: str = "王芳", day: str = "2026-03-20", sign: str = "署名"
) -> Record:
    values = {"day": day, "sort": "其他", "sign": sign, "what": "灯坏了"}
    asker = find_member(session, who)
    return concerns.receive(session, values, asker, branch_of(session), NOON)


def letters(session: Session, like: str) -> int:
    return len(session.scalars(select(Letter.id).where(Letter.key.like(like))).all())


@pytest.mark.parametrize(
    ("moves", "due"),
    [
        ([], "2026-03-23"),
        (["taken"], "2026-03-30"),
        (["taken", "answered", "again"], "2026-04-01"),
    ],
)
def test_by_when_a_concern_is_to_be_answered(
    session: Session, moves: list[str], due: str
) -> None:
    """2026-03-20 is a Friday: one working day is Monday, five more the Monday after.

    The five count from the day on which it was taken up, or was to be done again.
    """
    row, other = bring(session), bring(session, "李伟")
    monday = NOON + timedelta(days=3)
    for after, state in enumerate(moves):
        book.move(session, row, state, None, monday + timedelta(days=after))
    book.withdraw(session, other, None, NOON)
    day = date.fromisoformat(due)
    last = datetime.combine(day, time(23, 59), ZONE)
    assert concerns.find_due(session, [row], NOON) == {row.id: day}
    assert concerns.late(session, last) == {}
    late = concerns.late(session, last + timedelta(minutes=1))
    assert late == {row.id: (row, day)}
    for over in ("answered", "closed"):
        row.state = over
        session.flush()
        assert concerns.late(session, last + timedelta(days=9)) == {}


def test_a_correction_gives_no_more_time(session: Session) -> None:
    row = bring(session)
    book.move(session, row, "taken", None, NOON)
    zhao, later = find_member(session, "赵敏"), NOON + timedelta(days=3)
    concerns.hand_over(session, row, find_member(session, "陈静"), zhao, later)
    assert concerns.find_due(session, [row], later) == {row.id: date(2026, 3, 27)}


def test_the_secretary_hears_of_what_is_late_once_for_each_state(
    session: Session,
) -> None:
    row, gone = bring(session), bring(session, "李伟")
    book.withdraw(session, gone, None, NOON)
    later = NOON + timedelta(days=4)
    assert concerns.warn(session, later, later) == 1
    assert concerns.warn(session, later, later) == 0
    book.move(session, row, "taken", None, NOON)
    assert concerns.warn(session, later, later) == 0
    later = NOON + timedelta(days=11)
    assert concerns.warn(session, later, later) == 1
    assert letters(session, f"concern.late:{row.id}:%") == 2


def test_what_is_answered_is_rated_and_done_again_once(session: Session) -> None:
    row = bring(session)
    zhao, wang = find_member(session, "赵敏"), find_member(session, "王芳")
    assert concerns.answer(session, row, "周五换", zhao, NOON)
    assert concerns.rate(session, row, wang, NOON, content=False) == "again"
    assert letters(session, f"concern.again:{row.id}:%") == 1
    assert concerns.answer(session, row, "换好了", zhao, NOON)
    assert concerns.rate(session, row, wang, NOON, content=False) == "closed"
    assert letters(session, f"concern.answer:{row.id}:%") == 2
    assert letters(session, f"concern.again:{row.id}:%") == 1
    with pytest.raises(Refusal, match="不能这样改"):
        concerns.answer(session, row, "又换了", zhao, NOON)


def test_handed_over_it_is_taken_up_and_the_asker_not_named(session: Session) -> None:
    row, second = bring(session), bring(session)
    zhao, chen = find_member(session, "赵敏"), find_member(session, "陈静")
    concerns.hand_over(session, row, chen, zhao, NOON)
    assert row.state == "taken"
    concerns.hand_over(session, row, find_member(session, "刘洋"), zhao, NOON)
    assert row.state == "taken"
    assert second.state == "received"
    told = select(Letter.body).where(Letter.key.like("concern.office:%"))
    for body in session.scalars(told):
        assert "王芳" not in str(body)


def test_each_step_of_a_concern_is_noted_of_who_took_it(session: Session) -> None:
    row, zhao = bring(session), find_member(session, "赵敏")
    wang, chen = find_member(session, "王芳"), find_member(session, "陈静")
    told = len(book.trace(session, row))
    concerns.hand_over(session, row, chen, zhao, NOON)
    concerns.answer(session, row, "周五换", chen, NOON)
    concerns.rate(session, row, wang, NOON, content=True)
    steps = book.trace(session, row)[told:]
    assert [(each.act, each.changed_by) for each in steps] == [
        (act, who.id) for who in (zhao, chen, wang) for act in ("correct", "move")
    ]


def test_whose_an_anonymous_one_is_stays_sealed_while_it_is_seen_to(
    storage: Storage,
) -> None:
    give_ring(storage.engine, Ring([Fernet.generate_key().decode()]))
    with storage.write() as session:
        wang, zhao = find_member(session, "王芳"), find_member(session, "赵敏")
        mine, signed, theirs = (
            bring(session, sign="匿名"),
            bring(session),
            bring(session, "李伟", sign="匿名"),
        )
        assert mine.recorded_by is None
        assert concerns.asker_of(session, mine) == wang
        assert concerns.asker_of(session, theirs) == find_member(session, "李伟")
        found = list(concerns.latest_of(session, wang, branch_of(session)))
        assert found == [signed, mine]
        half = concerns.KEPT_FOR
        assert goes_on(session, mine, theirs) == [NOON.date() + half] * 2
        later = NOON + timedelta(days=9)
        assert concerns.answer(session, mine, "周五换", zhao, later)
        kept = [later.date() + half, NOON.date() + half]
        assert goes_on(session, mine, theirs) == kept
        assert concerns.rate(session, mine, wang, later, content=True) == "closed"
        by = {each.changed_by for each in book.trace(session, mine)}
        assert by == {None, zhao.id}, "nobody can see who was content"


def goes_on(session: Session, *rows: Record) -> list[date]:
    of = {
        each.record_id: each.goes_on for each in session.scalars(select(RecordPrivate))
    }
    return [of[each.id] for each in rows]


def test_concerns_of_somebody_are_hers_in_this_branch(session: Session) -> None:
    first, other, last = bring(session), bring(session, "李伟"), bring(session)
    book.withdraw(session, bring(session), None, NOON)
    wang = find_member(session, "王芳")
    found = list(concerns.latest_of(session, wang, branch_of(session)))
    assert found == [last, first]
    elsewhere = find_branch(session, OTHER_BRANCH)
    assert elsewhere
    assert list(concerns.latest_of(session, wang, elsewhere)) == []
    assert concerns.asker_of(session, other) == find_member(session, "李伟")


def test_who_may_change_a_record(session: Session) -> None:
    """Who told of it until it is settled; the secretary of its branch, or above."""
    row = serve(session, "2026-03-01", "李伟", by="王芳")
    other = serve(session, "2026-03-01", "孙丽", by="孙丽", of=OTHER_BRANCH)

    def may(name: str, of: Record) -> bool:
        member = find_member(session, name)
        standing = members.standing(session, member)
        return book.may_change(session, of, member, standing)

    assert may("王芳", row)
    assert may("赵敏", row)
    assert not may("李伟", row)
    assert not may("陈静", row)
    assert not may("赵敏", other)
    assert not may("吴刚", row)
    book.move(session, row, "entered", None, NOON)
    assert not may("王芳", row)
    assert may("赵敏", row)
    assert parties.is_about(session, row, find_member(session, "李伟"))
    assert parties.is_about(session, row, find_member(session, "王芳"))
    assert not parties.is_about(session, row, find_member(session, "孙丽"))
    branch = branch_of(session)
    assert book.get(session, row.id, branch) is row
    for number in (other.id, 99):
        with pytest.raises(Refusal, match="没有第"):
            book.get(session, number, branch)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"day": "1950-01-01"}, ""),
        ({"day": "1949-12-31"}, "看着不对"),
        ({"day": "2026-03-20"}, ""),
        ({"day": "2026-03-21"}, "还没到"),
        ({"hours": 240.0}, ""),
        ({"hours": 240.5}, "太多了"),
        ({"what": "长" * 200}, ""),
        ({"what": "长" * 201}, "最多 200 字"),
    ],
)
def test_limits_of_what_can_be(
    session: Session, more: dict[str, object], why: str
) -> None:
    if not why:
        serve(session, **{"day": "2026-03-01", **more})  # type: ignore[arg-type]
        return
    with pytest.raises(Refusal, match=why):
        serve(session, **{"day": "2026-03-01", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "right"), [(732, True), (733, False)])
def test_a_day_to_come_is_within_two_years(
    session: Session, days: int, *, right: bool
) -> None:
    day = (TODAY + timedelta(days=days)).isoformat()
    if right:
        put(session, "visit", day=day, company=BEARING)
        return
    with pytest.raises(Refusal, match="看着不对"):
        put(session, "visit", day=day, company=BEARING)


def test_people_of_records_are_those_that_count(session: Session) -> None:
    """Who reviews a bulletin is named in it, and not counted; nor who is elsewhere."""
    put(
        session,
        "bulletin",
        title="一",
        day=TODAY.isoformat(),
        text="事",
        people=person(session, "王芳"),
        **{REVIEWS[0]: person(session, "李伟")},  # type: ignore[arg-type]
    )
    found = search.people_in(session, Query(find_kind("bulletin"), branch_of(session)))
    assert found == {find_member(session, "王芳").id}
