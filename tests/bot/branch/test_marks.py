"""Two people of one name, told apart by what the office writes behind it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.enrolment.addressbook import (
    Colleague,
    add_unknown,
    link_accounts,
    say_left_out,
)
from bot.branch.enrolment.enrolment import Summary, enrol
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, find_branch
from bot.errors import Refusal
from bot.files.roster.entry import Entry
from tests.conftest import LONG_AGO
from tests.people import BRANCH, OTHER_BRANCH

FIRST, SECOND = date(2010, 5, 4), date(2021, 6, 30)
NEXT = LONG_AGO + timedelta(days=1)
ONE = {"name": "王伟", "mark": "1", "userid": "ww.a", "joined": FIRST}
TWO = {"name": "王伟", "mark": "2", "userid": "ww.b", "joined": SECOND}


@pytest.fixture
def root(session: Session) -> Branch:
    found = find_branch(session, BRANCH)
    assert found is not None
    return found


def bring(
    session: Session, root: Branch, *rows: dict[str, Any], same: tuple[str, ...] = ()
) -> Summary:
    entries = [Entry(number, **row) for number, row in enumerate(rows, 2)]
    return enrol(session, entries, root, NEXT, same=same)


def namesakes(session: Session) -> list[Member]:
    found = select(Member).where(Member.name == "王伟").order_by(Member.id)
    return list(session.scalars(found))


def refused(session: Session, root: Branch, *rows: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as told, session.begin_nested():
        bring(session, root, *rows)
    session.expire_all()
    return str(told.value)


def without(row: dict[str, Any], *what: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in what}


def test_two_of_a_name_are_two_people(session: Session, root: Branch) -> None:
    done = bring(session, root, without(ONE, "userid"), without(TWO, "userid"))
    assert done.added == ["王伟（1）", "王伟（2）"]
    assert [(each.name, each.mark) for each in namesakes(session)] == [
        ("王伟", "1"),
        ("王伟", "2"),
    ]
    again = bring(session, root, without(TWO, "userid"), without(ONE, "userid"))
    assert (again.unchanged, again.changes) == (2, [])


def test_the_mark_is_said_only_beside_a_namesake(
    session: Session, root: Branch
) -> None:
    bring(session, root, ONE)
    (one,) = namesakes(session)
    assert one.called == "王伟"
    bring(session, root, {"name": "王伟", "userid": "ww.b", "joined": SECOND})
    one, two = namesakes(session)
    assert [one.called, two.called] == ["王伟（1）", "王伟"]
    said = select(Member.called).where(Member.name == "王伟").order_by(Member.id)
    assert session.scalars(said).all() == ["王伟（1）", "王伟"]
    two.state = "left"
    session.flush()
    assert one.called == "王伟"
    assert session.scalars(said).all() == ["王伟", "王伟"]


@pytest.mark.parametrize("rows", [(ONE, TWO), (TWO, ONE)])
def test_a_single_one_is_marked_by_account(
    session: Session, root: Branch, rows: tuple[dict[str, Any], ...]
) -> None:
    bring(session, root, {"name": "王伟", "userid": "ww.a"})
    bring(session, root, *(without(each, "joined") for each in rows))
    one, two = namesakes(session)
    assert (one.mark, one.userid) == ("1", "ww.a")
    assert (two.mark, two.userid) == ("2", "ww.b")


def test_a_single_one_is_marked_by_day(session: Session, root: Branch) -> None:
    bring(session, root, {"name": "王伟", "joined": SECOND})
    bring(session, root, without(ONE, "userid"), without(TWO, "userid"))
    known, added = namesakes(session)
    assert (known.mark, known.joined) == ("2", SECOND)
    assert (added.mark, added.joined) == ("1", FIRST)


@pytest.mark.parametrize("row", [{"name": "王伟"}, {"name": "王伟", "userid": "ww.z"}])
def test_nobody_is_marked_by_the_name_alone(
    session: Session, root: Branch, row: dict[str, Any]
) -> None:
    bring(session, root, {"name": "王伟", "joined": SECOND})
    told = refused(session, root, row | {"mark": "2"})
    assert told == (
        "第 2 行：表里写的是王伟（2），名册里有王伟（2021-06-30 入党），"
        "是不是同一位说不准。请在表里写上账号或入党日期。"
    )
    assert [each.mark for each in namesakes(session)] == [""]


def test_the_other_row_of_the_name_leaves_no_doubt(
    session: Session, root: Branch
) -> None:
    """The one without a mark is the one without a mark; the other is new."""
    bring(session, root, {"name": "王伟", "joined": FIRST})
    done = bring(session, root, {"name": "王伟", "mark": "2"}, {"name": "王伟"})
    assert done.added == ["王伟（2）"]
    assert [each.joined for each in namesakes(session)] == [FIRST, None]


def test_the_same_mark_twice_is_refused(session: Session, root: Branch) -> None:
    bring(session, root, ONE)
    again = {"name": "王伟", "mark": "1", "userid": "ww.c", "joined": SECOND}
    assert refused(session, root, again) == (
        "第 2 行：王伟（1）在这个支部里有两位，姓名和标记都一样，请用不同的标记。"
    )
    assert len(namesakes(session)) == 1
    other = find_branch(session, OTHER_BRANCH)
    assert other is not None
    assert bring(session, other, again).added == ["王伟（1）"]


def test_marks_exchanged_follow_the_account_and_the_day(
    session: Session, root: Branch
) -> None:
    bring(session, root, ONE, TWO)
    done = bring(session, root, ONE | {"mark": "2"}, TWO | {"mark": "1"})
    assert [str(each) for each in done.changes] == [
        "王伟（2）：标记 1 → 2",
        "王伟（1）：标记 2 → 1",
    ]
    assert [(each.userid, each.mark) for each in namesakes(session)] == [
        ("ww.a", "2"),
        ("ww.b", "1"),
    ]


def test_marks_exchanged_are_refused_where_a_fact_is_missing(
    session: Session, root: Branch
) -> None:
    bring(session, root, ONE, TWO)
    rows = [without(ONE | {"mark": "2"}, "joined"), TWO]
    told = refused(session, root, *rows)
    assert (
        "账号 ww.a 在名册里是王伟（1）（2010-05-04 入党），表里写的是王伟（2）" in told
    )
    told = refused(session, root, without(ONE | {"mark": "2"}, "userid"))
    assert "表里写的是王伟（2），名册里是王伟（2）（2021-06-30 入党）" in told
    assert "入党日期却是王伟（1）（2010-05-04 入党）的" in told
    bring(
        session,
        root,
        rows[0],
        without(TWO | {"mark": "1"}, "joined"),
        same=("ww.a", "ww.b"),
    )
    assert [each.mark for each in namesakes(session)] == ["2", "1"]


def test_a_mark_that_is_left_out_stays(session: Session, root: Branch) -> None:
    bring(session, root, ONE, TWO)
    done = bring(session, root, without(ONE, "mark"), without(TWO, "mark"))
    assert (done.unchanged, [each.mark for each in namesakes(session)]) == (
        2,
        ["1", "2"],
    )


def test_an_unmarked_row_beside_a_marked_one_is_not_guessed(
    session: Session, root: Branch
) -> None:
    bring(session, root, without(ONE, "userid"), without(TWO, "userid"))
    told = refused(session, root, {"name": "王伟"}, {"name": "王伟", "mark": "2"})
    assert "第 2 行：表里写的是王伟，名册里有王伟（1）" in told
    assert "有 2 位“王伟”，分不清" in refused(session, root, {"name": "王伟"})


def test_the_address_book_has_marks_too(session: Session, root: Branch) -> None:
    bring(session, root, without(ONE, "userid"), without(TWO, "userid"))
    book = [Colleague("wa", "王伟2"), Colleague("wb", "王伟（1）")]
    assert link_accounts(session, book, root).linked == ["王伟2", "王伟（1）"]
    assert [each.userid for each in namesakes(session)] == ["wb", "wa"]
    assert link_accounts(session, book, root).refused == []
    (told, again) = link_accounts(
        session, [Colleague("wb", "王伟2"), Colleague("wa", "王伟1")], root
    ).refused
    assert "wb 在通讯录里叫“王伟2”，在名册里是王伟（1）" in told
    assert "wa 在通讯录里叫“王伟1”，在名册里是王伟（2）" in again


def test_an_account_is_not_linked_by_the_name_alone(
    session: Session, root: Branch
) -> None:
    bring(session, root, {"name": "王伟"})
    done = link_accounts(session, [Colleague("wa", "王伟1")], root)
    assert (done.linked, done.unknown) == ([], ["王伟1"])
    bring(session, root, {"name": "王伟"}, {"name": "王伟", "mark": "2"})
    done = link_accounts(session, [Colleague("wa", "王伟")], root)
    assert (done.linked, done.unknown) == ([], ["王伟"])
    both = [Colleague("wa", "王伟"), Colleague("wb", "王伟2")]
    assert link_accounts(session, both, root).linked == ["王伟", "王伟2"]


def test_whoever_is_added_from_the_address_book_has_the_mark_apart(
    session: Session, root: Branch
) -> None:
    book = [Colleague("wa", "王伟1"), Colleague("wb", "王伟2"), Colleague("t", "test1")]
    assert add_unknown(session, book, root, NEXT) == ["王伟（1）", "王伟（2）"]
    assert [(each.name, each.mark) for each in namesakes(session)] == [
        ("王伟", "1"),
        ("王伟", "2"),
    ]
    again = [Colleague("wc", "王伟1")]
    assert add_unknown(session, again, root, NEXT) == []
    assert say_left_out(session, [*again, Colleague("t", "test1")]) == [
        "账号 wc 在通讯录里的名字“王伟1”和名册里的另一位一样，没有加入。",
        "账号 t 在通讯录里的名字“test1”不像姓名，没有加入。",
    ]
