"""Notices written, sent, chased and taken back from the console, as from the chat."""

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.assistant.answering import Assistant
from bot.branch.notices.notices import Notice, State
from bot.branch.notices.receipts import Receipt
from bot.branch.people.audit import Audit
from bot.outbox import Letter
from server.web.console.desk import CHANGED
from server.web.console.page import TEXTS
from server.web.console.pages.notices import NOT_HERE
from server.web.console.serving import TOO_LARGE
from tests.fakes.clock import FakeClock
from tests.server.console.visitor import Visitor
from tests.stage import Stage

TEXT = "周五下午三点在301开支部大会，请带笔记本。"
FORM: dict[str, Any] = {"text": TEXT, "whole": "party"}


@pytest.fixture
def written(secretary: Visitor) -> Visitor:
    secretary.get("/console/notices/new")
    return secretary


def preview(visitor: Visitor, **more: Any) -> str:
    answer = visitor.post("/console/notices/new/upload", **{**FORM, **more})
    assert answer.status_code == 200, answer.text
    return answer.text


def send(visitor: Visitor, **more: Any) -> str:
    """Preview and confirm; return the page that it leads to."""
    preview(visitor, **more)
    answer = visitor.post("/console/notices/new", **{**FORM, **more})
    return visitor.follow(answer).text


def every(assistant: Assistant) -> list[Notice]:
    with assistant.storage.read() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_a_notice_goes_as_it_was_previewed(
    written: Visitor, stage: Stage, assistant: Assistant
) -> None:
    shown = preview(written, choices="能参加 / 请假", deadline="2026-03-06T12:00")
    assert "发给智能制造教工党支部全体党员，共 6 人" in shown
    assert "回执：能参加 / 请假" in shown
    assert every(assistant) == []
    page = send(written, choices="能参加 / 请假", deadline="2026-03-06T12:00")
    assert "正在发，共 6 人。" in page
    (arrived,) = [each for each in stage.arrived() if "王芳" in each]
    assert TEXT in arrived
    assert "［能参加］［请假］" in arrived
    assert "计划 6 人：送达 6" in stage.say("赵敏", "谁没回复")


def test_what_is_answered_in_chat_is_seen_here(written: Visitor, stage: Stage) -> None:
    send(written, choices="能参加 / 请假")
    stage.arrived()
    stage.play("李伟* 请假\n王芳* 能参加")
    page = written.get("/console/notices/1").text
    assert re.search(r"李伟</th><td>已送达</td>\s*<td>请假", page)
    only = written.get("/console/notices/1", which="choice:请假").text
    assert ("李伟</th>" in only, "王芳</th>" in only) == (True, False)
    silent = written.get("/console/notices/1", which="silent").text
    assert ("刘洋</th>" in silent, "王芳</th>" in silent) == (True, False)
    assert "已回复 2" in written.get("/console/notices/1/live").text


def test_an_answer_that_counts_no_more_is_none(
    written: Visitor, stage: Stage, assistant: Assistant
) -> None:
    """Where the hour was moved, as the chat has it: who had answered owes it anew."""
    send(written, choices="能参加 / 请假")
    stage.arrived()
    stage.play("王芳* 能参加")
    with assistant.storage.write() as session:
        session.execute(update(Receipt).values(choice=None))
    assert "王芳</th>" in written.get("/console/notices/1", which="silent").text
    assert "王芳</th>" not in written.get("/console/notices/1", which="answered").text
    assert "王芳" in stage.say("赵敏", "谁没回复")


def test_the_audience_is_picked_from_the_tree(
    written: Visitor, assistant: Assistant
) -> None:
    shown = written.get("/console/notices/new").text
    group = re.search(r'name="body" value="(\d+)">第一党小组', shown)
    assert group
    told = preview(written, whole="part", body=[group[1]], without="刘洋")
    assert "共 1 人（王芳）" in told
    assert "共 2 人" in preview(written, whole="named", also="王芳、李伟")
    assert "预备党员，共 1 人（何雪）" in preview(
        written, whole="part", category=["预备党员"]
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "还没有写内容"),
        ({"whole": "named"}, "还没有选发给谁"),
        ({"whole": "part"}, "还没有选发给谁"),
        ({"whole": "named", "also": "张三丰"}, "张三丰"),
        ({"text": "长" * 4001}, "最多 4000 字"),
        ({"text": "长" * 90_000}, "最多 4000 字"),
        ({"deadline": "2026-03-01T12:00"}, "截止时间在发出之前"),
        ({"deadline": "不久"}, "不像时间"),
        ({"choices": "/".join("甲乙丙丁戊己庚")}, "选项最多"),
    ],
)
def test_what_is_refused_comes_back_as_typed(
    written: Visitor, assistant: Assistant, fields: dict[str, str], said: str
) -> None:
    sent = {**FORM, **fields}
    for path in ("/console/notices/new/upload", "/console/notices/new"):
        answer = written.post(path, **sent)
        assert answer.status_code == 409
        assert said in answer.text
        assert (sent["text"][:4000] or "name=") in answer.text
        written.get("/console/notices/new")
    assert every(assistant) == []


@pytest.mark.parametrize("length", [4001, 166_700, 300_000])
def test_a_long_paste_comes_back_as_typed(written: Visitor, length: int) -> None:
    """Werkzeug of itself takes half a megabyte in a field of such a form."""
    typed = "长" * length
    answer = written.post_file("/console/notices/new/upload", **{**FORM, "text": typed})
    assert (answer.status_code, typed in answer.text) == (409, True)
    assert f"现在有 {length} 字" in answer.text


def test_a_form_that_is_too_long_is_read_to_its_end_and_no_further(
    written: Visitor,
) -> None:
    typed = "长" * TEXTS
    answer = written.post_file("/console/notices/new/upload", **{**FORM, "text": typed})
    assert (answer.status_code, TOO_LARGE in answer.text) == (413, True)


def test_sent_twice_goes_once(written: Visitor, assistant: Assistant) -> None:
    """The button pressed twice, or back and pressed again."""
    preview(written)
    form = dict(written.form)
    first = written.post("/console/notices/new", **FORM, **form)
    again = written.post("/console/notices/new", **FORM, **form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert len(every(assistant)) == 1


def test_the_same_again_is_told_and_asked(
    written: Visitor, assistant: Assistant, clock: FakeClock
) -> None:
    """Back, 看预览, 确认: a form of its own, and no slip of a finger."""
    send(written)
    clock.wait(minutes=3)
    told = "同样的通知 3 分钟前已发给 6 人，再发，这 6 人会收到两遍。"
    page = preview(written)
    assert told in page
    assert "再发一遍</button>" in page
    assert "确认发出" not in page
    slip = written.post("/console/notices/new", **FORM)  # previewed before the first
    assert (slip.status_code, told in slip.text, TEXT in slip.text) == (409, True, True)
    assert len(every(assistant)) == 1
    meant = written.post("/console/notices/new", **FORM, repeats="1")
    assert "正在发，共 6 人。" in written.follow(meant).text
    assert len(every(assistant)) == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"whole": "named", "also": "王芳、李伟"}, "再发，其中 2 人会收到两遍"),
        ({"whole": "part", "category": ["预备党员"]}, "再发，其中 1 人会收到两遍"),
        ({"text": f"{TEXT}别迟到。"}, ""),
        ({"whole": "named", "also": "陈静"}, ""),
    ],
)
def test_the_same_is_the_same_words_to_the_same_people(
    written: Visitor, fields: dict[str, str], told: str
) -> None:
    send(written, without="陈静")
    page = preview(written, **fields)
    assert told in page
    assert ("再发一遍" in page) is bool(told)


def test_yesterdays_words_are_no_repeat(
    secretary: Visitor, stage: Stage, clock: FakeClock
) -> None:
    stage.play(f"赵敏> 通知全体党员：{TEXT}\n赵敏> 确认")
    secretary.get("/console/notices/new")
    assert "同样的通知" in preview(secretary)
    clock.wait(hours=25)
    secretary.sign_in("zhaomin")
    secretary.get("/console/notices/new")
    assert "同样的通知" not in preview(secretary)


def test_what_changed_meanwhile_is_not_done(
    written: Visitor, assistant: Assistant, clock: FakeClock, stage: Stage
) -> None:
    """Two tabs: taken back in one, chased in the other."""
    send(written)
    stage.arrived()
    written.get("/console/notices/1")
    stale = dict(written.form)
    written.get("/console/notices/1")
    assert written.post("/console/notices/1/recall").status_code == 303
    late = written.post("/console/notices/1/nudge", **stale)
    assert (late.status_code, CHANGED in late.text) == (409, True)
    assert every(assistant)[0].state == State.WITHDRAWN


def test_chasing_from_here_counts_in_chat(
    written: Visitor, clock: FakeClock, stage: Stage
) -> None:
    send(written)
    stage.arrived()
    stage.play("李伟* 收到")
    clock.wait(minutes=30)
    written.get("/console/notices/1")
    said = written.follow(written.post("/console/notices/1/nudge")).text
    assert "已提醒 4 位" in said
    assert "刚催过" in stage.say("赵敏", "催一下")
    written.get("/console/notices/1")
    assert "刚催过" in written.post("/console/notices/1/nudge").text


def test_a_correction_goes_to_whom_the_first_went(
    written: Visitor, stage: Stage
) -> None:
    send(written)
    stage.arrived()
    form = written.get("/console/notices/new", corrects=1).text
    assert TEXT in form
    assert 'name="whole"' not in form
    page = send(written, corrects="1", text="改到四点。")
    assert "正在发，共 6 人" in page
    assert "更正" in "".join(stage.arrived())


def test_files_go_with_it(written: Visitor, stage: Stage, assistant: Assistant) -> None:
    file = (BytesIO(b"%PDF-1.7 agenda"), "议程.pdf")
    shown = preview(written, file=file)
    number = re.search(r'name="enclosed" value="(\d+)"', shown)
    assert number
    page = written.post("/console/notices/new", **FORM, enclosed=number[1])
    assert "议程.pdf" in written.follow(page).text
    chen = Visitor(assistant)
    chen.sign_in("zhaomin")
    chen.get("/console/notices/new")
    foreign = chen.post("/console/notices/new", **FORM, enclosed="999")
    assert "附件不在了" in foreign.text


def test_others_notices_are_none(
    written: Visitor, assistant: Assistant, stage: Stage
) -> None:
    for number in (1, 10**17):
        answer = written.get(f"/console/notices/{number}")
        assert (answer.status_code, NOT_HERE in answer.text) == (404, True)


def test_every_look_at_names_is_written_down(
    written: Visitor, assistant: Assistant
) -> None:
    send(written)
    with assistant.storage.read() as session:
        seen = select(Audit.subject_id).where(Audit.action == "notices.view")
        assert len(set(session.scalars(seen))) == 6


def test_a_form_that_outlived_the_session_is_not_lost(
    written: Visitor, clock: FakeClock, assistant: Assistant
) -> None:
    preview(written)
    kept = dict(written.form)
    clock.wait(hours=2)
    held = written.post("/console/notices/new", **FORM, **kept)
    assert held.status_code == 401
    assert TEXT in held.text
    assert every(assistant) == []
    written.sign_in("zhaomin")
    assert written.post("/console/notices/new", **FORM, **kept).status_code == 303
    assert [each.text for each in every(assistant)] == [TEXT]


def test_a_form_of_somebody_else_is_none(
    written: Visitor, assistant: Assistant
) -> None:
    """Signed in as another in the same browser, and one from elsewhere."""
    preview(written)
    kept = dict(written.form)
    written.sign_in("chenjing")
    assert written.post("/console/notices/new", **FORM, **kept).status_code == 403
    written.sign_in("zhaomin")
    written.get("/console/notices/new")
    forged = {**written.form, "form": "0" * 64}
    assert written.post("/console/notices/new", **FORM, **forged).status_code == 403
    assert every(assistant) == []
    with assistant.storage.read() as session:
        assert session.scalars(select(Letter)).all() == []


def test_a_notice_is_kept_as_a_template_and_used(
    secretary: Visitor, stage: Stage
) -> None:
    stage.play("赵敏> 通知大家：请交党费，选项 已交/月底交\n赵敏> 确认")
    secretary.get("/console/notices/1")
    kept = secretary.post("/console/notices/1/template", name="月度党费")
    assert "存好了，模板“月度党费”" in secretary.follow(kept).text
    assert "月度党费" in stage.say("赵敏", "通知模板")
    form = secretary.get("/console/notices/new", template="1").text
    assert "请交党费</textarea>" in form
    assert 'value="template" checked' in form
    sent = {
        "template": "1",
        "whole": "template",
        "text": "请交四月党费",
        "choices": "已交 / 月底交",
    }
    preview = secretary.post_file("/console/notices/new/upload", **sent)
    assert "共 6 人" in preview.text
    secretary.get("/console/notices/new", template="1")
    done = secretary.follow(secretary.post("/console/notices/new", **sent)).text
    assert "请交四月党费" in done


def test_templates_are_renamed_reworded_deleted(
    secretary: Visitor, stage: Stage
) -> None:
    stage.play(
        "赵敏> 通知大家：请交党费\n赵敏> 确认\n赵敏> 存成模板 甲\n赵敏> 存成模板 乙"
    )
    path = "/console/notices/templates/1"
    secretary.get("/console/notices/templates")
    stale = dict(secretary.form)
    taken = secretary.post(path, name="乙", text="请交党费")
    assert (taken.status_code, "已经有叫“乙”的" in taken.text) == (409, True)
    secretary.get("/console/notices/templates")
    done = secretary.follow(secretary.post(path, name="甲甲", text="请在月底前交"))
    assert "请在月底前交" in done.text
    late = secretary.post(path, **{**stale, "once": "other"}, remove="1")
    assert (late.status_code, "变化" in late.text) == (409, True)
    assert "请在月底前交" in stage.say("赵敏", "用模板 甲甲")
    secretary.get("/console/notices/templates")
    gone = secretary.follow(secretary.post(path, remove="1"))
    assert "删掉了模板“甲甲”" in gone.text
    assert secretary.post(path, remove="1").status_code in (303, 404)
    assert secretary.get("/console/notices/new", template="1").status_code == 404
