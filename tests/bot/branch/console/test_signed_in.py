"""Links, sessions and sent forms to the second, with another's beside each."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.branch.console import links, sendings, sessions
from bot.branch.console.links import ConsoleLink
from bot.branch.console.sendings import ConsoleSending
from bot.branch.console.sessions import ConsoleSession, SignedOut
from bot.branch.people import offices
from bot.branch.people.members import Member, Role, grant
from bot.branch.people.tree import find_branch
from bot.errors import Denied, Refusal
from bot.storage.database import Base
from tests.conftest import LONG_AGO as NOW
from tests.people import BRANCH, find_member

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def count(session: Session, table: type[Base]) -> int:
    session.flush()
    return session.scalar(select(func.count()).select_from(table)) or 0


def secretary(session: Session) -> Member:
    return find_member(session, "赵敏")


def member_of_committee(session: Session) -> Member:
    return find_member(session, "陈静")


def row_of(session: Session, token: str) -> ConsoleSession:
    known = sessions.find(session, token, NOW)
    return session.get_one(ConsoleSession, known.id)


def test_a_link_is_its_maker_s_and_the_last_one(session: Session) -> None:
    zhao, chen = secretary(session), member_of_committee(session)
    old, other = links.make(session, zhao, NOW), links.make(session, chen, NOW)
    new = links.make(session, zhao, NOW)
    assert len(new) == 32
    with pytest.raises(Refusal, match="失效"):
        links.look(session, old, NOW)
    assert links.look(session, other, NOW) is chen
    assert links.use(session, new, NOW) is zhao
    with pytest.raises(Refusal, match="用过"):
        links.look(session, new, NOW)
    links.make(session, zhao, NOW)
    with pytest.raises(Refusal, match="用过"):
        links.use(session, new, NOW)
    assert links.use(session, other, NOW) is chen
    for name in ("刘洋", "王芳", "邵棠"):
        with pytest.raises(Denied):
            links.make(session, find_member(session, name), NOW)


def test_who_has_left_or_lost_the_office_uses_no_link(session: Session) -> None:
    zhao, chen = secretary(session), member_of_committee(session)
    mine, hers = links.make(session, zhao, NOW), links.make(session, chen, NOW)
    zhao.state = "left"
    session.flush()
    with pytest.raises(Denied):
        links.use(session, mine, NOW)
    for each in offices.grants_of(session, chen):
        session.delete(each)
    session.flush()
    with pytest.raises(Denied):
        links.use(session, hers, NOW)


def test_a_link_lasts_ten_minutes_and_is_remembered_a_day(session: Session) -> None:
    own = links.make(session, secretary(session), NOW)
    over = NOW + 10 * MINUTE
    links.look(session, own, over - SECOND)
    with pytest.raises(Refusal, match="失效"):
        links.look(session, own, over)
    links.forget_old(session, over + DAY - SECOND)
    assert count(session, ConsoleLink) == 1
    links.forget_old(session, over + DAY)
    assert count(session, ConsoleLink) == 0


def test_a_link_used_after_its_end_is_found(session: Session) -> None:
    own = links.make(session, secretary(session), NOW)
    links.use(session, own, NOW + 10 * MINUTE - SECOND)
    assert list(links.used_in_time.find(session)) == []
    session.scalars(select(ConsoleLink)).one().used_at = NOW + 10 * MINUTE
    session.flush()
    assert len(list(links.used_in_time.find(session))) == 1


@pytest.mark.parametrize(
    ("idle", "whole", "why"),
    [
        (HOUR - SECOND, HOUR, ""),
        (HOUR, HOUR, sessions.IDLE_OVER),
        (MINUTE, 12 * HOUR - SECOND, ""),
        (MINUTE, 12 * HOUR, sessions.LASTED),
    ],
)
def test_a_session_ends(
    session: Session, idle: timedelta, whole: timedelta, why: str
) -> None:
    token = sessions.begin(session, secretary(session), "x" * 70, NOW)
    other = sessions.begin(session, member_of_committee(session), "", NOW + whole)
    row = row_of(session, token)
    assert (len(token), len(row.device)) == (43, 60)
    row.seen_at = NOW + whole - idle
    session.flush()
    now = NOW + whole
    assert [each.id for each in sessions.open_of(session, secretary(session), now)] == (
        [] if why else [row.id]
    )
    sessions.find(session, other, now)
    if why:
        for ask in (sessions.find, sessions.touch):
            with pytest.raises(SignedOut, match=why):
                ask(session, token, now)
        known = sessions.Known(row.id, row.member_id, stale=False)
        with pytest.raises(SignedOut, match=why):
            sessions.stand(session, known, now)
    else:
        assert sessions.find(session, token, now).member_id == secretary(session).id


def test_nobody_has_an_invented_token(session: Session) -> None:
    sessions.begin(session, secretary(session), "", NOW)
    with pytest.raises(SignedOut, match=sessions.NOBODY):
        sessions.find(session, "invented", NOW)
    with pytest.raises(SignedOut, match=sessions.NOBODY):
        sessions.stand(session, sessions.Known(99, 1, stale=False), NOW)


@pytest.mark.parametrize(
    ("ago", "stale", "turns"),
    [
        (MINUTE - SECOND, False, False),
        (MINUTE, True, False),
        (30 * MINUTE - SECOND, True, False),
        (30 * MINUTE, True, True),
    ],
)
def test_what_is_written_down_of_a_request(
    session: Session, ago: timedelta, *, stale: bool, turns: bool
) -> None:
    token, now = sessions.begin(session, secretary(session), "", NOW), NOW + ago
    sessions.begin(session, member_of_committee(session), "", NOW)
    assert sessions.find(session, token, now).stale is stale
    new = sessions.touch(session, token, now)
    assert (new is not None) is turns
    row = row_of(session, token)
    assert (row.seen_at, row.turned_at) == (now, now if turns else NOW)
    sessions.touch(session, token, now - SECOND)
    assert row.seen_at == now, "an earlier request that came late"


def test_a_former_token_is_good_until_the_new_one_is_seen(session: Session) -> None:
    first = sessions.begin(session, secretary(session), "", NOW)
    turned = NOW + 30 * MINUTE
    second = sessions.touch(session, first, turned)
    assert second
    soon, late = turned + MINUTE - SECOND, turned + MINUTE
    assert not sessions.find(session, first, soon).stale
    assert sessions.touch(session, first, soon) is None, "sent before it turned"
    assert sessions.find(session, first, late).stale
    third = sessions.touch(session, first, late)
    assert third, "the answer with the second was lost"
    assert len(third) == 43
    with pytest.raises(SignedOut):
        sessions.find(session, second, late)
    assert sessions.find(session, third, late).stale
    assert sessions.touch(session, third, late) is None
    with pytest.raises(SignedOut):
        sessions.find(session, first, late)
    assert not sessions.find(session, third, late).stale


def test_an_office_is_asked_anew(session: Session) -> None:
    zhao, chen = secretary(session), member_of_committee(session)
    known = [
        sessions.find(session, sessions.begin(session, each, "", NOW), NOW)
        for each in (zhao, chen)
    ]
    found = [sessions.stand(session, each, NOW) for each in known]
    assert [(who, standing.role) for who, standing in found] == [
        (zhao, Role.SECRETARY),
        (chen, Role.COMMITTEE),
    ]
    branch = find_branch(session, BRANCH)
    assert branch
    grant(session, chen, Role.SECRETARY, branch)
    zhao.state = "left"
    session.flush()
    for each in known:
        with pytest.raises(SignedOut, match=sessions.MOVED):
            sessions.stand(session, each, NOW)


def test_one_session_is_ended_or_all_of_one(session: Session) -> None:
    zhao, chen = secretary(session), member_of_committee(session)
    tokens = [sessions.begin(session, zhao, "", NOW + SECOND * n) for n in (0, 2, 2, 1)]
    other = sessions.begin(session, chen, "", NOW)
    rows = [row_of(session, each) for each in tokens]
    later = NOW + MINUTE

    def open_now() -> list[ConsoleSession]:
        session.expire_all()
        return list(sessions.open_of(session, zhao, later))

    assert open_now() == [rows[2], rows[1], rows[3], rows[0]]
    sessions.end(session, chen, rows[1].id, later)
    assert len(open_now()) == 4
    sessions.end(session, zhao, rows[1].id, later)
    assert open_now() == [rows[2], rows[3], rows[0]]
    with pytest.raises(SignedOut, match=sessions.ENDED):
        sessions.find(session, tokens[1], later)
    sessions.end(session, zhao, None, later + SECOND)
    assert (open_now(), rows[1].ended_at) == ([], later)
    sessions.find(session, other, later)


def test_a_session_is_forgotten_after_thirty_days(session: Session) -> None:
    sessions.begin(session, secretary(session), "", NOW)
    sessions.begin(session, secretary(session), "", NOW + DAY)
    for seconds, left in ((-1, 2), (0, 1)):
        sessions.forget_old(session, NOW + 30 * DAY + seconds * SECOND)
        assert count(session, ConsoleSession) == left


@pytest.mark.parametrize("moment", ["seen_at", "turned_at"])
def test_a_session_seen_before_it_began_is_found(session: Session, moment: str) -> None:
    row = row_of(session, sessions.begin(session, secretary(session), "", NOW))
    assert list(sessions.in_order.find(session)) == []
    setattr(row, moment, NOW - SECOND)
    session.flush()
    assert len(list(sessions.in_order.find(session))) == 1


def test_a_form_is_its_sender_s_and_sent_once(session: Session) -> None:
    zhao, chen = secretary(session), member_of_committee(session)
    assert sendings.take(session, "k", "content", zhao, NOW)
    assert not sendings.take(session, "k", "content", zhao, NOW)
    for content, who in (("another", zhao), ("content", chen)):
        with pytest.raises(Refusal, match="已经提交过"):
            sendings.take(session, "k", content, who, NOW)
    assert sendings.take(session, "other", "another", chen, NOW + SECOND)
    found = sendings.find(session, "k", zhao)
    assert found
    assert (found.key, sendings.find(session, "k", chen)) == ("k", None)
    assert sendings.find(session, "nothing", zhao) is None
    for seconds, left in ((-1, 2), (0, 1)):
        sendings.forget_old(session, NOW + 2 * DAY + seconds * SECOND)
        assert count(session, ConsoleSending) == left
