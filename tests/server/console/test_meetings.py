"""Meetings called, attended and written down from the console, as from the chat."""

from typing import Any

import pytest

from bot.assistant.answering import Assistant
from server.web.console.desk import CHANGED
from tests.people import GROUP, find_member
from tests.server.console.visitor import Visitor
from tests.stage import Stage

LIST = "/console/meetings/"
FORM: dict[str, Any] = {
    "kind": "general",
    "starts_at": "2026-03-04T14:00",
    "place": "301",
    "agenda": "讨论年度计划\n传达文件",
    "host": "赵敏",
    "recorder": "陈静",
}


@pytest.fixture
def called(secretary: Visitor, stage: Stage) -> Visitor:
    """A general meeting is called, and everybody has it."""
    secretary.get(f"{LIST}new")
    preview = secretary.post(f"{LIST}new/preview", **FORM)
    assert preview.status_code == 200, preview.text
    assert "至少到会" in preview.text
    done = secretary.follow(secretary.post(f"{LIST}new", **FORM))
    assert "正在通知，共 6 人" in done.text
    assert any("支部党员大会" in each for each in stage.arrived())
    secretary.get(f"{LIST}1")
    return secretary


def look(visitor: Visitor) -> str:
    """Open the meeting, signing in anew where days went by."""
    page = visitor.get(f"{LIST}1")
    if page.status_code == 401:
        visitor.sign_in("zhaomin")
        page = visitor.get(f"{LIST}1")
    return page.text


def act(visitor: Visitor, path: str, **fields: Any) -> str:
    """Open the meeting, send one of its forms, and return the page after it."""
    look(visitor)
    answer = visitor.post(f"{LIST}1/{path}", **fields)
    return visitor.follow(answer).text if answer.status_code == 303 else answer.text


def test_the_month_and_the_meter(called: Visitor) -> None:
    page = called.get(LIST, month="2026-03").text
    assert "支部党员大会" in page
    assert "2026 年三会一课" in page
    assert "这个月没有会议" in called.get(LIST, month="2026-05").text
    for odd in ("", "2026-13", "x", "9999-99"):
        assert called.get(LIST, month=odd).status_code == 200


def test_who_comes_is_one_book(called: Visitor, stage: Stage) -> None:
    stage.play("李伟* 请假\n王芳* 能参加")
    stage.move_to("2026-03-02 09:00")
    assert "等批准" in look(called)
    with called.assistant.storage.read() as session:
        li, wang, chen = (
            find_member(session, each).id for each in ("李伟", "王芳", "陈静")
        )
    assert "同意了李伟的请假" in act(called, f"leaves/{li}", granted="yes")
    assert "先前已经批过" in act(called, f"leaves/{li}", granted="yes")
    stage.move_to("2026-03-04 14:05")
    page = act(called, "marks", came=[str(wang), str(chen)])
    assert "新记到会 2 人" in page
    assert "实到 2 人" in stage.say("赵敏", "到会情况")
    assert "改成没到 1 人" in act(called, "marks", came=[str(wang)])


def test_minutes_are_written_sent_and_signed(
    called: Visitor, stage: Stage, assistant: Assistant
) -> None:
    assert "记一条发言" not in called.get(f"{LIST}1").text
    stage.move_to("2026-03-04 14:30")
    with assistant.storage.read() as session:
        every = [
            str(find_member(session, each).id)
            for each in ("赵敏", "陈静", "王芳", "李伟", "刘洋")
        ]
    act(called, "marks", came=every)
    assert "发言记下了" in act(called, "points", text="同意计划", speaker="王芳")
    said = act(called, "resolutions", text="通过年度计划", **{"for": "5"})
    assert "决议记下了（通过）" in said
    assert "不是一个数" in act(called, "resolutions", text="再议", **{"for": "许多"})
    assert "同意计划" in stage.say("赵敏", "会议记录")
    called.get(f"{LIST}1")
    stale = dict(called.form)
    assert "送主持人签字了" in act(called, "steps/send")
    late = called.post(f"{LIST}1/points", text="晚了", **stale)
    assert (late.status_code, CHANGED in late.text) == (409, True)
    assert "签好了" in act(called, "steps/sign")
    assert "请说明原因" in act(called, "steps/reopen")
    assert "退回修改" in act(called, "steps/reopen", why="票数")
    paper = called.get(f"{LIST}1/minutes.docx")
    assert (paper.status_code, paper.data[:2]) == (200, b"PK")
    assert called.get(f"{LIST}1/sign-in.docx").data[:2] == b"PK"


def test_a_meeting_is_moved_and_called_off(called: Visitor, stage: Stage) -> None:
    called.get(f"{LIST}1/move")
    moved = called.post(
        f"{LIST}1/move", starts_at="2026-03-05T15:00", place="301", agenda="讨论计划"
    )
    assert "改好了" in called.follow(moved).text
    assert any("改期" in each for each in stage.arrived())
    called.get(f"{LIST}1/move")
    off = called.post(f"{LIST}1/cancel", why="停电")
    assert "取消了" in called.follow(off).text
    assert any("停电" in each for each in stage.arrived())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"starts_at": ""}, "还没有写"),
        ({"starts_at": "2026-03-01T14:00"}, ""),
        ({"host": "张三丰"}, "张三丰"),
        ({"kind": "group"}, "哪个小组"),
        ({"sits_in": "全体党员"}, "要写姓名"),
    ],
)
def test_what_is_refused_comes_back(
    secretary: Visitor, fields: dict[str, str], said: str
) -> None:
    secretary.get(f"{LIST}new")
    answer = secretary.post(f"{LIST}new", **{**FORM, **fields})
    assert (answer.status_code, said in answer.text) == (409, True)
    assert "讨论年度计划" in answer.text


def test_the_same_hour_is_told_before_it_is_sent(called: Visitor) -> None:
    called.get(f"{LIST}new")
    for path in ("new/preview", "new"):
        again = called.post(LIST + path, **FORM)
        told = "那个时间已经定过一次了" in again.text
        assert (again.status_code, told) == (409, True)


def test_a_group_meets(secretary: Visitor, stage: Stage, assistant: Assistant) -> None:
    with assistant.storage.read() as session:
        group = find_member(session, "王芳").branch_id
    secretary.get(f"{LIST}new")
    done = secretary.post(
        f"{LIST}new", **{**FORM, "kind": "group", "group": str(group), "host": ""}
    )
    assert GROUP in secretary.follow(done).text


def test_others_meetings_are_none(called: Visitor) -> None:
    assert called.get(f"{LIST}999").status_code == 404
    for path in ("marks", "points", "steps/send", "cancel", "move"):
        assert called.post(f"{LIST}999/{path}").status_code == 404


def test_who_writes_no_minutes(
    called: Visitor, assistant: Assistant, stage: Stage
) -> None:
    """陈静 records this one; of another she sees who came and writes nothing."""
    stage.move_to("2026-03-04 14:30")
    chen = Visitor(assistant)
    chen.sign_in("chenjing")
    assert "记一条发言" in chen.get(f"{LIST}1").text
    for path in ("new", "1/move"):
        assert chen.get(f"{LIST}{path}").status_code == 403
