"""The book of ways with a second of everything: another member, channel, address."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people.members import Member
from bot.outbox import ways
from bot.outbox.ways import PEOPLE, Way
from tests.conftest import LONG_AGO as NOW
from tests.people import find_member

LATER = NOW + timedelta(hours=1)
EVERY = {"oWang", "oLi", "oWangAtBot", "LiAtBot"}


@pytest.fixture
def people(session: Session) -> tuple[int, int]:
    """Two, each with a way in two channels; one address is that of another's."""
    wang, li = (find_member(session, each).id for each in ("王芳", "李伟"))
    for member, channel, address in (
        (wang, "official", "oWang"),
        (li, "official", "oLi"),
        (wang, "aibot", "oWangAtBot"),
        (li, "aibot", "LiAtBot"),
    ):
        assert outbox.bind(session, member, channel, address, NOW)
    return wang, li


def left(session: Session) -> set[str]:
    return set(session.scalars(select(Way.address)))


def row(session: Session, address: str) -> Way:
    session.expire_all()
    return session.scalars(select(Way).where(Way.address == address)).one()


def test_an_address_is_its_own_member_s_in_its_channel(
    session: Session, people: tuple[int, int]
) -> None:
    wang, li = people
    assert outbox.bind(session, wang, "official", "oWang", LATER)
    assert not outbox.bind(session, li, "official", "oWang", LATER)
    assert not outbox.bind(session, wang, "official", "oNew", LATER)
    known = ways.find_address(session, "official", "oWang")
    assert known
    assert (known.member_id, known.heard_at) == (wang, NOW)
    assert ways.find_address(session, "aibot", "oWang") is None
    assert ways.find_address(session, "official", "nobody") is None
    assert set(ways.addresses(session, "official")) == {"oWang", "oLi"}
    assert ways.count_ways(session) == {
        ("official", "reached"): 2,
        ("aibot", "reached"): 2,
    }


def test_one_way_of_one_member_is_taken(
    session: Session, people: tuple[int, int]
) -> None:
    wang, li = people
    assert outbox.unbind(session, wang, "official") == "oWang"
    assert outbox.unbind(session, wang, "official") is None
    assert left(session) == EVERY - {"oWang"}
    ways.unbind_all(session, li)
    assert left(session) == {"oWangAtBot"}


def test_one_way_is_preferred_at_a_time(
    session: Session, people: tuple[int, int]
) -> None:
    wang, li = people

    def preferred() -> set[str]:
        session.expire_all()
        return set(session.scalars(select(Way.address).where(Way.preferred)))

    assert ways.prefer(session, li, "aibot")
    assert ways.prefer(session, wang, "official")
    assert preferred() == {"oWang", "LiAtBot"}
    assert ways.prefer(session, wang, "aibot")
    assert preferred() == {"oWangAtBot", "LiAtBot"}
    assert ways.prefer(session, wang, PEOPLE)
    assert preferred() == {"LiAtBot"}
    outbox.unbind(session, wang, "aibot")
    assert not ways.prefer(session, wang, "aibot")
    assert preferred() == {"LiAtBot"}


def test_ways_stand_in_order(session: Session, people: tuple[int, int]) -> None:
    """The preferred first, then the last heard of, then the first bound."""
    wang, li = people

    def order() -> list[str]:
        assert {*ways.ways_of(session, people)} == {wang, li}
        return [each.address for each in ways.ways_of(session, [wang])[wang]]

    assert order() == ["oWang", "oWangAtBot"]
    assert ways.note_heard(session, "aibot", "oWangAtBot", LATER)
    assert order() == ["oWangAtBot", "oWang"]
    ways.prefer(session, wang, "official")
    assert order() == ["oWang", "oWangAtBot"]
    assert not ways.note_heard(session, "aibot", "oWang", LATER)
    assert row(session, "LiAtBot").heard_at == row(session, "oWang").heard_at == NOW


def test_what_is_lost_is_one_address_and_comes_back_alone(
    session: Session, people: tuple[int, int]
) -> None:
    ways.lose(session, "official", {"oWang": "走了", "oWangAtBot": "走了"}, NOW)
    ways.lose(session, "official", {"oWang": "又说一次", "oLi": "也走了"}, LATER)
    gone = row(session, "oWang")
    assert (gone.lost_at, gone.lost_why) == (NOW, "走了")
    assert (row(session, "oLi").lost_at, row(session, "oLi").lost_why) == (
        LATER,
        "也走了",
    )
    assert row(session, "oWangAtBot").lost_at is None
    assert ways.count_ways(session)["official", "lost"] == 2
    ways.come_back(session, "official", "oLi")
    assert row(session, "oLi").lost_at is None
    assert row(session, "oWang").lost_at == NOW
    ways.come_back(session, "aibot", "oWang")
    assert ways.note_heard(session, "official", "oWang", LATER)
    back = row(session, "oWang")
    assert (back.lost_at, back.lost_why, back.heard_at) == (None, None, LATER)


def test_who_can_be_reached_and_where_each_is_spoken_with(
    session: Session, people: tuple[int, int]
) -> None:
    wang, _ = people
    find_member(session, "王芳").userid = None
    find_member(session, "刘洋").userid = None
    find_member(session, "陈静").userid = ""
    session.flush()
    reached = select(Member.name).where(ways.is_reachable(Member.userid, Member.id))
    names = set(session.scalars(reached))
    assert {"王芳", "李伟", "赵敏"} <= names
    assert not {"刘洋", "陈静"} & names
    threads = {"official:owang", "aibot:owangatbot"}
    assert set(ways.threads_of(session, wang, None)) == threads
    by_account, *others = ways.threads_of(session, wang, "WangFang")
    assert (by_account, set(others)) == ("wecom:wangfang", threads)


def test_a_way_to_nobody_or_nowhere_is_found(
    session: Session, people: tuple[int, int]
) -> None:
    assert list(ways.known_channels.find(session)) == []
    assert list(ways.of_members.find(session)) == []
    highest = session.scalar(select(func.max(Member.id))) or 0
    rows = [(highest + 1, "official", ""), (highest + 2, PEOPLE, "x")]
    for member, channel, address in rows:
        assert outbox.bind(session, member, channel, address, NOW)
    numbers = [row(session, address).id for _, _, address in rows]
    for proof, end in (
        (ways.known_channels, "渠道或地址不对"),
        (ways.of_members, "不在名册里"),
    ):
        told = list(proof.find(session))
        assert [each for each in told if end in each] == told
        assert [int(each.split()[1]) for each in told] == numbers
