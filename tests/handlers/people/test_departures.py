"""Somebody has left: who may not be let go, what it ends, and the way back."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.branch.enrolment.enrolment import enrol
from bot.branch.people.audit import Audit
from bot.branch.people.members import Role, grant
from bot.branch.people.tree import find_branch, plant
from bot.branch.personal_data.departures import Departure
from bot.branch.records.tables import Record
from bot.files.roster.entry import Entry
from tests.conftest import LONG_AGO
from tests.people import BRANCH, USERID, find_member
from tests.stage import Stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.move_to("2026-03-14 10:00")
    return stage


def make_secretary(stage: Stage, name: str) -> None:
    with stage.assistant.storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        grant(session, find_member(session, name), Role.SECRETARY, branch)


def state_of(stage: Stage, name: str) -> tuple[str, str | None]:
    with stage.assistant.storage.read() as session:
        member = find_member(session, name)
        return member.state, member.userid


def test_it_is_done_on_confirmation_and_written_down(stage: Stage) -> None:
    shown = stage.say("赵敏", "陈静调到机电支部了")
    assert "收回权限：支部委员（智能制造教工党支部）" in shown
    assert state_of(stage, "陈静") == ("active", "chenjing")
    assert "登记好了：陈静调到机电支部" in stage.say("赵敏", "确认")
    assert state_of(stage, "陈静") == ("left", None)
    with stage.assistant.storage.read() as session:
        secretary, gone = (find_member(session, name).id for name in ("赵敏", "陈静"))
        noted = session.scalar(select(Audit).where(Audit.action == "members.remove"))
        assert noted
        assert (noted.actor, noted.subject_id) == (str(secretary), gone)
        assert noted.details == "调到机电支部"
        assert session.get(Departure, gone)


def test_who_left_before_posts_ended_with_it_is_taken_off(stage: Stage) -> None:
    """The books of an older program: gone, noted so, and still on a post."""
    for told in ("设先锋岗 数控岗，王芳、李伟", "设先锋岗 液压岗，王芳"):
        assert "记下了" in stage.play(f"赵敏> {told}\n赵敏> 确认"), told
    with stage.assistant.storage.write() as session:
        wang = find_member(session, "王芳")
        wang.state = "left"
        long_ago = stage.clock.now() - timedelta(days=30)
        session.add(Departure(member_id=wang.id, since=long_ago))
    stage.move_to("2026-03-15 04:00")
    posts = stage.say("赵敏", "先锋岗")
    assert "数控岗，李伟" in posts
    assert "液压岗，王芳（已摘牌）" in posts
    with stage.assistant.storage.read() as session:
        states = session.scalars(select(Record.state).order_by(Record.id)).all()
        assert states == ["up", "down"]


def test_what_waited_is_not_sent(stage: Stage) -> None:
    stage.say("陈静", "提醒我今天下午三点交表")
    stage.say("赵敏", "陈静调走了")
    stage.say("赵敏", "确认")
    stage.move_to("2026-03-14 15:00")
    assert not [
        each
        for each in stage.world.phone(USERID["陈静"]).pushed(0)
        if "交表" in each.text
    ]


def tell_while_busy(stage: Stage, words: str) -> None:
    """A notice that the platform does not take at the first try."""
    stage.world.faults.add("message/send", "errcode", times=1, code=-1)
    stage.say("赵敏", words)
    stage.say("赵敏", "确认")
    assert stage.arrived() == []


def by_roster(stage: Stage) -> None:
    row = Entry(2, "陈静", userid="chenjing", state="left")
    with stage.assistant.storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        now = stage.clock.now()
        assert enrol(session, [row], branch, now).updated == ["陈静"]


def by_word(stage: Stage) -> None:
    stage.say("赵敏", "陈静调走了")
    assert "登记好了" in stage.say("赵敏", "确认")


@pytest.mark.parametrize("leave", [by_roster, by_word])
def test_what_was_tried_in_vain_is_not_sent_either(
    stage: Stage, leave: Callable[[Stage], None]
) -> None:
    stage.arrived()
    tell_while_busy(stage, "通知王芳、陈静：周五交表")
    leave(stage)
    stage.move_to("2026-03-14 10:10")
    (card,) = stage.arrived()
    assert card.startswith(" 王芳< ")
    status = stage.say("赵敏", "谁没回复")
    assert "计划 2 人：送达 1，未送达 1，发送中 0；已回复 0。" in status
    assert "没送到（已移出名册）：陈静" in status
    assert "还没回复（1）：王芳" in status


@pytest.mark.parametrize("leave", [by_roster, by_word])
def test_whoever_left_owes_no_answer(
    stage: Stage, leave: Callable[[Stage], None]
) -> None:
    stage.say("赵敏", "通知王芳、陈静：周五开会，能参加还是请假")
    stage.say("赵敏", "确认")
    stage.arrived()
    leave(stage)
    status = stage.say("赵敏", "谁没回复")
    assert "送达 2，未送达 0" in status
    assert "另有 1 人没有回复就离开了支部，不再等。" in status
    assert "还没回复（1）：王芳" in status
    assert "陈静" not in stage.say("赵敏", "谁请假了")


def test_the_way_back_is_the_roster(stage: Stage) -> None:
    stage.say("赵敏", "陈静调走了")
    stage.say("赵敏", "确认")
    row = Entry(2, "陈静", userid="chenjing", joined=date(2009, 12, 4), state="active")
    with stage.assistant.storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        assert enrol(session, [row], branch, LONG_AGO).updated == ["陈静"]
    assert state_of(stage, "陈静") == ("active", "chenjing")


def test_one_of_two_secretaries_may_go_the_last_may_not(stage: Stage) -> None:
    make_secretary(stage, "陈静")
    make_secretary(stage, "王芳")
    assert "【预览】" in stage.say("陈静", "我调走了")
    assert "【预览】" in stage.say("王芳", "陈静调走了")
    assert "登记好了" in stage.say("王芳", "确认")
    assert "我还不认识您" in stage.say("陈静", "确认")
    with stage.assistant.storage.write() as session:
        find_member(session, "赵敏").state = "left"
    assert "您是智能制造教工党支部唯一的书记" in stage.say("王芳", "王芳调走了")


def test_who_became_the_last_meanwhile_stays(stage: Stage) -> None:
    make_secretary(stage, "陈静")
    assert "【预览】" in stage.say("陈静", "我转出组织关系了")
    with stage.assistant.storage.write() as session:
        find_member(session, "赵敏").state = "left"
    assert "唯一的书记" in stage.say("陈静", "确认")
    assert state_of(stage, "陈静") == ("active", "chenjing")


def test_whom_the_settings_name_stays(stage: Stage) -> None:
    make_secretary(stage, "陈静")
    assert "赵敏是设置里写明的书记" in stage.say("陈静", "赵敏调走了")
    assert state_of(stage, "赵敏") == ("active", "zhaomin")


def test_a_move_within_ones_own_part_is_none(stage: Stage) -> None:
    with stage.assistant.storage.write() as session:
        plant(session, "机电支部", find_branch(session, BRANCH))
    told = stage.say("赵敏", "陈静调到机电支部了")
    assert "机电支部也在这个名册里，陈静换过去不算转出，什么也没有动" in told
    assert "没有等您确认的事" in stage.say("赵敏", "确认")


def test_gone_meanwhile(stage: Stage) -> None:
    make_secretary(stage, "王芳")
    for name in ("赵敏", "王芳"):
        assert "【预览】" in stage.say(name, "陈静调走了")
    assert "登记好了" in stage.say("赵敏", "确认")
    assert stage.say("王芳", "确认") == "陈静早已不在名册里了，不用再登记。"
