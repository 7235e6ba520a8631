"""Who is noted as gone, and taken back within a day: of two branches, and namesakes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.people import audit, members, offices
from bot.branch.people.members import Member, Role, add_member, grant, link
from bot.branch.people.tree import Branch, find_branch
from bot.branch.personal_data import departures, removal
from bot.errors import Refusal
from bot.inbox import focus, open_questions
from bot.inbox.open_questions import Open, Question
from tests.conftest import LONG_AGO as NOW
from tests.people import BRANCH, GROUP, OTHER_BRANCH, find_member

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def place(session: Session, name: str = BRANCH) -> Branch:
    found = find_branch(session, name)
    assert found
    return found


def namesake(session: Session, name: str, userid: str, of: str) -> Member:
    member = add_member(session, name, place(session, of), NOW)
    link(member, userid)
    session.flush()
    return member


def test_one_secretary_stays_and_one_of_two_may_go(session: Session) -> None:
    zhao, chen = find_member(session, "赵敏"), find_member(session, "陈静")
    branch = place(session)

    def check(member: Member, *named: str) -> None:
        removal.check(session, member, zhao, branch, named)

    check(chen)
    with pytest.raises(Refusal, match="唯一的书记"):
        check(zhao)
    grant(session, chen, Role.SECRETARY, branch)
    check(zhao, "ChenJing")
    for named in ("ZhaoMin", "zhaomin"):
        with pytest.raises(Refusal, match="设置里写明"):
            check(zhao, "chenjing", named)


def test_what_is_open_with_somebody_goes_and_of_others_stays(session: Session) -> None:
    wang, li = find_member(session, "王芳"), find_member(session, "李伟")
    for member, address in ((wang, "oWang"), (li, "oLi")):
        outbox.bind(session, member.id, "official", address, NOW)
    threads = ["wecom:wangfang", "official:oWang", "wecom:liwei", "official:oLi"]
    for thread in threads:
        open_questions.ask(session, thread, Open("checkin", "？", {}), NOW)
        focus.note(session, thread, "notice", {"id": 1}, NOW)
    done = removal.remove(session, wang, "调走", NOW, by=find_member(session, "赵敏"))
    assert (done.name, done.revoked, wang.userid, wang.state) == (
        "王芳",
        [],
        None,
        "left",
    )
    left = session.scalars(select(Question.thread)).all()
    assert sorted(left) == ["official:oLi", "wecom:liwei"]
    assert [bool(focus.every(session, each, NOW)) for each in threads] == [
        *(False, False),
        *(True, True),
    ]
    assert {*outbox.ways_of(session, [wang.id, li.id])} == {li.id}
    [noted] = session.scalars(
        select(audit.Audit).where(audit.Audit.action == "members.remove")
    )
    assert noted.details == "调走"


@pytest.mark.parametrize(("ago", "found"), [(DAY - SECOND, True), (DAY, False)])
def test_a_day_is_the_time_to_think_again(
    session: Session, ago: timedelta, *, found: bool
) -> None:
    zhao, liu = find_member(session, "赵敏"), find_member(session, "刘洋")
    grant(session, liu, Role.COMMITTEE, place(session))
    removal.remove(session, liu, "", NOW, by=zhao)
    assert offices.held(session, liu) == []
    now = NOW + ago
    assert removal.was_removed(session, place(session), "刘洋", now) is found
    if not found:
        with pytest.raises(Refusal, match="一天以内移出名册的刘洋"):
            removal.find_removed(session, place(session), "刘洋", now)
        with pytest.raises(Refusal, match="一天以内移出名册的刘洋"):
            removal.restore(session, liu, now, zhao)
        return
    assert removal.find_removed(session, place(session), "刘洋", now) is liu
    given_back = removal.restore(session, liu, now, zhao)
    assert given_back == [f"支部委员（{BRANCH}）", f"党小组组长（{GROUP}）"]
    assert (liu.state, liu.userid) == ("active", "liuyang")
    with pytest.raises(Refusal):
        removal.restore(session, liu, now, zhao)


def test_of_namesakes_it_is_the_last_gone_of_this_branch(session: Session) -> None:
    """Neither who is here, nor of another branch, nor who had left long before."""
    zhao, branch = find_member(session, "赵敏"), place(session)
    assert not removal.was_removed(session, branch, "邵棠", NOW)
    first = namesake(session, "张伟", "zhangwei1", BRANCH)
    second = namesake(session, "张伟", "zhangwei2", GROUP)
    elsewhere = namesake(session, "张伟", "zhangwei3", OTHER_BRANCH)
    namesake(session, "张伟", "zhangwei4", BRANCH)
    assert not removal.was_removed(session, branch, "张伟", NOW)
    removal.remove(session, elsewhere, "", NOW + SECOND, by=zhao)
    assert not removal.was_removed(session, branch, "张伟", NOW + SECOND)
    removal.remove(session, second, "", NOW, by=zhao)
    removal.remove(session, first, "", NOW - SECOND, by=zhao)
    assert removal.find_removed(session, branch, "张伟", NOW + SECOND) is second
    assert not removal.was_removed(session, branch, "张", NOW + SECOND)
    removal.restore(session, second, NOW, zhao)
    assert removal.find_removed(session, branch, "张伟", NOW + SECOND) is first
    removal.remove(session, second, "", NOW + SECOND, by=zhao)
    assert removal.find_removed(session, branch, "张伟", NOW + SECOND) is second
    second.state = "transferred"
    session.flush()
    assert removal.find_removed(session, branch, "张伟", NOW + SECOND) is first


def test_whom_the_roster_let_go_was_not_noted_as_gone(session: Session) -> None:
    find_member(session, "王芳").state = "left"
    session.flush()
    departures.notice_departures(session, NOW)
    assert not removal.was_removed(session, place(session), "王芳", NOW)


def test_an_account_that_is_another_s_by_now_is_not_taken_back(
    session: Session,
) -> None:
    zhao, wang = find_member(session, "赵敏"), find_member(session, "王芳")
    removal.remove(session, wang, "", NOW, by=zhao)
    new = namesake(session, "新人", "wangfang", BRANCH)
    with pytest.raises(Refusal, match="已经是新人的了"):
        removal.restore(session, wang, NOW, zhao)
    assert wang.state == "left"
    new.userid = new.account = None
    session.flush()
    assert removal.restore(session, wang, NOW, zhao) == []
    assert members.find(session, "wangfang") is wang
    restored = select(audit.Audit.action).where(audit.Audit.actor == str(zhao.id))
    noted = session.scalars(restored.order_by(audit.Audit.id)).all()
    assert noted == ["members.remove", "members.restore"]
    without = add_member(session, "没有账号", place(session), NOW)
    removal.remove(session, without, "", NOW, by=zhao)
    assert removal.restore(session, without, NOW, zhao) == []
    assert (without.state, without.userid) == ("active", None)


def test_who_had_left_already_is_not_taken_back(session: Session) -> None:
    zhao, gone = find_member(session, "赵敏"), find_member(session, "邵棠")
    removal.remove(session, gone, "", NOW, by=zhao)
    assert (gone.state, gone.userid) == ("left", None)
    with pytest.raises(Refusal):
        removal.restore(session, gone, NOW, zhao)


def test_who_has_gone_to_another_branch_stays_so(session: Session) -> None:
    zhao, wang = find_member(session, "赵敏"), find_member(session, "王芳")
    wang.state = "transferred"
    session.flush()
    removal.remove(session, wang, "", NOW, by=zhao)
    assert wang.state == "transferred"
